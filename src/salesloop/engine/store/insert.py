"""Rows into the tables of entities, where columns that say nothing of their own take no room.

Of an entity's fields a file fills few, and what was delivered for a reference (`_given_<field>`) is mostly what is
published. DuckDB spends as much on a column of nothing as on any other, so the first rows of a table find such columns
generated: always NULL, or always the published value. They read like all others, and become stored ones as soon as
something else is to be written to them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

import duckdb

from salesloop.engine.store.schema import given

Params = Mapping[str, object]
_FIRST: Final = 2048


def insert_rows(
    con: duckdb.DuckDBPyConnection, table: str, values: Mapping[str, str], source: str, params: Params | None = None
) -> int:
    """Insert a row for each of `source` (a relation, or a query in brackets); the number of rows.

    `values`: column → SQL over `source`. `params` are those of both.
    """
    there = _columns(con, table)
    (empty,) = con.execute(f'SELECT NOT EXISTS (FROM "{table}")').fetchall()[0]
    if empty:
        told = _any(con, {name: f"({sql}) IS NOT NULL" for name, sql in values.items()}, source, params)
        if not told:  # no rows: each has a key
            return 0
        there = {name: column.holding(name, told, values) for name, column in there.items()}
        listed = ", ".join(column.sql(name) for name, column in there.items())
        con.execute(f'CREATE OR REPLACE TABLE "{table}" ({listed})')
    else:
        other = {name: there[name].differs(sql, values) for name, sql in values.items() if there[name].generated}
        make_room(con, table, _any(con, other, source, params))
        there = _columns(con, table)
    written = {name: sql for name, sql in values.items() if not there[name].generated}
    names, texts = ", ".join(f'"{name}"' for name in written), ", ".join(written.values())
    return _run(con, f'INSERT INTO "{table}" ({names}) SELECT {texts} FROM {source}', params)[0]


def make_room(con: duckdb.DuckDBPyConnection, table: str, names: Iterable[str]) -> None:
    """Make columns stored ones, with the values that they show, and those that show theirs: they are to be written to."""
    there = _columns(con, table)
    chosen = {name for name in names if name in there}
    chosen |= {name for name, column in there.items() if column.shows in chosen}
    for name in sorted(chosen):
        column = there[name]
        if not column.generated:
            continue
        con.execute(f'ALTER TABLE "{table}" DROP COLUMN "{name}"')
        con.execute(f'ALTER TABLE "{table}" ADD COLUMN "{name}" {column.kind}')
        if column.shows is not None:
            con.execute(f'ALTER TABLE "{table}" ALTER COLUMN "{name}" TYPE {column.kind} USING "{column.shows}"')


@dataclass(frozen=True, slots=True)
class _Column:
    """A column of a table. `generated`: always NULL, or always what the column `shows` holds."""

    kind: str
    generated: bool
    shows: str | None = None

    def sql(self, name: str) -> str:
        shown = "NULL" if self.shows is None else f'"{self.shows}"'
        return f'"{name}" {self.kind}' + (f" GENERATED ALWAYS AS ({shown})" if self.generated else "")

    def holding(self, name: str, told: set[str], values: Mapping[str, str]) -> _Column:
        """As it is to be in a table whose first rows are `values`, of which `told` are not always NULL."""
        published = name.removeprefix(given(""))
        if name not in told:
            return _Column(self.kind, generated=True)
        if published != name and values.get(published) == values[name]:
            return _Column(self.kind, generated=True, shows=published)
        return _Column(self.kind, generated=False)

    def differs(self, sql: str, values: Mapping[str, str]) -> str:
        """SQL: whether a row that is to hold `sql` here would show something else."""
        shown = values.get(self.shows, "NULL") if self.shows is not None else "NULL"
        return "false" if shown == sql else f"({sql}) IS DISTINCT FROM ({shown})"


def _columns(con: duckdb.DuckDBPyConnection, table: str) -> dict[str, _Column]:
    found = con.execute(f"PRAGMA table_info('{table}')").fetchall()
    return {name: _Column(kind, default is not None, _shown(default)) for _, name, kind, _, default, _ in found}


def _shown(default: str | None) -> str | None:
    """The column that a generated column shows; None where it shows nothing. DuckDB casts either to the column's type."""
    inside = re.match(r'CAST\("?(\w+)"? AS ', default or "")
    return inside[1] if inside and inside[1] != "NULL" else None


def _any(con: duckdb.DuckDBPyConnection, conditions: Mapping[str, str], source: str, params: Params | None) -> set[str]:
    """The names of the conditions that some row of `source` meets. Most are met by one of the first rows."""
    rows, met = _met(con, conditions, f"(FROM {source} LIMIT {_FIRST})", params)
    rest = {name: condition for name, condition in conditions.items() if name not in met}
    return met | _met(con, rest, source, params)[1] if rows == _FIRST and rest else met


def _met(
    con: duckdb.DuckDBPyConnection, conditions: Mapping[str, str], source: str, params: Params | None
) -> tuple[int, set[str]]:
    """The number of rows, and the names of the conditions that one of them meets."""
    asked = "".join(f", bool_or({condition})" for condition in conditions.values())
    rows, *found = _run(con, f"SELECT count(*){asked} FROM {source}", params)
    return rows, {name for name, met in zip(conditions, found, strict=True) if met}


def _run(con: duckdb.DuckDBPyConnection, sql: str, params: Params | None) -> tuple[int, ...]:
    """The only row of an answer. DuckDB refuses parameters that a statement does not name."""
    named = {name: value for name, value in (params or {}).items() if re.search(rf"\${name}\b", sql)}
    row: tuple[int, ...] = con.execute(sql, named or None).fetchall()[0]
    return row
