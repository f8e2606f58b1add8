"""The tables of a snapshot file: one per entity in `main`, what happened to the rows in `ledger`."""

from __future__ import annotations

from typing import Final

import duckdb

from salesloop.engine.model.entity import Entity, Model

FLAT_TREES: Final = ("region", "org_unit", "channel")
FLAT_LEVELS: Final = 6

BOOKKEEPING: Final[dict[str, str]] = {
    "_batch": "VARCHAR",
    "_row": "BIGINT",
    "_hash": "UBIGINT",
    # Over the cells as delivered, of rows of a sheet about the entity itself; see pipeline.recognise.
    "_cells": "UBIGINT",
    "_primary": "BOOLEAN",
    "_received_at": "TIMESTAMP",
    # Fields of a primary row whose value came from a secondary record; see pipeline.upsert.
    "_filled": "VARCHAR[]",
}

_ROW: Final = "JSON USING COMPRESSION zstd"  # whole rows as text: a third of the size, at half of the time
LEDGER: Final[dict[str, str]] = {
    "build": "number BIGINT, parent BIGINT, published_at TIMESTAMP, reason VARCHAR",
    "batch": (
        "batch_id VARCHAR, file_name VARCHAR, sheet VARCHAR, mapping VARCHAR, format VARCHAR, "
        "encoding VARCHAR, received_at TIMESTAMP, undone TIMESTAMP, completed_from VARCHAR[]"
    ),
    "counts": (
        "batch_id VARCHAR, entity VARCHAR, received BIGINT, inserted BIGINT, replaced BIGINT, superseded BIGINT, "
        "unchanged BIGINT, quarantined BIGINT"
    ),
    "confirmed": "batch_id VARCHAR, entity VARCHAR, of_batch VARCHAR, rows BIGINT",
    # How the rows of a batch were read, and the fields that came of it; see pipeline.recognise.
    "reading": "batch_id VARCHAR, entity VARCHAR, reading VARCHAR, fields VARCHAR[]",
    # How the resolved columns of an entity were computed last; see pipeline.resolve.
    "resolved": "entity VARCHAR, told VARCHAR",
    "skipped": "batch_id VARCHAR, reason VARCHAR, rows BIGINT",
    "quarantine": (
        "batch_id VARCHAR, entity VARCHAR, row BIGINT, column_name VARCHAR, field VARCHAR, value VARCHAR, "
        f"reason VARCHAR, params {_ROW}, raw {_ROW}, status VARCHAR, retried_by VARCHAR"
    ),
    "cell": (
        "batch_id VARCHAR, entity VARCHAR, row BIGINT, column_name VARCHAR, field VARCHAR, value VARCHAR, reason VARCHAR"
    ),
    "repair": (
        "batch_id VARCHAR, entity VARCHAR, row BIGINT, column_name VARCHAR, field VARCHAR, rule VARCHAR, "
        "before VARCHAR, after VARCHAR"
    ),
    "superseded": (
        f"entity VARCHAR, key {_ROW}, record {_ROW}, batch_id VARCHAR, row BIGINT, replaced_by_batch VARCHAR, "
        "replaced_at TIMESTAMP"
    ),
    "shadowed": f"entity VARCHAR, record {_ROW}",
    # Which records are one: what people decided, the ids that follow from it, and the records as they were delivered.
    "decision": (
        "decision_id VARCHAR, entity VARCHAR, ids VARCHAR[], survivor VARCHAR, fields JSON, decided_by VARCHAR, "
        "decided_at TIMESTAMP, why VARCHAR"
    ),
    "survivorship": "rules JSON",
    "crosswalk": (
        "entity VARCHAR, source_system VARCHAR, id VARCHAR, canonical_id VARCHAR, decision_id VARCHAR, "
        "decided_by VARCHAR, decided_at TIMESTAMP, why VARCHAR"
    ),
    "merged": "entity VARCHAR, canonical_id VARCHAR, id VARCHAR, record JSON, gave VARCHAR[]",
    "quality": (
        "checked_at TIMESTAMP, entity VARCHAR, check_name VARCHAR, severity VARCHAR, failed BIGINT, checked BIGINT"
    ),
    # Which check each bit of `failing.<entity>.failed` stands for, the first the least; see clean.quality.judge.
    "judged": "entity VARCHAR, fingerprint VARCHAR, checks VARCHAR[]",
    # What deliveries brought, in counts, and what the monitors said of it; see clean.quality.profile, analyze.quality.monitors.
    "profile": "batch_id VARCHAR, entity VARCHAR, field VARCHAR, category VARCHAR, rows BIGINT",
    "monitor": (
        "batch_id VARCHAR, entity VARCHAR, source VARCHAR, monitor VARCHAR, field VARCHAR, at TIMESTAMP, observed DOUBLE, "
        "expected DOUBLE, low DOUBLE, high DOUBLE, state VARCHAR"
    ),
}


def resolved_fields(entity: Entity, model: Model) -> tuple[str, ...]:
    """The fields whose published value may differ from what was delivered, in order of declaration.

    References to dimensions may have been delivered as names; a missing org unit is the employee's of that day; a
    return that names an order takes what it lacks from the order's lines. What was delivered is kept beside the
    published value as `_given_<field>`, so that resolving is repeatable whatever arrives in whatever order.
    """
    dimensions = {dimension.name for dimension in model.dimensions}
    names = [
        name
        for name, target in entity.references.items()
        if target in dimensions and not (target == entity.name and name in entity.key)
    ]
    if entity.name == "return_line":
        names += ["return_date", "customer_id", "product_id", "employee_id", "quantity", "amount", "currency"]
    if entity.kind == "fact" and entity.has("org_unit_id"):
        names.append("org_unit_id")
    return tuple(field.name for field in entity.fields if field.name in names)


def owner_fields(entity: Entity) -> tuple[str, ...]:
    """The owner columns of a fact that its entity does not declare itself."""
    if entity.kind != "fact" or not (entity.visibility == "owner" or entity.has("employee_id")):
        return ()
    return tuple(name for name in ("employee_id", "org_unit_id") if not entity.has(name))


def has_rate(entity: Entity) -> bool:
    """Whether rows of the entity carry the rate of their currency into the base currency."""
    return entity.kind == "fact" and entity.has_money


def columns(entity: Entity, model: Model) -> dict[str, str]:
    """Column name → DuckDB type of an entity's table: its fields, what resolving adds, the bookkeeping."""
    out = {field.name: field.warehouse_type for field in entity.fields}
    out |= dict.fromkeys(owner_fields(entity), "VARCHAR")
    if has_rate(entity):
        out["fx_rate"] = "DECIMAL(18,8)"
    out |= {given(name): out[name] for name in resolved_fields(entity, model)}
    return out | BOOKKEEPING


def given(field: str) -> str:
    """The column that keeps what was delivered for a field that resolving may change."""
    return f"_given_{field}"


def prepare(con: duckdb.DuckDBPyConnection, model: Model) -> None:
    """Make the tables that are missing and add the columns that the model has gained; nothing is ever dropped."""
    con.execute("CREATE SCHEMA IF NOT EXISTS ledger")
    for name, definition in LEDGER.items():
        con.execute(f"CREATE TABLE IF NOT EXISTS ledger.{name} ({_quoted(definition)})")
    existing: dict[str, set[str]] = {}
    for table, column in con.execute(
        "SELECT table_name, column_name FROM duckdb_columns() WHERE schema_name = 'main' AND NOT internal"
    ).fetchall():
        existing.setdefault(table, set()).add(column)
    for entity in model.entities:
        wanted = columns(entity, model)
        if entity.name not in existing:
            body = ", ".join(f'"{name}" {kind}' for name, kind in wanted.items())
            con.execute(f'CREATE TABLE "{entity.name}" ({body})')
            continue
        for name, kind in wanted.items():
            if name not in existing[entity.name]:
                con.execute(f'ALTER TABLE "{entity.name}" ADD COLUMN "{name}" {kind}')
                _take_over(con, entity.name, name, existing[entity.name])
    for tree in FLAT_TREES:
        levels = ", ".join(f"l{n}_id VARCHAR, l{n}_name VARCHAR" for n in range(1, FLAT_LEVELS + 1))
        con.execute(f"CREATE TABLE IF NOT EXISTS {tree}_flat (id VARCHAR, depth INTEGER, {levels})")


def _take_over(con: duckdb.DuckDBPyConnection, table: str, added: str, before: set[str]) -> None:
    """A field that becomes resolvable keeps what was delivered for it so far."""
    source = added.removeprefix("_given_")
    if added != source and source in before:
        con.execute(f'UPDATE "{table}" SET "{added}" = "{source}"')


def _quoted(definition: str) -> str:
    """Column names in quotes: `row` and `values` are words of SQL."""
    return ", ".join(f'"{name}" {kind}' for name, kind in (part.split(" ", 1) for part in definition.split(", ")))
