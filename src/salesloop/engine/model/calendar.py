"""Calendars: which day belongs to which period, and with which earlier period it is compared.

Two families. *Month based* (gregorian; fiscal with any start month): months are calendar months, quarters and years
are counted from the start month, weeks run across them. *Week based* (4-4-5 and its sisters, ISO weeks): years are
whole weeks, 52 or 53 of them; by the rule `nearest` a year begins on the week start nearest to the first of its start
month (for Monday and January that is ISO 8601; for Sunday and February the 4-5-4 calendar of American retail), by the
rule `last` it ends on the last such weekday of the month before (the last Saturday of January), its quarters are 13 weeks, its months follow the pattern, and a 53rd week lengthens the last
month.

A year is named by the calendar year that holds most of it: with start month July or later, the year in which it ends.
"""

from __future__ import annotations

import calendar as _gregorian
import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal, get_args

import pyarrow as pa

Grain = Literal["day", "week", "month", "quarter", "year"]
GRAINS: Final[tuple[Grain, ...]] = get_args(Grain)
CalendarKind = Literal["gregorian", "fiscal", "iso_week", "4-4-5", "4-5-4", "5-4-4"]
WeekStart = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
YearRule = Literal["nearest", "last"]
WEEK_STARTS: Final[tuple[WeekStart, ...]] = get_args(WeekStart)

_DAY = dt.timedelta(days=1)
_WEEK = dt.timedelta(weeks=1)


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """The days from `start` to `end`, both included, as one step of a grain."""

    grain: Grain
    start: dt.date
    end: dt.date

    @property
    def days(self) -> int:
        return (self.end - self.start).days + 1

    def __contains__(self, day: dt.date) -> bool:
        return self.start <= day <= self.end


@dataclass(frozen=True, slots=True)
class Calendar:
    """How a company counts its periods. `start_month` is the first month of its year (1 for gregorian and iso_week)."""

    kind: CalendarKind = "gregorian"
    start_month: int = 1
    week_start: WeekStart = "monday"
    year_rule: YearRule = "nearest"

    def __post_init__(self) -> None:
        if not 1 <= self.start_month <= 12:
            raise ValueError("start_month is a month from 1 to 12")
        if self.kind in ("gregorian", "iso_week"):
            object.__setattr__(self, "start_month", 1)
        if self.kind == "iso_week":
            object.__setattr__(self, "week_start", "monday")
            object.__setattr__(self, "year_rule", "nearest")

    @property
    def week_based(self) -> bool:
        return self.kind not in ("gregorian", "fiscal")

    def period_of(self, day: dt.date, grain: Grain) -> Period:
        """The one period of this grain that holds the day."""
        if grain == "day":
            return Period("day", day, day)
        if grain == "week":
            start = day - dt.timedelta(days=(day.weekday() - WEEK_STARTS.index(self.week_start)) % 7)
            return Period("week", start, start + _WEEK - _DAY)
        year = self.year_number(day)
        starts = self._starts(year, grain)
        index = max(i for i, start in enumerate(starts) if start <= day)
        return self._part(year, grain, index)

    def previous(self, period: Period) -> Period:
        """The period just before."""
        return self.period_of(period.start - _DAY, period.grain)

    def next(self, period: Period) -> Period:
        return self.period_of(period.end + _DAY, period.grain)

    def year_ago(self, period: Period) -> Period:
        """The same period of the year before. 29 February goes to the 28th, a week 53 to the last week of a shorter year."""
        if period.grain == "day":
            day = self._day_year_ago(period.start)
            return Period("day", day, day)
        if period.grain == "week":
            year, number = self.week_number(period.start)
            start = self._week_year_start(year - 1) + _WEEK * (min(number, self._weeks_in(year - 1)) - 1)
            return Period("week", start, start + _WEEK - _DAY)
        year = self.year_number(period.start)
        return self._part(year - 1, period.grain, self._starts(year, period.grain).index(period.start))

    def elapsed_share(self, period: Period, today: dt.date) -> float:
        """The share of the period's days that have passed, `today` counted as passed: 0 before, 1 from its last day on."""
        return min(max((today - period.start).days + 1, 0), period.days) / period.days

    def elapsed_end(self, period: Period, today: dt.date, earlier: Period) -> dt.date:
        """The day of `earlier` up to which it is compared with `period` as far as `period` has come by `today`.

        The whole of it where `period` is finished, or has not begun. Else the same month and day of month (clamped to the month's end)
        in month-based calendars, and the same number of days in weeks and week-based calendars.
        """
        if today not in period or today == period.end:
            return earlier.end
        if self.week_based or period.grain in ("day", "week"):
            return min(earlier.start + (today - period.start), earlier.end)
        months = _month_index(today) - _month_index(period.start)
        first = _first_of_month(_month_index(earlier.start) + months)
        return min(first.replace(day=min(today.day, _month_days(first))), earlier.end)

    def periods(self, start: dt.date, end: dt.date, grain: Grain) -> tuple[Period, ...]:
        """Every period that touches the days from `start` to `end`, in order, without a gap."""
        return tuple(self._walk(start, end, grain))

    def table(self, start: dt.date, end: dt.date, grain: Grain) -> pa.Table:
        """Calendar for joins, one row a period: period, start, end, previous_start, year_ago_start (dates), label (text).

        `period` is the first day, as a grain's column in results; `label` is the period's canonical text.
        """
        rows = self.periods(start, end, grain)
        dates = pa.date32()
        return pa.table(
            {
                "period": pa.array([p.start for p in rows], dates),
                "start": pa.array([p.start for p in rows], dates),
                "end": pa.array([p.end for p in rows], dates),
                "previous_start": pa.array([self.previous(p).start for p in rows], dates),
                "year_ago_start": pa.array([self.year_ago(p).start for p in rows], dates),
                "label": pa.array([self.text(p) for p in rows], pa.string()),
            }
        )

    def text(self, period: Period) -> str:
        """The canonical name, which `periods.parse_period` reads back: 2026-11, 2026-Q4, FY2026-Q1, FY2026-P05 …"""
        if period.grain == "day":
            return period.start.isoformat()
        if period.grain == "week":
            year, number = self.week_number(period.start)
            return f"{'FY' if self.week_based else ''}{year}-W{number:02d}"
        if period.grain == "month" and not self.week_based:
            return f"{period.start:%Y-%m}"
        year = self.year_number(period.start)
        name = f"{'' if self.kind == 'gregorian' else 'FY'}{year}"
        number = self._starts(year, period.grain).index(period.start) + 1
        return name + {"year": "", "quarter": f"-Q{number}"}.get(period.grain, f"-P{number:02d}")

    def year_number(self, day: dt.date) -> int:
        """The name of the year of this calendar that holds the day."""
        guess = day.year + 1
        while self._year_start(guess) > day:
            guess -= 1
        return guess

    def week_number(self, day: dt.date) -> tuple[int, int]:
        """(year, number) of the week that holds the day. With Monday and January these are the ISO 8601 ones."""
        start = self.period_of(day, "week").start
        year = start.year + 2
        while self._week_year_start(year) > start:
            year -= 1
        return year, (start - self._week_year_start(year)).days // 7 + 1

    def numbered(self, year: int, grain: Grain, number: int) -> Period | None:
        """The period called by its number (from 1) in this calendar's own year; None where there is none."""
        if grain == "week":
            if not 1 <= number <= self._weeks_in(year):
                return None
            start = self._week_year_start(year) + _WEEK * (number - 1)
            return Period("week", start, start + _WEEK - _DAY)
        if not 1 <= number <= len(self._starts(year, grain)):
            return None
        return self._part(year, grain, number - 1)

    # -- the shape of a year -------------------------------------------------------------------------------------

    def _part(self, year: int, grain: Grain, index: int) -> Period:
        starts = self._starts(year, grain)
        following = starts[index + 1] if index + 1 < len(starts) else self._year_start(year + 1)
        return Period(grain, starts[index], following - _DAY)

    @lru_cache(maxsize=1024)  # noqa: B019 - calendars are few, small and equal to one another: none is kept for nothing
    def _starts(self, year: int, grain: Grain) -> tuple[dt.date, ...]:
        """First days of the years, quarters or months in a year. Every period of a question asks for the same few years."""
        start = self._year_start(year)
        if self.week_based:
            return tuple(start + _WEEK * weeks for weeks in self._week_offsets(grain))
        step = {"year": 12, "quarter": 3, "month": 1}[grain]
        return tuple(_first_of_month(_month_index(start) + months) for months in range(0, 12, step))

    def _week_offsets(self, grain: Grain) -> list[int]:
        if grain == "year":
            return [0]
        if grain == "quarter":
            return [0, 13, 26, 39]
        pattern = "4-4-5" if self.kind == "iso_week" else self.kind
        first, second, _ = (int(weeks) for weeks in pattern.split("-"))
        return [13 * quarter + offset for quarter in range(4) for offset in (0, first, first + second)]

    def _year_start(self, year: int) -> dt.date:
        first = dt.date(year - 1 if self.start_month >= 7 else year, self.start_month, 1)
        if not self.week_based:
            return first
        if self.year_rule == "last":
            return first - dt.timedelta(days=(first.weekday() - WEEK_STARTS.index(self.week_start)) % 7)
        return self._nearest_week_start(first)

    def _week_year_start(self, year: int) -> dt.date:
        """First day of week 1. Weeks of month-based calendars are counted within the gregorian year."""
        return self._year_start(year) if self.week_based else self._nearest_week_start(dt.date(year, 1, 1))

    def _weeks_in(self, year: int) -> int:
        return (self._week_year_start(year + 1) - self._week_year_start(year)).days // 7

    def _nearest_week_start(self, day: dt.date) -> dt.date:
        after = (WEEK_STARTS.index(self.week_start) - day.weekday()) % 7
        return day + dt.timedelta(days=after if after <= 3 else after - 7)

    def _day_year_ago(self, day: dt.date) -> dt.date:
        if self.week_based:
            week = self.period_of(day, "week")
            return self.year_ago(week).start + (day - week.start)
        return day.replace(
            year=day.year - 1,
            day=min(day.day, _gregorian.monthrange(day.year - 1, day.month)[1]),
        )

    def _walk(self, start: dt.date, end: dt.date, grain: Grain) -> Iterator[Period]:
        period = self.period_of(start, grain)
        while period.start <= end:
            yield period
            period = self.next(period)


def _month_index(day: dt.date) -> int:
    return day.year * 12 + day.month - 1


def _first_of_month(index: int) -> dt.date:
    return dt.date(index // 12, index % 12 + 1, 1)


def _month_days(day: dt.date) -> int:
    return _gregorian.monthrange(day.year, day.month)[1]
