"""Small worlds for tests of metrics: rows written by hand into a real workspace, in the layout of a published snapshot."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa

from salesloop.engine.metrics import Query, Registry, Result, load_registry, run
from salesloop.engine.metrics.warehouse import Warehouse
from salesloop.engine.model.entity import Entity
from salesloop.engine.model.scope import Scope
from salesloop.engine.store import Workspace, WorkspaceConfig
from tests.engine.metrics.engines import DuckDBStore, Published

TODAY = dt.date(2026, 11, 21)
NOW = dt.datetime(2026, 11, 21, 2, 0, tzinfo=dt.UTC)
Rows = Sequence[Mapping[str, Any]]


class World:
    """A workspace with rows, and a short way to ask it."""

    def __init__(self, folder: Path, settings: Mapping[str, Any] | None = None, **entities: Rows) -> None:
        self.workspace = Workspace.create(folder, **(settings or {}))
        self.add(**entities)
        self.registry: Registry = load_registry(folder)

    @property
    def source(self) -> Workspace | Warehouse:
        """What questions are asked of."""
        return self.workspace

    def add(self, **entities: Rows) -> None:
        """Publish another snapshot with more rows."""
        with self.workspace.writing(NOW, "test") as building:
            for entity, rows in entities.items():
                _insert(building.con, self.workspace.model.entity(entity), rows)
            _flatten_trees(building.con)

    def enter(self, entity: str, rows: Rows) -> None:
        """What people entered in the app."""
        names = dict.fromkeys(name for row in rows for name in row)
        self.workspace.entered.write(entity, pa.table({n: [row.get(n) for row in rows] for n in names}))

    def ask(
        self,
        metrics: str,
        *,
        by: str = "",
        where: Sequence[str] = (),
        compare: str = "",
        period: str = "",
        scope: Scope | None = None,
        today: dt.date = TODAY,
        **rest: Any,
    ) -> Result:
        """`metrics`, `by` and `compare` are comma lists; `period` is `2026-01-01..2026-03-31`."""
        if period:
            start, _, end = period.partition("..")
            rest |= {"start": dt.date.fromisoformat(start), "end": dt.date.fromisoformat(end)}
        query = Query(
            tuple(metrics.split(",")),
            by=tuple(filter(None, by.split(","))),
            where=tuple(where),
            compare=tuple(filter(None, compare.split(","))),
            **rest,
        )
        return run(self.source, self.registry, query, scope or Scope.all(), today=today)

    def value(self, metric: str, **how: Any) -> Any:
        """One number."""
        return self.ask(metric, **how).one(metric)

    def values(self, metric: str, by: str = "", **how: Any) -> dict[Any, Any]:
        """Numbers by the name of a slice, or by period where a grain is asked."""
        key = "period" if "grain" in how and not by else by.split(":")[0]
        return {row[key]: row[metric] for row in self.ask(metric, by=by, **how).to_pylist()}


class LightWorld(World):
    """The same in memory: no folder, no publishing, for tests that are about the planner only."""

    def __init__(self, settings: Mapping[str, Any] | None = None, **entities: Rows) -> None:
        self.registry = load_registry()
        store = DuckDBStore()
        for entity, rows in entities.items():
            _insert(store.con, self.registry.model.entity(entity), rows)
        _flatten_trees(store.con)
        config = WorkspaceConfig(**(settings or {}))
        self._warehouse = Warehouse(Published(store, 1, entities), self.registry.model, config, {}, "")

    @property
    def source(self) -> Workspace | Warehouse:
        return self._warehouse

    def enter(self, entity: str, rows: Rows) -> None:
        entered = {entity: pa.Table.from_pylist([dict(row) for row in rows])}
        self._warehouse = replace(self._warehouse, entered=entered, entered_version=None)


def _insert(con: Any, declared: Entity, rows: Rows) -> None:
    """Every value as text, which the warehouse reads into the type of its column."""
    entity = declared.name
    defaults: dict[str, Any] = {}
    if declared.kind == "fact" and declared.has_money:
        defaults["fx_rate"] = 1
    if entity in ("org_unit", "employee"):
        defaults["valid_from"] = "1900-01-01"
    if entity == "target":
        defaults |= dict.fromkeys(("org_unit_id", "employee_id", "dimension", "dimension_value"), "")
        defaults["metric"] = "revenue"
    filled = [defaults | dict(row) for row in rows]
    names = dict.fromkeys(name for row in filled for name in row)
    texts = {
        name: pa.array([None if row.get(name) is None else str(row[name]) for row in filled], pa.string())
        for name in names
    }
    con.register("rows_to_insert", pa.table(texts))
    con.execute(f'INSERT INTO "{entity}" BY NAME SELECT * FROM rows_to_insert')
    con.unregister("rows_to_insert")


def _flatten_trees(con: Any) -> None:
    for tree, key in (("region", "region_id"), ("org_unit", "org_unit_id"), ("channel", "channel_id")):
        _flatten(con, tree, key)


def _flatten(con: Any, tree: str, key: str) -> None:
    rows = con.execute(f"SELECT {key}, parent_id, name FROM {tree}").fetchall()  # later rows of a dated tree win
    parents = {node: parent for node, parent, _ in rows}
    names = {node: name for node, _, name in rows}
    con.execute(f"DELETE FROM {tree}_flat")
    for node in parents:
        path = [node]
        while parents.get(path[0]):
            path.insert(0, parents[path[0]])
        cells = [value for step in path for value in (step, names[step])]
        cells += [None] * (12 - len(cells))
        con.execute(f"INSERT INTO {tree}_flat VALUES ({', '.join('?' * 14)})", [node, len(path), *cells])
