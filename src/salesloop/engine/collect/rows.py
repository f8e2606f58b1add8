"""Which rows below a header are no data: blank ones, headers repeated on every page, totals, notes at the end.

Blank is also a row that holds nothing but its running number: lists are prepared for more rows than get filled.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from salesloop.engine.collect.cells import kind_of, trimmed

Counts = np.ndarray[Any, np.dtype[Any]]

DATA: Final = 0
_BLANK, _HEADER, _TOTAL, _NOTE = 1, 2, 3, 4
REASONS: Final = {_BLANK: "blank", _HEADER: "header", _TOTAL: "total", _NOTE: "note"}

_TOTAL_WORDS: Final = (
    r"合\s*计|总\s*计|小\s*计|累\s*计|共\s*计|总\s*合\s*计|本页小计|本页合计|合\s*計|總\s*計|小\s*計"
    r"|总\s*和|总\s*数|计\s*数|平均值?|總\s*和|計\s*數|grand\s+total|sub\s*-?total|totals?|sum|count|average"
)
_IN_WORDS: Final = r"(?:人民[币幣]|金[额額])?\s*(?:[（(](?:大写|小写|大寫|小寫|元|万元|萬元)[)）])?"
_IS_TOTAL: Final = rf"^(?i:(?:{_TOTAL_WORDS})\s*{_IN_WORDS})\s*[:：]?$"
# What ledgers carry between their entries, in whichever column tells what an entry is about.
_IS_CARRIED: Final = (
    r"^(?:(?:[本当當][日周月季年期]|期[初末]|年[初末]|上[月期年])(?:合[计計]|累[计計]|[余餘][额額]|[结結]存|[结結][转轉]|[发發]生[额額])"
    r"|承前[页頁]|[过過]次[页頁]|[结結][转轉]下[月期年])$"
)
_IS_TOTAL_OF: Final = r"(?:小计|合计|总计|小計|合計|總計|(?i:\btotal))$"
# How words for a total end: a total that fills its whole row has one of them, and numbers in all other cells.
_LAST_OF_TOTALS: Final = ("计", "計", "otal", "OTAL")
_IS_NOTE: Final = (
    r"^(?:[*※]?(?i:单位|單位|注|备注|附注|说明|註|備註|說明|数据来源|數據來源|資料來源|资料来源|来源|制表|制表人|製表人|填表|填表人|填报人"
    r"|审核|审核人|審核|复核|复核人|经办人|负责人|部门负责人|主管|财务|签字|盖章|制单人?|日期|制表日期|打印时间|打印日期|导出时间"
    r"|导出日期|统计时间|统计日期|报表时间|source|note|notes|exported|printed|prepared by|approved by)\s*[:：\d.、]"
    r"|第\s*\d+\s*[页頁]|(?i:page)\s*\d+|机密信息|機密資訊|版权所有|版權所有|(?i:copyright|confidential)\b|由[:：])"
)
_NUMBERING: Final = re.compile(r"^(?:序号|序號|行号|行號|编次|项次|項次|no\.?|#)$", re.IGNORECASE)
_RUNNING: Final = r"^\d{1,6}$"
_BESIDE_TITLES: Final = r"^(?i:单位|單位|unit|日期|时间|制表日期|统计时间|统计日期|报表时间)\s*[:：]"
_CAPTION: Final = r"^[^:：]{1,12}[:：]"
# Totals stand in one of the first columns.
_LOOKED_AT: Final = 3
# A footer of captions may be as wide as the table.
_FOOTER_ROWS: Final = 10


def reasons_to_skip(
    body: pa.Table, filled: Counts, names: Sequence[str], header: Sequence[str | None] | None
) -> Counts:
    """A code of `REASONS` for each row of `body`, or `DATA`. `filled` counts the cells of each row that hold something.

    A total has a word for it among its first cells and leaves cells blank that rows usually fill, or has nothing but
    numbers beside it. A note is a caption in a row that is mostly blank, or of captions only; below the first note, words
    alone belong to it.
    """
    filled = np.where(_only_numbered(body, filled, names, header or ()), 0, filled)
    codes = np.where(filled == 0, _BLANK, DATA).astype(np.int8)
    if not (filled > 0).any():
        return codes
    several = filled[filled > 1]  # a short table may have a long foot of single cells
    usual = int(np.median(several if len(several) else filled[filled > 0]))
    narrow = (filled > 0) & ((filled < usual) | (usual <= _LOOKED_AT))
    near_end = (filled > 0) & (np.arange(len(filled)) >= len(filled) - _FOOTER_ROWS)
    candidates = np.flatnonzero(narrow | near_end)
    rows = body.filter(pa.array(narrow | near_end))
    _mark_totals_and_notes(codes, rows, candidates, narrow[candidates], filled, names, usual)
    codes[_full_totals(body, names)] = _TOTAL
    if header:
        codes[_repeated(body, names, header)] = _HEADER
    return codes


def _mark_totals_and_notes(
    codes: Counts, rows: pa.Table, candidates: Counts, narrow: Counts, filled: Counts, names: Sequence[str], usual: int
) -> None:
    firsts = [trimmed(rows[name]) for name in names[:_LOOKED_AT]]
    first = firsts[0]
    for value in firsts[1:]:
        first = pc.if_else(pc.equal(first, ""), value, first)
    is_total = np.zeros(len(candidates), dtype=bool)
    for value in firsts:
        is_total |= _like(value, _IS_TOTAL)
    is_total |= _like(first, _IS_TOTAL_OF) & (filled[candidates] < usual)
    for name in names:
        is_total |= _like(trimmed(rows[name]), _IS_CARRIED)
    is_total &= narrow
    is_note = _like(first, _IS_NOTE)
    is_note[is_note] = _few_or_captions(rows.filter(pa.array(is_note)), filled[candidates[is_note]], names, usual)
    real = filled > 1
    real[candidates[is_total | is_note]] = False
    last_real = np.flatnonzero(real)[-1] if real.any() else -1
    first_note = next((position for position in candidates[is_note] if position > last_real), len(filled))
    if first_note < len(filled) and usual > _LOOKED_AT:
        first_note = _begin_of_foot(filled, last_real, first_note)
    is_note |= (candidates >= first_note) & (filled[candidates] == 1)
    codes[candidates[is_total]] = _TOTAL
    codes[candidates[is_note]] = _NOTE


def _begin_of_foot(filled: Counts, last_real: int, first_note: int) -> int:
    """Single cells between a blank row below the last row of a wide table and its first note belong to the foot."""
    below = np.flatnonzero(filled[last_real + 1 : first_note] > 0)
    return last_real + 1 + int(below[0]) if len(below) and below[0] > 0 else first_note


def _only_numbered(body: pa.Table, filled: Counts, names: Sequence[str], header: Sequence[str | None]) -> Counts:
    """Rows in which nothing stands but a running number in the column that is meant for it."""
    only = filled == 1
    numbering = [name for name, cell in zip(names, header, strict=False) if is_numbering(cell)]
    if not numbering or not only.any():
        return np.zeros(len(filled), dtype=bool)
    return only & _like(trimmed(body[numbering[0]]), _RUNNING)


def is_numbering(header: str | None) -> bool:
    """Whether a header calls its column the running number of the rows."""
    return _NUMBERING.match((header or "").strip()) is not None


def is_footer(row: Sequence[str | None]) -> bool:
    """Whether a single row looks like a total or a note."""
    first = next((cell.strip() for cell in row if cell and cell.strip()), "")
    return any(re.search(pattern, first) is not None for pattern in (_IS_TOTAL, _IS_TOTAL_OF, _IS_NOTE))


def is_beside_titles(row: Sequence[str | None]) -> bool:
    """Whether a single row is a caption that stands below titles as well as in footers (单位：万元)."""
    return re.search(_BESIDE_TITLES, next((cell.strip() for cell in row if cell and cell.strip()), "")) is not None


def _few_or_captions(rows: pa.Table, filled: Counts, names: Sequence[str], usual: int) -> Counts:
    captions = np.zeros(rows.num_rows, dtype=np.int16)
    for name in names:
        captions += _like(trimmed(rows[name]), _CAPTION)
    found: Counts = (filled <= max(1, usual // 2)) | (captions == filled)
    return found


def _full_totals(body: pa.Table, names: Sequence[str]) -> Counts:
    """Positions of the rows that begin with a word for a total and hold only numbers beside it."""
    told = np.zeros(body.num_rows, dtype=bool)
    for name in names[:_LOOKED_AT]:
        for last_letter in _LAST_OF_TOTALS:  # cheap: every row of the table passes here
            told |= pc.ends_with(pc.fill_null(body[name], ""), last_letter).to_numpy()
    places = np.flatnonzero(told)
    rows = body.select(list(names)).filter(pa.array(told))  # `take` copies the whole of what it takes a few rows from
    is_total = np.zeros(len(places), dtype=bool)
    for name in names[:_LOOKED_AT]:
        values = trimmed(rows[name])
        is_total |= _like(values, _IS_TOTAL) | _like(values, _IS_TOTAL_OF)
    places, cells = places[is_total], rows.filter(pa.array(is_total)).to_pylist()
    return places[np.array([_is_total_of_numbers(list(row.values())) for row in cells], dtype=bool)]


def _is_total_of_numbers(row: Sequence[str | None]) -> bool:
    kinds = [kind_of(cell) for cell in row]
    words = [n for n, kind in enumerate(kinds) if kind == "text"]
    return len(words) == 1 and "number" in kinds[words[0] + 1 :] and "date" not in kinds


def _like(values: pa.ChunkedArray, pattern: str) -> Counts:
    found: Counts = pc.match_substring_regex(values, pattern).to_numpy()
    return found


def _repeated(body: pa.Table, names: Sequence[str], header: Sequence[str | None]) -> Counts:
    """Positions of the rows that say the same as the header."""
    said = {names[i]: cell.strip() for i, cell in enumerate(header) if cell and cell.strip()}
    if len(said) < 2:
        return np.arange(0)
    first, cell = next(iter(said.items()))
    holds = pc.fill_null(pc.match_substring(body[first], cell), False)  # cheap: every row of the table passes here
    found: Counts = np.flatnonzero(holds.to_numpy())
    rows = body.select(list(said)).filter(holds)
    repeats = np.ones(rows.num_rows, dtype=bool)
    for name, cell in said.items():
        repeats &= pc.equal(trimmed(rows[name]), cell).to_numpy().astype(bool)
    return found[repeats]
