"""Several tables in one sheet: side by side, divided by blank columns, or one below the other, each with a header."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np
import pyarrow as pa

from salesloop.engine.collect.cells import is_filled, kind_of
from salesloop.engine.collect.header import Found, Row, find_header, is_of_words, said
from salesloop.engine.collect.period_names import period_name
from salesloop.engine.collect.raw import ROW, Grid
from salesloop.engine.collect.rows import Counts, is_beside_titles, is_footer

_LOOKED_AT: Final = 60
# A column that holds nothing in so many rows may divide tables.
_HEAD: Final = 200
# A header shows in so many rows.
_BLOCK: Final = 12
# More gaps than this in a sheet are missing rows, not the ends of tables.
_MOST_GAPS: Final = 500
_DIGIT: Final = re.compile(r"\d")


def blocks(grid: Grid) -> list[Grid]:
    """The grids of the tables of a sheet, from the left to the right and from top to bottom; rows keep their numbers.

    A text file has one table.
    """
    if grid.ragged or not grid.cells.num_rows:
        return [grid]
    return [part for block in _beside(grid) for part in _below(block)]


def _beside(grid: Grid) -> list[Grid]:
    names = [name for name in grid.cells.column_names if name != ROW]
    if len(_runs(_columns_used(grid.cells.slice(0, _HEAD), names))) < 2:
        return [grid]
    filled = np.array([is_filled(grid.cells[name]).to_numpy() for name in names])
    said_much = filled.sum(axis=0) > 1  # titles may lie over a gap
    used = np.any(filled[:, said_much], axis=1)
    parts: list[tuple[int, int]] = []
    for first, last in _runs(used):
        if parts and not _are_apart(grid, names, filled, parts[-1], (first, last)):
            parts[-1] = (parts[-1][0], last)
        else:
            parts.append((first, last))
    if len(parts) < 2:
        return [grid]
    return [_part(grid, names[first : last + 1], np.any(filled[first : last + 1], axis=0)) for first, last in parts]


def _columns_used(cells: pa.Table, names: Sequence[str]) -> Counts:
    filled = np.array([is_filled(cells[name]).to_numpy() for name in names])
    return np.asarray(np.any(filled[:, filled.sum(axis=0) > 1], axis=1))


def _runs(flags: Counts) -> list[tuple[int, int]]:
    """First and last position of each run of True."""
    edges = np.flatnonzero(np.diff(np.concatenate(([0], flags.astype(np.int8), [0]))))
    return [(int(a), int(b) - 1) for a, b in zip(edges[::2], edges[1::2], strict=True)]


def _are_apart(grid: Grid, names: Sequence[str], filled: Counts, left: tuple[int, int], right: tuple[int, int]) -> bool:
    """Whether two groups of columns are two tables. One table with a blank column in it has its rows in both groups.

    Both must have a header, and: the same header; or rows of their own; or titles of their own and words or dates first.
    """
    if left[0] == left[1] or right[0] == right[1]:
        return False
    found, rows, at = [], [], []
    for first, last in (left, right):
        positions = np.flatnonzero(np.any(filled[first : last + 1], axis=0))
        looked = _rows(grid, names[first : last + 1], positions[:_LOOKED_AT])
        header = find_header(looked)
        if not isinstance(header, Found) or not header.header or header.data >= len(positions):
            return False
        found.append(header)
        rows.append(looked)
        at.append(positions)
    heads = [said(looked[one.header[-1]]) for one, looked in zip(found, rows, strict=True)]
    has_subject = _begins_with_words(rows[1][found[1].data :])
    if (has_subject or heads[0][0] == heads[1][0]) and len({*heads[0]} & {*heads[1]}) >= min(2, len({*heads[1]})):
        return True
    if not has_subject:
        return False
    ends = [_last_data(looked, one, positions) for looked, one, positions in zip(rows, found, at, strict=True)]
    starts = [int(positions[one.header[0]]) for one, positions in zip(found, at, strict=True)]
    titled = all(one.header[0] > 0 for one in found)
    return titled or starts[0] != starts[1] or (ends[0] != ends[1] and _is_solid(at[1], ends[1]))


def _last_data(looked: Sequence[Row], found: Found, positions: Counts) -> int:
    """The last row that is no total and no note, as far as can be seen cheaply: footers are few and at the end."""
    last = len(positions) - 1
    while found.data < last < len(looked) and is_footer(looked[last]):
        last -= 1
    return int(positions[last])


def _is_solid(positions: Counts, end: int) -> bool:
    """Rows without a gap from the header to the end: optional columns of one table would have gaps."""
    return bool(np.count_nonzero(positions <= end) == end - positions[0] + 1)


def _begins_with_words(rows: Sequence[Row]) -> bool:
    """Whether the first column says what a row is about: words or dates, not an amount."""
    kinds = [kind_of(row[0]) for row in rows]
    return sum(kind in ("text", "date") for kind in kinds) * 2 > len(kinds)


def _rows(grid: Grid, names: Sequence[str], positions: Counts) -> list[Row]:
    looked = grid.cells.take(pa.array(positions))
    return [list(row) for row in zip(*(looked[name].to_pylist() for name in names), strict=True)]


def _part(grid: Grid, names: Sequence[str], rows: Counts) -> Grid:
    """Columns `names`, from the first to the last of the `rows` that hold something."""
    positions = np.flatnonzero(rows)
    cells = grid.cells.slice(int(positions[0]), int(positions[-1] - positions[0]) + 1)
    return replace(grid, cells=pa.table([cells[ROW], *(cells[n] for n in names)], names=[ROW, *_places(len(names))]))


def _places(width: int) -> list[str]:
    return [f"c{i}" for i in range(width)]


def _below(grid: Grid) -> list[Grid]:
    """Cut where, after a blank row or a title, another header stands above values of its own."""
    names = [name for name in grid.cells.column_names if name != ROW]
    filled = np.zeros(grid.cells.num_rows, dtype=np.int32)
    for name in names:
        filled += is_filled(grid.cells[name]).to_numpy()
    after_gap = np.flatnonzero((filled > 1) & (np.concatenate(([0], filled[:-1])) <= 1))
    if len(after_gap) > _MOST_GAPS:
        return [grid]
    cuts = [0]
    header: list[str] | None = None
    for place in map(int, after_gap):
        found = _header_at(grid, names, filled, place)
        if found is None:
            continue
        top = _first_title(grid, names, filled, place)
        if header is not None and (found != header or top < place):
            cuts.append(max(top, cuts[-1] + 1))
        header = found
    ends = [*cuts[1:], grid.cells.num_rows]
    return [replace(grid, cells=grid.cells.slice(a, b - a)) for a, b in zip(cuts, ends, strict=True)]


def _header_at(grid: Grid, names: Sequence[str], filled: Counts, place: int) -> list[str] | None:
    """What the header says that begins in the row `place`; None where none does."""
    end = place + 1
    while end < min(place + _BLOCK, len(filled)) and filled[end]:
        end += 1
    rows = _rows(grid, names, np.arange(place, end))
    found = find_header(rows)
    if not is_of_words(rows[0]) or is_footer(rows[0]) or not isinstance(found, Found) or found.header[:1] != (0,):
        return None
    return said(rows[found.header[-1]]) if _differs_from_below(rows, found) else None


def _first_title(grid: Grid, names: Sequence[str], filled: Counts, place: int) -> int:
    """The topmost of the titles above a header; one of them may stand apart between two blank rows."""

    def is_title(row: int, *, touches: bool) -> bool:
        if row < 0 or filled[row] != 1:
            return False
        cells = _rows(grid, names, np.array([row]))[0]
        allowed = not is_footer(cells) or (touches and is_beside_titles(cells))
        return allowed and kind_of(said(cells)[0]) == "text"

    top = place
    while True:
        if is_title(top - 1, touches=True):
            top -= 1
        elif top > 1 and filled[top - 1] == 0 and is_title(top - 2, touches=False):
            top -= 2
        else:
            return top


def _differs_from_below(rows: Sequence[Row], found: Found) -> bool:
    """Words above numbers or dates: a row of words in the middle of a table of words proves nothing, nor a row with an
    order number whose amounts are words."""
    head = rows[found.header[-1]]
    if any(_DIGIT.search(cell) and period_name(cell) is None for cell in said(head)):
        return False
    values = [
        (kind_of(cell), kind_of(row[i])) for row in rows[found.data : found.data + 3] for i, cell in enumerate(head)
    ]
    return any(above == "text" and below in ("number", "date") for above, below in values)
