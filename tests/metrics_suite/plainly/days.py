"""Calendars and comparisons as lists of days: every period of some years written down, then looked up."""

from __future__ import annotations

import calendar
import datetime as dt
from dataclasses import dataclass
from functools import cache

DAY = dt.timedelta(days=1)
GRAINS = ("day", "week", "month", "quarter", "year")
YEARS = range(2021, 2030)
FESTIVALS = {day.year: day for day in map(dt.date.fromisoformat, (
    "2022-02-01", "2023-01-22", "2024-02-10", "2025-01-29", "2026-02-17", "2027-02-06"))}  # fmt: skip
NEAR = dt.timedelta(days=28)
Span = tuple[dt.date, dt.date]


@dataclass(frozen=True)
class Period:
    """`year` and `place` (from 0) name it in its calendar."""

    start: dt.date
    end: dt.date
    year: int
    place: int


@dataclass(frozen=True)
class Company:
    """How the company counts: `gregorian`, `fiscal` from a month on, or a year of whole weeks such as `4-4-5`."""

    kind: str
    start_month: int = 1

    @property
    def of_weeks(self) -> bool:
        return self.kind not in ("gregorian", "fiscal")

    def settings(self) -> dict[str, object]:
        """Of salesloop.toml."""
        return {"calendar": self.kind, "fiscal_start_month": self.start_month}


@cache
def periods(company: Company, grain: str) -> tuple[Period, ...]:
    """Every period of the years, in order."""
    if grain == "day":
        first, last = dt.date(YEARS[0], 1, 1), dt.date(YEARS[-1], 12, 31)
        return tuple(Period(day, day, day.year, 0) for day in (first + n * DAY for n in range((last - first).days + 1)))
    return tuple(period for year in YEARS for period in _of_year(company, grain, year))


def _of_year(company: Company, grain: str, year: int) -> list[Period]:
    if grain == "week":
        begin, end = _week_year(company, year), _week_year(company, year + 1)
        starts = [begin + n * 7 * DAY for n in range((end - begin).days // 7)]
    elif company.of_weeks:
        begin, end = _week_year(company, year), _week_year(company, year + 1)
        lengths = [int(weeks) for weeks in ("4-4-5" if company.kind == "iso_week" else company.kind).split("-")] * 4
        months = [begin + sum(lengths[:n]) * 7 * DAY for n in range(12)]
        starts = {"month": months, "quarter": months[::3], "year": months[:1]}[grain]
    else:
        shift = -1 if company.start_month >= 7 else 0
        months = [_month(year + shift, company.start_month + n) for n in range(12)]
        starts = {"month": months, "quarter": months[::3], "year": months[:1]}[grain]
        end = _month(year + shift, company.start_month + 12)
    ends = [*starts[1:], end]
    return [Period(a, b - DAY, year, place) for place, (a, b) in enumerate(zip(starts, ends, strict=True))]


def _month(year: int, month: int) -> dt.date:
    return dt.date(year + (month - 1) // 12, (month - 1) % 12 + 1, 1)


def _week_year(company: Company, year: int) -> dt.date:
    """The Monday nearest to the first day of the year."""
    month = company.start_month if company.of_weeks else 1
    first = dt.date(year - 1 if month >= 7 else year, month, 1)
    return min((first + n * DAY for n in range(-3, 4)), key=lambda day: (day.weekday() != 0, abs(day - first)))


def period_of(company: Company, day: dt.date, grain: str) -> Period:
    """The one that holds the day."""
    return next(p for p in periods(company, grain) if p.start <= day <= p.end)


def previous(company: Company, period: Period, grain: str) -> Period:
    """The one before."""
    return period_of(company, period.start - DAY, grain)


def year_ago(company: Company, period: Period, grain: str) -> Period:
    """The one of the same place in the year before; a week 53 goes with the last week."""
    if grain == "day":
        day = _same_day(company, period.start)
        return Period(day, day, day.year, 0)
    before = _of_year(company, grain, period.year - 1)
    return before[min(period.place, len(before) - 1)]


def _same_day(company: Company, day: dt.date) -> dt.date:
    if company.of_weeks:
        week = period_of(company, day, "week")
        return year_ago(company, week, "week").start + (day - week.start)
    last = calendar.monthrange(day.year - 1, day.month)[1]
    return dt.date(day.year - 1, day.month, min(day.day, last))


def counterpart(company: Company, grain: str, period: Period, day: dt.date, earlier: Period) -> dt.date:
    """The last day of an earlier period that goes with the period up to `day`."""
    if not period.start <= day < period.end:
        return earlier.end
    if company.of_weeks or grain in ("day", "week"):
        return min(earlier.start + (day - period.start), earlier.end)
    months = (day.year - period.start.year) * 12 + day.month - period.start.month
    first = _month(earlier.start.year, earlier.start.month + months)
    last = first.replace(day=min(day.day, calendar.monthrange(first.year, first.month)[1]))
    return min(last, earlier.end)


def windows(
    company: Company, grain: str | None, span: Span, against: str | None, today: dt.date
) -> dict[dt.date | None, Span]:
    """The days that count for each period of the answer (None: for all of it): now, or compared with something earlier."""
    if grain is None:
        return {None: span if against is None else _earlier_span(company, span, against, today)}
    asked = [p for p in periods(company, grain) if p.start <= span[1] and p.end >= span[0]]
    if against is None or against in ("previous", "year", "festival"):
        return {p.start: _piece(company, grain, p, span, against, today) for p in asked}
    chosen = _written(against)
    others = [p for p in periods(company, grain) if p.start <= chosen[1] and p.end >= chosen[0]]
    none = (dt.date.max, dt.date.min)
    found = [(max(o.start, chosen[0]), min(o.end, chosen[1])) for o in others] + [none] * len(asked)
    return {p.start: days for p, days in zip(asked, found, strict=False)}


def _written(text: str) -> Span:
    first, _, last = text.partition("..")
    return dt.date.fromisoformat(first), dt.date.fromisoformat(last)


def _piece(company: Company, grain: str, period: Period, span: Span, against: str | None, today: dt.date) -> Span:
    now = max(period.start, span[0]), min(period.end, span[1])
    if against is None:
        return now
    earlier = (previous if against == "previous" else year_ago)(company, period, grain)
    start = earlier.start
    if now[0] > period.start:  # the day after the one that goes with the day before
        start = counterpart(company, grain, period, now[0] - DAY, earlier) + DAY
    seen = min(now[1], today) if today >= period.start else now[1]
    end = counterpart(company, grain, period, seen, earlier)
    return _aligned(_come(now, today), (start, end)) if against == "festival" else (start, end)


def _come(span: Span, today: dt.date) -> Span:
    return (span[0], min(span[1], today)) if span[0] <= today else span


def _aligned(now: Span, before: Span) -> Span:
    """Moved with the Spring Festival where one of the ranges cuts the four weeks before and after it."""
    for year in (now[0].year, now[1].year, before[1].year + 1):
        if year not in FESTIVALS or year - 1 not in FESTIVALS:
            continue
        here, there = FESTIVALS[year], FESTIVALS[year - 1]
        holds = [s <= f - NEAR and f + NEAR <= e for (s, e), f in ((now, here), (before, there))]
        cuts = [s <= f + NEAR and f - NEAR <= e for (s, e), f in ((now, here), (before, there))]
        if not all(holds) and any(cuts):
            return now[0] - (here - there), now[1] - (here - there)
        if all(holds):
            return before
    return before


def _earlier_span(company: Company, span: Span, against: str, today: dt.date) -> Span:
    if against == "festival":
        return _aligned(_come(span, today), _earlier_span(company, span, "year", today))
    if against not in ("previous", "year"):
        return _written(against)
    days = (span[1] - span[0]).days + 1
    for grain in GRAINS if days == 1 else GRAINS[1:]:
        period = period_of(company, span[0], grain)
        whole = period.end == span[1]
        if period.start == span[0] and period.end >= span[1] and (whole or grain != "week"):
            earlier = (previous if against == "previous" else year_ago)(company, period, grain)
            return earlier.start, counterpart(company, grain, period, min(span[1], today), earlier)
    if against == "previous":
        return span[0] - days * DAY, span[0] - DAY
    return _same_day(company, span[0]), _same_day(company, span[1])
