"""One archive with everything that a workspace needs to live on elsewhere, and back again.

The archive is a ZIP: `manifest.json` names every file with its size and SHA-256; nothing else in it is ever extracted.
It holds the definitions, the current snapshot, the landed deliveries, what people entered and the app's SQLite
database. A PostgreSQL database of the app is backed up with its own tools.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import shutil
import sqlite3
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path, PurePosixPath
from typing import IO, Any, Final

from salesloop.engine.model.errors import UserError
from salesloop.engine.model.text import Messages
from salesloop.engine.store.failure import said
from salesloop.engine.store.files import move_durably, sync_file, sync_folder
from salesloop.engine.store.workspace import Workspace

_MESSAGES = Messages("salesloop.engine.store")
_MANIFEST: Final = "manifest.json"
_FORMAT: Final = 1
_BLOCK: Final = 1 << 20
_MANIFEST_LIMIT: Final = 64 << 20
_SQLITE: Final = b"SQLite format 3\x00"


def backup(workspace: Workspace, archive: Path, now: dt.datetime) -> int:
    """Write the archive and return the number of files in it. An existing archive is replaced once the new one is whole.

    Waits up to a minute for a running import, so that the parts belong together.
    """
    with said(archive.parent):
        return _backup(workspace, archive, now)


def _backup(workspace: Workspace, archive: Path, now: dt.datetime) -> int:
    staged = archive.with_name(f"{archive.name}.{os.getpid()}.tmp")
    archive.parent.mkdir(parents=True, exist_ok=True)
    try:
        with (
            workspace.locked(wait=60),
            tempfile.TemporaryDirectory(prefix="salesloop-") as scratch,
            zipfile.ZipFile(staged, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as target,
        ):
            files = [_store(target, name, path) for name, path in _contents(workspace, Path(scratch), archive)]
            manifest = {
                "format": _FORMAT,
                "created_at": now.astimezone(dt.UTC).isoformat(),
                "snapshot": workspace.snapshot_files.current_number(),
                "files": files,
            }
            target.writestr(_MANIFEST, json.dumps(manifest, ensure_ascii=False, indent=1))
        move_durably(staged, archive)
    finally:
        staged.unlink(missing_ok=True)
    return len(files)


def restore(archive: Path, folder: Path | str) -> Workspace:
    """Make the workspace of an archive in a new or empty folder; it appears there only when every hash has matched."""
    target = Path(folder).absolute()
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise UserError(_MESSAGES.message("restore_not_empty", folder=str(target)))
    staged = target.with_name(f".{target.name}.{os.getpid()}.restoring")
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        with zipfile.ZipFile(archive) as source:
            for file in _manifest(source, archive)["files"]:
                _extract(source, file, staged, archive)
        Workspace.open(staged).current().freshness()  # a snapshot that cannot be read is found now
        if target.exists():
            target.rmdir()
        staged.rename(target)
        sync_folder(target.parent)
    except (zipfile.BadZipFile, KeyError, EOFError, OSError, ValueError, TypeError) as error:
        raise UserError(_MESSAGES.message("backup_unreadable", problem=str(error)), file=archive.name) from error
    finally:
        shutil.rmtree(staged, ignore_errors=True)
    return Workspace.open(target)


def _contents(workspace: Workspace, scratch: Path, archive: Path) -> Iterator[tuple[str, Path]]:
    """Name in the archive → file to read, for everything that is kept."""
    snapshots = workspace.snapshot_files
    kept_of_snapshots = {snapshots.path(snapshots.current_number()).name, "CURRENT"}
    for path in sorted(workspace.path.rglob("*")):
        if not path.is_file() or path.is_symlink() or path.name.endswith(".tmp") or path == archive.absolute():
            continue
        if path.parent == snapshots.folder and path.name not in kept_of_snapshots:
            continue
        if path.parent == workspace.state and path.name.startswith(("writer.lock", f"{workspace.app_database.name}-")):
            continue
        name = path.relative_to(workspace.path).as_posix()
        if path == workspace.app_database and _is_sqlite(path):
            yield name, _copy_of_database(path, scratch)
        else:
            yield name, path


def _is_sqlite(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(len(_SQLITE)) == _SQLITE


def _copy_of_database(path: Path, scratch: Path) -> Path:
    """A consistent copy of a database that others may be writing."""
    copy = scratch / path.name
    with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(copy)) as target:
        source.backup(target)
    return copy


def _store(target: zipfile.ZipFile, name: str, path: Path) -> dict[str, object]:
    with path.open("rb") as source, target.open(zipfile.ZipInfo.from_file(path, name), "w", force_zip64=True) as sink:
        size, digest = _pour(source, sink, None)
    return {"path": name, "size": size, "sha256": digest}


def _pour(source: IO[bytes], sink: IO[bytes], limit: int | None) -> tuple[int, str]:
    """Copy in blocks, at most `limit` + 1 bytes; the size and SHA-256 of what was copied."""
    digest, size = hashlib.sha256(), 0
    while block := source.read(_BLOCK):
        size += len(block)
        digest.update(block)
        sink.write(block)
        if limit is not None and size > limit:
            break
    return size, digest.hexdigest()


def _manifest(source: zipfile.ZipFile, archive: Path) -> dict[str, Any]:
    if source.getinfo(_MANIFEST).file_size > _MANIFEST_LIMIT:
        raise UserError(_MESSAGES.message("backup_damaged", path=_MANIFEST), file=archive.name)
    manifest: dict[str, Any] = json.loads(source.read(_MANIFEST))
    if manifest.get("format") != _FORMAT:
        raise UserError(_MESSAGES.message("backup_format", format=manifest.get("format")), file=archive.name)
    return manifest


def _extract(source: zipfile.ZipFile, file: dict[str, Any], folder: Path, archive: Path) -> None:
    """One file of the manifest, whose name must stay inside `folder` and whose content must be what was backed up."""
    name, size = str(file["path"]), int(file["size"])
    parts = PurePosixPath(name).parts
    if not parts or name.startswith("/") or "\\" in name or any(part == ".." or ":" in part for part in parts):
        raise UserError(_MESSAGES.message("backup_outside", path=name), file=archive.name)
    path = folder.joinpath(*parts)
    path.parent.mkdir(parents=True, exist_ok=True)
    with source.open(name) as stored, path.open("wb") as sink:
        found = _pour(stored, sink, size)
    if found != (size, file["sha256"]):
        raise UserError(_MESSAGES.message("backup_damaged", path=name), file=archive.name)
    sync_file(path)
