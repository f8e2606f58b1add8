"""Builds the files that the tests of reading need, at run time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa

from salesloop.engine.collect.raw import ROW, Grid, RawTable
from salesloop.engine.collect.read import read_file

Rows = Sequence[Any]


def grid(rows: Rows, *, ragged: bool = False, name: str = "表") -> Grid:
    """A grid as a reader gives it; `None` is a cell that the row does not have."""
    width = max(len(row) for row in rows)
    padded = [[*row, *[None if ragged else ""] * (width - len(row))] for row in rows]
    columns = [[None if row[i] is None else str(row[i]) for row in padded] for i in range(width)]
    arrays = [pa.array(range(1, len(rows) + 1), pa.int64()), *(pa.array(c, pa.string()) for c in columns)]
    return Grid(name, pa.table(arrays, names=[ROW, *(f"c{i}" for i in range(width))]), ragged=ragged)


def workbook(path: Path, sheets: Mapping[str, Rows], merged: Mapping[str, Sequence[str]] | None = None) -> Path:
    """An .xlsx with these rows; `merged` lists the merged ranges of a sheet."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
        for cells in (merged or {}).get(name, ()):
            sheet.merge_cells(cells)
    book.save(path)
    return path


def delimited(folder: Path, text: str, *, name: str = "f.csv", encoding: str = "utf-8") -> RawTable:
    """The one table of a text file."""
    path = folder / name
    path.write_text(text, encoding=encoding, newline="")
    return read_file(path).tables[0]


def records(table: RawTable) -> list[list[str | None]]:
    """The rows of a table without their numbers."""
    return [[row[name] for name in table.columns] for row in table.data.to_pylist()]
