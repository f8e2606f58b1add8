"""Tells which columns of a table are periods: 1月 … 12月, 2015年 … 2019年, Q1 … Q4 with 计划 and 实际 below each."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

import pyarrow.compute as pc

from salesloop.engine.collect.cells import NUMBER, trimmed
from salesloop.engine.collect.names import SEPARATOR
from salesloop.engine.collect.period_names import Grain, PeriodName, period_name
from salesloop.engine.collect.raw import RawTable

_FINEST_FIRST: Final[tuple[Grain, ...]] = ("day", "week", "month", "quarter", "year")
_TOTAL: Final = re.compile(
    r"^(?:(?:全年|年度?|[上下]?半年度?|季度?)?\s*(?:合\s*[计計]|[总總]\s*[计計]|小\s*[计計]|累\s*[计計]|共\s*[计計]|平均值?)"
    r"|月均|季均|全年|[上下]半年|grand total|sub-?total|totals?|sum|ytd|full year|average|avg|h[12])$",
    re.IGNORECASE,
)
# Only so many rows are looked at to see whether columns hold numbers.
_LOOKED_AT: Final = 2000
_NUMERIC_SHARE: Final = 0.7
_NOTHING: Final = r"^(?i:null|none|nan|nil|n/a|#.+[!?/].*|无|空|[-—–/\\]+)?$"


@dataclass(frozen=True)
class PeriodCell:
    """A column that holds one measure of one period. `measure` '' is the table's only one; `position` counts from 1."""

    column: str
    position: int
    period: PeriodName
    measure: str


@dataclass(frozen=True)
class Wide:
    """The period columns of a table (all of one grain), and the columns that sum them up (合计, a quarter after its months)."""

    cells: tuple[PeriodCell, ...]
    totals: tuple[str, ...]

    @property
    def grain(self) -> Grain:
        return self.cells[0].period.grain

    @property
    def periods(self) -> tuple[PeriodName, ...]:
        return tuple(dict.fromkeys(cell.period for cell in self.cells))

    @property
    def measures(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(cell.measure for cell in self.cells))


def period_columns(table: RawTable) -> Wide | None:
    """The columns to turn into rows, or None where the table is not wide in this way.

    They are at least three periods and a third of the columns, or two periods and half of them, and hold numbers.
    """
    read = [_read(name, position) for position, name in enumerate(table.columns, start=1)]
    cells = _of_one_grain([cell for cell in read if isinstance(cell, PeriodCell)])
    if not cells or len({(cell.period, cell.measure) for cell in cells}) < len(cells):
        return None
    taken = {cell.column for cell in cells}
    coarser = _FINEST_FIRST.index(cells[0].period.grain) + 1
    totals = tuple(
        name
        for name, one in zip(table.columns, read, strict=True)
        if name not in taken
        and (one == "total" or (isinstance(one, PeriodCell) and one.period.grain in _FINEST_FIRST[coarser:]))
    )
    wide = Wide(tuple(cells), totals)
    others = len(table.columns) - len(totals)
    enough = len(wide.periods) >= 3 and len(cells) * 3 >= others
    return wide if (enough or len(cells) * 2 >= others) and _hold_numbers(table, cells) else None


def _read(name: str, position: int) -> PeriodCell | str | None:
    """What the name of a column says: a period and a measure, `total`, or neither."""
    period: PeriodName | None = None
    rest: list[str] = []
    for part in name.split(SEPARATOR):
        found = period_name(part)
        if found is None:
            rest.append(part)
            continue
        rest += [found.rest] if found.rest else []
        period = found if period is None else _joined(period, found)
        if period is None:
            return None
    if any(_TOTAL.match(part) for part in rest):
        return "total"
    return None if period is None else PeriodCell(name, position, replace(period, rest=""), SEPARATOR.join(rest))


def _joined(above: PeriodName, below: PeriodName) -> PeriodName | None:
    """2025年 over 1月 is January 2025; two periods that do not make one are none."""
    for outer, inner in ((above, below), (below, above)):
        if outer.grain == "year" and inner.grain != "year" and inner.year in (None, outer.year):
            return replace(inner, year=outer.year, bare=False)
    return None


def _of_one_grain(cells: Sequence[PeriodCell]) -> list[PeriodCell]:
    """The cells of the grain that most columns have, with measures that at least two periods have."""
    cells = [cell for cell in cells if not _is_only_a_number(cell, cells)]
    grains = Counter(cell.period.grain for cell in cells)
    if not grains:
        return []
    grain = max(grains, key=lambda name: (grains[name], -_FINEST_FIRST.index(name)))
    measures = Counter(cell.measure for cell in cells if cell.period.grain == grain)
    found = [cell for cell in cells if cell.period.grain == grain and measures[cell.measure] > 1]
    return found if len({cell.period for cell in found}) > 1 else []


def _is_only_a_number(cell: PeriodCell, cells: Sequence[PeriodCell]) -> bool:
    """Numbers are names of months only where all twelve are there, and of years where they follow one another."""
    if not cell.period.bare or cell.period.grain not in ("month", "year"):
        return False
    alike = [c.period for c in cells if c.period.bare and c.period.grain == cell.period.grain]
    if cell.period.grain == "month":
        return [period.number for period in alike] != list(range(1, 13))
    return {(b.year or 0) - (a.year or 0) for a, b in pairwise(alike)} not in ({1}, {-1})


def _hold_numbers(table: RawTable, cells: Sequence[PeriodCell]) -> bool:
    numbers = others = 0
    for cell in cells:
        values = trimmed(table.data[cell.column].slice(0, _LOOKED_AT))
        said = values.filter(pc.invert(pc.match_substring_regex(values, _NOTHING)))
        good = pc.sum(pc.match_substring_regex(said, NUMBER)).as_py() or 0
        numbers, others = numbers + good, others + len(said) - good
    return numbers > 0 and numbers >= _NUMERIC_SHARE * (numbers + others)
