"""Looks at a workbook's container before it is read: bombs, passwords, macros."""

from __future__ import annotations

import zipfile
import zlib
from pathlib import Path, PurePosixPath
from typing import Final

from salesloop.engine.model.errors import UserError
from salesloop.engine.model.text import Message, Messages

_MESSAGES = Messages("salesloop.engine.collect")

OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZIP: Final = b"PK\x03\x04"

_MAX_ENTRIES: Final = 10_000
_MAX_UNPACKED: Final = 2 << 30
# Real sheets shrink to a tenth, empty formatted ones to a hundredth; only fabricated parts shrink further.
_MAX_RATIO: Final = 200
_RATIO_MATTERS_FROM: Final = 20 << 20


def check_container(path: Path, file: str) -> None:
    """UserError for a container that is damaged, encrypted or a bomb."""
    with path.open("rb") as stream:
        magic = stream.read(8)
    if magic == OLE:
        content = path.read_bytes()
        if "EncryptedPackage".encode("utf-16-le") in content:
            raise _error("encrypted_workbook", file)
        return
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            strange = any(_declares_entities(archive, entry) for entry in entries[:_MAX_ENTRIES])
    except (zipfile.BadZipFile, OSError, ValueError, RuntimeError, NotImplementedError, zlib.error) as error:
        encrypted = isinstance(error, RuntimeError) and "password" in str(error)
        raise _error("encrypted_workbook" if encrypted else "damaged_workbook", file) from error
    if strange:
        raise _error("damaged_workbook", file)
    swollen = any(
        entry.file_size > _RATIO_MATTERS_FROM and entry.file_size > _MAX_RATIO * max(entry.compress_size, 1)
        for entry in entries
    )
    if len(entries) > _MAX_ENTRIES or swollen or sum(entry.file_size for entry in entries) > _MAX_UNPACKED:
        raise _error("workbook_bomb", file)


def _declares_entities(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bool:
    """No spreadsheet program writes a document type; cells that use its entities would be read as blank."""
    if not entry.filename.endswith(".xml"):
        return False
    with archive.open(entry) as stream:
        return b"<!DOCTYPE" in stream.read(1024)


def _error(key: str, file: str) -> UserError:
    return UserError(_MESSAGES.message(key, file=file), file=file)


def macro_note(path: Path) -> tuple[Message, ...]:
    """A note where the workbook holds macros: only values are read, nothing of it ever runs, but a person should know."""
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            found = any(PurePosixPath(name).name == "vbaProject.bin" for name in archive.namelist())
    else:
        found = "_VBA_PROJECT_CUR".encode("utf-16-le") in path.read_bytes()
    return (_MESSAGES.message("macros_ignored"),) if found else ()
