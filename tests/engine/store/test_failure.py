"""A disk that is full, a folder that may not be written: a sentence, and nothing changed."""

from __future__ import annotations

import datetime as dt
import multiprocessing
import resource
import signal
from pathlib import Path
from typing import Any

import pytest

from salesloop.engine.model.errors import UserError
from salesloop.engine.store import Workspace
from salesloop.engine.store.backup import backup

CONTEXT = multiprocessing.get_context("spawn")


def write_much(folder: Path, now: dt.datetime, answers: Any) -> None:
    """Build a snapshot where no file may grow beyond 3 MB, which looks to the writer like a full disk."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (3_000_000, 3_000_000))
    try:
        with Workspace.open(folder).writing(now, "too much") as building:
            building.con.execute(
                "INSERT INTO region (region_id, name) SELECT md5(n::TEXT), md5((n + 1)::TEXT) FROM range(300000) t(n)"
            )
    except UserError as error:
        answers.put((error.key, error.text("en")))
    else:
        answers.put(("written", ""))


def test_a_full_disk_publishes_nothing(workspace: Workspace, now: dt.datetime) -> None:
    with workspace.writing(now, "before") as building:
        building.con.execute("INSERT INTO region (region_id, name) VALUES ('a', 'a')")
    answers = CONTEXT.Queue()
    child = CONTEXT.Process(target=write_much, args=(workspace.path, now, answers))
    child.start()
    key, text = answers.get(timeout=120)
    child.join()
    assert (key, str(workspace.path) in text) == ("cannot_write", True)
    assert (workspace.current().number, workspace.current().count("region")) == (1, 1)
    assert sorted(path.name for path in workspace.snapshot_files.folder.iterdir()) == [
        "CURRENT",
        "warehouse-0.duckdb",
        "warehouse-1.duckdb",
    ]


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path, workspace: Workspace, now: dt.datetime) -> None:
    (tmp_path / "file").write_text("x")
    for attempt in (
        lambda: Workspace.create(tmp_path / "file" / "company"),
        lambda: backup(workspace, tmp_path / "file" / "b.zip", now),
    ):
        with pytest.raises(UserError) as caught:
            attempt()
        assert caught.value.key == "cannot_write"
        assert "file" in caught.value.text("en")
