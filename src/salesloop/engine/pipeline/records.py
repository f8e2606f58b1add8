"""Rows of entity tables as JSON in the ledger, and back again without losing a digit."""

from __future__ import annotations

from collections.abc import Mapping

import duckdb

from salesloop.engine.model.entity import Entity, Model
from salesloop.engine.store.insert import insert_rows
from salesloop.engine.store.schema import BOOKKEEPING, given, resolved_fields


def delivered_columns(entity: Entity, model: Model, alias: str) -> dict[str, str]:
    """Field → SQL of what was delivered for it, of a stored row called `alias`."""
    resolved = resolved_fields(entity, model)
    return {
        field.name: f'{alias}."{given(field.name) if field.name in resolved else field.name}"'
        for field in entity.fields
    }


def stored_columns(entity: Entity, model: Model, alias: str) -> dict[str, str]:
    """As `delivered_columns`, with the bookkeeping: all that is needed to put the row back."""
    return delivered_columns(entity, model, alias) | {name: f'{alias}."{name}"' for name in BOOKKEEPING}


def record_json(parts: Mapping[str, str]) -> str:
    """SQL of a JSON object of texts: a number in JSON would lose digits of a DECIMAL."""
    return "to_json({" + ", ".join(f"'{name}': CAST({sql} AS VARCHAR)" for name, sql in parts.items()) + "})"


def put_back(
    con: duckdb.DuckDBPyConnection, model: Model, entity: Entity, source: str, params: Mapping[str, object]
) -> int:
    """Insert the rows of which `source` (SQL) selects the `record`; the number of rows. Resolving comes afterwards."""
    types = {field.name: field.warehouse_type for field in entity.fields} | BOOKKEEPING
    values = {name: f"CAST(record ->> '{name}' AS {kind})" for name, kind in types.items()}
    values |= {given(name): values[name] for name in resolved_fields(entity, model)}
    return insert_rows(con, entity.name, values, f"({source})", params)
