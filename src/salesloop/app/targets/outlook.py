"""What history says about one row of the sheet: its months, its season, and its chance to reach an amount."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from salesloop.app.metrics.services import ask, has_data, rows_of
from salesloop.app.targets.progress import by_row, slice_of
from salesloop.app.targets.sheet import Line, Sheet
from salesloop.engine.analyze.planning.chance import Chance, reach_chance
from salesloop.engine.analyze.planning.season import Season, season_shares
from salesloop.engine.metrics import format_filter
from salesloop.engine.metrics.targets.cover import passed_share, working_days
from salesloop.engine.model.calendar import Period
from salesloop.engine.model.periods import DateRange
from salesloop.engine.report.number import to_decimal

YEARS = 5
_ZERO = Decimal(0)


@dataclass(frozen=True)
class Outlook:
    """One row: its finished months up to the page's day, and what the running one has brought so far."""

    sheet: Sheet
    line: Line

    @cached_property
    def periods(self) -> tuple[Period, ...]:
        """Consecutive months from the first with data to the end of the sheet's year, or to the running month."""
        calendar, today = self.sheet.page.calendar, self.sheet.page.as_of
        first = calendar.period_of(dt.date(today.year - YEARS, today.month, 1), "month").start
        last = max(calendar.period_of(today, "month").end, self.sheet.year.end)
        return calendar.periods(first, last, "month")

    @cached_property
    def finished(self) -> int:
        """How many of the months are over."""
        return sum(period.end <= self.sheet.page.as_of for period in self.periods)

    @cached_property
    def amounts(self) -> NDArray[np.float64]:
        """The finished months and the running one so far; NaN before the first with anything."""
        page, metric = self.sheet.page, self.sheet.metric.metric
        days = DateRange(self.periods[0].start, page.as_of)
        found = {
            row["period"]: row[metric]
            for row in rows_of(ask(page, [metric], grain="month", days=days, where=self.where))
        }
        values = [found.get(period.start) for period in self.periods[: self.finished + 1]]
        amounts = np.array([np.nan if value is None else float(value) for value in values])
        begun = np.cumsum(np.nan_to_num(amounts) != 0) > 0
        if page.registry.sums_up(metric):  # a month without a row brought nothing
            amounts = np.nan_to_num(amounts)
        return np.where(begun, amounts, np.nan)

    @property
    def where(self) -> tuple[str, ...]:
        node, sheet = self.line.node, self.sheet
        kind, key = sheet.place if node.kind == "value" else (node.kind, node.id)
        own = (format_filter(kind, [key]),) if kind != "company" else ()
        value = (format_filter(sheet.by, [node.id]),) if node.kind == "value" else ()
        return (*own, *value, *slice_of(sheet))

    @property
    def values(self) -> NDArray[np.float64]:
        """The finished months."""
        return self.amounts[: self.finished]

    @cached_property
    def places(self) -> NDArray[np.int64]:
        """For each month the place of the same one a year before, −1 where there is none."""
        at = {period.start: place for place, period in enumerate(self.periods)}
        calendar = self.sheet.page.calendar
        return np.array([at.get(calendar.year_ago(period).start, -1) for period in self.periods], dtype=np.int64)

    @cached_property
    def season(self) -> Season | None:
        """The shares of the months of a year; None without history."""
        calendar, years = self.sheet.page.calendar, dict[int, list[float]]()
        for period, value in zip(self.periods, self.values, strict=False):
            number = calendar.year_number(period.start)
            months = calendar.periods(*_bounds(self.sheet, period), "month")
            row = years.setdefault(number, [np.nan] * len(months))
            row[months.index(period)] = value
        full = [row for row in years.values() if len(row) == len(self.sheet.months)]
        return season_shares(np.array(full, dtype=np.float64)) if full else None

    @property
    def last_twelve(self) -> Decimal | None:
        """What the last twelve finished months brought together; None where one of them is unknown."""
        values = self.values[-12:]
        return _exact(float(values.sum())) if len(values) == 12 and not np.isnan(values).any() else None

    @cached_property
    def so_far(self) -> float:
        """What the sheet's year has brought until now."""
        mine = [p.start in self.sheet.year for p in self.periods[: len(self.amounts)]]
        return float(np.nansum(self.amounts[mine]))

    def chance(self, target: Decimal) -> Chance | None:
        """Of reaching `target` in the sheet's year; None where the history is too short, or the year is over."""
        if self.finished >= len(self.periods):
            return None
        running = self.periods[self.finished]
        first = next(place for place, period in enumerate(self.periods) if period.start >= self.sheet.year.start)
        in_year = running.start in self.sheet.year
        known = np.flatnonzero(~np.isnan(self.values))
        if not len(known):
            return None
        start = int(known[0])
        shifted = self.places[start:] - start
        return reach_chance(
            self.values[start:],
            np.where(shifted >= 0, shifted, -1),
            float(target),
            first=max(first, self.finished) - start,
            so_far=self.so_far if in_year else 0.0,
            share_left=_share_left(running, self.sheet.page.as_of) if in_year else 1.0,
        )


def sums_by_row(sheet: Sheet, days: DateRange) -> Mapping[str, Decimal]:
    """What each row of the sheet brought in these days, in the sheet's currency."""
    name = sheet.metric.metric
    if not has_data(sheet.page, name):
        return {}
    known = ((key, to_decimal(row[name])) for key, row in by_row(sheet, days))
    if sheet.lens is not None:
        known = ((key, sheet.lens.converted(value, days.end)) for key, value in known)
    return {key: value for key, value in known if value is not None}


def last_year_days(sheet: Sheet) -> DateRange:
    """The days against which a new year is judged: the year before it, or the last twelve finished months where that is not over."""
    calendar, today = sheet.page.calendar, sheet.page.as_of
    before = calendar.previous(sheet.year)
    if before.end <= today:
        return DateRange(before.start, before.end)
    running = calendar.period_of(today, "month")
    last = running if running.end == today else calendar.previous(running)
    first = last
    for _ in range(11):
        first = calendar.previous(first)
    return DateRange(first.start, last.end)


def _share_left(running: Period, today: dt.date) -> float:
    return 1 - passed_share(running.start, running.end, today, working_days)


def _bounds(sheet: Sheet, period: Period) -> tuple[dt.date, dt.date]:
    year = sheet.page.calendar.period_of(period.start, "year")
    return year.start, year.end


def _exact(value: float) -> Decimal:
    return Decimal(repr(round(value, 2)))
