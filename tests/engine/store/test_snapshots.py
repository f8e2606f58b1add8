from __future__ import annotations

import datetime as dt
import threading
from pathlib import Path

import pyarrow as pa
import pytest

from salesloop.engine.model.errors import UserError
from salesloop.engine.store import Workspace, WriterBusy
from salesloop.engine.store.snapshot import Snapshots

ADD = "INSERT INTO region (region_id, name) VALUES (?, ?)"


def publish(workspace: Workspace, now: dt.datetime, name: str) -> int:
    with workspace.writing(now, f"add {name}") as building:
        building.con.execute(ADD, [name, name])
    return building.number


def names(workspace: Workspace) -> list[str]:
    return [row["name"] for row in workspace.current().rows("SELECT name FROM region ORDER BY name")]


def test_a_write_publishes_the_next_number(workspace: Workspace, now: dt.datetime) -> None:
    assert publish(workspace, now, "华东") == 1
    current = workspace.current()
    assert (current.number, current.parent, current.reason, current.published_at) == (1, 0, "add 华东", now)
    assert current.count("region") == 1
    assert not list(workspace.snapshot_files.folder.glob("*.wal"))


def test_a_failed_write_leaves_no_trace(workspace: Workspace, now: dt.datetime) -> None:
    publish(workspace, now, "华东")
    before = sorted(path.name for path in workspace.snapshot_files.folder.iterdir())
    with pytest.raises(ZeroDivisionError), workspace.writing(now, "fails") as building:  # noqa: PT012
        building.con.execute(ADD, ["华南", "华南"])
        raise ZeroDivisionError
    assert names(workspace) == ["华东"]
    assert sorted(path.name for path in workspace.snapshot_files.folder.iterdir()) == before


def test_a_discarded_write_publishes_nothing(workspace: Workspace, now: dt.datetime) -> None:
    with workspace.writing(now, "nothing to do") as building:
        building.con.execute(ADD, ["华南", "华南"])
        building.discard()
    assert workspace.current().number == 0
    assert names(workspace) == []


def test_a_reader_keeps_its_snapshot_while_newer_ones_appear_and_it_is_pruned(
    workspace: Workspace, now: dt.datetime
) -> None:
    (workspace.path / "salesloop.toml").write_text("keep_snapshots = 1\n", "utf-8")
    workspace = Workspace.open(workspace.path)
    publish(workspace, now, "华东")
    reader = workspace.current()
    publish(workspace, now, "华南")
    publish(workspace, now, "华北")
    assert [info.number for info in workspace.snapshots()] == [3]
    assert not reader.path.exists()
    assert reader.rows("SELECT name FROM region") == [{"name": "华东"}]
    assert names(workspace) == sorted(["华东", "华南", "华北"])


def test_finding_the_current_snapshot_survives_a_publish_in_between(
    workspace: Workspace, now: dt.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    (workspace.path / "salesloop.toml").write_text("keep_snapshots = 1\n", "utf-8")
    workspace = Workspace.open(workspace.path)
    publish(workspace, now, "华东")
    number = Snapshots.current_number

    def late(self: Snapshots) -> int:
        """The pointer as it was before another process published and pruned."""
        monkeypatch.setattr(Snapshots, "current_number", number)
        found = number(self)
        publish(Workspace.open(workspace.path), now, "华南")
        return found

    monkeypatch.setattr(Snapshots, "current_number", late)
    assert workspace.current().number == 2


def test_there_is_one_writer(workspace: Workspace, now: dt.datetime) -> None:
    with workspace.writing(now, "first") as building:
        with pytest.raises(WriterBusy), Workspace.open(workspace.path).writing(now, "second"):
            pass
        building.discard()
    publish(workspace, now, "华东")


def test_a_writer_waits_as_long_as_it_is_told(workspace: Workspace, now: dt.datetime) -> None:
    started, finish = threading.Event(), threading.Event()

    def hold() -> None:
        with workspace.writing(now, "long") as building:
            started.set()
            finish.wait(10)
            building.con.execute(ADD, ["华东", "华东"])

    thread = threading.Thread(target=hold)
    thread.start()
    started.wait(10)
    threading.Timer(0.3, finish.set).start()
    with Workspace.open(workspace.path).writing(now, "patient", wait=10) as building:
        building.con.execute(ADD, ["华南", "华南"])
    thread.join()
    assert names(workspace) == ["华东", "华南"]


def test_rollback_and_back_again(workspace: Workspace, now: dt.datetime) -> None:
    publish(workspace, now, "华东")
    publish(workspace, now, "华南")
    workspace.rollback(1)
    assert names(workspace) == ["华东"]
    workspace.rollback(2)
    assert names(workspace) == ["华东", "华南"]
    workspace.rollback(1)
    assert publish(workspace, now, "华北") == 3  # a number is never used twice
    assert names(workspace) == ["华东", "华北"]
    assert [(info.number, info.parent, info.is_current) for info in workspace.snapshots()] == [
        (3, 1, True),
        (2, 1, False),
        (1, 0, False),
        (0, None, False),
    ]
    with pytest.raises(UserError, match="没有快照 9"):
        workspace.rollback(9)


def test_pruning_spares_the_current_snapshot(workspace: Workspace, now: dt.datetime) -> None:
    (workspace.path / "salesloop.toml").write_text("keep_snapshots = 2\n", "utf-8")
    workspace = Workspace.open(workspace.path)
    for name in "abcd":
        publish(workspace, now, name)
    assert workspace.snapshot_files.numbers() == [3, 4]
    workspace.rollback(3)
    publish(workspace, now, "e")
    assert workspace.snapshot_files.numbers() == [4, 5]
    assert names(workspace) == ["a", "b", "c", "e"]


def test_leftovers_of_a_crash_are_removed_by_the_next_write(workspace: Workspace, now: dt.datetime) -> None:
    folder = workspace.snapshot_files.folder
    for name in ("warehouse-1.duckdb.building", "warehouse-1.duckdb.building.wal", "CURRENT.1234.tmp"):
        (folder / name).write_bytes(b"half")
    (folder / "warehouse-1.duckdb.building.tmp").mkdir()
    publish(workspace, now, "华东")
    assert sorted(path.name for path in folder.iterdir()) == ["CURRENT", "warehouse-0.duckdb", "warehouse-1.duckdb"]


def test_a_file_without_pointer_is_not_published(workspace: Workspace, now: dt.datetime) -> None:
    """A crash between the two renames: the file is complete, CURRENT still names the old one."""
    publish(workspace, now, "华东")
    (workspace.snapshot_files.folder / "CURRENT").write_text("0\n")
    assert names(workspace) == []
    assert publish(workspace, now, "华南") == 2
    assert names(workspace) == ["华南"]


def test_a_lost_pointer_is_explained_and_can_be_mended(workspace: Workspace, now: dt.datetime) -> None:
    publish(workspace, now, "华东")
    (workspace.snapshot_files.folder / "CURRENT").write_text("?")
    with pytest.raises(UserError, match="rollback"):
        workspace.current()
    workspace.rollback(1)
    assert names(workspace) == ["华东"]


def test_a_rehearsal_changes_nothing(workspace: Workspace, now: dt.datetime) -> None:
    with workspace.writing(now, "busy") as building, workspace.rehearsing() as rehearsal:
        rehearsal.con.execute(ADD, ["华东", "华东"])
        assert rehearsal.con.execute("SELECT count(*) FROM region").fetchall() == [(1,)]
        building.discard()
    assert workspace.current().count("region") == 0


def test_the_engine_takes_tables_and_reaches_nothing_outside(workspace: Workspace, tmp_path: Path) -> None:
    engine = workspace.current().engine
    assert engine.dialect == "duckdb"
    table = engine.execute("SELECT sum(n) AS total FROM numbers", {"numbers": pa.table({"n": [1, 2, 3]})})
    assert table.to_pylist() == [{"total": 6}]
    with pytest.raises(Exception, match="numbers"):
        engine.execute("SELECT * FROM numbers")
    secret = tmp_path / "secret.csv"
    secret.write_text("a\n1\n")
    with pytest.raises(Exception, match="disabled"):
        engine.execute(f"SELECT * FROM read_csv('{secret}')")
    with pytest.raises(Exception, match="read-only"):
        engine.execute("CREATE TABLE x (a INTEGER)")


def test_many_threads_read_one_snapshot(workspace: Workspace, now: dt.datetime) -> None:
    publish(workspace, now, "华东")
    results: list[int] = []

    def read() -> None:
        results.extend(workspace.current().count("region") for _ in range(5))

    threads = [threading.Thread(target=read) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == [1] * 40
