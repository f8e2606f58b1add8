"""All channels side by side: results, growth, margin, expense, return, share and course."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.urls import reverse

from salesloop.app.channels.asking import CHANNEL, Figure, by_channel, figure, keyed, level, missing, narrowed
from salesloop.app.metrics.services import ask, column_scale, rows_of
from salesloop.app.pages.services import Page
from salesloop.engine.metrics.definition import Definition
from salesloop.engine.model.periods import DateRange
from salesloop.engine.report.number import Number, Scale

METRICS: Final = ("revenue", "gross_margin", "channel_expense", "channel_profit", "channel_return")
COURSE: Final = 13
"""Months of the small course, the current one last."""


@dataclass(frozen=True, slots=True)
class Line:
    """One channel; `href` is its own page, '' for what belongs to none. `margin` and `growth` are fractions."""

    key: str | None
    name: str
    href: str
    figures: list[tuple[Definition, Scale, Figure]]
    revenue: Number
    growth: Number
    share: Number
    margin: Number
    course: tuple[Number, ...]


@dataclass(frozen=True, slots=True)
class Scorecard:
    """`growth` and `margin` are those of all channels together. `missing`: labels of metrics without data."""

    lines: list[Line]
    columns: Sequence[tuple[Definition, Scale]]
    growth: Number
    margin: Number
    missing: list[str]


def scorecard(page: Page) -> Scorecard | None:
    """The channels at the page's level of the tree, the largest first; None without any revenue to compare."""
    names = by_channel(page, METRICS)
    if "revenue" not in names:
        return None
    by = level(page, CHANNEL)
    rows = rows_of(ask(page, names, by=[by], compare=("year",), order="-revenue"))
    if not rows:
        return None
    shares = keyed(rows_of(ask(page, ["revenue"], by=[by], compare=("share",))), CHANNEL)
    whole = rows_of(ask(page, names, compare=("year",)))[0]
    courses = _courses(page, by)
    scales = {name: column_scale(page, name, [row[name] for row in rows]) for name in names}
    columns = [(page.registry.metric(name), scales[name]) for name in names]
    lines = []
    for row in rows:
        key = row["channel_id"]
        lines.append(
            Line(
                key,
                row[CHANNEL] or "",
                f"{reverse('channels:partner', args=[key])}?{narrowed(page)}" if key else "",
                [
                    (metric, scale, figure(page, metric.metric, row[metric.metric], channel=key))
                    for metric, scale in columns
                ],
                row["revenue"],
                row.get("revenue_year_change"),
                shares.get(key, {}).get("revenue_share"),
                row.get("gross_margin"),
                courses.get(key, ()),
            )
        )
    growth, margin = whole.get("revenue_year_change"), whole.get("gross_margin")
    return Scorecard(lines, columns, growth, margin, missing(page, METRICS, names))


def _courses(page: Page, by: str) -> Mapping[str | None, tuple[Number, ...]]:
    """Revenue of each channel in the last months; a month without any row stays a gap."""
    last = page.calendar.period_of(min(page.days.end, page.as_of), "month")
    first = last
    for _step in range(COURSE - 1):
        first = page.calendar.previous(first)
    days = DateRange(first.start, last.end)
    found: dict[str | None, dict[object, Number]] = {}
    for row in rows_of(ask(page, ["revenue"], by=[by], grain="month", days=days)):
        found.setdefault(row["channel_id"], {})[row["period"]] = row["revenue"]
    starts = [period.start for period in page.calendar.periods(days.start, days.end, "month")]
    return {key: tuple(values.get(start) for start in starts) for key, values in found.items()}
