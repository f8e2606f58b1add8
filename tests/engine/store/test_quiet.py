"""DuckDB must not print its progress bar into the answers of commands."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from salesloop.engine.store import Workspace
from salesloop.engine.store.engines.quiet import connect

SOURCES = Path(__file__).parents[3] / "src" / "salesloop"
ASKS = "SELECT current_setting('enable_progress_bar') AS bar"


def test_connections_and_their_cursors_keep_quiet(workspace: Workspace, now: dt.datetime) -> None:
    assert connect().cursor().execute(ASKS).fetchall() == [(False,)]
    assert workspace.current().rows(ASKS) == [{"bar": False}]
    with workspace.writing(now, "try") as building:
        assert building.con.execute(ASKS).fetchall() == [(False,)]
        building.discard()


def test_nobody_connects_otherwise() -> None:
    loud = [path.name for path in SOURCES.rglob("*.py") if "duckdb.connect(" in path.read_text("utf-8")]
    assert loud == ["quiet.py"]
