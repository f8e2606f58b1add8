"""Files that survive a crash: synced to disk, replaced in one step, named by what they hold."""

from __future__ import annotations

import hashlib
import os
import secrets
import shutil
from pathlib import Path

_BLOCK = 1 << 20


def sha256_of(path: Path) -> str:
    """Hex SHA-256 of a file, read in blocks."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()


def copy(source: Path, target: Path) -> None:
    """Copy a file; where the file system can, the two share their blocks until one of them changes."""
    if not hasattr(os, "copy_file_range"):
        shutil.copyfile(source, target)
        return
    with source.open("rb") as old, target.open("wb") as new:
        rest = os.fstat(old.fileno()).st_size
        try:
            while rest and (done := os.copy_file_range(old.fileno(), new.fileno(), rest)):
                rest -= done
        except OSError:  # across file systems, or none that knows how
            pass
    if rest:
        shutil.copyfile(source, target)


def sync_file(path: Path) -> None:
    """Wait until the content of a file is on disk."""
    with path.open("rb") as file:
        os.fsync(file.fileno())


def sync_folder(path: Path) -> None:
    """Make renames in a folder durable. Windows has no such call and needs none."""
    if os.name == "nt":
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def move_durably(source: Path, target: Path) -> None:
    """Rename within one file system, so that `target` is the old file or the new one, never a part of it."""
    sync_file(source)
    source.replace(target)
    sync_folder(target.parent)


def write_durably(path: Path, content: bytes) -> None:
    """Replace a small file in one step."""
    staged = path.with_name(f"{path.name}.{secrets.token_hex(4)}.tmp")
    staged.write_bytes(content)
    move_durably(staged, path)
