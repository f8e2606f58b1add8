"""Workspaces of firms that tests make up: their tables as files, imported."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Iterable, Mapping
from pathlib import Path

from salesloop.engine.pipeline import ImportRequest, import_files
from salesloop.engine.store import Workspace


def made_up(folder: Path, name: str, tables: Mapping[str, Iterable[Iterable[object]]], now: dt.datetime) -> Workspace:
    """The workspace `name` with the rows of each entity (the first is the header), of which none waits in quarantine."""
    workspace = Workspace.create(folder / "workspace", name=name)
    requests = []
    for entity, rows in tables.items():
        file = folder / f"{entity}.csv"
        with file.open("w", encoding="utf-8", newline="") as out:
            csv.writer(out).writerows(rows)
        requests.append(ImportRequest(file, entity=entity))
    report = import_files(workspace, requests, now=now)
    assert all(counts.quarantined == 0 for batch in report.batches for counts in batch.entities.values()), report
    return Workspace.open(workspace.path)
