"""The tables of an engine elsewhere, as a snapshot: everything above the store works on it unchanged."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

import pyarrow as pa
import sqlglot

from salesloop.engine.store.engines.dialect import DUCKDB, text
from salesloop.engine.store.engines.duckdb import DuckDBEngine
from salesloop.engine.store.remote.mapped import MappedEngine
from salesloop.engine.store.remote.state import Look, State, look
from salesloop.engine.store.snapshot import Freshness, Snapshot

_OF_DELIVERIES: Final = re.compile(
    r"\b(ledger|failing)\.|\bduckdb_\w+\(|\b_(batch|row|hash|cells|primary|received_at|filled|given_\w+)\b|\browid\b"
)


class RemoteSnapshot(Snapshot):
    """What an engine elsewhere held when last looked at. Rows may change under it; its number says which state was meant.

    What speaks of deliveries (the ledger, quarantine, quality of rows) is asked of the workspace's own file, where nothing
    was delivered: those answers are empty.
    """

    def __init__(self, state: State, seen: Look, engine: MappedEngine, own: Snapshot) -> None:
        self.number = state.number
        self.path = own.path
        self.engine = engine
        self.state, self.seen, self.mapped, self._own = state, seen, engine, own

    @property
    def identity(self) -> tuple[object, ...]:
        return (self.path.parent, self.state.number, self.state.fingerprint)

    @property
    def duckdb(self) -> DuckDBEngine:
        return self._own.duckdb

    def knows(self, entity: str) -> bool:  # noqa: ARG002 - what is not mapped is empty
        return True

    def count(self, entity: str) -> int:
        return self.seen.counts.get(entity, 0)

    def freshness(self) -> dict[str, Freshness]:
        return dict(self.seen.freshness)

    def table(self, sql: str, tables: Mapping[str, pa.Table] | None = None) -> pa.Table:
        if _OF_DELIVERIES.search(sql):
            return self._own.table(sql, tables)
        return self.engine.execute(_translated(sql, self.engine.dialect), tables)

    def steps(self, sql: str) -> dict[str, str]:
        return self.mapped.views(sql)

    def with_entered(self, entered: Mapping[str, pa.Table], zone: ZoneInfo) -> RemoteSnapshot:
        """The same state with entered rows beside the company's."""
        engine = MappedEngine(self.mapped.engine, replace(self.mapped.canon, entered=entered))
        more = look(engine, zone, entered)
        counts, freshness = {**self.seen.counts, **more.counts}, {**self.seen.freshness, **more.freshness}
        return RemoteSnapshot(self.state, replace(self.seen, counts=counts, freshness=freshness), engine, self._own)

    @property
    def published_at(self) -> dt.datetime:
        return self.state.seen_at

    @property
    def parent(self) -> int | None:
        return None

    @property
    def reason(self) -> str:
        return "engine"


@lru_cache(maxsize=256)
def _translated(sql: str, dialect: str) -> str:
    return text(sqlglot.parse_one(sql, read=DUCKDB), dialect)
