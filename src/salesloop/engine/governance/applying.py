"""Apply an approved change: the file is written, everything is read again, and the version is recorded; or nothing is."""

from __future__ import annotations

import datetime as dt
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from salesloop.engine.analyze.findings.rule import load_rules
from salesloop.engine.clean.quality.book import load_book
from salesloop.engine.collect.mapping import load_mappings
from salesloop.engine.governance.documents import Document, documents_of, replaced, stamped
from salesloop.engine.governance.journal import (
    Origin,
    Version,
    read_histories,
    record,
    recording,
    replace_file,
)
from salesloop.engine.governance.kinds import FOLDERS, MESSAGES, Kind, KindName, kind_of, shipped
from salesloop.engine.governance.noticing import notice, own_documents
from salesloop.engine.metrics.registry import load_registry
from salesloop.engine.model.errors import UserError
from salesloop.engine.model.loader import load_model
from salesloop.engine.report.definition import load_definitions
from salesloop.engine.store import Workspace


@dataclass(frozen=True, slots=True)
class Change:
    """A definition as it shall be, who wants it and who approved it. `text` is one YAML document."""

    kind: KindName
    id: str
    text: str
    by: str
    why: str
    approved_by: str
    origin: Origin = "request"
    request: str = ""


def in_force(workspace: Workspace, kind: KindName, name: str) -> Document | None:
    """The definition that counts now: the workspace's own, else the one that came with the product."""
    of = kind_of(kind)
    return own_documents(workspace.path, of).get(name) or shipped(of).get(name)


def read_proposal(kind: KindName, name: str, text: str) -> Document:
    """A proposed text as the one document that it has to be. UserError where it is none, or of another name."""
    found = documents_of(text, "")
    if len(found) != 1:
        raise UserError(MESSAGES.message("one_document", count=len(found)))
    called = kind_of(kind).called(found[0].content)
    if called != name:
        raise UserError(MESSAGES.message("another_name", found=called or "–", name=name))
    return found[0]


def rehearse(workspace: Workspace, kind: KindName, name: str, text: str) -> None:
    """Read all definitions as they would be with this one. UserError says what would be wrong."""
    proposal = read_proposal(kind, name, text)
    with _copy(workspace) as folder:
        _put(folder, kind_of(kind), name, proposal.text)
        _read_everything(folder)


def apply(workspace: Workspace, change: Change, now: dt.datetime) -> Version:
    """Put a definition in force as its next version.

    Hand-made edits that are not recorded yet are recorded first, so that none is lost. UserError where the definition is
    wrong, says nothing new, or no reason is given; nothing has then been changed.
    """
    proposal = read_proposal(change.kind, change.id, change.text)
    current = in_force(workspace, change.kind, change.id)
    if current is not None and current.meaning == proposal.meaning:
        raise UserError(MESSAGES.message("nothing_changes"))
    return apply_together(workspace, [change], now)[0]


def apply_together(workspace: Workspace, changes: Sequence[Change], now: dt.datetime) -> Sequence[Version]:
    """Put several definitions in force that may need one another: all of them, or none."""
    if not all(change.why.strip() for change in changes):
        raise UserError(MESSAGES.message("why_is_empty"))
    notice(workspace, now)
    with recording(workspace), _copy(workspace) as folder:
        histories = read_histories(workspace)
        written: dict[Path, Path] = {}
        recorded = []
        for change in changes:
            number = len(histories.get((change.kind, change.id), ())) + 1
            text = _as_written(change, number)
            changed = _put(folder, kind_of(change.kind), change.id, text)
            written[changed] = workspace.path / changed.relative_to(folder)
            recorded.append((_version(change, number, text, now), text))
        _read_everything(folder)
        for copy, path in written.items():
            replace_file(path, copy.read_text("utf-8"))
        record(workspace, recorded)
    return [version for version, _text in recorded]


def _as_written(change: Change, number: int) -> str:
    """The text of a change as its file gets it, with what is said about the version."""
    text = read_proposal(change.kind, change.id, change.text).text.strip("\n") + "\n"
    if not kind_of(change.kind).stamped:
        return text
    return stamped(text, version=number, reason=change.why.strip(), approved_by=change.approved_by or None)


def _version(change: Change, number: int, text: str, now: dt.datetime) -> Version:
    return Version(
        change.kind,
        change.id,
        number,
        now,
        change.origin,
        read_proposal(change.kind, change.id, text).meaning,
        change.by,
        change.why.strip(),
        change.approved_by,
        now if change.approved_by else None,
        change.request,
    )


@contextmanager
def _copy(workspace: Workspace) -> Iterator[Path]:
    """A copy of the folders of definitions, thrown away at the end."""
    with tempfile.TemporaryDirectory(prefix="salesloop-") as scratch:
        folder = Path(scratch)
        for part in FOLDERS:
            source = workspace.path / part
            if source.is_dir():
                shutil.copytree(source, folder / part)
        yield folder


def _put(folder: Path, kind: Kind, name: str, text: str) -> Path:
    """Write a definition into the file that holds it, else into one of its own; the file."""
    old = own_documents(folder, kind).get(name)
    home = folder / kind.folder
    home.mkdir(exist_ok=True)
    if old is not None:
        path = home / old.file
        content = replaced(path.read_text("utf-8"), old, text)
    else:
        path = home / f"{_file_name(name)}.yaml"
        content = f"{path.read_text('utf-8').rstrip()}\n---\n{text}" if path.exists() else text
    path.write_text(content, "utf-8")
    return path


def _file_name(name: str) -> str:
    return (
        "".join(letter if letter.isalnum() or letter in "._-" else "_" for letter in name).lstrip(".") or "definition"
    )


def _read_everything(folder: Path) -> None:
    model = load_model(folder / "entities")
    registry = load_registry(folder, model)
    load_book(model, folder / "quality")
    if (folder / "sources").is_dir():
        for mapping in load_mappings(folder / "sources"):
            for entity in mapping.entities:
                model.entity(entity)
    load_definitions(folder / "reports")
    for rule in load_rules(folder / "checks"):
        if rule.metric is not None and rule.metric not in registry.metrics:
            raise UserError(MESSAGES.message("unknown_part", rule=rule.rule, metric=rule.metric))
