"""The record of decisions about identity: `.salesloop/identity/decisions.jsonl`, one JSON document a line, only ever added to.

It is the place of record: snapshots are built from it (see docs/adr/0007), so going back to an older snapshot takes no
decision back. A line that a crash cut off was never said.
"""

from __future__ import annotations

import datetime as dt
import json
import os
from collections.abc import Sequence
from typing import Any, Final

from salesloop.engine.pipeline.identity.decision import Decision, History, Undo
from salesloop.engine.store import Workspace
from salesloop.engine.store.lock import writer_lock

FOLDER: Final = "identity"
_FILE: Final = "decisions.jsonl"
_WAIT_SECONDS: Final = 10.0


def read_history(workspace: Workspace) -> History:
    """Everything that was decided in a workspace."""
    path = workspace.state / FOLDER / _FILE
    lines = (
        path.read_bytes().split(b"\n")[:-1] if path.exists() else []
    )  # what follows the last line end is a torn line
    entries: list[dict[str, Any]] = [json.loads(line) for line in lines if line.strip()]
    decisions = [Decision.from_json(entry) for entry in entries if "undo" not in entry]
    undone = [
        Undo(entry["undo"], entry["by"], dt.datetime.fromisoformat(entry["at"]), entry["why"])
        for entry in entries
        if "undo" in entry
    ]
    return History(tuple(decisions), {one.decision_id: one for one in undone})


def append(workspace: Workspace, entries: Sequence[Decision | Undo]) -> None:
    """Add decisions, durably, one writer at a time."""
    folder = workspace.state / FOLDER
    text = "".join(json.dumps(_document(entry), ensure_ascii=False, sort_keys=True) + "\n" for entry in entries)
    with writer_lock(folder / "decisions.lock", _WAIT_SECONDS), (folder / _FILE).open("a+b") as file:
        file.seek(0)
        file.truncate(file.read().rfind(b"\n") + 1)  # a torn line must not swallow the next one
        file.write(text.encode())
        file.flush()
        os.fsync(file.fileno())


def _document(entry: Decision | Undo) -> dict[str, Any]:
    if isinstance(entry, Decision):
        return entry.to_json()
    return {"undo": entry.decision_id, "by": entry.by, "at": entry.at.isoformat(), "why": entry.why}
