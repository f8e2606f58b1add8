"""A grid from a file: a column of names and columns of months become cells of the sheet. Read like every other file."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.core.files.uploadedfile import UploadedFile

from salesloop.app.targets.editing import Edit, row_name
from salesloop.app.targets.sheet import Sheet
from salesloop.engine.collect.delimited import read_delimited
from salesloop.engine.collect.formats import kind_of_file, safe_name
from salesloop.engine.collect.period_names import period_name
from salesloop.engine.collect.raw import ROW, Grid
from salesloop.engine.collect.workbook import read_workbook
from salesloop.engine.model.errors import UserError
from salesloop.engine.model.text import Message, Messages

_MESSAGES = Messages("salesloop.app.targets")
_ENOUGH = 2
"""So many months in one line make it the header."""


@dataclass(frozen=True, slots=True)
class FromFile:
    """The cells of the file that the sheet knows, and the rows that it does not."""

    edits: tuple[Edit, ...]
    left_out: tuple[Message, ...]


def read_grid(sheet: Sheet, upload: UploadedFile) -> FromFile:
    """UserError where the file cannot be read or holds no such grid."""
    name = safe_name(upload.name or "")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"grid{Path(name).suffix.lower()[:8]}"
        with path.open("wb") as out:
            for chunk in upload.chunks():
                out.write(chunk)
        grids = _grids(path, name)
    for grid in grids:
        found = _read(sheet, grid)
        if found is not None:
            return found
    raise UserError(_MESSAGES.message("no_grid_in_file"))


def _grids(path: Path, name: str) -> list[Grid]:
    if kind_of_file(path, name) == "workbook":
        return read_workbook(path, name)[0]
    return [read_delimited(path, name, None)[0]]


def _read(sheet: Sheet, grid: Grid) -> FromFile | None:
    names = [name for name in grid.cells.column_names if name != ROW]
    rows = [[row[name] or "" for name in names] for row in grid.cells.select(names).to_pylist()]
    for at, row in enumerate(rows):
        columns = dict(_months(sheet, row))
        if len(columns) >= _ENOUGH:
            edits: list[Edit] = []
            left_out: list[Message] = []
            for line in rows[at + 1 :]:
                words = [text.strip() for place, text in enumerate(line) if place < min(columns) and text.strip()]
                if not words or not any(line[place].strip() for place in columns):
                    continue
                key = _row_of(sheet, words)
                if isinstance(key, Message):
                    left_out.append(key)
                    continue
                edits += [Edit(key, column, line[place].strip()) for place, column in columns.items() if line[place]]
            return FromFile(tuple(edits), tuple(left_out))
    return None


def _months(sheet: Sheet, header: list[str]) -> Iterator[tuple[int, str]]:
    """(place in the line, column of the sheet) of every month of the sheet's year."""
    for place, text in enumerate(header):
        found = period_name(text.strip()) if text.strip() else None
        if found is None or found.bare or found.year not in (None, sheet.number):
            continue
        # Months are named as in the calendar; the company's year may begin with another one. A sheet's dates are first days.
        start = found.start(sheet.number) if found.grain == "day" else None
        for key in sheet.months:
            first = sheet.columns[key].start
            if start == str(first) or (found.grain == "month" and first.month == found.number):
                yield place, key


def _row_of(sheet: Sheet, words: list[str]) -> str | Message:
    """The row that the words before the months mean: by id, else by the only name that fits."""
    by_id = {line.node.id: key for key, line in sheet.lines.items() if line.node.id}
    for word in words:
        if word in by_id:
            return by_id[word]
    for word in reversed(words):
        named = [key for key, line in sheet.lines.items() if row_name(sheet, line) == word]
        if len(named) == 1:
            return named[0]
        if named:
            return _MESSAGES.message("ambiguous_name", name=word)
    return _MESSAGES.message("unknown_name", name=words[-1][:80])
