"""Which days count towards which period of the answer: now, in the previous period, a year ago.

All that is special about calendars, unfinished periods and comparisons is settled here, in small tables of days. The SQL
only joins on them, so that it has no date arithmetic that engines could disagree about.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import pyarrow as pa

from salesloop.engine.metrics.definition import Cumulative
from salesloop.engine.metrics.query import Query
from salesloop.engine.metrics.registry import MESSAGES
from salesloop.engine.model.calendar import Calendar, Period
from salesloop.engine.model.errors import UserError
from salesloop.engine.model.periods import compared_range, date_range

Variant = Literal["current", "previous", "year"]
EARLIER: Final[tuple[Variant, ...]] = ("previous", "year")
MAX_PERIODS: Final = 10_000
_DAY: Final = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Window:
    """The days `start` to `end` (inclusive; none where `end` < `start`), shown in the answer under `period`.

    `period` is the first day of the asked period, None where the answer has no periods.
    """

    period: dt.date | None
    start: dt.date
    end: dt.date

    @property
    def days(self) -> int:
        return max((self.end - self.start).days + 1, 0)

    def elapsed(self, today: dt.date) -> int:
        """How many of the days have come, `today` included."""
        return Window(self.period, self.start, min(self.end, today)).days


Windows = tuple[Window, ...]


def windows(
    query: Query, calendar: Calendar, today: dt.date, bounds: tuple[dt.date, dt.date] | None
) -> dict[Variant, Windows]:
    """The windows of a query by variant. `bounds` (first and last day with data) stand in for days not given.

    No windows where there are neither.
    """
    earlier = [variant for variant in EARLIER if variant in query.compare]
    start, end = query.start, query.end
    if bounds is not None and (start is None or end is None):
        start, end = bounds
        if query.grain is not None:  # nobody asked to cut the first and the last period
            start, end = calendar.period_of(start, query.grain).start, calendar.period_of(end, query.grain).end
    if start is None or end is None:
        return dict.fromkeys(["current", *earlier], ())
    if query.grain is None:
        out: dict[Variant, Windows] = {"current": (Window(None, start, end),)}
        for variant in earlier:
            compared = compared_range(date_range(start, end, calendar), variant, calendar, today)
            out[variant] = (Window(None, compared.start, compared.end),)
        return out
    _not_too_many(query, start, end)
    periods = calendar.periods(start, end, query.grain)
    out = {"current": tuple(_clipped(period, start, end) for period in periods)}
    for variant in earlier:
        out[variant] = tuple(
            _earlier(period, _clipped(period, start, end), variant, calendar, today) for period in periods
        )
    return out


def _not_too_many(query: Query, start: dt.date, end: dt.date) -> None:
    shortest = {"day": 1, "week": 7, "month": 28, "quarter": 84, "year": 364}[query.grain or "day"]
    count = (end - start).days // shortest + 1
    if count > MAX_PERIODS:
        raise UserError(
            MESSAGES.message(
                "too_many_periods", start=start, end=end, grain=query.grain, count=count, limit=MAX_PERIODS
            )
        )


def _clipped(period: Period, start: dt.date, end: dt.date) -> Window:
    return Window(period.start, max(period.start, start), min(period.end, end))


def _earlier(period: Period, piece: Window, variant: Variant, calendar: Calendar, today: dt.date) -> Window:
    """The part of the earlier period that corresponds to the piece of the period that is asked for and has come."""
    earlier = calendar.previous(period) if variant == "previous" else calendar.year_ago(period)
    start = earlier.start
    if piece.start > period.start:
        start = calendar.elapsed_end(period, piece.start - _DAY, earlier) + _DAY
    begun = today >= period.start
    end = calendar.elapsed_end(period, min(piece.end, today) if begun else piece.end, earlier)
    return Window(period.start, start, end)


def accumulated(now: Windows, rule: Cumulative, calendar: Calendar, today: dt.date) -> Windows:
    """The windows of a cumulative metric: they end where the given ones end (today at the latest) and begin earlier."""
    out = []
    for window in now:
        end = min(window.end, today) if window.start <= today else window.end
        if rule.days is not None:
            start = end - (rule.days - 1) * _DAY
        else:
            start = calendar.period_of(end, rule.to_date or "year").start
        out.append(Window(window.period, start, end))
    return tuple(out)


def day_table(of: Iterable[Window]) -> pa.Table:
    """One row for every day of every window: `day`, `period`."""
    days, periods = [], []
    for window in of:
        if window.days:
            first = np.datetime64(window.start, "D")
            days.append(np.arange(first, first + window.days))
            periods.append(np.full(window.days, window.period, dtype="datetime64[D]"))
    return pa.table(
        {
            "day": pa.array(np.concatenate(days) if days else [], pa.date32()),
            "period": pa.array(np.concatenate(periods) if periods else [], pa.date32()),
        }
    )


def end_table(of: Iterable[Window], today: dt.date) -> pa.Table:
    """One row for every window that has begun: `period`, and the last `day` of it that has come."""
    begun = [window for window in of if window.start <= min(window.end, today)]
    return pa.table(
        {
            "day": pa.array([min(window.end, today) for window in begun], pa.date32()),
            "period": pa.array([window.period for window in begun], pa.date32()),
        }
    )


def length_table(of: Iterable[Window], today: dt.date) -> pa.Table:
    """One row for every window: `period`, and how many days of it have come (`elapsed_days`)."""
    rows = list(of)
    return pa.table(
        {
            "period": pa.array([window.period for window in rows], pa.date32()),
            "elapsed_days": pa.array([window.elapsed(today) for window in rows], pa.int64()),
        }
    )


def hull(of: Iterable[Window]) -> tuple[dt.date, dt.date] | None:
    """First and last day of all the windows together, None without a day."""
    days = [window for window in of if window.days]
    return (min(w.start for w in days), max(w.end for w in days)) if days else None
