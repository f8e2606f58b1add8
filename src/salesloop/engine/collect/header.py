"""Finds where a sheet says what its columns are: titles above, one or several header rows, the first row of data."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, Literal

from salesloop.engine.collect.cells import Kind, kind_of
from salesloop.engine.collect.names import UNITS
from salesloop.engine.collect.period_names import period_name

Row = Sequence[str | None]

MAX_HEADER_ROWS: Final = 3
_CAPTION: Final = re.compile(r"^[^:：]{1,12}[:：]")
_CODE: Final = re.compile(r"^_?[A-Za-z]+(?:(?:[. ]|_{0,2})[A-Za-z]+)+$")
_COMPOUND: Final = re.compile(r"[a-z][_.A-Z]")
_UNIT: Final = re.compile(rf"^[（(]?(?:{UNITS})[)）]?$", re.IGNORECASE)
_YEAR: Final = re.compile(r"^(?:19|20)\d{2}$")
_MONTH: Final = re.compile(r"^(?:1[0-2]|[1-9])$")


@dataclass(frozen=True)
class Found:
    """Positions among the rows that were looked at: header rows (none where the sheet has no header), first data row."""

    header: tuple[int, ...]
    data: int


Refusal = Literal["empty_sheet", "only_titles", "form_sheet", "header_only"]


def find_header(rows: Sequence[Row]) -> Found | Refusal:
    """Look at the first rows of a sheet that are not blank (some 60 of them)."""
    if not rows:
        return "empty_sheet"
    width = max(len(row) for row in rows)
    kinds = [[kind_of(cell) for cell in row] + ["blank"] * (width - len(row)) for row in rows]
    spread = [_distinct(row) for row in rows]
    used = sum(any(row[i] != "blank" for row in kinds) for i in range(width))
    if _is_form(rows):
        return "form_sheet"
    if (max(spread) < 2 and used > 1) or (used == 1 and len(rows) <= 3):
        return "only_titles"
    typed = _typed_columns(kinds)
    data = _first_data_row(rows, kinds, spread, typed, used)
    if data is None:
        return _header_of_words(rows, spread, used)
    header = _header_above(rows, spread, data, used)
    if not header:
        return Found((), _skip_titles(spread, data, used))
    return Found(header, header[-1] + 1)


def _distinct(row: Row) -> int:
    """How many different things a row says; a merged title says one thing over many columns."""
    return len(set(said(row)))


def _is_form(rows: Sequence[Row]) -> bool:
    """A sheet of captions with a place to fill in beside each of them."""
    cells = [cell for row in rows for cell in said(row)]
    return len(cells) >= 6 and sum(cell.endswith((":", "：")) for cell in cells) >= len(cells) / 4


def _typed_columns(kinds: Sequence[Sequence[Kind]]) -> dict[int, Kind]:
    """Columns that hold mostly numbers or mostly dates below where a header may be."""
    body = kinds[max(1, min(6, len(kinds) // 2)) :]
    typed: dict[int, Kind] = {}
    for position in range(len(kinds[0])):
        counts = Counter(row[position] for row in body if row[position] != "blank")
        for kind in ("number", "date"):
            if counts[kind] >= 0.6 * max(counts.total(), 1) and counts[kind] > 0:
                typed[position] = kind
    return typed


def _first_data_row(
    rows: Sequence[Row], kinds: Sequence[Sequence[Kind]], spread: Sequence[int], typed: dict[int, Kind], used: int
) -> int | None:
    """The first row that holds numbers and dates where the columns do. None where no column has such a type."""
    for position, row in enumerate(kinds):
        told = [column for column in typed if row[column] != "blank"]
        right = sum(row[column] == typed[column] for column in told)
        if told and right * 2 >= len(told) and (spread[position] >= 2 or used == 1) and not _is_run(rows[position]):
            return position
    return None


def _is_run(row: Row) -> bool:
    """Years or months side by side are names of columns, not values."""
    cells = said(row)
    years = [int(cell) for cell in cells if _YEAR.match(cell)]
    months = [int(cell) for cell in cells if _MONTH.match(cell)]
    return any(
        len(run) >= least and len(run) >= len(cells) - 3 and {b - a for a, b in pairwise(run)} in ({1}, {-1})
        for run, least in ((years, 2), (months, 12))
    )


def _header_above(rows: Sequence[Row], spread: Sequence[int], data: int, used: int) -> tuple[int, ...]:
    # Names repeat below groups (计划, 实际 of each month), but a title says one thing.
    reach = [len(said(row)) if spread[i] > 1 else spread[i] for i, row in enumerate(rows[:data])]
    first = next((i for i in range(data) if reach[i] >= max(2, 0.6 * used) and not _is_caption_row(rows[i])), None)
    if first is not None and _names_every_column(rows, first, used):
        return (*_with_groups(rows, spread, first, used), *_codes(rows, first, data))
    last = next((i for i in range(data - 1, -1, -1) if reach[i] >= max(min(2, used), used / 2)), None)
    if last is None:
        last = next((i for i in range(data - 1, -1, -1) if spread[i] >= 2 and not _is_caption_row(rows[i])), None)
    if last is None:
        return ()
    return _with_groups(rows, spread, last, used)


def _names_every_column(rows: Sequence[Row], first: int, used: int) -> bool:
    """A row of words with one for each column is a whole header: what follows is data, even where it cannot be read."""
    cells = said(rows[first])
    return len(cells) >= used and len(set(cells)) > 0.75 * used and is_of_words(rows[first])


def is_of_words(row: Row) -> bool:
    """No numbers and dates other than names of periods; a single day or number is a value, side by side they are names."""
    periods = [period_name(cell) for cell in said(row) if kind_of(cell) != "text"]
    days = [period for period in periods if period is not None and period.grain == "day"]
    numbers = [period for period in periods if period is not None and period.bare]
    return all(periods) and (not days or len(days) > 2) and (not numbers or _is_run(row))


def said(row: Row) -> list[str]:
    """The cells of a row that hold something, trimmed."""
    return [cell.strip() for cell in row if cell and cell.strip()]


def _codes(rows: Sequence[Row], first: int, data: int) -> tuple[int, ...]:
    """A whole header in Chinese may have the system's names of the columns (order_no) or their units below it."""
    below = said(rows[first + 1]) if first + 1 < data else []
    if not below or all(cell.isascii() for cell in said(rows[first])):
        return ()
    codes = all(map(_CODE.match, below)) and any(map(_COMPOUND.search, below))
    return (first + 1,) if codes or all(map(_UNIT.match, below)) else ()


def _with_groups(rows: Sequence[Row], spread: Sequence[int], last: int, used: int) -> tuple[int, ...]:
    """Rows right above the last header row that name groups of columns belong to the header."""
    first = last
    while first > 0 and last - first + 1 < MAX_HEADER_ROWS:
        above = rows[first - 1]
        reach = len(above) - next((i for i, cell in enumerate(above) if cell and cell.strip()), len(above))
        if spread[first - 1] < 2 or _is_caption_row(above) or reach < used / 2 or not is_of_words(above):
            break
        first -= 1
    return tuple(range(first, last + 1))


def _is_caption_row(row: Row) -> bool:
    """单位：万元, 制表日期：2024-11-01: what stands beside a title."""
    return any(_CAPTION.match(cell.strip()) for cell in row if cell)


def _header_of_words(rows: Sequence[Row], spread: Sequence[int], used: int) -> Found | Refusal:
    """Every column holds words: the header is the first row as wide as the usual one, unless its words recur below."""
    usual = sorted(spread)[len(spread) // 2]
    first = next(i for i in range(len(rows)) if spread[i] >= min(max(2, 0.6 * usual), used))
    if first == len(rows) - 1:
        return "header_only"
    words = set(said(rows[first]))
    below = {cell for row in rows[first + 1 :] for cell in said(row)}
    if len(rows) > first + 3 and 2 * len(words & below) >= len(words):
        return Found((), first)
    header = _with_groups(rows, spread, first, used) if first else (first,)
    return Found(header, first + 1)


def _skip_titles(spread: Sequence[int], data: int, used: int) -> int:
    """Where there is no header, data starts at the first row that is as wide as a row of data."""
    return next((i for i in range(data) if spread[i] >= max(2, used / 2)), data)
