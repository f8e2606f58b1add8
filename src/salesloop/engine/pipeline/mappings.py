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
    """Write each as `sources/<name>.yaml`: over the one of the same name and header, beside one of another header."""
    folder = workspace.path / "sources"
    for mapping in mappings:
        saved = {known.name: known for known in load_mappings(folder)}
        name, number = mapping.name, 1
        while name in saved and saved[name].fingerprint != mapping.fingerprint:
            number += 1
            name = f"{mapping.name} {number}"
        if saved.get(name) != (kept := mapping.model_copy(update={"name": name})):
            write_durably(_path(folder, name), kept.to_yaml().encode())


def _path(folder: Path, name: str) -> Path:
    """A file name that every system takes; the name inside the file is the true one."""
    safe = _UNSAFE.sub("_", name).strip(" .")[:80] or "mapping"
    return folder / f"{safe}.yaml"
