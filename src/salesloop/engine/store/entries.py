"""A snapshot as people see it: the published rows, and those that they entered since.

Entered rows are made complete as imported ones are (canonical ids of merged records, the owner's unit on the day, the rate
of the currency), once per snapshot and set of entries. Every query on the snapshot then reads both under the entity's
own name: a view stands before the table. An entered row hides the published one of the same key.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final
from zoneinfo import ZoneInfo

import duckdb
import pyarrow as pa

from salesloop.engine.model.entity import Entity, Model
from salesloop.engine.store.config import WorkspaceConfig
from salesloop.engine.store.engines.duckdb import DuckDBEngine
from salesloop.engine.store.entered import PLAN, PLAN_RATE
from salesloop.engine.store.owning import day_of, has_owner, owned, rated
from salesloop.engine.store.remote.snapshot import RemoteSnapshot
from salesloop.engine.store.schema import columns, has_rate, owner_fields
from salesloop.engine.store.snapshot import Freshness, Snapshot

_NOT_BESIDE: Final = frozenset(
    {"target", PLAN, PLAN_RATE, "org_unit", "employee", "region", "channel", "exchange_rate"}
)
"""Targets are stated by levels, not by rows (see metrics.targets); of the others published columns are made."""


def stands_beside(entity: str) -> bool:
    """Whether entered rows of the entity are read beside the published ones."""
    return entity not in _NOT_BESIDE


@dataclass(frozen=True, slots=True)
class _Beside:
    """What stands beside the table of one entity: complete rows, and the published rows (by rowid) that they hide."""

    rows: pa.Table
    hidden: pa.Table
    view: str


class EngineWithEntries(DuckDBEngine):
    """An `Engine` on a snapshot file in which the tables of some entities hold entered rows as well."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, beside: Mapping[str, _Beside]) -> None:
        super().__init__(connection)
        self._beside = beside

    def cursor(self) -> duckdb.DuckDBPyConnection:
        cursor = super().cursor()
        for name, held in self._beside.items():
            cursor.register(_rows_of(name), held.rows)
            cursor.register(_hidden_by(name), held.hidden)
            cursor.execute(held.view)
        return cursor


class SnapshotWithEntries(Snapshot):
    """A published snapshot with entered rows; its counts and freshness are those of both."""

    def __init__(
        self,
        published: Snapshot,
        engine: EngineWithEntries,
        beside: Mapping[str, _Beside],
        model: Model,
        zone: ZoneInfo,
    ) -> None:
        self.number = published.number
        self.path = published.path
        self.engine = engine
        self._published, self._beside, self._model, self._zone = published, beside, model, zone

    @cached_property
    def _counts(self) -> dict[str, int]:
        more = {name: held.rows.num_rows - held.hidden.num_rows for name, held in self._beside.items()}
        return {
            entity.name: self._published.count(entity.name) + more.get(entity.name, 0)
            for entity in self._model.entities
        }

    @cached_property
    def _freshness(self) -> dict[str, Freshness]:
        return self._published.freshness() | {name: self._fresh(self._model.entity(name)) for name in self._beside}

    def _fresh(self, entity: Entity) -> Freshness:
        """The newest event of all rows; received last: the last delivery, or the last entry where that is later."""
        event = f'max("{entity.event_date}")::DATE' if entity.event_date else "NULL::DATE"
        entry = f'max("{entity.entry_time}")' if entity.entry_time else "NULL::TIMESTAMP"
        newest = self.rows(f'SELECT {event} AS day FROM "{entity.name}"')[0]["day"]
        entered: dt.datetime | None = self.rows(f"SELECT {entry} AS at FROM {_rows_of(entity.name)}")[0]["at"]
        known = self._published.freshness().get(entity.name)
        moments = [known.last_received if known else None]
        moments += [entered.replace(tzinfo=self._zone).astimezone(dt.UTC) if entered else None]
        return Freshness(newest, max((moment for moment in moments if moment is not None), default=None))


def with_entries(
    published: Snapshot, entered: Mapping[str, pa.Table], model: Model, config: WorkspaceConfig
) -> Snapshot:
    """The snapshot with these entered rows (all fields of each entity, keys unique); itself where there are none."""
    tables = {
        name: table
        for name, table in entered.items()
        if stands_beside(name) and table.num_rows and published.knows(name)
    }
    if not tables:
        return published
    if isinstance(published, RemoteSnapshot):
        return published.with_entered(tables, config.zone)
    cursor = published.duckdb.cursor()
    try:
        beside = {
            name: _complete(cursor, model.entity(name), table, model, config.currency) for name, table in tables.items()
        }
    finally:
        cursor.close()
    engine = EngineWithEntries(published.duckdb.connection, beside)
    return SnapshotWithEntries(published, engine, beside, model, config.zone)


def _complete(con: duckdb.DuckDBPyConnection, entity: Entity, table: pa.Table, model: Model, currency: str) -> _Beside:
    con.register("entered", table)
    steps = {"named": _named(con, entity, model)}
    if has_owner(entity):
        steps["owned"] = owned(list(steps)[-1], day_of(entity))
    if has_rate(entity):
        steps["rated"] = rated(list(steps)[-1], day_of(entity))
    with_steps = ", ".join(f"{name} AS ({sql})" for name, sql in steps.items())
    rows = con.sql(
        f"WITH {with_steps} SELECT * FROM {list(steps)[-1]}",
        params={"currency": currency} if has_rate(entity) else None,
    ).to_arrow_table()
    same = " AND ".join(f't."{key}" = e."{key}"' for key in entity.key)
    hidden = con.sql(f'SELECT t.rowid AS id FROM "{entity.name}" t SEMI JOIN entered e ON {same}').to_arrow_table()
    con.unregister("entered")
    return _Beside(rows, hidden, _view(con, entity, model, rows, hidden))


def _named(con: duckdb.DuckDBPyConnection, entity: Entity, model: Model) -> str:
    """Every entered row; an id that people declared to be another's is replaced by the canonical one."""
    merged = con.execute(
        "SELECT 1 FROM duckdb_tables() WHERE schema_name = 'ledger' AND table_name = 'crosswalk'"
    ).fetchall()
    out, joins = [], []
    for field in entity.fields:
        value = f'row."{field.name}"'
        target = model.entity(field.references) if field.references else None
        if merged and target is not None and target.kind == "dimension" and field.name not in entity.key:
            table = f"canonical_{field.name}"
            joins.append(
                f"LEFT JOIN (SELECT id, any_value(canonical_id) AS canonical_id FROM ledger.crosswalk "
                f"WHERE entity = '{target.name}' GROUP BY id) {table} ON {table}.id = {value}"
            )
            value = f"coalesce({table}.canonical_id, {value})"
        out.append(f'{value} AS "{field.name}"')
    out += [f"CAST(NULL AS VARCHAR) AS {name}" for name in owner_fields(entity)]
    return f"SELECT {', '.join(out)} FROM entered row {' '.join(joins)}"


def _view(con: duckdb.DuckDBPyConnection, entity: Entity, model: Model, rows: pa.Table, hidden: pa.Table) -> str:
    """CREATE VIEW of the entity's name: the columns of the published table; what is only bookkeeping is NULL of an entry."""
    file = con.execute("SELECT current_database()").fetchall()[0][0]
    published = [name for (name,) in con.execute(
        "SELECT column_name FROM duckdb_columns() WHERE database_name = ? AND schema_name = 'main' AND table_name = ? "
        "ORDER BY column_index",
        [file, entity.name],
    ).fetchall()]  # fmt: skip
    kinds = columns(entity, model)
    entered = ", ".join(
        f'"{name}"' if name in rows.column_names else f'CAST(NULL AS {kinds.get(name, "VARCHAR")}) AS "{name}"'
        for name in published
    )
    shown = f"WHERE rowid NOT IN (SELECT id FROM {_hidden_by(entity.name)})" if hidden.num_rows else ""
    return (
        f'CREATE TEMP VIEW "{entity.name}" AS SELECT {", ".join(f"{chr(34)}{name}{chr(34)}" for name in published)} '
        f'FROM "{file}".main."{entity.name}" {shown} UNION ALL SELECT {entered} FROM {_rows_of(entity.name)}'
    )


def _rows_of(entity: str) -> str:
    return f"entered_{entity}"


def _hidden_by(entity: str) -> str:
    return f"hidden_{entity}"
