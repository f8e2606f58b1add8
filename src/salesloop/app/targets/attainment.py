"""How a place stands against its target: the whole, its course over the period, and the places or people below."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

import numpy as np
from django.urls import reverse
from django.utils.translation import gettext as _

from salesloop.app.metrics.services import ask, rows_of, unit_text
from salesloop.app.org.services import level_below
from salesloop.app.pages.services import Page, tick_label
from salesloop.engine.analyze.planning.pace import Standing, standing
from salesloop.engine.analyze.planning.ranking import Interval, attainment_interval, rank_ranges
from salesloop.engine.analyze.planning.season import Season
from salesloop.engine.metrics import format_filter, parse_filter
from salesloop.engine.metrics.definition import Metric
from salesloop.engine.metrics.targets.organisation import ORGANISATION
from salesloop.engine.model.periods import DateRange
from salesloop.engine.report.chart import ChartSpec, Series
from salesloop.engine.report.number import Number, to_decimal

MOST = 200


@dataclass(frozen=True)
class Asked:
    """One metric on one page. Amounts are held against what was due; rates only against the target."""

    page: Page
    metric: Metric

    @property
    def name(self) -> str:
        return self.metric.metric

    @property
    def adds_up(self) -> bool:
        return self.page.registry.sums_up(self.name)

    @cached_property
    def passed(self) -> DateRange:
        """The days of the page's period until now."""
        days = self.page.days
        return DateRange(days.start, max(min(days.end, self.page.as_of), days.start))

    @cached_property
    def by(self) -> str:
        """What the rows are: people where the address says so, or where nobody else is below; else the units below."""
        below = self.page.place.below
        if self.page.view.by == ("employee",) or not below:
            return "employee"
        return below[0].dimension


def whole(asked: Asked) -> Standing | None:
    """The page's place; None where it has no target."""
    row = _one(asked, asked.page.days)
    due = _one(asked, asked.passed).get(f"{asked.name}_target")
    return _standing(asked, row, due)


def course(asked: Asked, season: Season | None) -> ChartSpec | None:
    """What was reached and what was asked for, added up month by month; with the season, when the year's target was to be
    reached by history. None where the period is not longer than a month, or the metric does not add up."""
    page, name = asked.page, asked.name
    months = page.calendar.periods(page.days.start, page.days.end, "month")
    if len(months) < 2 or not asked.adds_up:
        return None
    found = {row["period"]: row for row in rows_of(ask(page, [name], grain="month", compare=("target",)))}
    actual = [to_decimal(found.get(month.start, {}).get(name)) or Decimal(0) for month in months]
    target = [to_decimal(found.get(month.start, {}).get(f"{name}_target")) or Decimal(0) for month in months]
    total = sum(target, Decimal(0))
    done: list[Number] = [
        sum(actual[: place + 1], Decimal(0)) if month.start <= page.as_of else None
        for place, month in enumerate(months)
    ]
    series = [Series(_("累计实际"), tuple(done), "main")]
    if total:
        asked_for = tuple(sum(target[: place + 1], Decimal(0)) for place in range(len(months)))
        series.append(Series(_("累计目标"), asked_for, "target"))
    if total and season is not None and len(season.shares) == len(months):
        shares = np.cumsum(season.shares)
        line = tuple(total * Decimal(repr(round(float(share), 8))) for share in shares)
        series.append(Series(_("按历史季节"), line, "comparison"))
    running = any(month.start <= page.as_of < month.end for month in months)
    return ChartSpec(
        kind="trend",
        title=_("%(metric)s累计") % {"metric": asked.metric.label.get(page.lang)},
        categories=tuple(tick_label(month.start, "month", page.calendar, page.lang, years=False) for month in months),
        series=tuple(series),
        format=asked.metric.format,
        unit=unit_text(asked.metric.unit, page.lang),
        currency=page.workspace.config.currency,
        category_name=_("期间"),
        partial_last=running,
    )


@dataclass(frozen=True, slots=True)
class Row:
    """One place or person. `interval`: None = too few weeks to judge; `ranks`: between which ranks they may stand."""

    id: str
    name: str
    href: str
    stand: Standing | None
    actual: Number
    interval: Interval | None
    ranks: tuple[int, int] | None


def board(asked: Asked) -> list[Row]:
    """The rows below the page's place by attainment, those without a target last."""
    page, name, by = asked.page, asked.name, asked.by
    level = level_below(page.user, page.scope_filter) if by == "org_unit" else None
    column = f"{by}_id"
    dimension = f"org_unit:{level}" if level else by
    where = _where(asked)
    full = _by(asked, dimension, where, page.days)
    due = {row[column]: row.get(f"{name}_target") for row in _by(asked, dimension, where, asked.passed)}
    weeks = weekly(asked, dimension, where) if asked.adds_up else {}
    found = []
    for row in full[:MOST]:
        if row[column] is None:
            continue
        stand = _standing(asked, row, due.get(row[column]))
        interval = None
        if stand is not None and row[column] in weeks:
            interval = attainment_interval(weeks[row[column]], stand.target)
        found.append((row, stand, interval))
    ranks = rank_ranges([interval for _row, _stand, interval in found])
    rows = [
        Row(row[column], row[by], _address(asked, by, row[column]), stand, row[name], interval, rank)
        for (row, stand, interval), rank in zip(found, ranks, strict=True)
    ]
    return sorted(rows, key=lambda one: -(one.stand.attainment or 0) if one.stand else 1)


def _where(asked: Asked) -> tuple[str, ...]:
    """The page's filters; for units those directly below its place."""
    page = asked.page
    if asked.by != "org_unit":
        return page.view.where
    elsewhere = [text for text in page.view.where if parse_filter(text).dimension not in ORGANISATION]
    return (
        *elsewhere,
        format_filter("org_unit", [place.id for place in page.place.below if place.dimension == "org_unit"]),
    )


def _by(asked: Asked, dimension: str, where: tuple[str, ...], days: DateRange) -> list[dict[str, Any]]:
    return rows_of(ask(asked.page, [asked.name], by=[dimension], where=where, days=days, compare=("target",)))


def weekly(asked: Asked, dimension: str, where: tuple[str, ...]) -> Mapping[str, np.ndarray]:
    """What each row brought in every full week of the period until now."""
    page, name = asked.page, asked.name
    weeks = [
        week.start
        for week in page.calendar.periods(asked.passed.start, asked.passed.end, "week")
        if asked.passed.start <= week.start and week.end <= asked.passed.end
    ]
    if not weeks:
        return {}
    place = {start: at for at, start in enumerate(weeks)}
    days = DateRange(weeks[0], page.calendar.period_of(weeks[-1], "week").end)
    column, found = f"{dimension.partition(':')[0]}_id", dict[str, np.ndarray]()
    for row in rows_of(ask(page, [name], by=[dimension], grain="week", days=days, where=where)):
        if row[column] is not None and row["period"] in place:
            found.setdefault(row[column], np.zeros(len(weeks)))[place[row["period"]]] = float(row[name] or 0)
    return found


def _one(asked: Asked, days: DateRange) -> dict[str, Any]:
    rows = rows_of(ask(asked.page, [asked.name], days=days, compare=("target",)))
    return rows[0] if rows else {}


def _standing(asked: Asked, row: Mapping[str, Any], due: object) -> Standing | None:
    target = row.get(f"{asked.name}_target")
    if target is None:
        return None
    days = asked.page.days
    actual, wanted = float(row.get(asked.name) or 0), float(target)
    owed = float(due or 0) if asked.adds_up else wanted  # type: ignore[arg-type] # a decimal
    if asked.page.as_of < days.start:
        owed = 0.0
    return standing(actual, wanted, owed, days.start, days.end, asked.page.as_of)


def _address(asked: Asked, by: str, key: str) -> str:
    elsewhere = [text for text in asked.page.view.where if parse_filter(text).dimension not in ORGANISATION]
    view = asked.page.view.changed(where=(*elsewhere, format_filter(by, [key])), by=())
    return f"{reverse('targets:attainment')}?{view.to_query()}"
