"""Fields that a delivery leaves out and that its other fields tell: amount = quantity × unit price × (1 − discount)."""

from __future__ import annotations

from collections.abc import Iterable

import duckdb

from salesloop.engine.clean.columns import ROW
from salesloop.engine.clean.values.cells import ident
from salesloop.engine.model.entity import Entity, fields_in
from salesloop.engine.model.fields import Field


def derivable(entity: Entity, have: Iterable[str]) -> tuple[str, ...]:
    """The fields that `derived` adds to these, each after those that it is computed from."""
    present = set(have)
    found: list[str] = []
    for field in entity.derivations:
        if field.name not in present and _siblings(entity, field) & (present | set(found)):
            found.append(field.name)
    return tuple(found)


def derived(con: duckdb.DuckDBPyConnection, query: str, entity: Entity, have: Iterable[str], scratch: str) -> str:
    """`query` (which has `_row` and the fields `have`) with the fields of `derivable` added.

    To the expressions, sibling fields that nothing states are NULL. A computation that fails (an overflow) gives NULL.
    Numbering by a window function is computed on the columns that it needs, into temporary tables whose names begin with
    `scratch`: a window over all columns would hold the whole table in memory.
    """
    present = set(have)
    wanted = [entity.field(name) for name in derivable(entity, present)]
    used = {name for field in wanted for name in _siblings(entity, field)}
    absent = sorted(used - present - {field.name for field in wanted})
    if absent:
        nothing = (f"CAST(NULL AS {entity.field(name).warehouse_type}) AS {ident(name)}" for name in absent)
        query = f"SELECT *, {', '.join(nothing)} FROM ({query})"
    for field in wanted:
        name = ident(field.name)
        if is_window(field):
            table = f"{scratch}_{field.name}"
            con.execute(f"CREATE TEMP TABLE {table} AS SELECT {ROW}, {_expression(field)} AS {name} FROM ({query})")
            query = f"SELECT stated.*, numbered.{name} FROM ({query}) stated JOIN {table} numbered USING ({ROW})"
        else:
            query = f"SELECT *, {_expression(field)} AS {name} FROM ({query})"
    return f"SELECT * EXCLUDE ({', '.join(map(ident, absent))}) FROM ({query})" if absent else query


def is_window(field: Field) -> bool:
    """Whether a field is derived from the other rows, too."""
    return " over " in (field.derive or "").lower()


def _siblings(entity: Entity, field: Field) -> set[str]:
    return {name for name in fields_in(field.derive or "") if entity.has(name)}


def _expression(field: Field) -> str:
    typed = f"CAST(({field.derive}) AS {field.warehouse_type})"
    if field.warehouse_type == "VARCHAR":
        return f"nullif({typed}, '')"
    # TRY does not take window functions.
    return typed if is_window(field) else f"TRY({typed})"
