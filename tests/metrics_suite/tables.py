"""Tables written as text, one line a row, read into the types of a published snapshot.

The first line names the columns; `~` is NULL, `''` the empty text, `2026-01-05T23:30` a moment.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from typing import Any

import pyarrow as pa

from salesloop.engine.model.entity import Model
from salesloop.engine.model.loader import load_model
from salesloop.engine.store.entered import PLAN
from salesloop.engine.store.schema import BOOKKEEPING, FLAT_LEVELS, FLAT_TREES, columns

Row = dict[str, Any]
_ARROW = {
    "VARCHAR": pa.string(),
    "BIGINT": pa.int64(),
    "INTEGER": pa.int32(),
    "DOUBLE": pa.float64(),
    "DATE": pa.date32(),
    "TIMESTAMP": pa.timestamp("us"),
    "BOOLEAN": pa.bool_(),
    "DECIMAL(18,4)": pa.decimal128(18, 4),
    "DECIMAL(18,8)": pa.decimal128(18, 8),
    "DECIMAL(28,8)": pa.decimal128(28, 8),
}


@cache
def model() -> Model:
    return load_model()


@cache
def schemas() -> dict[str, pa.Schema]:
    """Every table that a planned query may read, by name: the entities and the flattened trees."""
    out = {}
    for entity in model().entities:
        kinds = {name: kind for name, kind in columns(entity, model()).items() if name not in BOOKKEEPING}
        out[entity.name] = pa.schema([(name, _ARROW[kind]) for name, kind in kinds.items()])
    levels = [(f"l{n}_{part}", pa.string()) for n in range(1, FLAT_LEVELS + 1) for part in ("id", "name")]
    return out | {
        f"{tree}_flat": pa.schema([("id", pa.string()), ("depth", pa.int32()), *levels]) for tree in FLAT_TREES
    }


def lines(text: str) -> tuple[list[str], list[list[str]]]:
    """The heading and the cells of a table written as text."""
    heading, *rows = (line.split() for line in text.strip().splitlines())
    for row in rows:
        assert len(row) == len(heading), f"{row} does not fit {heading}"
    return heading, rows


def tables(written: Mapping[str, str]) -> dict[str, pa.Table]:
    """The typed tables of a world. Trees are flattened; what a snapshot fills in by itself is filled in."""
    out = {}
    for name, text in written.items():
        heading, cells = lines(text)
        rows = [_defaults(name) | dict(zip(heading, row, strict=True)) for row in cells]
        out[name] = typed(name, rows)
    for tree in FLAT_TREES:
        if tree in out:
            out[f"{tree}_flat"] = flat(tree, out[tree].to_pylist())
    return out


def typed(name: str, rows: list[Row]) -> pa.Table:
    """Rows of texts (or of values that are typed already) as a table of the snapshot."""
    schema = _schema(name)
    unknown = {key for row in rows for key in row} - set(schema.names)
    assert not unknown, f"{name} has no {unknown}"
    return pa.Table.from_pylist([{f.name: _value(row.get(f.name), f.type) for f in schema} for row in rows], schema)


def _schema(name: str) -> pa.Schema:
    """Of a table, or of what is entered like one."""
    return schemas()["target" if name == PLAN else name]


def _defaults(name: str) -> Row:
    out: Row = {}
    if "fx_rate" in _schema(name).names:
        out["fx_rate"] = "1"
    if name in ("org_unit", "employee"):
        out["valid_from"] = "1900-01-01"
    if name in ("target", PLAN):
        out |= dict.fromkeys(("org_unit_id", "employee_id", "dimension", "dimension_value"), "''")
        out["metric"] = "revenue"
    return out


def _value(cell: Any, kind: pa.DataType) -> Any:
    if not isinstance(cell, str):
        return cell
    if cell in ("~", "''"):
        return None if cell == "~" else ""
    if pa.types.is_string(kind):
        return cell
    if pa.types.is_boolean(kind):
        return {"true": True, "false": False}[cell]
    if pa.types.is_date(kind):
        return dt.date.fromisoformat(cell)
    if pa.types.is_timestamp(kind):
        return dt.datetime.fromisoformat(cell)
    if pa.types.is_decimal(kind):
        return Decimal(cell)
    return float(cell) if pa.types.is_floating(kind) else int(cell)


def flat(tree: str, rows: list[Row]) -> pa.Table:
    """One row a node with its path from the root; of a dated tree its latest rows."""
    key = f"{tree}_id"
    ordered = sorted(rows, key=lambda row: str(row.get("valid_from") or ""))
    parents, names = {r[key]: r["parent_id"] for r in ordered}, {r[key]: r["name"] for r in ordered}
    out = []
    for node in parents:
        path = [node]
        while parents.get(path[0]):
            path.insert(0, parents[path[0]])
        levels = {
            f"l{n}_{part}": value for n, at in enumerate(path, 1) for part, value in (("id", at), ("name", names[at]))
        }
        out.append({"id": node, "depth": len(path), **levels})
    return typed(f"{tree}_flat", out)
