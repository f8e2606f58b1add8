"""A snapshot that fell out of the cache while somebody still reads it can be opened again."""

from __future__ import annotations

import datetime as dt

from salesloop.engine.store import Workspace
from salesloop.engine.store.engines import duckdb as engine


def test_it_opens_again_beside_a_reader(tmp_path):
    workspace = Workspace.create(tmp_path / "w")
    with workspace.writing(dt.datetime(2026, 11, 21, tzinfo=dt.UTC), "test") as building:
        building.con.execute("INSERT INTO channel (channel_id, name) VALUES ('1', '直销')")
    reader = workspace.current()
    engine._open.clear()
    assert workspace.current().rows("SELECT name FROM channel") == [{"name": "直销"}]
    assert reader.rows("SELECT name FROM channel") == [{"name": "直销"}]
