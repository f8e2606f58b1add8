"""The engines that the suite runs on. One line here, and every case runs on another."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Protocol

import pyarrow as pa

from salesloop.engine.metrics.warehouse import Warehouse
from salesloop.engine.store.engines import Engine
from salesloop.engine.store.engines.duckdb import DuckDBEngine
from salesloop.engine.store.engines.quiet import connect
from salesloop.engine.store.schema import prepare
from salesloop.engine.store.snapshot import Freshness, Snapshot
from tests.metrics_suite.case import World
from tests.metrics_suite.elsewhere import ClickHouseTables, PostgresTables, SparkTables
from tests.metrics_suite.tables import model


class Store(Engine, Protocol):
    """An engine whose tables can be replaced."""

    def replace(self, tables: Mapping[str, pa.Table]) -> None:
        """Fill these tables (typed as `tables.schemas()` says) and empty all others."""
        ...


class DuckDBStore(DuckDBEngine):
    """DuckDB in memory, laid out as a snapshot, in a session whose clock is on the other side of the world."""

    def __init__(self) -> None:
        con = connect()
        prepare(con, model())
        con.execute("SET TimeZone = 'America/Los_Angeles'")
        super().__init__(con)
        self._filled: frozenset[str] = frozenset()

    def replace(self, tables: Mapping[str, pa.Table]) -> None:
        for name in self._filled:
            self.connection.execute(f'DELETE FROM "{name}"')
        for name, table in tables.items():
            self.connection.register("rows_to_insert", table)
            self.connection.execute(f'INSERT INTO "{name}" BY NAME SELECT * FROM rows_to_insert')
            self.connection.unregister("rows_to_insert")
        self._filled = frozenset(tables)


ENGINES: dict[str, Callable[[], Store]] = {
    "duckdb": DuckDBStore,
    "postgresql": PostgresTables,
    "spark": SparkTables,
    "clickhouse": ClickHouseTables,
}

_numbers = itertools.count(1)


class Published(Snapshot):
    """The tables that a store holds now, as a snapshot with a number of its own."""

    def __init__(self, store: Store, tables: Mapping[str, pa.Table]) -> None:
        self.number = next(_numbers)
        self.path = Path(f"/nowhere/{self.number}")  # never the same twice: answers are kept by it
        self.engine = store
        self._tables = tables

    def count(self, entity: str) -> int:
        return self._tables[entity].num_rows if entity in self._tables else 0

    def freshness(self) -> dict[str, Freshness]:
        return {}

    @property
    def published_at(self) -> dt.datetime:
        return dt.datetime(2026, 1, 1, tzinfo=dt.UTC)


class Bench:
    """One engine with the world that it holds. A world stays until another one is asked for."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self._world: World | None = None
        self._warehouse: Warehouse | None = None

    def holding(self, world: World) -> Warehouse:
        if world is not self._world or self._warehouse is None:
            self.store.replace(world.tables)
            self._world = world
            published = Published(self.store, world.tables)
            self._warehouse = Warehouse(published, world.registry.model, world.config, world.entered, "")
        return self._warehouse
