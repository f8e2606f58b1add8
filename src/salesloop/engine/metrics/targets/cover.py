"""What stated targets of one slice say about some days.

Statements that lie wholly within the days count in full, the longest first; the days that remain take their share, by
days, of the shortest statement that covers them. So finer periods add up and a coarser one is split by days, and no day
counts twice.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from salesloop.engine.metrics.targets.statements import Statement

Days = tuple[dt.date, dt.date]
_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Covered:
    """`amount` adds up over days, `weighted` is Σ value × days; `left` are the days that nothing is said about."""

    amount: Decimal
    weighted: Decimal
    days: int
    left: tuple[Days, ...]


def cover(said: Iterable[Statement], gaps: tuple[Days, ...]) -> Covered:
    """What the statements say about the days in `gaps` (disjoint, inclusive ranges)."""
    amount, weighted, days = Decimal(0), Decimal(0), 0
    near = [s for s in said if any(s.start <= end and start <= s.end for start, end in gaps)]
    if not near:
        return Covered(amount, weighted, days, gaps)
    for statement in sorted(near, key=lambda s: (-s.days, s.start)):
        if any(start <= statement.start and statement.end <= end for start, end in gaps):
            amount += statement.value
            weighted += statement.value * statement.days
            days += statement.days
            gaps = without(gaps, (statement.start, statement.end))
    for statement in sorted(near, key=lambda s: (s.days, s.start)):
        shared = sum(_overlap(gap, (statement.start, statement.end)) for gap in gaps)
        if shared:
            amount += statement.value * shared / statement.days
            weighted += statement.value * shared
            days += shared
            gaps = without(gaps, (statement.start, statement.end))
    return Covered(amount, weighted, days, gaps)


def without(gaps: tuple[Days, ...], taken: Days) -> tuple[Days, ...]:
    """The ranges less the days of another."""
    out = []
    for start, end in gaps:
        if taken[1] < start or end < taken[0]:
            out.append((start, end))
            continue
        if start < taken[0]:
            out.append((start, taken[0] - _DAY))
        if taken[1] < end:
            out.append((taken[1] + _DAY, end))
    return tuple(out)


def _overlap(one: Days, other: Days) -> int:
    return max((min(one[1], other[1]) - max(one[0], other[0])).days + 1, 0)
