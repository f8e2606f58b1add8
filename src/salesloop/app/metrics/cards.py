"""KPI cards: value, changes, a small course, and the target."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from salesloop.app.metrics.ask import askable, values_of
from salesloop.app.metrics.comparing import unusual
from salesloop.app.metrics.drafts import successor_label
from salesloop.app.metrics.stamp import data_until
from salesloop.app.metrics.units import unit_text
from salesloop.app.pages.services import Page
from salesloop.engine.model.calendar import Grain, Period
from salesloop.engine.model.periods import DateRange
from salesloop.engine.report.number import Format, Number, to_decimal

COURSE: dict[Grain, int] = {"day": 14, "week": 13, "month": 13, "quarter": 9, "year": 6}
"""How many periods the small course shows, the current one last."""


@dataclass(frozen=True, slots=True)
class Delta:
    """A change against what somebody asked for besides the usual: the aligned year ago, a period of one's own."""

    label: str
    change: Number


@dataclass(frozen=True, slots=True)
class Card:
    """One number with what it is compared with.

    `additive`: targets of parts add up, so attainment is judged against the elapsed share (`elapsed`); a rate shows its
    `distance` to the target instead. `until` is the day up to which its data reach, where that is before those of the page. `successor` is what replaces a deprecated metric, '' for others.
    """

    metric: str
    label: str
    format: Format
    unit: str
    favorable: str
    value: Number
    previous: Number
    year: Number
    target: Number
    attainment: Number
    additive: bool
    elapsed: float | None
    course: tuple[Number, ...]
    running: bool
    href: str
    successor: str
    more: tuple[Delta, ...] = ()
    until: str = ""

    @property
    def distance(self) -> Number:
        """Value − target, for rates."""
        value, target = to_decimal(self.value), to_decimal(self.target)
        return None if value is None or target is None else value - target


def cards(page: Page, metrics: Sequence[str]) -> list[Card]:
    """Cards of the metrics that have data, in the order asked; for as many as a page has on top, two questions to the engine."""
    names = askable(page, metrics)
    if not names:
        return []
    totals = values_of(page, names, compare=page.compare)[None]
    courses = _courses(page, names)
    return [_card(page, name, totals, courses[name]) for name in names]


def course_days(page: Page) -> tuple[Grain, DateRange]:
    """The grain and the days of the small course that ends with the page's period."""
    days = page.days
    grain: Grain = days.grain or ("day" if days.days <= 31 else "week" if days.days <= 184 else "month")
    last = page.calendar.period_of(min(days.end, max(page.as_of, days.start)), grain)
    first = last
    for _ in range(COURSE[grain] - 1):
        first = page.calendar.previous(first)
    return grain, DateRange(first.start, last.end)


def _courses(page: Page, names: Sequence[str]) -> dict[str, tuple[Number, ...]]:
    grain, days = course_days(page)
    by_period = values_of(page, names, grain=grain, days=days)
    periods = page.calendar.periods(days.start, days.end, grain)
    return {name: tuple(_at(by_period, period, name) for period in periods) for name in names}


def _at(rows: Mapping[Any, dict[str, Any]], period: Period, name: str) -> Number:
    return rows.get(period.start, {}).get(name)


def _card(page: Page, name: str, totals: dict[str, Any], course: tuple[Number, ...]) -> Card:
    metric = page.registry.metric(name)
    additive = page.registry.sums_up(name)
    query = page.view.changed(metrics=(), tab="", sort="").to_query()
    return Card(
        metric=name,
        label=metric.label.get(page.lang),
        format=metric.format,
        unit=unit_text(metric.unit, page.lang),
        favorable=metric.favorable,
        value=totals[name],
        previous=totals.get(f"{name}_previous_change"),
        year=totals.get(f"{name}_year_change"),
        target=totals.get(f"{name}_target"),
        attainment=totals.get(f"{name}_attainment"),
        additive=additive,
        elapsed=page.elapsed if additive else None,
        course=course,
        running=page.running,
        href=reverse("metrics:metric", args=[name]) + (f"?{query}" if query else ""),
        successor=successor_label(page, metric),
        more=tuple(Delta(label, totals.get(f"{name}_{variant}_change")) for variant, label in unusual(page)),
        until=data_until(page, name) if page.running else "",
    )
