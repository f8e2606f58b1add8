"""What an export is made of, and how its sheets are written."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

Row = Sequence[Any]
Answers = Mapping[str, list[tuple[Any, ...]]]


@dataclass(frozen=True)
class Export:
    """`write` makes the file; `answers` are questions (SQL) with the rows that must come back, worked out by hand."""

    file: str
    write: Callable[[Path], None]
    answers: Answers
    quarantined: int = 0
    left_out: tuple[str, ...] = ()
    said: tuple[str, ...] = field(default=())

    def __str__(self) -> str:
        return self.file


def sheets(**content: Sequence[Row]) -> Callable[[Path], None]:
    """A workbook of plain sheets; `None` is a blank cell."""

    def write(path: Path) -> None:
        with Workbook(path) as book:
            for name, rows in content.items():
                put(book.add_worksheet(name), rows)

    return write


def put(sheet: Worksheet, rows: Sequence[Row], top: int = 0) -> None:
    for number, row in enumerate(rows, start=top):
        for column, cell in enumerate(row):
            if cell is not None:
                sheet.write(number, column, cell)


def text(content: str, encoding: str = "utf-8") -> Callable[[Path], None]:
    """A text file, written as it stands."""

    def write(path: Path) -> None:
        path.write_bytes(content.encode(encoding))

    return write
