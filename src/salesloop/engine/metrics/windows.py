"""Which days count towards which period of the answer: now, in the previous period, a year ago.

All that is special about calendars, unfinished periods and comparisons is settled here, in small tables of days. The SQL
only joins on them, so that it has no date arithmetic that engines could disagree about.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pyarrow as pa

from salesloop.engine.metrics import comparisons
from salesloop.engine.metrics.comparisons import Variant
from salesloop.engine.metrics.definition import ELAPSED_DAYS, WORKING_DAYS, Cumulative, settled
from salesloop.engine.metrics.query import Query
from salesloop.engine.metrics.registry import MESSAGES
from salesloop.engine.model.calendar import Calendar, Grain, Period
from salesloop.engine.model.errors import UserError
from salesloop.engine.model.periods import DateRange, compared_range, date_range, parse_period
from salesloop.engine.model.spring_festival import aligned
from salesloop.engine.model.text import Text
from salesloop.engine.model.workdays import workdays

MAX_PERIODS: Final = 10_000
_DAY: Final = dt.timedelta(days=1)
_GRAINS: Final[dict[Grain, Text]] = {
    "day": Text("日", "days"),
    "week": Text("周", "weeks"),
    "month": Text("月", "months"),
    "quarter": Text("季", "quarters"),
    "year": Text("年", "years"),
}


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

    def worked(self, today: dt.date) -> int:
        """How many of the days that have come were working days (of mainland China)."""
        last = min(self.end, today)
        return workdays().between(self.start - _DAY, last) if last >= self.start else 0


Windows = tuple[Window, ...]


def windows(
    query: Query, calendar: Calendar, today: dt.date, bounds: tuple[dt.date, dt.date] | None
) -> dict[Variant, Windows]:
    """The windows of a query by variant. `bounds` (first and last day with data) stand in for days not given.

    No windows where there are neither.
    """
    earlier = comparisons.variants(query.compare)
    chosen = _chosen(query, calendar, today)
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
            compared = chosen
            if variant in ("previous", "year"):
                compared = compared_range(date_range(start, end, calendar), variant, calendar, today)
            elif variant == "festival":
                year_ago = compared_range(date_range(start, end, calendar), "year", calendar, today)
                compared = DateRange(*aligned(_come(start, end, today), (year_ago.start, year_ago.end)))
            if compared is not None:
                out[variant] = (Window(None, compared.start, compared.end),)
        return out
    _not_too_many(query.grain, start, end)
    periods = calendar.periods(start, end, query.grain)
    out = {"current": tuple(_clipped(period, start, end) for period in periods)}
    for variant in earlier:
        if variant == "custom":
            out[variant] = _side_by_side(periods, chosen, calendar)
        else:
            out[variant] = tuple(
                _earlier(period, _clipped(period, start, end), variant, calendar, today) for period in periods
            )
    return out


def _chosen(query: Query, calendar: Calendar, today: dt.date) -> DateRange | None:
    text = comparisons.custom(query.compare)
    return None if text is None else parse_period(text, calendar, today)


def _side_by_side(periods: Sequence[Period], chosen: DateRange | None, calendar: Calendar) -> Windows:
    """The first period with the first of the chosen days, the second with the second; those without one have no days."""
    if chosen is None or not periods:
        return ()
    _not_too_many(periods[0].grain, chosen.start, chosen.end)
    others = calendar.periods(chosen.start, chosen.end, periods[0].grain)
    pairs = [
        _clipped(other, chosen.start, chosen.end, shown=period.start)
        for period, other in zip(periods, others, strict=False)
    ]
    return (*pairs, *(Window(period.start, dt.date.max, dt.date.min) for period in periods[len(pairs) :]))


def _not_too_many(grain: Grain, start: dt.date, end: dt.date) -> None:
    shortest = {"day": 1, "week": 7, "month": 28, "quarter": 84, "year": 364}[grain]
    count = (end - start).days // shortest + 1
    if count > MAX_PERIODS:
        raise UserError(
            MESSAGES.message(
                "too_many_periods", start=start, end=end, grain=_GRAINS[grain], count=count, limit=MAX_PERIODS
            )
        )


def _clipped(period: Period, start: dt.date, end: dt.date, *, shown: dt.date | None = None) -> Window:
    return Window(shown or period.start, max(period.start, start), min(period.end, end))


def _earlier(period: Period, piece: Window, variant: Variant, calendar: Calendar, today: dt.date) -> Window:
    """The part of the earlier period that corresponds to the piece of the period that is asked for and has come."""
    earlier = calendar.previous(period) if variant == "previous" else calendar.year_ago(period)
    start = earlier.start
    if piece.start > period.start:
        start = calendar.elapsed_end(period, piece.start - _DAY, earlier) + _DAY
    begun = today >= period.start
    end = calendar.elapsed_end(period, min(piece.end, today) if begun else piece.end, earlier)
    if variant == "festival":
        start, end = aligned(_come(piece.start, piece.end, today), (start, end))
    return Window(period.start, start, end)


def _come(start: dt.date, end: dt.date, today: dt.date) -> tuple[dt.date, dt.date]:
    """The days of a range that have come; all of one that has not begun."""
    return start, min(end, today) if start <= today else end


def accumulated(now: Windows, rule: Cumulative, calendar: Calendar, today: dt.date) -> Windows:
    """The windows of a cumulative metric: they end where the given ones end (today at the latest) and begin earlier."""
    out = []
    for window in now:
        if not window.days:  # a period without a counterpart in the days that it is compared with
            out.append(window)
            continue
        end = min(window.end, today) if window.start <= today else window.end
        if rule.days is not None:
            start = end - (settled(rule.days) - 1) * _DAY
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


def activity_table(of: Iterable[Window], within_days: int | None, today: dt.date) -> pa.Table:
    """One row for every window that has begun: `number`, `period`, the day before it (`opening`), its last day that has
    come (`closing`), and the first days from which a row makes active on each of the two (`…_since`).
    """
    begun = [window for window in of if window.start <= min(window.end, today)]
    back = dt.timedelta(days=(within_days or 1) - 1)
    opening = [window.start - _DAY for window in begun]
    closing = [min(window.end, today) for window in begun]
    days = {
        "period": [window.period for window in begun],
        "opening": opening,
        "opening_since": [day - back for day in opening],
        "closing": closing,
        "closing_since": [day - back for day in closing],
    }
    columns = {name: pa.array(values, pa.date32()) for name, values in days.items()}
    return pa.table({"number": pa.array(range(len(begun)), pa.int64()), **columns})


def span_table(of: Iterable[Window], today: dt.date) -> pa.Table:
    """One row for every window that has begun: `period`, and the `first` and the `last` day of it that has come."""
    begun = [window for window in of if window.start <= min(window.end, today)]
    return pa.table(
        {
            "period": pa.array([window.period for window in begun], pa.date32()),
            "first": pa.array([window.start for window in begun], pa.date32()),
            "last": pa.array([min(window.end, today) for window in begun], pa.date32()),
        }
    )


def length_table(of: Iterable[Window], today: dt.date) -> pa.Table:
    """One row for every window: `period`, and how many days of it have come (`elapsed_days`; `working_days` of them)."""
    rows = list(of)
    return pa.table(
        {
            "period": pa.array([window.period for window in rows], pa.date32()),
            ELAPSED_DAYS: pa.array([window.elapsed(today) for window in rows], pa.int64()),
            WORKING_DAYS: pa.array([window.worked(today) for window in rows], pa.int64()),
        }
    )


def hull(of: Iterable[Window]) -> tuple[dt.date, dt.date] | None:
    """First and last day of all the windows together, None without a day."""
    days = [window for window in of if window.days]
    return (min(w.start for w in days), max(w.end for w in days)) if days else None
