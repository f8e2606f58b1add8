"""A metric over time, with last year and its target."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from salesloop.app.metrics.ask import STATED, ask, rows_of
from salesloop.app.metrics.comparing import comparison_label
from salesloop.app.metrics.units import unit_text
from salesloop.app.pages.services import Page, tick_label
from salesloop.engine.model.calendar import Grain, Period
from salesloop.engine.model.periods import DateRange
from salesloop.engine.report.chart import Annotation, ChartSpec, Series

GRAINS = {"month": gettext_lazy("月"), "week": gettext_lazy("周"), "day": gettext_lazy("日")}
BACK: dict[Grain, int] = {"day": 60, "week": 26, "month": 12, "quarter": 12, "year": 6}
"""Periods shown where the page's days are no longer than one of them."""


def trend_grain(page: Page) -> Grain:
    """The grain of the address, else the one that suits the days. Beside a period of one's own fine enough for a line."""
    if page.view.grain:
        return page.view.grain
    if page.own_comparison:
        return "day" if page.days.days <= 62 else "week" if page.days.days <= 200 else "month"
    return "day" if page.days.days <= 7 else "year" if page.days.days > 366 * 6 else "month"


def trend_days(page: Page, grain: Grain) -> DateRange:
    """The days of the chart: the whole year around a month, else the page's days, filled up backwards where short.

    Beside a period of one's own they are the page's days: the first of them stands beside the first of the other."""
    calendar, days = page.calendar, page.days
    if page.own_comparison:
        return days
    if grain == "month" and days.days <= 366:
        year = calendar.period_of(min(days.end, page.as_of), "year")
        first = min(year.start, calendar.period_of(days.start, "month").start)
        return DateRange(first, max(year.end, days.end) if days.end >= year.start else year.end)
    last = calendar.period_of(min(days.end, max(page.as_of, days.start)), grain)
    first_period = last
    for _step in range(BACK[grain] - 1):
        first_period = calendar.previous(first_period)
    return DateRange(min(first_period.start, calendar.period_of(days.start, grain).start), last.end)


@dataclass(frozen=True, slots=True)
class Trend:
    """The chart, and where each of its periods leads: the metric's page of that period."""

    spec: ChartSpec
    links: list[str]


def trend(page: Page, metric: str, notes: dict[dt.date, str] | None = None) -> Trend:
    """This year, last year dashed, target in steps, what else the page compares with. `notes`: first day of a period → a short remark at its point."""
    grain = trend_grain(page)
    days = trend_days(page, grain)
    wanted = [name for name in ("year", "festival", page.own_comparison, *STATED) if name and name in page.compare]
    rows = {row["period"]: row for row in rows_of(ask(page, [metric], grain=grain, days=days, compare=wanted))}
    periods = page.calendar.periods(days.start, days.end, grain)
    definition = page.registry.metric(metric)
    years = len({page.calendar.year_number(period.start) for period in periods}) > 1
    this, last = (_("本期"), _("去年同期")) if years else (_("本年"), _("去年"))
    series = [Series(this, _values(periods, rows, metric, until=page.as_of), "main")]
    if "year" in wanted:
        series.append(Series(last, _values(periods, rows, f"{metric}_year"), "comparison"))
    if "festival" in wanted:
        series.append(Series(comparison_label(page, "festival"), _values(periods, rows, f"{metric}_festival"), "slice"))
    if page.own_comparison:
        series.append(Series(comparison_label(page, "custom"), _values(periods, rows, f"{metric}_custom"), "slice"))
    if "target" in wanted:
        target = _values(periods, rows, f"{metric}_target")
        if any(value is not None for value in target):
            series.append(Series(_("目标"), target, "target"))
    if "plan" in wanted:
        series.append(Series(_("原计划"), _values(periods, rows, f"{metric}_plan"), "plan"))
    shown = [period.start for period in periods if period.start <= page.as_of]
    spec = ChartSpec(
        kind="trend",
        title=definition.label.get(page.lang),
        categories=tuple(tick_label(period.start, grain, page.calendar, page.lang, years=years) for period in periods),
        series=tuple(series),
        format=definition.format,
        unit=unit_text(definition.unit, page.lang),
        currency=page.workspace.config.currency,
        category_name=_("期间"),
        annotations=tuple(
            Annotation(index, notes[period.start])
            for index, period in enumerate(periods)
            if notes and period.start in notes
        ),
        note=_("点任意一点看那一期的构成与明细"),
        partial_last=bool(shown) and page.as_of < page.calendar.period_of(shown[-1], grain).end,
    )
    return Trend(spec, [_page_of(page, metric, period) for period in periods])


def _page_of(page: Page, metric: str, period: Period) -> str:
    """Empty for a period that has not begun."""
    if period.start > page.as_of:
        return ""
    view = page.view.changed(metrics=(), period=page.calendar.text(period), grain=None)
    return f"{reverse('metrics:metric', args=[metric])}?{view.to_query()}"


def _values(
    periods: tuple[Period, ...], rows: dict[Any, dict[str, Any]], column: str, until: dt.date | None = None
) -> tuple[Any, ...]:
    """One value a period; what lies after `until` has not happened and is a gap, not a zero."""
    return tuple(
        None if until and period.start > until else rows.get(period.start, {}).get(column) for period in periods
    )
