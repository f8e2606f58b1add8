"""Looks at a workbook's container before and after reading: bombs, passwords, macros, giant sheets, lost formulas."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
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
_CHUNK: Final = 1 << 20
_GIANT_CELLS: Final = 20_000_000

_SHEET: Final = re.compile(rb"<(?:\w+:)?sheet\s[^>]*>")
_ATTRIBUTE: Final = re.compile(rb'([\w:]+)="([^"]*)"')
_RELATION: Final = re.compile(rb"<(?:\w+:)?Relationship\s[^>]*>")
_CELL: Final = re.compile(rb'<(?:\w+:)?c\s[^>]*?\br="([A-Z]{1,8})([0-9]{1,12})"')
_NO_VALUE: Final = re.compile(rb"<f[^>]*(?:/>|>[^<]*</f>)(?:<v\s*/>|<v></v>)?</c>")
_ERROR: Final = b't="e"'


@dataclass(frozen=True)
class Giant:
    """A sheet whose used range is far greater than what it holds."""

    last_cell: str
    cells: int


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


def giant_sheets(path: Path) -> dict[str, Giant]:
    """Sheets of an .xlsx whose used range spans over 20 million cells, by name; empty for other formats."""
    found = {}
    for name, pieces in _sheets(path):
        last_row = last_column = cells = 0
        first_row = first_column = 1 << 62
        for piece in pieces:
            for letters, digits in _CELL.findall(piece):
                row, column = int(digits), _column_number(letters)
                first_row, last_row = min(first_row, row), max(last_row, row)
                first_column, last_column = min(first_column, column), max(last_column, column)
                cells += 1
        if cells and (last_row - first_row + 1) * (last_column - first_column + 1) > _GIANT_CELLS:
            found[name] = Giant(f"{_column_letters(last_column)}{last_row}", cells)
    return found


def formula_notes(path: Path) -> dict[str, tuple[Message, ...]]:
    """What a reader of values cannot see in an .xlsx, by sheet: error cells and formulas that were never computed."""
    notes = {}
    for name, pieces in _sheets(path):
        errors = uncomputed = 0
        for piece in pieces:
            errors += piece.count(_ERROR)
            uncomputed += len(_NO_VALUE.findall(piece))
        counted = (("excel_errors", errors), ("uncomputed_formulas", uncomputed))
        found = tuple(_MESSAGES.message(key, sheet=name, cells=count) for key, count in counted if count)
        if found:
            notes[name] = found
    return notes


def _sheets(path: Path) -> Iterator[tuple[str, Iterator[bytes]]]:
    """Name and XML, in pieces that end between cells, of each sheet of an .xlsx."""
    if not zipfile.is_zipfile(path):
        return
    with zipfile.ZipFile(path) as archive:
        names = set(archive.namelist())
        if not {"xl/workbook.xml", "xl/_rels/workbook.xml.rels"} <= names:
            return
        targets = {}
        for tag in _RELATION.findall(archive.read("xl/_rels/workbook.xml.rels")):
            relation = dict(_ATTRIBUTE.findall(tag))
            targets[relation.get(b"Id", b"")] = relation.get(b"Target", b"").decode("utf-8", "replace")
        for tag in _SHEET.findall(archive.read("xl/workbook.xml")):
            sheet = dict(_ATTRIBUTE.findall(tag))
            target = targets.get(sheet.get(b"r:id", b""), "")
            part = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
            if part in names:
                yield unescape(sheet.get(b"name", b"").decode("utf-8", "replace")), _pieces(archive, part)


def _pieces(archive: zipfile.ZipFile, part: str) -> Iterator[bytes]:
    rest = b""
    with archive.open(part) as stream:
        while chunk := stream.read(_CHUNK):
            whole, mark, rest = (rest + chunk).rpartition(b"</c>")
            if mark:
                yield whole + mark
            elif len(rest) > 16 * _CHUNK:
                yield rest
                rest = b""
    yield rest


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _column_letters(number: int) -> str:
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
