"""Notice what definitions say now, and record as a version whatever is not recorded yet."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from salesloop.engine.governance.documents import Document, documents_of
from salesloop.engine.governance.journal import Histories, Version, read_histories, record, record_approval, recording
from salesloop.engine.governance.kinds import MESSAGES, Kind, KindName, all_kinds, shipped
from salesloop.engine.model.errors import UserError
from salesloop.engine.store import Workspace

MAKER: Final = "SalesLoop"


def own_documents(folder: Path, kind: Kind) -> Mapping[str, Document]:
    """The definitions of a kind that the files of a workspace's folder hold, by id. UserError where a file is no YAML."""
    found: dict[str, Document] = {}
    for path in sorted((folder / kind.folder).glob("*.yaml")):
        for document in documents_of(path.read_text("utf-8"), path.name):
            name = kind.called(document.content)
            if name is not None:
                found[name] = document
    return found


def notice(workspace: Workspace, now: dt.datetime) -> Sequence[Version]:
    """Record what is in force and not recorded: the versions that this added.

    What came with the product, and a mapping that an import saved, need no approver. A file that was written, changed or removed by hand becomes a version
    edited outside, which waits for one. UserError where a file is no YAML.
    """
    with recording(workspace):
        histories = read_histories(workspace)
        added = [pair for kind in all_kinds() for pair in _unrecorded(workspace, kind, histories, now)]
        record(workspace, added)
    return [version for version, _text in added]


def waiting(workspace: Workspace) -> Sequence[Version]:
    """The newest versions that nobody has approved."""
    return [versions[-1] for versions in read_histories(workspace).values() if versions[-1].waiting]


def approve(workspace: Workspace, version: Version, *, by: str, why: str, now: dt.datetime) -> None:
    """Approve a version that was edited outside. UserError where somebody has already, or no reason is given."""
    if not why.strip():
        raise UserError(MESSAGES.message("why_is_empty"))
    with recording(workspace):
        current = read_histories(workspace)[version.kind, version.id][version.number - 1]
        if not current.waiting:
            raise UserError(MESSAGES.message("approved_already", name=version.id, version=version.number))
        record_approval(workspace, version, by=by, why=why.strip(), now=now)


def _unrecorded(
    workspace: Workspace, kind: Kind, histories: Histories, now: dt.datetime
) -> Iterator[tuple[Version, str]]:
    ours, own = shipped(kind), own_documents(workspace.path, kind)
    recorded = {name for (of, name) in histories if of == kind.name}
    for name in sorted({*ours, *own, *recorded}):
        versions = histories.get((kind.name, name), ())
        number = len(versions) + 1
        last = versions[-1].meaning if versions else None
        if name in ours and not versions:
            yield _came_with_us(kind.name, name, number, ours[name], now), ours[name].text
            number, last = number + 1, ours[name].meaning
        document = own.get(name) or ours.get(name)
        if document is None:
            if last:
                yield Version(kind.name, name, number, now, "outside", ""), ""
        elif document.meaning != last:
            if kind.saved_by_imports and not versions:
                yield replace(_came_with_us(kind.name, name, number, document, now), origin="imported"), document.text
            elif name in own or (versions and versions[-1].origin != "shipped"):
                yield Version(kind.name, name, number, now, "outside", document.meaning), document.text
            else:
                yield _came_with_us(kind.name, name, number, document, now), document.text


def _came_with_us(kind: KindName, name: str, number: int, document: Document, now: dt.datetime) -> Version:
    return Version(kind, name, number, now, "shipped", document.meaning, MAKER, "", MAKER, now)
