"""What stated targets of one slice say about some days.

Statements that lie wholly within the days count in full, the longest first; the days that remain take their share, by
days, of the shortest statement that covers them. So finer periods add up and a coarser one is split by days, and no day
counts twice. A company may choose that only working days take a share.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from salesloop.engine.metrics.targets.statements import Statement
from salesloop.engine.model.workdays import workdays

Days = tuple[dt.date, dt.date]
Measure = Callable[[dt.date, dt.date], int]
"""How much the days from one to another (inclusive) weigh where a target is shared out over them."""
_DAY = dt.timedelta(days=1)


def all_days(start: dt.date, end: dt.date) -> int:
    """Every day weighs the same."""
    return (end - start).days + 1


def working_days(start: dt.date, end: dt.date) -> int:
    """Only days on which people work: no weekends, no public holidays, but the weekend days that make up for them."""
    return workdays().between(start - _DAY, end)


def measure_of(target_days: Literal["calendar", "working"]) -> Measure:
    """The company's choice."""
    return working_days if target_days == "working" else all_days


def passed_share(start: dt.date, end: dt.date, today: dt.date, measure: Measure) -> float:
    """The share of a period, 0 to 1, that is over by the end of `today`."""
    if today < start:
        return 0.0
    part, whole = share_of((start, min(today, end)), (start, end), measure)
    return part / whole


def share_of(part: Days, whole: Days, measure: Measure) -> tuple[int, int]:
    """How much a part of some days weighs, and all of them; days without any weight count by their number."""
    total = measure(*whole)
    return (measure(*part), total) if total else (all_days(*part), all_days(*whole))


@dataclass(frozen=True, slots=True)
class Covered:
    """`amount` adds up over days, `weighted` is Σ value × days; `left` are the days that nothing is said about."""

    amount: Decimal
    weighted: Decimal
    days: int
    left: tuple[Days, ...]


def cover(said: Iterable[Statement], gaps: tuple[Days, ...], measure: Measure = all_days) -> Covered:
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
        whole = (statement.start, statement.end)
        shared = [both for gap in gaps if (both := _overlap(gap, whole)) is not None]
        if shared:
            for part in shared:
                weight, total = share_of(part, whole, measure)
                amount += statement.value * weight / total
            count = sum(all_days(*part) for part in shared)
            weighted += statement.value * count
            days += count
            gaps = without(gaps, whole)
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


def _overlap(one: Days, other: Days) -> Days | None:
    both = max(one[0], other[0]), min(one[1], other[1])
    return both if both[0] <= both[1] else None
