"""Every file of the real data is imported with counts that reconcile, or refused with a reason that a person can act on."""

from __future__ import annotations

from pathlib import Path

import pytest

from salesloop.engine.collect.read import read_file
from salesloop.engine.model.errors import UserError
from salesloop.engine.store import Workspace
from scripts.data_sets import CORRECTIONS, survey

SMALL = 300_000
"""Bytes of the folders that are tried whole here; the larger ones that hold sales data have tests of their own."""

SAME = 5
"""Files of one folder are much the same after so many."""


def folders(real_data: Path) -> dict[str, list[Path]]:
    found = {folder.name: [path for path in folder.rglob("*") if path.is_file()] for folder in real_data.iterdir()}
    return {name: paths for name, paths in found.items() if paths}


@pytest.mark.slow
@pytest.mark.requirement("B01", "AC03")
def test_small_folders_come_in_whole(real_data: Path, tmp_path: Path) -> None:
    small = [name for name, paths in folders(real_data).items() if sum(path.stat().st_size for path in paths) < SMALL]
    assert len(small) >= 7
    workspace = Workspace.create(tmp_path / "company")
    for name in sorted(small):
        found = survey(real_data / name, workspace, dry_run=True)
        assert {fate.file for fate in found.fates} == {path.name for path in (real_data / name).rglob("*")}
        for fate in found.fates:
            if fate.batch is None:
                assert fate.role == "lookup" or len(fate.why) > 20, f"{name}/{fate.file} is left out without a reason"
                continue
            for entity, counts in fate.batch.entities.items():
                where = f"{name}/{fate.file}: {entity}"
                assert counts.received == counts.accepted + counts.quarantined + counts.unchanged, where
                assert counts.accepted == counts.inserted + counts.replaced + counts.superseded, where


@pytest.mark.slow
def test_every_file_is_read_or_refused_with_a_reason(real_data: Path) -> None:
    read, refused = [], {}
    for name, paths in folders(real_data).items():
        for path in paths[:SAME]:
            try:
                content = read_file(path)
            except UserError as error:
                refused[f"{name}/{path.name}"] = error.text("en")
            else:
                read.append(path)
                for table in content.tables:
                    assert table.received == table.data.num_rows + table.broken.num_rows
                    assert table.received > 0
    assert len(read) > 10 * len(refused)
    for name, reason in refused.items():
        assert Path(name).name.removesuffix(".gz") in reason, reason
        assert "{" not in reason


def test_corrections_are_for_files_that_are_there(real_data: Path) -> None:
    assert all((real_data / name).is_file() for name in CORRECTIONS)
