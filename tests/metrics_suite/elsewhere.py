"""The suite's worlds on other engines: real tables there, seen through the views that a company would write."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from salesloop.engine.store.engines.address import parse_address
from salesloop.engine.store.engines.clickhouse import ClickHouseEngine
from salesloop.engine.store.engines.postgresql import PostgreSQLEngine
from salesloop.engine.store.engines.spark import SparkEngine
from salesloop.engine.store.remote.definition import View
from salesloop.engine.store.remote.mapped import COLLATIONS, MappedEngine
from salesloop.engine.store.remote.view import Canon
from salesloop.engine.store.schema import FLAT_TREES
from tests.conftest import missing
from tests.metrics_suite.tables import model, schemas

ZONE = "America/Los_Angeles"  # the other side of the world: days must not move
SCHEMA = "salesloop_suite"
_CLICKHOUSE = {"string": "String", "int64": "Int64", "double": "Float64", "date32[day]": "Date32", "bool": "Bool"}
_POSTGRES = {"string": "text", "int64": "bigint", "double": "float8", "date32[day]": "date", "bool": "boolean"}


class _Elsewhere(MappedEngine):
    """An engine over the tables of the world that it holds now."""

    def _look_at(self, places: Mapping[str, dict[str, str]]) -> None:
        views = {
            name: View(entity=name, columns={c: c for c in schemas()[name].names}, **place)
            for name, place in places.items()
        }
        super().__init__(self.engine, Canon(views, model(), "CNY", COLLATIONS.get(self.engine.dialect)))


def _entities(tables: Mapping[str, pa.Table]) -> dict[str, pa.Table]:
    """What a company has: trees are flattened by the product itself."""
    return {
        name: table
        for name, table in tables.items()
        if name.removesuffix("_flat") not in FLAT_TREES or name in FLAT_TREES
    }


class PostgresTables(_Elsewhere):
    def __init__(self) -> None:
        url = os.environ.get("SALESLOOP_TEST_POSTGRES")
        if not url:
            missing("no PostgreSQL: set SALESLOOP_TEST_POSTGRES to postgresql://user@host:port/database")
        self.postgres = PostgreSQLEngine(parse_address(url), ZONE)
        super().__init__(self.postgres, Canon({}, model(), "CNY"))

    def replace(self, tables: Mapping[str, pa.Table]) -> None:
        statements = [f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE", f"CREATE SCHEMA {SCHEMA}"]
        for name, table in _entities(tables).items():
            kinds = (_POSTGRES.get(str(f.type)) or _decimal(f.type, "numeric", "timestamp") for f in table.schema)
            columns = ", ".join(f'"{c}" {kind}' for c, kind in zip(table.column_names, kinds, strict=True))
            statements.append(f"CREATE TABLE {SCHEMA}.{name} ({columns})")
            statements += [f"INSERT INTO {SCHEMA}.{name} VALUES ({_values(row)})" for row in table.to_pylist()]
        self.postgres.write(statements)
        self._look_at({name: {"table": f"{SCHEMA}.{name}"} for name in _entities(tables)})


class ClickHouseTables(_Elsewhere):
    """ClickHouse's engine inside this process (chdb): the same SQL that a server gets."""

    def __init__(self) -> None:
        self.clickhouse = ClickHouseEngine(parse_address(chdb_address()), ZONE)
        super().__init__(self.clickhouse, Canon({}, model(), "CNY"))

    def replace(self, tables: Mapping[str, pa.Table]) -> None:
        statements = [f"DROP DATABASE IF EXISTS {SCHEMA}", f"CREATE DATABASE {SCHEMA}"]
        for name, table in _entities(tables).items():
            kinds = (_CLICKHOUSE.get(str(f.type)) or _decimal(f.type, "Decimal", "DateTime64(6)") for f in table.schema)
            columns = ", ".join(f"`{c}` Nullable({kind})" for c, kind in zip(table.column_names, kinds, strict=True))
            statements.append(f"CREATE TABLE {SCHEMA}.{name} ({columns}) ENGINE = MergeTree ORDER BY tuple()")
            rows = ", ".join(f"({_values(row)})" for row in table.to_pylist())
            if rows:
                statements.append(f"INSERT INTO {SCHEMA}.{name} SETTINGS session_timezone = '{ZONE}' VALUES {rows}")
        self.clickhouse.write(statements)
        self._look_at({name: {"table": f"{SCHEMA}.{name}"} for name in _entities(tables)})


class SparkTables(_Elsewhere):
    """Spark Connect on Sail: a local cluster of its own processes' threads, or whatever SALESLOOP_TEST_SPARK names."""

    def __init__(self) -> None:
        self.spark = SparkEngine(parse_address(spark_address()), ZONE)
        self._folder = tempfile.TemporaryDirectory(prefix="salesloop-spark-")
        self._world = 0
        super().__init__(self.spark, Canon({}, model(), "CNY"))

    def replace(self, tables: Mapping[str, pa.Table]) -> None:
        self._world += 1
        places = {}
        for name, table in _entities(tables).items():
            place = Path(self._folder.name) / str(self._world) / name
            place.mkdir(parents=True)
            pq.write_table(table, place / "rows.parquet")
            places[name] = {"parquet": str(place)}
        self._look_at(places)


_folders: list[tempfile.TemporaryDirectory[str]] = []
_servers: list[object] = []


def chdb_address() -> str:
    """The one folder of ClickHouse's engine in this process: it holds no second one."""
    try:
        import chdb  # noqa: F401
    except ImportError:
        missing("no ClickHouse engine: pip install chdb")
    if not _folders:
        _folders.append(tempfile.TemporaryDirectory(prefix="salesloop-chdb-", ignore_cleanup_errors=True))
    return f"chdb://{_folders[0].name}/db"


def spark_address() -> str:
    """A Spark Connect server: SALESLOOP_TEST_SPARK, else Sail's local cluster, started once a run."""
    if url := os.environ.get("SALESLOOP_TEST_SPARK"):
        return url
    os.environ.setdefault("SAIL_MODE", "local-cluster")
    os.environ.setdefault("RUST_LOG", "off")
    try:
        import pyspark  # noqa: F401
        from pysail.spark import SparkConnectServer
    except ImportError:
        missing("no Spark Connect: pip install pysail pyspark-client, or set SALESLOOP_TEST_SPARK to spark://host:port")
    if not _servers:
        server = SparkConnectServer("127.0.0.1", 0)
        server.start(background=True)
        _servers.append(server)
    host, port = _servers[0].listening_address  # type: ignore[attr-defined]
    return f"spark://{host}:{port}"


def _decimal(kind: pa.DataType, decimal: str, moment: str) -> str:
    return f"{decimal}({kind.precision}, {kind.scale})" if pa.types.is_decimal(kind) else moment


def _values(row: Mapping[str, object]) -> str:
    return ", ".join(_literal(value) for value in row.values())


def _literal(value: object) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, int | float) else "'" + str(value).replace("'", "''") + "'"
