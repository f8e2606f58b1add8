"""Snapshots: immutable published warehouses, and the one that is current."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import pyarrow as pa

from salesloop.engine.model.entity import Model
from salesloop.engine.model.errors import UserError
from salesloop.engine.model.text import Messages
from salesloop.engine.store.engines import Engine
from salesloop.engine.store.engines.duckdb import DuckDBEngine
from salesloop.engine.store.files import write_durably

_MESSAGES = Messages("salesloop.engine.store")
_CURRENT: Final = "CURRENT"
_FILE: Final = re.compile(r"warehouse-(\d+)\.duckdb")
_ATTEMPTS: Final = 5


@dataclass(frozen=True, slots=True)
class Freshness:
    """How new an entity's rows are: the latest event date, and when its last delivery was received (UTC)."""

    last_event: dt.date | None
    last_received: dt.datetime | None


@dataclass(frozen=True, slots=True)
class SnapshotInfo:
    """One kept snapshot. `published_at` is UTC; `reason` is the operation and its subject, such as `import 3f…-1`."""

    number: int
    published_at: dt.datetime
    parent: int | None
    reason: str
    size: int
    is_current: bool


class Snapshot:
    """One published warehouse, open for reading. It stays readable when newer ones appear and when it is pruned."""

    def __init__(self, number: int, path: Path, model: Model) -> None:
        self.number = number
        self.path = path
        self.engine: Engine = DuckDBEngine.open(path)
        self._model = model

    @property
    def duckdb(self) -> DuckDBEngine:
        """The engine of a snapshot file, for work in several steps."""
        assert isinstance(self.engine, DuckDBEngine)  # noqa: S101 - on another engine nobody writes such steps
        return self.engine

    @property
    def identity(self) -> tuple[object, ...]:
        """What tells these data from any others, for as long as this process lives."""
        return (self.path, self.number, mark(self.path))

    def has(self, entity: str) -> bool:
        """Whether the entity has any row."""
        return self.count(entity) > 0

    def knows(self, entity: str) -> bool:
        """Whether there is a table for the entity: a snapshot may be older than it."""
        return entity in self._counts

    def count(self, entity: str) -> int:
        """Rows of an entity; 0 where the snapshot is older than the entity."""
        return self._counts.get(entity, 0)

    def freshness(self) -> dict[str, Freshness]:
        """For every entity that has rows."""
        return dict(self._freshness)

    def rows(self, sql: str, tables: Mapping[str, pa.Table] | None = None) -> list[dict[str, Any]]:
        """The answer of one small SELECT, in DuckDB's words on every engine, as Python values."""
        return self.table(sql, tables).to_pylist()

    def table(self, sql: str, tables: Mapping[str, pa.Table] | None = None) -> pa.Table:
        """The answer of a SELECT with many rows, in DuckDB's words on every engine."""
        return self.engine.execute(sql, tables)

    def steps(self, sql: str) -> dict[str, str]:  # noqa: ARG002 - other snapshots look at it
        """Named queries that stand before a statement on these data without being written in it; none in a file of ours."""
        return {}

    @property
    def published_at(self) -> dt.datetime:
        """UTC."""
        return self._build[1]

    @property
    def parent(self) -> int | None:
        """The snapshot that this one was built from."""
        return self._build[0]

    @property
    def reason(self) -> str:
        return self._build[2]

    @cached_property
    def _build(self) -> tuple[int | None, dt.datetime, str]:
        found = self.rows(f"SELECT parent, published_at, reason FROM ledger.build WHERE number = {self.number}")
        if not found:  # snapshot 0 is made by nobody's delivery
            return None, dt.datetime.fromtimestamp(self.path.stat().st_mtime, dt.UTC), "init"
        return found[0]["parent"], found[0]["published_at"].replace(tzinfo=dt.UTC), found[0]["reason"]

    @cached_property
    def _counts(self) -> dict[str, int]:
        return {row["entity"]: row["rows"] for row in self.rows(self._per_entity("count(*) AS rows"))}

    @cached_property
    def _freshness(self) -> dict[str, Freshness]:
        received = {
            row["entity"]: row["at"].replace(tzinfo=dt.UTC)
            for row in self.rows(
                "SELECT entity, max(received_at) AS at FROM ledger.counts JOIN ledger.batch USING (batch_id) "
                "WHERE undone IS NULL GROUP BY entity"
            )
        }
        out = {}
        for name, count in self._counts.items():
            if count:
                event = self._model.entity(name).event_date
                newest = self.rows(f'SELECT max("{event}")::DATE AS day FROM "{name}"')[0]["day"] if event else None
                out[name] = Freshness(newest, received.get(name))
        return out

    def _per_entity(self, expression: str) -> str:
        known = {row["table_name"] for row in self.rows("SELECT table_name FROM duckdb_tables()")}
        return " UNION ALL ".join(
            f"SELECT '{entity.name}' AS entity, {expression} FROM \"{entity.name}\""
            for entity in self._model.entities
            if entity.name in known
        )


def mark(path: Path) -> tuple[int, int] | None:
    """What tells this file from another of the same name; None where it is gone."""
    try:
        stat = path.stat()
    except FileNotFoundError:  # pruned while we still read it: its number is not given out again
        return None
    return stat.st_mtime_ns, stat.st_ino


class Snapshots:
    """The folder `.salesloop/snapshots`."""

    def __init__(self, folder: Path, model: Model) -> None:
        self.folder = folder
        self._model = model

    def path(self, number: int) -> Path:
        return self.folder / f"warehouse-{number}.duckdb"

    def numbers(self) -> list[int]:
        """Numbers of the snapshots that are kept, oldest first."""
        return sorted(int(found[1]) for path in self.folder.iterdir() if (found := _FILE.fullmatch(path.name)))

    def current_number(self) -> int:
        """UserError where the pointer is lost or damaged."""
        try:
            return int((self.folder / _CURRENT).read_text("ascii"))
        except (OSError, ValueError) as error:
            raise UserError(_MESSAGES.message("current_lost", known=[str(n) for n in self.numbers()])) from error

    def point_at(self, number: int) -> None:
        write_durably(self.folder / _CURRENT, f"{number}\n".encode())

    def current(self) -> Snapshot:
        """The current snapshot, though a writer may publish and prune between the two steps of finding it."""
        number = self.current_number()
        for _ in range(_ATTEMPTS):
            try:
                return Snapshot(number, self.path(number), self._model)
            except FileNotFoundError:
                number = self.current_number()  # published over and pruned in between: it names another one by now
        raise UserError(_MESSAGES.message("no_such_snapshot", number=number, known=[str(n) for n in self.numbers()]))

    def get(self, number: int) -> Snapshot:
        """UserError where the snapshot was never there or is no longer kept."""
        try:
            return Snapshot(number, self.path(number), self._model)
        except FileNotFoundError as error:
            known = [str(n) for n in self.numbers()]
            raise UserError(_MESSAGES.message("no_such_snapshot", number=number, known=known)) from error

    def infos(self) -> list[SnapshotInfo]:
        """Every kept snapshot, newest first."""
        current = self.current_number()
        out = []
        for number in reversed(self.numbers()):
            snapshot = self.get(number)
            size = snapshot.path.stat().st_size
            info = SnapshotInfo(
                number, snapshot.published_at, snapshot.parent, snapshot.reason, size, number == current
            )
            out.append(info)
        return out
