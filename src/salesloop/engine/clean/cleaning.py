"""One table of a file, typed: its own records, those that it mentions, and everything that was doubtful about them."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field

import duckdb

from salesloop.engine.clean.beside import Beside, mentioned
from salesloop.engine.clean.columns import ROW
from salesloop.engine.clean.findings import show_repairs, write_cells, write_quarantine
from salesloop.engine.clean.plan import Plan, as_delivered, make_plan
from salesloop.engine.clean.rows import Recall, Rows, fingerprint, read_rows
from salesloop.engine.clean.rules import rules_off
from salesloop.engine.clean.tree import nodes
from salesloop.engine.clean.values.cells import ident
from salesloop.engine.collect.mapping import Mapping
from salesloop.engine.collect.raw import RawTable
from salesloop.engine.model.entity import Model
from salesloop.engine.model.text import Message
from salesloop.engine.store.config import WorkspaceConfig


@dataclass(frozen=True, slots=True)
class CleanEntity:
    """Typed records of one entity: `relation` has the `fields` (in declaration order), `_row` and `_hash`.

    `primary`: the `rows` of the table itself (with `_cells`, a fingerprint of what was delivered), in which a key may come twice; else records that it mentions, one per key,
    of which `conflicts` were mentioned with different values. Fields that nothing states or tells are not in `fields`.
    `known` further rows are stored already, cell by cell the same; they are not in `relation`.
    """

    entity: str
    relation: str
    fields: tuple[str, ...]
    primary: bool
    rows: int
    quarantined: int
    conflicts: int = 0
    known: int = 0

    @property
    def received(self) -> int:
        return self.rows + self.quarantined + self.known


@dataclass(frozen=True, slots=True)
class Cleaned:
    """The result of `clean`, as temporary relations of the connection. The primary entity comes first.

    `quarantine`: entity, row, column_name, field, value, reason, params, raw (the last two are JSON texts; the sentence
    is the message `reason` of this package with `params`). `cells`: entity, row, column_name, field, value, reason.
    `repairs`: entity, row (NULL: the whole column), column_name, field, rule, before, after.
    `reading` is the fingerprint of how rows were read; `known` a relation of those that need no reading (`_row`, and
    `_id` and `_batch` of the stored row), None where nobody asked or the rows depend on one another.
    """

    entities: tuple[CleanEntity, ...]
    quarantine: str
    cells: str
    repairs: str
    reading: str
    known: str | None = None
    notes: tuple[Message, ...] = ()
    prefix: str = field(default="", repr=False)

    @property
    def primary(self) -> CleanEntity:
        return self.entities[0]

    def drop(self, con: duckdb.DuckDBPyConnection) -> None:
        """Free everything that `clean` made."""
        _drop(con, self.prefix)


def clean(
    con: duckdb.DuckDBPyConnection,
    raw: RawTable,
    mapping: Mapping,
    model: Model,
    config: WorkspaceConfig,
    recall: Recall | None = None,
) -> Cleaned:
    """Read `raw` as `mapping` says. Call `Cleaned.drop` when done with the result.

    `recall` says which rows are stored already, so that only the others are read.
    UserError where the mapping does not fit the table or does not give what the entity cannot be without.
    """
    plan = make_plan(raw, mapping, model, config.timezone, rules_off(config, mapping))
    prefix = f"clean_{secrets.token_hex(4)}"
    delivered = as_delivered(raw)
    try:
        rows = read_rows(con, delivered, plan, f"{prefix}_rows", recall)
        beside = _beside(con, plan, rows, prefix)
        entities = [_rows(con, prefix, plan, rows, raw)]
        entities += [_records(con, prefix, number, one) for number, one in enumerate(beside)]
        write_quarantine(con, f"{prefix}_quarantine", raw, delivered, plan, rows, beside)
        write_cells(con, f"{prefix}_cells", plan, rows)
        show_repairs(con, f"{prefix}_repairs", plan, rows)
    except BaseException:
        _drop(con, prefix)
        raise
    finally:
        for part in ("cells", "texts", "places"):
            con.unregister(f"{prefix}_rows_{part}")
    quarantine, cells, repairs = (f"{prefix}_{name}" for name in ("quarantine", "cells", "repairs"))
    return Cleaned(tuple(entities), quarantine, cells, repairs, rows.reading, rows.known, tuple(plan.notes), prefix)


def _beside(con: duckdb.DuckDBPyConnection, plan: Plan, rows: Rows, prefix: str) -> list[Beside]:
    """The records that accepted rows mention. A tree has its nodes; rows may be nodes of one themselves."""
    trees = {path.entity for path in plan.paths}
    out = []
    for entity in plan.secondary:
        table = f"{prefix}_beside_{entity.name}"
        if entity.name in trees:
            out.append(nodes(con, plan, rows, entity, table))
        elif entity.name in rows.beside:
            out.append(mentioned(con, plan, rows, entity, table))
    if plan.entity.name in trees:
        out.append(nodes(con, plan, rows, plan.entity, f"{prefix}_above"))
    return out


def _rows(con: duckdb.DuckDBPyConnection, prefix: str, plan: Plan, rows: Rows, raw: RawTable) -> CleanEntity:
    relation = f"{prefix}_primary"
    hashed = f"{fingerprint(plan.entity, rows.fields)} AS _hash"
    accepted, waiting = _accept(con, rows.table, relation, rows.fields, hashed, "_cells")
    known = raw.data.num_rows - accepted - waiting
    return CleanEntity(
        plan.entity.name, relation, rows.fields, True, accepted, waiting + raw.broken.num_rows, known=known
    )


def _records(con: duckdb.DuckDBPyConnection, prefix: str, number: int, one: Beside) -> CleanEntity:
    relation = f"{prefix}_secondary_{number}"
    accepted, waiting = _accept(con, one.table, relation, one.fields, "_hash")
    if one.held is not None:
        waiting += int(con.execute(f"SELECT count(*) FROM {one.held}").fetchall()[0][0])
    return CleanEntity(one.entity.name, relation, one.fields, False, accepted, waiting, one.conflicts)


def _accept(
    con: duckdb.DuckDBPyConnection, table: str, relation: str, fields: Sequence[str], *marks: str
) -> tuple[int, int]:
    """Make a view of the records without problems; how many there are, and how many have some."""
    columns = ", ".join([*map(ident, fields), ROW, *marks])
    con.execute(f"CREATE TEMP VIEW {relation} AS SELECT {columns} FROM {table} WHERE _problems IS NULL")
    total, waiting = con.execute(f"SELECT count(*), count(_problems) FROM {table}").fetchall()[0]
    return int(total) - int(waiting), int(waiting)


def _drop(con: duckdb.DuckDBPyConnection, prefix: str) -> None:
    con.unregister(f"{prefix}_rows")
    made = con.execute(
        "SELECT view_name, 'VIEW' FROM duckdb_views() WHERE starts_with(view_name, $prefix) AND temporary "
        "UNION ALL SELECT table_name, 'TABLE' FROM duckdb_tables() WHERE starts_with(table_name, $prefix) AND temporary",
        {"prefix": prefix},
    ).fetchall()
    for name, kind in made:
        con.execute(f"DROP {kind} IF EXISTS {name}")
