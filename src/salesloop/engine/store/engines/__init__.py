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

        A statement is `under_way` while it is computed, so that whoever stops the work ends it on the engine too.
        Column types are the same on every engine: DECIMAL, BIGINT, DOUBLE, DATE, TIMESTAMP without zone, BOOLEAN, VARCHAR.
        """
        ...
