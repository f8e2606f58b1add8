"""Small tables of customers, products and contacts in memory, and what is found in them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import duckdb
import pyarrow as pa

from salesloop.engine.clean.identity import Matching, find_duplicates, load_matching
from salesloop.engine.clean.identity.settings import Thresholds
from salesloop.engine.model.loader import load_model
from salesloop.engine.store.engines.quiet import connect

MODEL = load_model()
Rows = Mapping[str, Mapping[str, str]]


def table(con: duckdb.DuckDBPyConnection, entity: str, rows: Rows) -> None:
    """Creates the table of an entity from key → fields; fields not given are NULL."""
    declared = MODEL.entity(entity)
    columns = {field.name: [row.get(field.name) for row in rows.values()] for field in declared.fields}
    columns[declared.key[0]] = list(rows)
    con.register("given", pa.table({name: pa.array(values, pa.string()) for name, values in columns.items()}))
    con.execute(f"CREATE OR REPLACE TABLE {entity} AS FROM given")


def show_all(entity: str) -> Matching:
    """The rules of the entity with every candidate pair returned."""
    rules = load_matching(entity)
    return rules.model_copy(update={"thresholds": rules.thresholds.model_copy(update={"leave": 1e-15})})


def found(entity: str, rows: Rows, *, new_only: Iterable[str] | None = None) -> dict[tuple[str, str], dict[str, Any]]:
    """The candidate pairs by their keys."""
    with connect() as con:
        table(con, entity, rows)
        pairs = find_duplicates(con, MODEL, entity, new_only=new_only, settings=show_all(entity))
    return {(row["left_id"], row["right_id"]): row for row in pairs.to_pylist()}


def decision(entity: str, left: Mapping[str, str], right: Mapping[str, str]) -> str:
    """What is decided about two records that are alone in their table; `leave` where they do not meet at all."""
    pair = found(entity, {"A": left, "B": right}).get(("A", "B"))
    return pair["decision"] if pair else "leave"


def score(entity: str, left: Mapping[str, str], right: Mapping[str, str]) -> float:
    pair = found(entity, {"A": left, "B": right}).get(("A", "B"))
    return pair["score"] if pair else 0.0


def agreements(pair: Mapping[str, Any]) -> dict[str, str]:
    """Part (or field) → how it agrees."""
    return {piece["part"] or piece["field"]: piece["agreement"] for piece in pair["evidence"]}


__all__ = ["MODEL", "Thresholds", "agreements", "decision", "found", "score", "show_all", "table"]
