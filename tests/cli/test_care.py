"""Commands that look after a workspace: quarantine, undo, snapshots, doctor, backup."""

from __future__ import annotations

from pathlib import Path

import pytest

from salesloop.engine.store import Workspace
from tests.cli.run import salesloop
from tests.engine.pipeline.files import ORDERS, order, write_csv


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """Ten orders of which two wait."""
    folder = tmp_path / "w"
    salesloop("init", folder)
    rows = [order(f"A{n}", 1, n) for n in range(8)] + [order("A8", 1, "很多"), order("A9", 1, 9, day="2026-02-30")]
    assert salesloop("-w", folder, "import", write_csv(tmp_path / "订单.csv", ORDERS, rows), "--yes").code == 0
    return folder


def batch(workspace: Path) -> str:
    name: str = salesloop("-w", workspace, "quarantine", "list", "--format", "json").json[0]["batch"]
    return name


def count(workspace: Path) -> int:
    return Workspace.open(workspace).current().count("order_line")


def test_quarantine_is_listed_and_shown(workspace: Path) -> None:
    groups = salesloop("-w", workspace, "quarantine", "list", "--format", "json").json
    assert sorted((group["column"], group["rows"]) for group in groups) == [("订单日期", 1), ("金额", 1)]
    shown = salesloop("-w", workspace, "quarantine", "show", batch(workspace), "--format", "json").json
    assert [row["row"] for row in shown] == [10, 11]
    assert shown[0]["raw"]["金额"] == "很多"
    for command in (["list"], ["show", batch(workspace)]):
        assert "很多" in salesloop("-w", workspace, "quarantine", *command).out
        assert "很多" in salesloop("-w", workspace, "--lang", "en", "quarantine", *command).out


def test_an_exported_row_is_corrected_and_retried(workspace: Path, tmp_path: Path) -> None:
    name, path = batch(workspace), tmp_path / "隔离.csv"
    assert salesloop("-w", workspace, "quarantine", "export", name, path).code == 0
    path.write_text(path.read_text("utf-8-sig").replace(",很多", ",88"), "utf-8-sig")
    tried = salesloop("-w", workspace, "quarantine", "retry", name, "--with", path, "--dry-run", "--format", "json")
    assert (tried.code, count(workspace)) == (0, 8)
    answer = salesloop("-w", workspace, "quarantine", "retry", name, "--with", path, "--format", "json")
    assert answer.code == 0, answer.err
    (lines,) = [c for c in answer.json["batches"][0]["entities"] if c["entity"] == "order_line"]
    assert (lines["inserted"], lines["unchanged"]) == (1, 9)
    assert count(workspace) == 9
    assert [row["row"] for row in salesloop("-w", workspace, "quarantine", "show", name, "--format", "json").json] == [
        11
    ]


def test_rows_are_dropped(workspace: Path) -> None:
    name = batch(workspace)
    answer = salesloop("-w", workspace, "quarantine", "drop", name, "--row", "10", "--format", "json")
    assert answer.json == {"batch": name, "dropped": 1}
    assert "放弃 1" in salesloop("-w", workspace, "quarantine", "drop", name).out
    assert "空" in salesloop("-w", workspace, "quarantine", "list").out


def test_an_import_is_undone(workspace: Path) -> None:
    name = batch(workspace)
    answer = salesloop("-w", workspace, "undo", name, "--format", "json")
    assert answer.json["batches"] == [name]
    assert answer.json["removed"]["order_line"] == 8
    assert count(workspace) == 0
    again = salesloop("-w", workspace, "undo", name)
    assert (again.code, again.out) == (2, "")
    assert "已经撤销" in again.err


def test_snapshots_are_listed_and_rolled_back(workspace: Path) -> None:
    infos = salesloop("-w", workspace, "snapshot", "list", "--format", "json").json
    assert [(info["snapshot"], info["current"], info["parent"]) for info in infos] == [(1, True, 0), (0, False, None)]
    assert infos[0]["reason"] == f"import {batch(workspace)}"
    assert salesloop("-w", workspace, "snapshot", "rollback", "0").code == 0
    assert count(workspace) == 0
    assert "●" in salesloop("-w", workspace, "snapshot", "list").out
    assert salesloop("-w", workspace, "snapshot", "rollback", "7").code == 2


def test_the_doctor_tells_well_from_ill(workspace: Path) -> None:
    well = salesloop("-w", workspace, "doctor")
    assert well.code == 0
    assert "✗" not in well.out
    Workspace.open(workspace).landed.batches()[0].original.write_bytes(b"changed")
    ill = salesloop("-w", workspace, "doctor", "--format", "json")
    assert ill.code == 1
    assert [one["check"] for one in ill.json if one["state"] == "error"] == ["landed"]


def test_a_backup_comes_back_elsewhere(workspace: Path, tmp_path: Path) -> None:
    archive = tmp_path / "b.zip"
    made = salesloop("-w", workspace, "backup", archive, "--format", "json")
    assert made.json["bytes"] == archive.stat().st_size
    back = salesloop("-w", tmp_path / "restored", "restore", archive)
    assert back.code == 0, back.err
    assert count(tmp_path / "restored") == 8
    assert salesloop("-w", tmp_path / "restored", "doctor").code == 0
    assert salesloop("-w", workspace, "restore", archive).code == 2
