"""Keeps the mappings that were used, so that the same header needs no decision again."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from salesloop.engine.collect.mapping import Mapping, load_mappings
from salesloop.engine.store import Workspace
from salesloop.engine.store.files import write_durably

_UNSAFE = re.compile(r'[\x00-\x1f<>:"/\\|?*]+')


def save_mappings(workspace: Workspace, mappings: Sequence[Mapping]) -> None:
    """Write each as `sources/<name>.yaml`, over the one of the same name; `named_apart` has seen to it that this is its own."""
    folder = workspace.path / "sources"
    saved = {known.name: known for known in load_mappings(folder)}
    for mapping in mappings:
        if saved.get(mapping.name) != mapping:
            write_durably(_path(folder, mapping.name), mapping.to_yaml().encode())
            saved[mapping.name] = mapping


def named_apart(workspace: Workspace, mappings: Sequence[Mapping | None]) -> list[Mapping | None]:
    """The same mappings under names that no saved mapping of another header has, nor an earlier one among them.

    The ledger knows a mapping by its name: two exports called 订单 must not be read by each other's.
    """
    headers = {known.name: known.fingerprint for known in load_mappings(workspace.path / "sources")}
    out: list[Mapping | None] = []
    for mapping in mappings:
        if mapping is None:
            out.append(None)
            continue
        name, number = mapping.name, 1
        while headers.get(name, mapping.fingerprint) != mapping.fingerprint:
            number += 1
            name = f"{mapping.name} {number}"
        headers[name] = mapping.fingerprint
        out.append(mapping.model_copy(update={"name": name}))
    return out


def _path(folder: Path, name: str) -> Path:
    """A file name that every system takes; the name inside the file is the true one."""
    safe = _UNSAFE.sub("_", name).strip(" .")[:80] or "mapping"
    return folder / f"{safe}.yaml"
