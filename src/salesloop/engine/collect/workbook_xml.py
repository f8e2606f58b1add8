"""What a reader of values does not tell about an .xlsx: error cells, formulas without a result, giant sheets."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path
from typing import Final

_CHUNK: Final = 1 << 20
_GIANT_CELLS: Final = 20_000_000

_SHEET: Final = re.compile(rb"<(?:\w+:)?sheet\s[^>]*>")
_ATTRIBUTE: Final = re.compile(rb'([\w:]+)="([^"]*)"')
_RELATION: Final = re.compile(rb"<(?:\w+:)?Relationship\s[^>]*>")
_CELL: Final = re.compile(rb'<(?:\w+:)?c\s[^>]*?\br="([A-Z]{1,8})([0-9]{1,12})"')
_PLACE: Final = re.compile(rb'\br="([A-Z]{1,3})([0-9]{1,7})"')
_VALUE: Final = re.compile(rb"<v[^>]*>([^<]+)<")
_CELL_END: Final = b"</c>"
_ERROR: Final = b't="e"'
_FORMULA: Final = b"<f"
_TEXT_RESULT: Final = b't="str"'


@dataclass(frozen=True)
class Giant:
    """A sheet whose used range is far greater than what it holds."""

    last_cell: str
    cells: int


@dataclass
class Lost:
    """Cells of one sheet that come out blank: errors with their place (row from 1, column from 0) and text (#N/A), and
    the names (D5) of formulas that were saved without a result."""

    errors: list[tuple[int, int, str]] = field(default_factory=list)
    uncomputed: list[str] = field(default_factory=list)


def lost_cells(path: Path) -> dict[str, Lost]:
    """The lost cells of an .xlsx by sheet; sheets without any are left out, and so are other formats."""
    found = {}
    for name, pieces in _sheets(path):
        lost = Lost()
        for piece in pieces:
            if _ERROR in piece or _FORMULA in piece:
                _look_for_lost(piece, lost)
        if lost.errors or lost.uncomputed:
            found[name] = lost
    return found


def _look_for_lost(piece: bytes, lost: Lost) -> None:
    for cell in piece.split(_CELL_END):
        is_error, is_formula = _ERROR in cell, _FORMULA in cell
        place = _PLACE.search(cell, cell.rfind(b"<c ")) if is_error or is_formula else None
        if place is None:
            continue
        value = _VALUE.search(cell)
        if is_error and value is not None:
            text = unescape(value[1].decode("utf-8", "replace")).strip()
            lost.errors.append((int(place[2]), _column_number(place[1]) - 1, text))
        elif is_formula and value is None and _TEXT_RESULT not in cell:
            lost.uncomputed.append((place[1] + place[2]).decode())


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
            found[name] = Giant(f"{column_letters(last_column)}{last_row}", cells)
    return found


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
            whole, mark, rest = (rest + chunk).rpartition(_CELL_END)
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


def column_letters(number: int) -> str:
    """What a spreadsheet calls a column; `number` counts from 1."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
