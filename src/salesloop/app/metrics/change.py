"""Why a number changed: what each slice of one dimension contributes, as a waterfall and as a table."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.urls import reverse
from django.utils.translation import gettext as _

from salesloop.app.metrics.ask import ask, rows_of
from salesloop.app.metrics.breakdown import dimensions_for, next_level
from salesloop.app.metrics.comparing import compared_days
from salesloop.app.metrics.units import unit_text
from salesloop.app.pages.services import Page, range_label, tick_label
from salesloop.engine.metrics import adding, format_filter, parse_filter
from salesloop.engine.metrics.comparisons import Variant, variants
from salesloop.engine.report.chart import ChartSpec, Series
from salesloop.engine.report.number import Number, to_decimal

STEPS = 5
LINES = 12
USUAL = ("region", "channel", "category", "org_unit", "segment", "employee", "product", "stage", "industry")


@dataclass(frozen=True, slots=True)
class Part:
    """What one slice contributes to a change; of a rate also what its own `rate` and its weight (`mix`) make of it, which
    add up to it. `share` is the part of the whole change."""

    name: str
    now: Number
    before: Number
    contribution: Decimal
    share: Decimal | None
    rate: Number = None
    mix: Number = None
    href: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """`against`: the comparison. `angles`: the dimensions from which the same change can be looked at. `parts`: all slices
    that contribute, the largest by size first; they add up to `total`."""

    metric: str
    against: Variant
    total: Number
    is_rate: bool
    angle: str
    angles: list[tuple[str, str]]
    spec: ChartSpec | None
    links: list[str]
    parts: list[Part]

    @property
    def lines(self) -> list[Part]:
        """The parts that a table shows: the largest, the rest as one."""
        return _shortened(self.parts, LINES)


def against_of(page: Page) -> Variant:
    """What a change is explained against where nobody says: what the page compares with, the period before first."""
    return next(iter(variants(page.compare)), "previous")


def change(page: Page, metric: str, angle: str, against: Variant = "previous") -> Change:
    """The waterfall of a metric's change by `angle` (a dimension id). Without one: the first usual dimension in which the
    page's numbers fall into more than one part."""
    definition = page.registry.metric(metric)
    angles = [pair for pair in dimensions_for(page, metric) if pair[0] in USUAL]
    total = rows_of(ask(page, [metric], compare=_asked(page, against)))[0]
    now, before = to_decimal(total[metric]), to_decimal(total.get(f"{metric}_{against}"))
    chosen, parts = angle, list[Part]()
    if now is not None and before is not None and explains(page, metric):
        asked = [angle] if angle in dict(angles) else sorted(dict(angles), key=USUAL.index)
        for chosen in asked:
            parts = _parts(page, metric, chosen, against, now - before)
            if len(parts) > 1:
                break
    spec, steps = None, _shortened(parts, STEPS)
    if steps and now is not None and before is not None:
        spec = ChartSpec(
            kind="waterfall",
            title=_("为什么变化：%(metric)s") % {"metric": definition.label.get(page.lang)},
            categories=(_earlier(page, against), *(step.name for step in steps), _this(page)),
            series=(Series(definition.label.get(page.lang), (before, *(step.contribution for step in steps), now)),),
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
        parts,
    )


def explains(page: Page, metric: str) -> bool:
    """Whether the parts of a change add up to it: sums, and rates of sums, do; means and distinct counts do not."""
    return adding.adds_up(metric, page.registry) or adding.is_rate(metric, page.registry)


def _asked(page: Page, against: Variant) -> list[str]:
    return [page.own_comparison if against == "custom" else against]


def _parts(page: Page, metric: str, angle: str, against: Variant, total: Decimal) -> list[Part]:
    """The contributions as the engine works them out, the largest by size first."""
    compare = [*_asked(page, against), "contribution"]
    column = f"{metric}_{against}_contribution"
    parts = [
        Part(
            row[angle] or _("未归属"),
            row[metric],
            row[f"{metric}_{against}"],
            number,
            number / total if total else None,
            row.get(f"{column}_rate"),
            row.get(f"{column}_mix"),
            _page_of(page, metric, angle, row[f"{angle}_id"]),
        )
        for row in rows_of(ask(page, [metric], by=[next_level(page, angle)], compare=compare))
        if (number := to_decimal(row[column]))  # a rate without any base has no contributions
    ]
    return sorted(parts, key=lambda part: -abs(part.contribution))


def _shortened(parts: list[Part], most: int) -> list[Part]:
    """The first `most` parts, the rest as one."""
    if len(parts) <= most + 1:
        return parts
    rest = parts[most:]
    return [
        *parts[:most],
        Part(
            _("其他 %(n)d 项") % {"n": len(rest)},
            None,
            None,
            sum((part.contribution for part in rest), start=Decimal(0)),
            sum((part.share for part in rest if part.share is not None), start=Decimal(0)),
            _sum(part.rate for part in rest),
            _sum(part.mix for part in rest),
        ),
    ]


def _sum(values: Iterable[Number]) -> Number:
    known = [number for value in values if (number := to_decimal(value)) is not None]
    return sum(known, start=Decimal(0)) if known else None


def _this(page: Page) -> str:
    if page.days.grain and page.lang == "en":  # “This month” is too long for a column
        return tick_label(page.days.start, page.days.grain, page.calendar, page.lang, years=False)
    return {"month": _("本月"), "quarter": _("本季"), "year": _("本年"), "week": _("本周")}.get(
        page.days.grain or "", _("本期")
    )


def _earlier(page: Page, against: Variant) -> str:
    if against in ("festival", "custom"):
        days = compared_days(page, against)
        return range_label(days, page.calendar, page.lang) if days and days.grain else _("对比期")
    if page.days.grain and page.lang == "en":
        here = page.calendar.period_of(page.days.start, page.days.grain)
        before = page.calendar.previous(here) if against == "previous" else page.calendar.year_ago(here)
        return tick_label(before.start, page.days.grain, page.calendar, page.lang, years=against == "year")
    if against == "year":
        return _("去年同期")
    return {"month": _("上月"), "quarter": _("上季"), "year": _("上年"), "week": _("上周")}.get(
        page.days.grain or "", _("上期")
    )


def _page_of(page: Page, metric: str, angle: str, key: str | None) -> str:
    """The metric's page for one slice; in place of the filter on that dimension that led here."""
    kept = tuple(text for text in page.view.where if parse_filter(text).dimension != angle)
    view = page.view.changed(metrics=(), by=(), where=(*kept, format_filter(angle, [key])))
    return f"{reverse('metrics:metric', args=[metric])}?{view.to_query()}"
