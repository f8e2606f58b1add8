from __future__ import annotations

import datetime as dt
import json
import sqlite3
import zipfile
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pytest

from salesloop.engine.model.errors import UserError
from salesloop.engine.store import Workspace
from salesloop.engine.store.backup import backup, restore


@pytest.fixture
def full(workspace: Workspace, tmp_path: Path, now: dt.datetime) -> Workspace:
    """A workspace with something of everything."""
    for name in ("华东", "华南"):
        with workspace.writing(now, f"add {name}") as building:
            building.con.execute("INSERT INTO region (region_id, name) VALUES (?, ?)", [name, name])
    file = tmp_path / "orders.csv"
    file.write_text("订单号\nA1\n", "utf-8")
    workspace.landed.land(file, [""], now)
    workspace.entered.write("target", pa.table({"metric": ["revenue"], "value": [5]}))
    (workspace.path / "sources" / "订单.yaml").write_text("name: 订单\nentity: order_line\n", "utf-8")
    with sqlite3.connect(workspace.app_database) as con:
        con.execute("PRAGMA journal_mode = WAL")
        con.execute("CREATE TABLE people (name TEXT)")
        con.execute("INSERT INTO people VALUES ('李强')")
    con.close()
    return workspace


@pytest.fixture
def archive(full: Workspace, tmp_path: Path, now: dt.datetime) -> Path:
    path = tmp_path / "backups" / "company.zip"
    backup(full, path, now)
    return path


def test_everything_comes_back(full: Workspace, archive: Path, tmp_path: Path) -> None:
    restored = restore(archive, tmp_path / "elsewhere")
    assert restored.path == tmp_path / "elsewhere"
    assert restored.config == full.config
    assert restored.current().number == 2
    assert restored.current().rows("SELECT name FROM region ORDER BY name") == [{"name": "华东"}, {"name": "华南"}]
    assert restored.snapshot_files.numbers() == [2]  # older snapshots are not part of a backup
    assert restored.landed.batches() == [
        replace(one, original=restored.landed.folder / one.batch_id / "original") for one in full.landed.batches()
    ]
    assert restored.landed.batches()[0].original.read_text("utf-8") == "订单号\nA1\n"
    assert restored.entered.read("target").equals(full.entered.read("target"))
    assert (restored.path / "sources" / "订单.yaml").read_text("utf-8").startswith("name: 订单")
    with sqlite3.connect(restored.app_database) as con:
        assert con.execute("SELECT name FROM people").fetchall() == [("李强",)]
    con.close()


def test_the_app_database_is_copied_whole_while_somebody_writes_it(
    full: Workspace, tmp_path: Path, now: dt.datetime
) -> None:
    writer = sqlite3.connect(full.app_database)
    writer.execute("INSERT INTO people VALUES ('未提交')")  # an open transaction
    backup(full, tmp_path / "b.zip", now)
    writer.commit()
    writer.close()
    with sqlite3.connect(restore(tmp_path / "b.zip", tmp_path / "r").app_database) as con:
        assert con.execute("SELECT name FROM people").fetchall() == [("李强",)]
    con.close()


def test_a_backup_inside_the_workspace_does_not_hold_itself(full: Workspace, now: dt.datetime) -> None:
    path = full.path / "backup.zip"
    backup(full, path, now)
    assert backup(full, path, now) == len(zipfile.ZipFile(path).namelist()) - 1
    assert "backup.zip" not in zipfile.ZipFile(path).namelist()


def test_a_folder_in_use_is_never_overwritten(archive: Path, tmp_path: Path) -> None:
    target = tmp_path / "used"
    target.mkdir()
    (target / "mine.txt").write_text("x")
    with pytest.raises(UserError, match="不是空的"):
        restore(archive, target)
    assert [path.name for path in target.iterdir()] == ["mine.txt"]
    empty = tmp_path / "empty"
    empty.mkdir()
    assert restore(archive, empty).current().number == 2


def rewritten(archive: Path, change: dict[str, bytes], manifest: object = None) -> Path:
    """The archive with some members replaced or added."""
    out = archive.with_name("changed.zip")
    with zipfile.ZipFile(archive) as source, zipfile.ZipFile(out, "w") as target:
        for name in source.namelist():
            if name not in change and not (manifest and name == "manifest.json"):
                target.writestr(name, source.read(name))
        for name, content in change.items():
            target.writestr(name, content)
        if manifest:
            target.writestr("manifest.json", json.dumps(manifest))
    return out


def refused(archive: Path, tmp_path: Path) -> str:
    with pytest.raises(UserError) as caught:
        restore(archive, tmp_path / "target")
    assert not (tmp_path / "target").exists()
    assert not list(tmp_path.glob(".*restoring"))
    return caught.value.text("en")


def test_a_changed_file_is_found_and_nothing_is_restored(archive: Path, tmp_path: Path) -> None:
    assert "salesloop.toml" in refused(rewritten(archive, {"salesloop.toml": b'currency = "USD"\n'}), tmp_path)


def test_a_file_that_is_larger_than_it_says_stops_early(archive: Path, tmp_path: Path) -> None:
    bomb = rewritten(archive, {"salesloop.toml": b"#" * 50_000_000})
    assert "salesloop.toml" in refused(bomb, tmp_path)


@pytest.mark.parametrize(
    "name", ["../outside.txt", "/etc/outside.txt", "a/../../outside.txt", "..\\outside.txt", "C:/x"]
)
def test_a_path_that_leads_outside_is_refused(archive: Path, tmp_path: Path, name: str) -> None:
    manifest = json.loads(zipfile.ZipFile(archive).read("manifest.json"))
    manifest["files"].append({"path": name, "size": 1, "sha256": "x"})
    changed = rewritten(archive, {name: b"x"}, manifest)
    assert "outside" in refused(changed, tmp_path)
    assert not (tmp_path / "outside.txt").exists()


def test_members_that_the_manifest_does_not_name_are_ignored(archive: Path, tmp_path: Path) -> None:
    restored = restore(rewritten(archive, {"extra.txt": b"x"}), tmp_path / "r")
    assert not (restored.path / "extra.txt").exists()


@pytest.mark.parametrize("content", [b"", b"no archive at all", b"PK\x03\x04 half"])
def test_what_is_no_backup_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "b.zip"
    path.write_bytes(content)
    assert "b.zip" in refused(path, tmp_path)


def test_an_archive_cut_short_is_refused(archive: Path, tmp_path: Path) -> None:
    archive.write_bytes(archive.read_bytes()[:-4000])
    assert "incomplete" in refused(archive, tmp_path)
