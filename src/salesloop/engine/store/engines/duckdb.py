"""DuckDB on one snapshot file, read-only: one database a process and file, one cursor a call."""

from __future__ import annotations

import atexit
import os
import tempfile
import threading
from collections import OrderedDict
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import duckdb
import pyarrow as pa

from salesloop.engine.store.engines.quiet import connect
from salesloop.engine.store.engines.stopping import under_way

_KEPT_OPEN: Final = 4
_open: OrderedDict[tuple[int, Path, int], duckdb.DuckDBPyConnection] = OrderedDict()
_guard = threading.Lock()
atexit.register(_open.clear)  # a database still open when Python shuts down is reported as a leak


class DuckDBEngine:
    """An `Engine` over a published snapshot file."""

    dialect: Final = "duckdb"

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self.connection = connection

    @classmethod
    def open(cls, path: Path) -> DuckDBEngine:
        """Share this process's database on `path`. FileNotFoundError where the file is not, or no longer, there."""
        # Once open the file may be deleted by the writer's pruning: the handle keeps it readable. The inode tells a
        # restored file from the one of the same name before it, and the process id keeps a fork off its parent's handles.
        key = (os.getpid(), path, path.stat().st_ino)
        with _guard:
            connection = _open.get(key)
            if connection is None:
                connection = _open[key] = _connect(path)
            _open.move_to_end(key)
            while len(_open) > _KEPT_OPEN:
                _open.popitem(last=False)  # running cursors keep their database alive
        return cls(connection)

    def cursor(self) -> duckdb.DuckDBPyConnection:
        """For work in several steps, on temporary tables of its own. The caller closes it."""
        return self.connection.cursor()

    def execute(self, sql: str, tables: Mapping[str, pa.Table] | None = None) -> pa.Table:
        cursor = self.cursor()
        try:
            for name, table in (tables or {}).items():
                cursor.register(name, table)
            # Not `cursor.sql`, which prepares a statement twice: once for its columns, once to run it. Preparing is most
            # of what a question of twenty steps over roll-ups costs.
            with under_way(cursor.interrupt):
                return cursor.execute(sql).to_arrow_table()
        finally:
            cursor.close()


def _connect(path: Path) -> duckdb.DuckDBPyConnection:
    try:
        connection = connect(
            str(path),
            read_only=True,
            config={
                # Definitions of a workspace end up in SQL; they must not reach files, the network or these settings.
                "enable_external_access": "false",
                "autoinstall_known_extensions": "false",
                "autoload_known_extensions": "false",
                "temp_directory": str(Path(tempfile.gettempdir()) / f"salesloop-{os.getpid()}"),
            },
        )
    except duckdb.IOException:
        if not path.exists():
            raise FileNotFoundError(path) from None
        raise
    ((locked,),) = connection.execute("SELECT current_setting('lock_configuration')").fetchall()
    if not locked:
        connection.execute("SET lock_configuration = true")
    return connection
