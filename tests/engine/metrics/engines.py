"""A warehouse on any engine, filled and emptied within a test: the same questions must have the same answers everywhere."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

import duckdb
import psycopg
import pyarrow as pa

from salesloop.engine.metrics import Query, Registry, Result, load_registry, run
from salesloop.engine.metrics.warehouse import Warehouse
from salesloop.engine.model.loader import load_model
from salesloop.engine.model.scope import Scope
from salesloop.engine.store.config import WorkspaceConfig
from salesloop.engine.store.engines.duckdb import DuckDBEngine
from salesloop.engine.store.schema import FLAT_LEVELS, FLAT_TREES, columns, prepare
from salesloop.engine.store.snapshot import Freshness, Snapshot

Rows = Mapping[str, Sequence[Mapping[str, Any]]]


class Store(Protocol):
    """An engine whose tables can be replaced."""

    @property
    def dialect(self) -> str: ...

    def execute(self, sql: str, tables: Mapping[str, pa.Table] | None = None) -> pa.Table: ...

    def replace(self, rows: Rows) -> None:
        """Empty every table, then fill these."""
        ...


class DuckDBStore(DuckDBEngine):
    """DuckDB in memory, with the tables of a snapshot."""

    def __init__(self) -> None:
        self.con = duckdb.connect()
        self._filled: set[str] = set()
        prepare(self.con, load_model())
        super().__init__(self.con)

    def replace(self, rows: Rows) -> None:
        for table in self._filled:
            self.con.execute(f"DELETE FROM {table}")
        self._filled = set(rows)
        for table, those in rows.items():
            names = dict.fromkeys(name for row in those for name in row)
            texts = {n: pa.array([None if r.get(n) is None else str(r[n]) for r in those], pa.string()) for n in names}
            if names:
                self.con.register("rows_to_insert", pa.table(texts))
                self.con.execute(f"INSERT INTO {table} BY NAME SELECT * FROM rows_to_insert")
                self.con.unregister("rows_to_insert")


_published = itertools.count()


class Published(Snapshot):
    """The rows that a store holds now, as a snapshot with a number of its own."""

    def __init__(self, store: Store, number: int, rows: Rows) -> None:
        self.number = number
        self.path = Path(f"/nowhere/{next(_published)}")  # never the same twice: answers are kept by it
        self._store = store
        self.engine = store
        self._rows = rows

    def again(self) -> Published:
        """The same, under another address."""
        return Published(self._store, self.number, self._rows)

    def count(self, entity: str) -> int:
        return len(self._rows.get(entity, ()))

    def freshness(self) -> dict[str, Freshness]:
        return {}

    @property
    def published_at(self) -> dt.datetime:
        return dt.datetime(2026, 1, 1, tzinfo=dt.UTC)


class Bench:
    """Asks one store about worlds that change from example to example."""

    def __init__(self, store: Store, config: WorkspaceConfig | None = None) -> None:
        self.store = store
        self.registry: Registry = load_registry()
        self.config = config or WorkspaceConfig()
        self._number = 0
        self.world: Warehouse | None = None

    def fill(self, rows: Rows) -> None:
        """Replace the world."""
        self._number += 1
        self.store.replace(rows)
        published = Published(self.store, self._number, rows)
        self.world = Warehouse(published, self.registry.model, self.config, {}, "")

    def ask(self, query: Query, scope: Scope, today: dt.date) -> Result:
        assert self.world is not None
        return run(self.world, self.registry, query, scope, today=today)


_PG_TYPES = {"VARCHAR": "text", "DOUBLE": "double precision", "UBIGINT": "numeric", "VARCHAR[]": "text"}


class PostgresStore:
    """PostgreSQL, with the tables of a snapshot in a schema of its own that goes with the connection."""

    dialect = "postgres"

    def __init__(self, url: str) -> None:
        self._con = psycopg.connect(url, autocommit=True)
        self._con.execute("DROP SCHEMA IF EXISTS metrics_test CASCADE")
        self._con.execute("CREATE SCHEMA metrics_test")
        self._con.execute("SET search_path TO metrics_test")
        self._filled: set[str] = set()
        model = load_model()
        for entity in model.entities:
            self._create(entity.name, columns(entity, model))
        for tree in FLAT_TREES:
            levels = {f"l{n}_{part}": "VARCHAR" for n in range(1, FLAT_LEVELS + 1) for part in ("id", "name")}
            self._create(f"{tree}_flat", {"id": "VARCHAR", "depth": "INTEGER"} | levels)

    def close(self) -> None:
        self._con.execute("DROP SCHEMA metrics_test CASCADE")
        self._con.close()

    def _create(self, table: str, of: Mapping[str, str], *, temporary: bool = False) -> None:
        body = ", ".join(f'"{name}" {_PG_TYPES.get(kind, kind)}' for name, kind in of.items())
        self._con.execute(f'CREATE {"TEMPORARY " * temporary}TABLE "{table}" ({body})'.encode())

    def replace(self, rows: Rows) -> None:
        for table in self._filled:
            self._con.execute(f"DELETE FROM {table}".encode())
        self._filled = set(rows)
        for table, those in rows.items():
            for row in those:
                names = ", ".join(f'"{name}"' for name in row)
                places = ", ".join("%s" for _ in row)
                self._con.execute(f"INSERT INTO {table} ({names}) VALUES ({places})".encode(), list(row.values()))

    def execute(self, sql: str, tables: Mapping[str, pa.Table] | None = None) -> pa.Table:
        for name, table in (tables or {}).items():
            kinds = {"date32[day]": "date", "string": "text", "int64": "bigint", "int32": "integer"}
            self._create(name, {f.name: kinds.get(str(f.type), "numeric") for f in table.schema}, temporary=True)
            for row in table.to_pylist():
                places = ", ".join("%s" for _ in row)
                self._con.execute(f"INSERT INTO {name} VALUES ({places})".encode(), list(row.values()))
        try:
            cursor = self._con.execute(sql.encode())
            names = [column.name for column in cursor.description or ()]
            found = cursor.fetchall()
            return pa.table({name: [row[n] for row in found] for n, name in enumerate(names)})
        finally:
            for name in tables or {}:
                self._con.execute(f"DROP TABLE {name}".encode())
