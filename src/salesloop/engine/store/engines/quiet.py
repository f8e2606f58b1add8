"""DuckDB connections that keep quiet: by itself DuckDB prints a progress bar into whatever the program prints."""

from __future__ import annotations

import warnings

import duckdb

# Rows of a statement that was executed become Arrow by one more copy, of which DuckDB warns each time. It costs less than
# preparing the statement a second time, which is its other way.
warnings.filterwarnings("ignore", message="Arrow output on a DB-API result", category=UserWarning)

Config = dict[str, str | bool | int | float | list[str]]


def connect(
    path: str = ":memory:", *, read_only: bool = False, config: Config | None = None
) -> duckdb.DuckDBPyConnection:
    """As `duckdb.connect`. The cursors of the connection keep quiet too.

    A file that this process still has open is the same database again, with its settings locked: it stays as it is.
    """
    connection = duckdb.connect(path, read_only=read_only, config=config or {})
    ((locked,),) = connection.execute("SELECT current_setting('lock_configuration')").fetchall()
    if not locked:
        connection.execute("SET enable_progress_bar = false")
    return connection
