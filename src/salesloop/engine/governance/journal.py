"""The record of versions: `.salesloop/definitions/journal.jsonl`, one JSON document a line, only ever added to; the text of
each version stands beside it as `<kind>/<id>/<number>.yaml` and is never changed. A line that a crash cut off was never said.
"""

from __future__ import annotations

import datetime as dt
import json
import os
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Final, Literal
from urllib.parse import quote

from salesloop.engine.governance.kinds import MESSAGES, KindName
from salesloop.engine.model.errors import UserError
from salesloop.engine.store import Workspace
from salesloop.engine.store.files import write_durably
from salesloop.engine.store.lock import writer_lock

FOLDER: Final = "definitions"
JOURNAL: Final = "journal.jsonl"
_WAIT_SECONDS: Final = 10.0

Origin = Literal["shipped", "outside", "request", "restored", "imported"]


@dataclass(frozen=True, slots=True)
class Version:
    """One version of one definition.

    `origin`: it came with the product (shipped), somebody changed the file by hand (outside), or it was applied. `by` and
    `why` are the author's; an `outside` version has neither until somebody approves it. `meaning` is the hash of what it
    says, '' where the definition was removed. `request` names the change request that led to it.
    """

    kind: KindName
    id: str
    number: int
    at: dt.datetime
    origin: Origin
    meaning: str
    by: str = ""
    why: str = ""
    approved_by: str = ""
    approved_at: dt.datetime | None = None
    request: str = ""

    @property
    def gone(self) -> bool:
        return not self.meaning

    @property
    def waiting(self) -> bool:
        """Whether nobody has approved it yet."""
        return not self.approved_by

    def to_json(self) -> dict[str, Any]:
        return {name: value for name, value in asdict(self).items() if value not in ("", None)} | {
            "at": self.at.isoformat(),
            **({"approved_at": self.approved_at.isoformat()} if self.approved_at else {}),
        }


Histories = Mapping[tuple[KindName, str], Sequence[Version]]


def read_histories(workspace: Workspace) -> Histories:
    """All versions of every definition, oldest first."""
    found: dict[tuple[KindName, str], list[Version]] = defaultdict(list)
    for entry in _entries(_folder(workspace) / JOURNAL):
        versions = found[entry["kind"], entry["id"]]
        if "approves" in entry:
            place = entry["approves"] - 1
            versions[place] = replace(
                versions[place],
                approved_by=entry["by"],
                approved_at=dt.datetime.fromisoformat(entry["at"]),
                why=entry["why"] or versions[place].why,
            )
        else:
            versions.append(_version(entry))
    return dict(found)


def history_of(workspace: Workspace, kind: KindName, name: str) -> Sequence[Version]:
    """The versions of one definition, oldest first. UserError where none is recorded."""
    found = read_histories(workspace).get((kind, name))
    if not found:
        raise UserError(MESSAGES.message("no_such_definition", name=name))
    return found


def text_of(workspace: Workspace, kind: KindName, name: str, number: int) -> str:
    """What a version says, as it was written. UserError where there is no such version, or it removed the definition."""
    versions = history_of(workspace, kind, name)
    if not 1 <= number <= len(versions):
        known = ", ".join(str(one.number) for one in versions)
        raise UserError(MESSAGES.message("no_such_version", name=name, version=number, known=known))
    if versions[number - 1].gone:
        raise UserError(MESSAGES.message("version_gone", name=name, version=number))
    return _path(workspace, kind, name, number).read_text("utf-8")


@contextmanager
def recording(workspace: Workspace) -> Iterator[None]:
    """One recorder at a time: read what is there, add, done. `WriterBusy` after ten seconds."""
    with writer_lock(_folder(workspace) / "journal.lock", _WAIT_SECONDS):
        yield


def record(workspace: Workspace, versions: Iterable[tuple[Version, str]]) -> None:
    """Add versions with their texts, durably; only within `recording`."""
    added = list(versions)
    for version, text in added:
        path = _path(workspace, version.kind, version.id, version.number)
        path.parent.mkdir(parents=True, exist_ok=True)
        if not version.gone:
            path.write_text(text, "utf-8")
    _append(workspace, [version.to_json() for version, _text in added])


def record_approval(workspace: Workspace, version: Version, *, by: str, why: str, now: dt.datetime) -> None:
    """Add that somebody approved a version; only within `recording`."""
    entry = {"kind": version.kind, "id": version.id, "approves": version.number, "by": by, "why": why}
    _append(workspace, [entry | {"at": now.isoformat()}])


def replace_file(path: Path, text: str) -> None:
    """Write a file of definitions in one step."""
    path.parent.mkdir(parents=True, exist_ok=True)
    write_durably(path, text.encode())


def _append(workspace: Workspace, entries: Sequence[Mapping[str, Any]]) -> None:
    if not entries:
        return
    text = "".join(json.dumps(entry, ensure_ascii=False, sort_keys=True) + "\n" for entry in entries)
    with (_folder(workspace) / JOURNAL).open("a+b") as file:
        file.seek(0)
        file.truncate(file.read().rfind(b"\n") + 1)  # a torn line must not swallow the next one
        file.write(text.encode())
        file.flush()
        os.fsync(file.fileno())


def _entries(path: Path) -> list[dict[str, Any]]:
    lines = path.read_bytes().split(b"\n")[:-1] if path.exists() else []
    return [json.loads(line) for line in lines if line.strip()]


def _version(entry: Mapping[str, Any]) -> Version:
    approved = entry.get("approved_at")
    return Version(
        kind=entry["kind"],
        id=entry["id"],
        number=entry["number"],
        at=dt.datetime.fromisoformat(entry["at"]),
        origin=entry["origin"],
        meaning=entry.get("meaning", ""),
        by=entry.get("by", ""),
        why=entry.get("why", ""),
        approved_by=entry.get("approved_by", ""),
        approved_at=dt.datetime.fromisoformat(approved) if approved else None,
        request=entry.get("request", ""),
    )


def _folder(workspace: Workspace) -> Path:
    return workspace.state / FOLDER


def _path(workspace: Workspace, kind: KindName, name: str, number: int) -> Path:
    return _folder(workspace) / kind / quote(name, safe="").replace(".", "%2E") / f"{number}.yaml"
