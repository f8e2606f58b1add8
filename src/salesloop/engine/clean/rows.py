"""The rows of the table as typed records of its own entity, each with the reasons for which it must wait, if any."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any, Final

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from salesloop.engine.clean.columns import ROW, Columns
from salesloop.engine.clean.derive import derivable, derived, is_window
from salesloop.engine.clean.distinct import CELLS, Prepared, prepare_texts
from salesloop.engine.clean.plan import MESSAGES, Plan
from salesloop.engine.clean.problem import Problem, broken_rules, decided, missing, unreadable
from salesloop.engine.clean.representatives import mentions_of, representatives
from salesloop.engine.clean.stated import Stated, path_of, stated
from salesloop.engine.clean.values.cells import ident, literal
from salesloop.engine.model.entity import Entity
from salesloop.engine.model.errors import UserError

_Flags = np.ndarray[Any, np.dtype[np.bool_]]


@dataclass(frozen=True)
class Rows:
    """The rows in a relation, and how they were read.

    `table`: `_row`; `fields` of the primary entity; `_problems`, the positions of `problems` that a row has (NULL:
    accepted); `_cells`, over the cells as delivered; `_cN_s`, `_cN_x`, `_cN_a`: state, text and value of the cells of
    source N that were repaired or not readable. `accepted` is a query of what accepted rows say beside themselves, at
    least of the first and the last row that say the same: `_row`, "ENTITY.FIELD" (`beside`: entity → fields), `_pN` for the Nth path of the plan. `reading` is the fingerprint of how rows are read. `known` is a temporary table of rows that are not in
    `table` because they are stored already: `_row`, with `_id` and `_batch` of the stored row.
    """

    table: str
    fields: tuple[str, ...]
    beside: Mapping[str, tuple[str, ...]]
    problems: tuple[Problem, ...]
    columns: Columns
    accepted: str
    reading: str
    known: str | None = None


@dataclass(frozen=True)
class Stored:
    """Rows that were read in the same way before: `rows` is SQL of their `_cells`, `_id` and `_batch`, one row for each."""

    rows: str
    fields: tuple[str, ...]


Recall = Callable[[str], Stored | None]
"""The fingerprint of a way of reading → what is stored of the rows of the entity that were read so, if anything."""


def read_rows(
    con: duckdb.DuckDBPyConnection, delivered: pa.Table, plan: Plan, table: str, recall: Recall | None = None
) -> Rows:
    """Read the table as delivered (`plan.as_delivered`) into the temporary table `table`.

    Rows whose cells `recall` knows are not read again: they are in `Rows.known`.
    UserError where a required field is neither stated by the mapping nor computable from what is.
    """
    prepared = prepare_texts(con, delivered, plan, table)
    columns = prepared.columns
    said = stated(plan, columns.recipes)
    entity = plan.entity
    own = tuple(f.name for f in entity.fields if (entity.name, f.name) in said or f.default is not None)
    fields = _in_order(entity, {*own, *derivable(entity, own)})
    _require(entity, fields)
    problems = tuple(_problems(plan, columns, fields))
    mentions = {ROW: ROW, **_mentioned(plan, said, columns)}
    told_apart = mentions_of(plan, {name: sql for name, sql in mentions.items() if name != ROW}, prepared.codes)
    places = {code: code for codes in told_apart or () for code in sorted(codes)}
    kept = {**mentions, **places, CELLS: CELLS, **_typed(plan, said, own), **_cells(columns)}
    twins = _twins(mentions)
    listed = ", ".join(f"{sql} AS {name}" for name, sql in kept.items() if name not in twins)
    told = [str(entity.field(name).derive) for name in derivable(entity, own)]
    reading = _digest(*prepared.how, listed, *told, decided(problems))
    stored = recall(reading) if recall is not None and _stand_alone(plan, own) else None
    known = _find_known(con, prepared, table, stored) if stored is not None else None
    fresh = None if known is None else _is_fresh(con, prepared, known)
    cells = prepared.cells(fresh)
    con.register(prepared.relation, cells)
    query = derived(con, f"SELECT {listed} FROM ({columns.query})", entity, own, table)
    there = {name: column for name, sql in kept.items() if (column := _as_read(cells, sql)) is not None}
    twins = {name: other for name, other in twins.items() if name not in there}
    wanted = [*(name for name in kept if name not in there and name not in twins), *map(ident, derivable(entity, own))]
    worked_out = con.sql(
        f"SELECT {', '.join(wanted)}, {decided(problems)} AS _problems FROM ({query})"
    ).to_arrow_table()
    con.register(table, _beside_one_another(worked_out, cells, there, twins))
    accepted = _chosen(con, f"(FROM {table} WHERE _problems IS NULL)", mentions, told_apart, f"{table}_telling")
    if fresh is not None:  # what they mention may differ from what a row that did change mentions
        accepted += f" UNION ALL BY NAME {_known_mentions(con, prepared, ~fresh, mentions, told_apart, table)}"
    unstated = [name for name in fields if (entity.name, name) not in plan.delivered and name not in entity.key]
    empty = all_null(con, table, unstated) - set(stored.fields if stored is not None else ())
    fields = tuple(name for name in fields if name not in empty)
    _require(entity, fields)
    beside: dict[str, tuple[str, ...]] = {}
    for other, name in said:
        if other != entity.name:
            beside[other] = (*beside.get(other, ()), name)
    return Rows(table, fields, beside, problems, columns, f"({accepted})", reading, known)


def _chosen(
    con: duckdb.DuckDBPyConnection,
    rows: str,
    mentions: Mapping[str, str],
    told_apart: list[frozenset[str]] | None,
    scratch: str,
) -> str:
    """SQL of what accepted `rows` mention: those that stand for all others, or all."""
    said = f"SELECT {', '.join(mentions)} FROM {rows}"
    if not told_apart:
        return said
    con.execute(f"CREATE TEMP TABLE {scratch} AS {representatives(told_apart, rows)}")
    return f"{said} SEMI JOIN {scratch} USING ({ROW})"


def _known_mentions(
    con: duckdb.DuckDBPyConnection,
    prepared: Prepared,
    is_known: _Flags,
    mentions: Mapping[str, str],
    told_apart: list[frozenset[str]] | None,
    table: str,
) -> str:
    """SQL of what rows mention that were not read."""
    twins = _twins(mentions)
    shown = ", ".join(f"{sql} AS {name}" for name, sql in mentions.items() if name not in twins)
    con.register(f"{table}_places", prepared.places(is_known))
    these = f"SELECT {ROW} FROM {table}_places"
    if told_apart:
        these = representatives(told_apart, f"{table}_places")
    con.register(prepared.relation, prepared.cells(only=shown))
    con.execute(
        f"CREATE TEMP TABLE {table}_beside AS SELECT {shown} FROM ({prepared.columns.query}) "
        f"SEMI JOIN ({these}) these USING ({ROW})"
    )
    return f"SELECT {', '.join(f'{twins.get(name, name)} AS {name}' for name in mentions)} FROM {table}_beside"


def _digest(*texts: str) -> str:
    """What tells one way of reading from another: the queries, and the program that carries them out."""
    said = "\n".join((duckdb.__version__, version("salesloop"), *texts))
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def _stand_alone(plan: Plan, own: Iterable[str]) -> bool:
    """Whether a row means the same whichever rows are beside it, and nothing but itself can wait in quarantine."""
    numbered = any(is_window(plan.entity.field(name)) for name in derivable(plan.entity, own))
    return not numbered and all(entity.kind == "dimension" for entity in plan.secondary)


def _find_known(con: duckdb.DuckDBPyConnection, prepared: Prepared, table: str, stored: Stored) -> str:
    """A temporary table of the rows of which the cells are known: `_row`, with `_id` and `_batch` of the stored row."""
    known = f"{table}_known"
    con.execute(
        f"CREATE TEMP TABLE {known} AS SELECT {ROW}, _id, _batch FROM {prepared.relation} "
        f"JOIN ({stored.rows}) USING ({CELLS})"
    )
    return known


def _is_fresh(con: duckdb.DuckDBPyConnection, prepared: Prepared, known: str) -> _Flags:
    """Of each row as delivered, whether it is not among the `known`."""
    rows = prepared.delivered[ROW].to_numpy()
    fresh = np.ones(int(rows.max(initial=0)) + 1, dtype=np.bool_)
    fresh[con.sql(f"SELECT {ROW} FROM {known}").to_arrow_table()[ROW].to_numpy()] = False
    return fresh[rows]


_TYPES: Final = {
    "string": "VARCHAR",
    "date32[day]": "DATE",
    "timestamp[us]": "TIMESTAMP",
    "bool": "BOOLEAN",
    "int64": "BIGINT",
    "double": "DOUBLE",
    "decimal128(18, 4)": "DECIMAL(18,4)",
    "decimal128(28, 8)": "DECIMAL(28,8)",
}


def _as_read(cells: pa.Table, sql: str) -> str | None:
    """The column of `cells` that an expression names, if it only does that and casts nothing."""
    name, _, kind = sql.removeprefix("CAST(").removesuffix(")").partition(" AS ")
    if name not in cells.column_names or name == ROW:
        return None
    arrow = cells.schema.field(name).type
    read = str(arrow.value_type if pa.types.is_dictionary(arrow) else arrow)
    return name if kind in ("", _TYPES.get(read)) else None


def _twins(columns: Mapping[str, str]) -> dict[str, str]:
    """Columns of the same SQL as one before them, and which: that one is worked out once for all."""
    first: dict[str, str] = {}
    return {name: first[sql] for name, sql in columns.items() if first.setdefault(sql, name) != name}


def _beside_one_another(
    worked_out: pa.Table, cells: pa.Table, there: Mapping[str, str], twins: Mapping[str, str]
) -> pa.Table:
    """What was worked out of each row, with the columns of `cells` that needed no work, under their new names."""
    if not worked_out[ROW].equals(cells[ROW]):  # a join does not keep the order
        worked_out = worked_out.take(pc.index_in(cells[ROW], worked_out[ROW]))
    columns = {name: worked_out[name] for name in worked_out.column_names}
    columns |= {name.strip('"'): cells[column] for name, column in there.items()}
    return pa.table(columns | {name.strip('"'): columns[other.strip('"')] for name, other in twins.items()})


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


def _typed(plan: Plan, said: Stated, own: tuple[str, ...]) -> dict[str, str]:
    """The columns of what rows state of the primary entity, with defaults."""
    out = {}
    for name in own:
        field = plan.entity.field(name)
        sql = said.get((plan.entity.name, name), "NULL")
        if field.default is not None:
            sql = f"coalesce({sql}, CAST({literal(field.default)} AS {field.warehouse_type}))"
        out[ident(name)] = f"CAST({sql} AS {field.warehouse_type})"
    return out


def _mentioned(plan: Plan, said: Stated, columns: Columns) -> dict[str, str]:
    """The columns of what rows state of other entities, under two names, and of the trees that they lie in."""
    out = {ident(f"{entity}.{name}"): sql for (entity, name), sql in said.items() if entity != plan.entity.name}
    return out | {f"_p{n}": path_of(path, columns.recipes) for n, path in enumerate(plan.paths)}


def _cells(columns: Columns) -> dict[str, str]:
    out: dict[str, str] = {}
    for alias, recipe in columns.recipes.items():
        if recipe.state is not None:
            out |= {f"{alias}_s": recipe.state, f"{alias}_x": columns.before[alias], f"{alias}_a": columns.after[alias]}
    return out


def _problems(plan: Plan, columns: Columns, fields: tuple[str, ...]) -> Iterator[Problem]:
    entity = plan.entity
    for name in entity.required:
        field, source = entity.field(name), plan.source(entity.name, name)
        stateful = source is not None and columns.recipes[source.alias].state is not None
        if source is not None and stateful:
            yield from unreadable(field, source)
        yield missing(field, source, stateful=stateful)
    yield from broken_rules(entity, fields)
