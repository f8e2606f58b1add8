"""Which rows below a header are no data: blank ones, headers repeated on every page, totals, notes at the end."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from salesloop.engine.collect.cells import trimmed

Counts = np.ndarray[Any, np.dtype[Any]]

DATA: Final = 0
_BLANK, _HEADER, _TOTAL, _NOTE = 1, 2, 3, 4
REASONS: Final = {_BLANK: "blank", _HEADER: "header", _TOTAL: "total", _NOTE: "note"}

_TOTAL_WORDS: Final = (
    r"合\s*计|总\s*计|小\s*计|累\s*计|共\s*计|总\s*合\s*计|本页小计|本页合计|合\s*計|總\s*計|小\s*計"
    r"|grand\s+total|sub\s*-?total|totals?|sum"
)
_IS_TOTAL: Final = rf"^(?i:{_TOTAL_WORDS})\s*[:：]?$"
_IS_TOTAL_OF: Final = r"(?:小计|合计|总计|小計|合計|總計|(?i:\btotal))$"
_IS_NOTE: Final = (
    r"^(?i:注|备注|附注|说明|註|備註|說明|数据来源|資料來源|资料来源|来源|制表|制表人|填表人|填报人|审核|审核人|复核"
    r"|打印时间|打印日期|导出时间|导出日期|统计时间|统计日期|报表时间|source|note|notes|exported|printed)\s*[:：\d.、]"
)
# Totals stand in one of the first columns.
_LOOKED_AT: Final = 3


def reasons_to_skip(
    body: pa.Table, filled: Counts, names: Sequence[str], header: Sequence[str | None] | None
) -> Counts:
    """A code of `REASONS` for each row of `body`, or `DATA`. `filled` counts the cells of each row that hold something.

    A total has a word for it among its first cells and, in a table of more than three columns, leaves cells blank that
    rows usually fill. A note is a caption in a row that is mostly blank; below the first note, words alone belong to it.
    """
    codes = np.where(filled == 0, _BLANK, DATA).astype(np.int8)
    if not (filled > 0).any():
        return codes
    usual = int(np.median(filled[filled > 0]))
    candidates = np.flatnonzero((filled > 0) & ((filled < usual) | (usual <= _LOOKED_AT)))
    _mark_totals_and_notes(codes, body.take(pa.array(candidates)), candidates, filled, names, usual)
    if header:
        codes[_repeated(body, names, header)] = _HEADER
    return codes


def _mark_totals_and_notes(
    codes: Counts, rows: pa.Table, candidates: Counts, filled: Counts, names: Sequence[str], usual: int
) -> None:
    firsts = [trimmed(rows[name]) for name in names[:_LOOKED_AT]]
    first = firsts[0]
    for value in firsts[1:]:
        first = pc.if_else(pc.equal(first, ""), value, first)
    is_total = np.zeros(len(candidates), dtype=bool)
    for value in firsts:
        is_total |= _like(value, _IS_TOTAL)
    is_total |= _like(first, _IS_TOTAL_OF) & (filled[candidates] < usual)
    is_note = _like(first, _IS_NOTE) & (filled[candidates] <= max(1, usual // 2))
    real = filled > 1
    real[candidates[is_total | is_note]] = False
    last_real = np.flatnonzero(real)[-1] if real.any() else -1
    first_note = next((position for position in candidates[is_note] if position > last_real), len(filled))
    is_note |= (candidates > first_note) & (filled[candidates] == 1)
    codes[candidates[is_total]] = _TOTAL
    codes[candidates[is_note]] = _NOTE


def _like(values: pa.ChunkedArray, pattern: str) -> Counts:
    found: Counts = pc.match_substring_regex(values, pattern).to_numpy()
    return found


def _repeated(body: pa.Table, names: Sequence[str], header: Sequence[str | None]) -> Counts:
    """Positions of the rows that say the same as the header."""
    said = {i: cell.strip() for i, cell in enumerate(header) if cell and cell.strip()}
    found: Counts = np.arange(body.num_rows if len(said) > 1 else 0)
    for position, cell in said.items():
        equal = pc.equal(trimmed(body[names[position]].take(pa.array(found))), cell)
        found = found[equal.to_numpy().astype(bool)]
    return found
