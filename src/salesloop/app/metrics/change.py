"""Why a number changed: the slices of one dimension as steps of a waterfall from the earlier value to this one."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np
from django.urls import reverse
from django.utils.translation import gettext as _

from salesloop.app.metrics.ask import ask, rows_of
from salesloop.app.metrics.breakdown import dimensions_for, next_level
from salesloop.app.metrics.units import unit_text
from salesloop.app.pages.services import Page, tick_label
from salesloop.engine.analyze.diagnose.contribution import Member, rate_slices
from salesloop.engine.metrics import format_filter, parse_filter
from salesloop.engine.metrics.definition import Ratio
from salesloop.engine.report.chart import ChartSpec, Series
from salesloop.engine.report.number import Number, to_decimal

STEPS = 5
USUAL = ("region", "channel", "category", "org_unit", "segment", "employee", "product", "stage", "industry")


@dataclass(frozen=True, slots=True)
class Change:
    """`against`: previous or year. `angles`: the dimensions from which the same change can be looked at."""

    metric: str
    against: str
    total: Number
    is_rate: bool
    angle: str
    angles: list[tuple[str, str]]
    spec: ChartSpec | None
    links: list[str]


def change(page: Page, metric: str, angle: str, against: str = "previous") -> Change:
    """The waterfall of a metric's change by `angle` (a dimension id). Without one: the first usual dimension in which the
    page's numbers fall into more than one part."""
    definition = page.registry.metric(metric)
    angles = [pair for pair in dimensions_for(page, metric) if pair[0] in USUAL]
    total = rows_of(ask(page, [metric], compare=[against]))[0]
    now, before = to_decimal(total[metric]), to_decimal(total.get(f"{metric}_{against}"))
    chosen = angle
    steps: list[_Step] = []
    if now is not None and before is not None and _adds_up(page, metric):
        asked = [angle] if angle in dict(angles) else sorted(dict(angles), key=USUAL.index)
        for chosen in asked:
            steps = _steps(page, metric, chosen, against)
            if len(steps) > 1:
                break
    spec = None
    if steps and now is not None and before is not None:
        spec = ChartSpec(
            kind="waterfall",
            title=_("为什么变化：%(metric)s") % {"metric": definition.label.get(page.lang)},
            categories=(_earlier(page, against), *(step.name for step in steps), _this(page)),
            series=(Series(definition.label.get(page.lang), (before, *(step.value for step in steps), now)),),
            format=definition.format,
            unit=unit_text(definition.unit, page.lang),
            currency=page.workspace.config.currency,
            category_name=page.registry.dimension(chosen).label.get(page.lang),
        )
    return Change(
        metric,
        against,
        None if now is None or before is None else now - before,
        definition.format == "percent",
        chosen,
        angles,
        spec,
        ["", *(step.href for step in steps), ""],
    )


def _this(page: Page) -> str:
    if page.days.grain and page.lang == "en":  # “This month” is too long for a column
        return tick_label(page.days.start, page.days.grain, page.calendar, page.lang, years=False)
    return {"month": _("本月"), "quarter": _("本季"), "year": _("本年"), "week": _("本周")}.get(
        page.days.grain or "", _("本期")
    )


def _earlier(page: Page, against: str) -> str:
    if page.days.grain and page.lang == "en":
        here = page.calendar.period_of(page.days.start, page.days.grain)
        before = page.calendar.previous(here) if against == "previous" else page.calendar.year_ago(here)
        return tick_label(before.start, page.days.grain, page.calendar, page.lang, years=against == "year")
    if against == "year":
        return _("去年同期")
    return {"month": _("上月"), "quarter": _("上季"), "year": _("上年"), "week": _("上周")}.get(
        page.days.grain or "", _("上期")
    )


def _adds_up(page: Page, metric: str) -> bool:
    """Whether the parts of a change add up to it: sums, and rates of sums, do; means and distinct counts do not."""
    definition = page.registry.metric(metric)
    if isinstance(definition, Ratio):
        return True
    return page.registry.sums_up(metric) and getattr(definition, "aggregate", "sum") != "count_distinct"


@dataclass(frozen=True, slots=True)
class _Step:
    name: str
    value: Decimal
    href: str = ""


def _steps(page: Page, metric: str, angle: str, against: str) -> list[_Step]:
    """The contributions, the largest by size, the rest as one."""
    definition = page.registry.metric(metric)
    parts = [definition.numerator, definition.denominator] if isinstance(definition, Ratio) else [metric]
    rows = rows_of(ask(page, parts, by=[next_level(page, angle)], compare=[against]))
    made: list[Number]
    if isinstance(definition, Ratio):
        made = [*_of_a_rate(rows, parts, against)]
    else:
        made = [(to_decimal(row[metric]) or 0) - (to_decimal(row[f"{metric}_{against}"]) or 0) for row in rows]
    steps = [
        _Step(row[angle] or _("未归属"), number, _page_of(page, metric, angle, row[f"{angle}_id"]))
        for row, value in zip(rows, made, strict=False)  # a rate without any base has no contributions
        if (number := to_decimal(value))
    ]
    steps.sort(key=lambda step: -abs(step.value))
    if len(steps) <= STEPS + 1:
        return steps
    rest = sum((step.value for step in steps[STEPS:]), start=Decimal(0))
    return [*steps[:STEPS], _Step(_("其他 %(n)d 项") % {"n": len(steps) - STEPS}, rest)]


def _of_a_rate(rows: list[dict[str, Any]], parts: list[str], against: str) -> list[float]:
    names = [*parts, *(f"{name}_{against}" for name in parts)]
    columns = [np.array([float(row[name] or 0) for row in rows]) for name in names]
    nameless = [(Member("", None, None),)] * len(rows)
    return [one.contribution for one in rate_slices(nameless, *columns)]


def _page_of(page: Page, metric: str, angle: str, key: str | None) -> str:
    """The metric's page for one slice; in place of the filter on that dimension that led here."""
    kept = tuple(text for text in page.view.where if parse_filter(text).dimension != angle)
    view = page.view.changed(metrics=(), by=(), where=(*kept, format_filter(angle, [key])))
    return f"{reverse('metrics:metric', args=[metric])}?{view.to_query()}"
