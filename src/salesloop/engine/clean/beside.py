"""Records that rows mention beside themselves: the customers, products and regions of an order export.

Only accepted rows are asked. Rows that mention the same key complete one another: a blank never hides a value, and of
two different values the later one in the file wins (such keys are counted as conflicts).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import duckdb

from salesloop.engine.clean.columns import ROW
from salesloop.engine.clean.derive import derivable, derived
from salesloop.engine.clean.plan import Plan
from salesloop.engine.clean.problem import Problem, broken_rules, decided, unreadable
from salesloop.engine.clean.rows import Rows, all_null, fingerprint
from salesloop.engine.clean.stated import named_by_key
from salesloop.engine.clean.values.cells import ident, literal
from salesloop.engine.model.entity import Entity

_NUMBERS: Final = ("BIGINT", "DOUBLE", "DECIMAL(18,4)")


@dataclass(frozen=True)
class Beside:
    """A temporary table of records, one per key, with `_row` (the first row that mentions it), `_problems` and `_hash`.

    `held` is a table of rows (`_row`, `_problems`) of which the record could not be read, for `held_problems`.
    """

    entity: Entity
    table: str
    fields: tuple[str, ...]
    problems: tuple[Problem, ...]
    conflicts: int
    held: str | None = None
    held_problems: tuple[Problem, ...] = ()


def mentioned(con: duckdb.DuckDBPyConnection, plan: Plan, rows: Rows, entity: Entity, table: str) -> Beside:
    """The records of one entity that the accepted rows mention, into the temporary table `table`.

    A row without the key or a required field of such a record mentions none, nor does one that tells of an event only
    that nothing happened (a refund of 0).
    """
    said = rows.beside[entity.name]
    defaults = {n: default for n in entity.key if n not in said and (default := entity.field(n).default) is not None}
    have = [*said, *defaults]
    typed = [f"CAST({ident(f'{entity.name}.{n}')} AS {entity.field(n).warehouse_type}) AS {ident(n)}" for n in said]
    typed += [
        f"CAST({literal(text)} AS {entity.field(n).warehouse_type}) AS {ident(n)}" for n, text in defaults.items()
    ]
    nameless = named_by_key(entity, said)
    if nameless is not None:
        typed.append(f"CAST({ident(f'{entity.name}.{entity.key[0]}')} AS VARCHAR) AS {ident(nameless)}")
        have.append(nameless)
    source = f"SELECT {ROW}, {', '.join(typed)} FROM {rows.accepted} WHERE {_is_told(plan, entity)}"
    query = derived(con, source, entity, have, table)
    fields = _in_order(entity, {*have, *derivable(entity, have)})
    conflicts = _write(con, entity, fields, query, table)
    empty = all_null(con, table, [name for name in fields if name not in said and name not in entity.key])
    fields = tuple(name for name in fields if name not in empty)
    problems = tuple(broken_rules(entity, fields))
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE {table} AS SELECT {', '.join(map(ident, fields))}, {ROW}, "
        f"{decided(problems)} AS _problems, {fingerprint(entity, fields)} AS _hash FROM {table}"
    )
    unread = _unread(plan, rows, entity)
    held = _hold(con, rows, unread, f"{table}_held") if unread else None
    return Beside(entity, table, fields, problems, conflicts, held, unread)


def _unread(plan: Plan, rows: Rows, entity: Entity) -> tuple[Problem, ...]:
    """The ways in which a row can tell of an event that cannot be read: a payment on 待定. A blank tells of none."""
    if entity.kind == "dimension":
        return ()
    sources = ((entity.field(name), plan.source(entity.name, name)) for name in entity.required)
    return tuple(
        problem
        for field, source in sources
        if source is not None and rows.columns.recipes[source.alias].state is not None
        for problem in unreadable(field, source)
    )


def _hold(con: duckdb.DuckDBPyConnection, rows: Rows, problems: tuple[Problem, ...], table: str) -> str:
    texts = ", ".join(dict.fromkeys(problem.value for problem in problems))
    con.execute(
        f"CREATE TEMP TABLE {table} AS SELECT * FROM (SELECT {ROW}, {texts}, {decided(problems)} AS _problems "
        f"FROM {rows.table} WHERE _problems IS NULL) WHERE _problems IS NOT NULL"
    )
    return table


def _is_told(plan: Plan, entity: Entity) -> str:
    """SQL: whether a row says anything of its own about an event; things are told by their key alone."""
    if entity.kind == "dimension":
        return "true"
    parts = []
    for owner, name in plan.delivered:
        if owner == entity.name:
            column, field = ident(f"{owner}.{name}"), entity.field(name)
            is_number = field.warehouse_type in _NUMBERS
            parts.append(f"coalesce({column} <> 0, false)" if is_number else f"{column} IS NOT NULL")
    return f"({' OR '.join(parts)})" if parts else "true"


def _in_order(entity: Entity, fields: set[str]) -> tuple[str, ...]:
    return tuple(field.name for field in entity.fields if field.name in fields)


def _write(con: duckdb.DuckDBPyConnection, entity: Entity, fields: Sequence[str], query: str, table: str) -> int:
    """One row per key into `table`; the number of keys that were mentioned with different values."""
    keys = [ident(name) for name in entity.key]
    others = [ident(name) for name in fields if name not in entity.key]
    values = [f"arg_max({name}, {ROW}) AS {name}" for name in others]
    differ = " OR ".join(f"min({name}) <> max({name})" for name in others) or "false"
    columns = ", ".join([*keys, *values, f"min({ROW}) AS {ROW}", f"coalesce({differ}, false) AS _conflict"])
    whole = " AND ".join(f"{ident(name)} IS NOT NULL" for name in entity.required)
    con.execute(
        f"CREATE TEMP TABLE {table} AS SELECT {columns} FROM ({query}) WHERE {whole} GROUP BY {', '.join(keys)}"
    )
    return int(con.execute(f"SELECT count(*) FILTER (_conflict) FROM {table}").fetchall()[0][0])
