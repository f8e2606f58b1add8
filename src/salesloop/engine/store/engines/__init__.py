"""Engines answer SQL with Arrow tables: DuckDB on a snapshot file by default, others by the same small protocol."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

import pyarrow as pa


class Engine(Protocol):
    """Where a query runs."""

    @property
    def dialect(self) -> str:
        """The name by which sqlglot knows its SQL."""
        ...

    def execute(self, sql: str, tables: Mapping[str, pa.Table] | None = None) -> pa.Table:
        """Run one SELECT. `tables` are visible by name during this call only. Safe to call from several threads.

        Column types are the same on every engine: DECIMAL, BIGINT, DOUBLE, DATE, TIMESTAMP without zone, BOOLEAN, VARCHAR.
        """
        ...


class RemoteEngine(Engine, Protocol):
    """An engine in another process, where a statement goes on when nobody waits for it any more.

    A statement that Ctrl-C leaves (KeyboardInterrupt) is ended there by the adapter itself.
    """

    def interrupt(self) -> None:
        """End the statements that are being computed; they leave with an error. May be called from another thread."""
        ...
