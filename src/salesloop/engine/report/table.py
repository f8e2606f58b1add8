"""Tables of exact values: the common form under report tables, the table view of charts, sheets and slides."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from salesloop.engine.model.text import Lang
from salesloop.engine.report.number import (
    NULL,
    Format,
    Number,
    Scale,
    Style,
    format_change,
    format_number,
    scale_for,
    to_decimal,
)

Cell = Number | str | dt.date
ColumnKind = Literal["text", "number", "change", "progress"]
"""``change``: a fraction (or a difference of rates) shown with its arrow; ``progress``: an attainment, drawn as a bar."""


@dataclass(frozen=True, slots=True)
class Column:
    """``format``, ``unit`` and ``currency`` belong to numbers; ``favorable`` to changes. ``exact`` numbers show every digit."""

    name: str
    kind: ColumnKind = "text"
    format: Format = "number"
    unit: str = ""
    currency: str = "CNY"
    favorable: str = "up"
    exact: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """``pace`` is the elapsed share of the period, the tick on progress bars. ``strong_rows`` are totals."""

    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: str = ""
    pace: float | None = None
    strong_rows: frozenset[int] = frozenset()

    def __post_init__(self) -> None:
        if any(len(row) != len(self.columns) for row in self.rows):
            raise ValueError(f"table {self.title!r}: every row needs {len(self.columns)} cells")

    def column(self, index: int) -> list[Cell]:
        return [row[index] for row in self.rows]


def column_scale(table: Table, index: int, lang: Lang) -> Scale | None:
    """One scale for the numbers of a column; None for other kinds of columns, and where every digit is wanted."""
    column = table.columns[index]
    if column.kind != "number" or column.exact:
        return None
    numbers = [number_of(cell) for cell in table.column(index)]
    return scale_for(numbers, column.format, lang, currency=column.currency, unit=column.unit)


def header_text(column: Column, scale: Scale | None, lang: Lang) -> str:
    """销售额（万元）: the unit stands in the header, so the cells hold bare figures. Percentages carry their sign."""
    if scale is None or not scale.unit or scale.unit in ("%", "pp"):
        return column.name
    if lang == "en":
        return f"{column.name} ({scale.unit})"
    return f"{column.name}（{scale.unit}）"


def cell_text(column: Column, cell: Cell, lang: Lang, *, scale: Scale | None = None, style: Style = "compact") -> str:
    """The text of one cell. With a ``scale`` the unit is left to the header; ``exact`` gives every digit with unit."""
    if column.kind == "text":
        return date_text(cell, lang) if isinstance(cell, dt.date) else "" if cell is None else str(cell)
    number = number_of(cell)
    style = "exact" if column.exact else style
    if to_decimal(number) is None:
        return NULL
    if column.kind == "change":
        return str(format_change(number, column.format, lang, column.favorable))
    if column.kind == "progress":
        return str(format_number(number, "percent", lang, style=style))
    shown = format_number(
        number, column.format, lang, style=style, currency=column.currency, unit=column.unit, scale=scale
    )
    return shown.text + shown.unit if shown.unit in ("%", "pp") else shown.text if scale else str(shown)


def date_text(day: dt.date, lang: Lang) -> str:
    """2026-11-21 as people of the language write it in a table."""
    return day.isoformat() if lang != "en" else f"{day.day} {day:%b %Y}"


def right_aligned(column: Column) -> bool:
    """Figures stand right-aligned under one another."""
    return column.kind in ("number", "change")


def texts(table: Table, lang: Lang) -> tuple[list[str], list[list[str]]]:
    """Headers and cells as a reader sees them."""
    scales = [column_scale(table, index, lang) for index in range(len(table.columns))]
    headers = [header_text(column, scale, lang) for column, scale in zip(table.columns, scales, strict=True)]
    return headers, [_row_texts(table.columns, row, scales, lang) for row in table.rows]


def _row_texts(columns: Sequence[Column], row: Sequence[Cell], scales: Sequence[Scale | None], lang: Lang) -> list[str]:
    return [
        cell_text(column, cell, lang, scale=scale) for column, cell, scale in zip(columns, row, scales, strict=True)
    ]


def number_of(cell: Cell) -> Number:
    """The number of a cell; None for words and dates."""
    return None if isinstance(cell, str | dt.date) else cell
