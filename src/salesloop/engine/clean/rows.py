"""The rows of the table as typed records of its own entity, each with the reasons for which it must wait, if any."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import duckdb
import pyarrow as pa

from salesloop.engine.clean.columns import ROW, Columns
from salesloop.engine.clean.derive import derivable, derived
from salesloop.engine.clean.distinct import prepare_texts
from salesloop.engine.clean.plan import MESSAGES, Plan
from salesloop.engine.clean.problem import Problem, broken_rules, decided, missing, unreadable
from salesloop.engine.clean.stated import Stated, path_of, stated
from salesloop.engine.clean.values.cells import ident, literal
from salesloop.engine.model.entity import Entity
from salesloop.engine.model.errors import UserError


@dataclass(frozen=True)
class Rows:
    """A temporary table, wide enough for everything that comes after:

    `_row`; `fields` of the primary entity; "ENTITY.FIELD" for what a row says beside itself (`beside`: entity → fields);
    `_pN` for the Nth path of the plan; `_problems`, the positions of `problems` that a row has (NULL: accepted);
    `_hash`; `_cN_s`, `_cN_x`, `_cN_a`: state, text and value of the cells of source N that were repaired or not readable.
    """

    table: str
    fields: tuple[str, ...]
    beside: Mapping[str, tuple[str, ...]]
    problems: tuple[Problem, ...]
    columns: Columns


def read_rows(con: duckdb.DuckDBPyConnection, delivered: pa.Table, plan: Plan, table: str) -> Rows:
    """Read the table as delivered (`plan.as_delivered`) into the temporary table `table`.

    UserError where a required field is neither stated by the mapping nor computable from what is.
    """
    columns = prepare_texts(con, delivered, plan, table)
    said = stated(plan, columns.recipes)
    entity = plan.entity
    own = tuple(f.name for f in entity.fields if (entity.name, f.name) in said or f.default is not None)
    fields = _in_order(entity, {*own, *derivable(entity, own)})
    _require(entity, fields)
    problems = tuple(_problems(plan, columns, fields))
    kept = [ROW, *_typed(plan, said, own), *_cells(columns)]
    kept += [f"{path_of(path, columns.recipes)} AS _p{n}" for n, path in enumerate(plan.paths)]
    query = derived(con, f"SELECT {', '.join(kept)} FROM ({columns.query})", entity, own, table)
    con.execute(
        f"CREATE TEMP TABLE {table} AS SELECT *, {decided(problems)} AS _problems, "
        f"{fingerprint(entity, fields)} AS _hash FROM ({query})"
    )
    unstated = [name for name in fields if (entity.name, name) not in plan.delivered and name not in entity.key]
    empty = all_null(con, table, unstated)
    fields = tuple(name for name in fields if name not in empty)
    _require(entity, fields)
    beside: dict[str, tuple[str, ...]] = {}
    for other, name in said:
        if other != entity.name:
            beside[other] = (*beside.get(other, ()), name)
    return Rows(table, fields, beside, problems, columns)


def fingerprint(entity: Entity, fields: tuple[str, ...]) -> str:
    """SQL: 64 bits over the business fields in the order of their declaration.

    The same values give the same bits in every run; another version of DuckDB may give others.
    """
    return f"hash({', '.join(ident(f.name) if f.name in fields else 'NULL' for f in entity.fields)})"


def all_null(con: duckdb.DuckDBPyConnection, table: str, fields: list[str]) -> set[str]:
    """Which of the fields have no value in any row of a table that has rows."""
    if not fields:
        return set()
    counted = ", ".join(f"count({ident(name)})" for name in fields)
    counts = con.execute(f"SELECT count(*), {counted} FROM {table}").fetchall()[0]
    return {name for name, count in zip(fields, counts[1:], strict=True) if counts[0] and not count}


def _in_order(entity: Entity, fields: set[str]) -> tuple[str, ...]:
    return tuple(field.name for field in entity.fields if field.name in fields)


def _require(entity: Entity, fields: tuple[str, ...]) -> None:
    for name in entity.required:
        if name not in fields:
            label = entity.field(name).label
            raise UserError(MESSAGES.message("required_not_mapped", entity=entity.label, field=label))


def _typed(plan: Plan, said: Stated, own: tuple[str, ...]) -> Iterator[str]:
    """The columns of what rows state: the primary entity's under plain names, with defaults, the others' under two."""
    for name in own:
        field = plan.entity.field(name)
        sql = said.get((plan.entity.name, name), "NULL")
        if field.default is not None:
            sql = f"coalesce({sql}, CAST({literal(field.default)} AS {field.warehouse_type}))"
        yield f"CAST({sql} AS {field.warehouse_type}) AS {ident(name)}"
    for (entity, name), sql in said.items():
        if entity != plan.entity.name:
            yield f"{sql} AS {ident(f'{entity}.{name}')}"


def _cells(columns: Columns) -> Iterator[str]:
    for alias, recipe in columns.recipes.items():
        if recipe.state is not None:
            yield f"{recipe.state} AS {alias}_s"
            yield f"CASE WHEN {recipe.state} IS NOT NULL THEN {columns.text[alias]} END AS {alias}_x"
            yield f"CASE WHEN {recipe.state} IS NOT NULL THEN CAST({recipe.value} AS VARCHAR) END AS {alias}_a"


def _problems(plan: Plan, columns: Columns, fields: tuple[str, ...]) -> Iterator[Problem]:
    entity = plan.entity
    for name in entity.required:
        field, source = entity.field(name), plan.source(entity.name, name)
        stateful = source is not None and columns.recipes[source.alias].state is not None
        if source is not None and stateful:
            yield from unreadable(field, source)
        yield missing(field, source, stateful=stateful)
    yield from broken_rules(entity, fields)
