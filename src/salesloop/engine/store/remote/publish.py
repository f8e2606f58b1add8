"""Writes the tables of a snapshot file to another engine, with views over them: for a trial, for tests, for moving out."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import yaml

from salesloop.engine.model.entity import Entity, Model
from salesloop.engine.model.errors import UserError
from salesloop.engine.store.engines.address import Address
from salesloop.engine.store.engines.clickhouse import ClickHouseEngine
from salesloop.engine.store.engines.opening import open_engine
from salesloop.engine.store.engines.postgresql import PostgreSQLEngine
from salesloop.engine.store.remote.definition import MESSAGES, View, mappable
from salesloop.engine.store.remote.view import type_of
from salesloop.engine.store.snapshot import Snapshot

_CLICKHOUSE: Final = {
    "VARCHAR": "String",
    "BIGINT": "Int64",
    "DOUBLE": "Float64",
    "DATE": "Date32",
    "TIMESTAMP": "DateTime64(6)",
    "BOOLEAN": "Bool",
}


@dataclass(frozen=True, slots=True)
class Published:
    """One entity that was written, where it is now, and its rows."""

    entity: str
    view: View
    rows: int


def publish(
    snapshot: Snapshot, model: Model, address: Address, timezone: str, *, schema: str, folder: Path | None
) -> Iterator[Published]:
    """Write every entity with rows. A table of that name in `schema` (a schema of its own) is replaced.

    For Spark the tables are Parquet files under `folder`, which every worker must be able to read. UserError otherwise.
    """
    if address.kind == "spark" and folder is None:
        raise UserError(MESSAGES.message("folder_needed", engine=str(address)))
    engine = open_engine(address, timezone)
    for entity in model.entities:
        if not snapshot.has(entity.name):
            continue
        names = _columns(snapshot, entity)
        if isinstance(engine, PostgreSQLEngine):
            place: dict[str, Any] = {"table": _to_postgresql(engine, snapshot, entity, names, schema)}
        elif isinstance(engine, ClickHouseEngine):
            place = {"table": _to_clickhouse(engine, snapshot, entity, names, schema, timezone)}
        else:
            place = {"parquet": str(_to_files(snapshot, entity, names, (folder or Path()).absolute()))}
        view = View(entity=entity.name, columns={name: name for name in names}, **place)
        yield Published(entity.name, view, snapshot.count(entity.name))


def write_view(folder: Path, view: View) -> None:
    """The view as a file of the workspace."""
    folder.mkdir(exist_ok=True)
    document = view.model_dump(exclude_defaults=True)
    ordered = {"entity": view.entity} | document
    text = yaml.safe_dump(ordered, allow_unicode=True, sort_keys=False)
    (folder / f"{view.entity}.yaml").write_text(text, "utf-8")


def _columns(snapshot: Snapshot, entity: Entity) -> list[str]:
    """The columns that this snapshot has: it may be older than the model."""
    there = {
        row["column_name"]
        for row in snapshot.rows(f"SELECT column_name FROM duckdb_columns() WHERE table_name = '{entity.name}'")
    }
    return [name for name in mappable(entity) if name in there]


def _select(entity: Entity, names: list[str]) -> str:
    columns = ", ".join(f'"{name}"' for name in names)
    return f'SELECT {columns} FROM "{entity.name}"'


def _copied(snapshot: Snapshot, query: str, file: Path, how: str) -> None:
    """Write the answer of a query on a snapshot to a file; its own connection may not write."""
    from salesloop.engine.store.engines.quiet import connect

    con = connect()
    try:
        con.execute(f"ATTACH '{snapshot.path}' AS kept (READ_ONLY)")
        con.execute("USE kept")
        con.execute(f"COPY ({query}) TO '{file}' ({how})")
    finally:
        con.close()


def _to_postgresql(engine: PostgreSQLEngine, snapshot: Snapshot, entity: Entity, names: list[str], schema: str) -> str:
    table = f'"{schema}"."{entity.name}"'
    columns = ", ".join(f'"{name}" {type_of(entity, name).replace("DOUBLE", "DOUBLE PRECISION")}' for name in names)
    engine.write(
        [
            f'CREATE SCHEMA IF NOT EXISTS "{schema}"',
            f"DROP TABLE IF EXISTS {table}",
            f"CREATE TABLE {table} ({columns})",
        ]
    )
    with tempfile.TemporaryDirectory(prefix="salesloop-") as folder:
        file = Path(folder) / "rows.csv"
        _copied(snapshot, _select(entity, names), file, "FORMAT csv, HEADER")
        engine.load(table, file)
    return f"{schema}.{entity.name}"


def _to_clickhouse(
    engine: ClickHouseEngine, snapshot: Snapshot, entity: Entity, names: list[str], schema: str, timezone: str
) -> str:
    table = f"`{schema}`.`{entity.name}`"
    key = [name for name in (entity.event_date, *entity.key) if name is not None]
    order = f"ENGINE = MergeTree ORDER BY ({', '.join(dict.fromkeys(key))}) SETTINGS allow_nullable_key = 1"
    columns = ", ".join(f"`{name}` {_clickhouse_type(entity, name)}" for name in names)
    engine.write(
        [
            f"CREATE DATABASE IF NOT EXISTS `{schema}`",
            f"DROP TABLE IF EXISTS {table}",
            f"CREATE TABLE {table} ({columns}) {order}",
        ]
    )
    with tempfile.TemporaryDirectory(prefix="salesloop-") as folder:
        file = Path(folder) / "rows.parquet"
        moments = [name for name in names if type_of(entity, name) == "TIMESTAMP"]
        instants = ", ".join(f'"{name}" AT TIME ZONE \'{timezone}\' AS "{name}"' for name in moments)
        query = f"SELECT * REPLACE ({instants}) FROM ({_select(entity, names)})" if moments else _select(entity, names)
        _copied(snapshot, query, file, "FORMAT parquet")  # moments there are instants, shown in a zone
        engine.load(table, file)
    return f"{schema}.{entity.name}"


def _clickhouse_type(entity: Entity, name: str) -> str:
    kind = type_of(entity, name)
    return f"Nullable({_CLICKHOUSE.get(kind, kind.replace('DECIMAL', 'Decimal'))})"


def _to_files(snapshot: Snapshot, entity: Entity, names: list[str], folder: Path) -> Path:
    place = folder / entity.name
    place.mkdir(parents=True, exist_ok=True)
    for old in place.glob("*.parquet"):
        old.unlink()
    _copied(snapshot, _select(entity, names), place / "rows.parquet", "FORMAT parquet, ROW_GROUP_SIZE 500000")
    return place
