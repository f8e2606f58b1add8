from __future__ import annotations

import contextlib
import datetime as dt
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from salesloop.engine.store import Workspace
from salesloop.engine.store.doctor import examine


@pytest.fixture
def used(workspace: Workspace, tmp_path: Path, now: dt.datetime) -> Workspace:
    """A sound workspace with one delivery of two rows, one of them in quarantine."""
    file = tmp_path / "orders.csv"
    file.write_text("订单号\nA1\n\n", "utf-8")
    batch = workspace.landed.land(file, [""], now)
    with workspace.writing(now, "import") as building:
        con, name = building.con, f"{batch.batch_id}-1"
        con.execute("INSERT INTO order_line (order_id, line_no, _batch) VALUES ('A1', 1, ?)", [name])
        con.execute("INSERT INTO ledger.batch (batch_id, file_name) VALUES (?, 'orders.csv')", [name])
        con.execute("INSERT INTO ledger.counts VALUES (?, 'order_line', 2, 1, 0, 0, 0, 1)", [name])
        con.execute("INSERT INTO ledger.quarantine (batch_id, entity, row) VALUES (?, 'order_line', 3)", [name])
    with contextlib.closing(sqlite3.connect(workspace.app_database)) as people:
        people.execute("CREATE TABLE people (name TEXT)")
    return workspace


def states(workspace: Workspace) -> dict[str, str]:
    out: dict[str, str] = {}
    for diagnosis in examine(workspace):
        assert diagnosis.message.text("en") != diagnosis.message.text("zh-Hans")
        out[diagnosis.check] = diagnosis.state
    return out


def test_a_sound_workspace_is_well(used: Workspace) -> None:
    assert set(states(used).values()) == {"ok"}


def test_a_new_workspace_is_well(workspace: Workspace) -> None:
    assert set(states(workspace).values()) == {"ok"}


def change(workspace: Workspace, sql: str) -> None:
    with workspace.writing(dt.datetime(2026, 11, 22, tzinfo=dt.UTC), "damage") as building:
        building.con.execute(sql)


def flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0xFF
    path.write_bytes(bytes(content))


DAMAGES: dict[str, tuple[Callable[[Workspace], object], str, str]] = {
    "original changed": (lambda w: flip(w.landed.batches()[0].original), "landed", "error"),
    "original lost": (lambda w: w.landed.batches()[0].original.unlink(), "landed", "error"),
    "delivery lost": (lambda w: w.landed.folder.rename(w.state / "gone"), "origins", "error"),
    "snapshot damaged": (lambda w: w.snapshot_files.path(0).write_bytes(b"x" * 9000), "snapshots", "error"),
    "current damaged": (lambda w: w.snapshot_files.path(1).write_bytes(b"x" * 9000), "current", "error"),
    "pointer lost": (lambda w: (w.snapshot_files.folder / "CURRENT").unlink(), "current", "error"),
    "count wrong": (lambda w: change(w, "UPDATE ledger.counts SET inserted = 2"), "counts", "error"),
    "quarantine lost": (lambda w: change(w, "DELETE FROM ledger.quarantine"), "counts", "error"),
    "key twice": (
        lambda w: change(w, "INSERT INTO order_line (order_id, line_no) SELECT order_id, line_no FROM order_line"),
        "keys",
        "error",
    ),
    "left over": (lambda w: (w.snapshot_files.folder / "warehouse-9.duckdb.building").touch(), "leftovers", "warning"),
    "app damaged": (lambda w: w.app_database.write_bytes(b"SQLite format 3\x00" + b"x" * 5000), "app", "error"),
}


@pytest.mark.parametrize("name", DAMAGES)
def test_each_damage_is_found(used: Workspace, name: str) -> None:
    damage, check, state = DAMAGES[name]
    damage(used)
    assert states(Workspace.open(used.path))[check] == state
