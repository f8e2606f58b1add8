"""One number beside everything that it is compared with: which days, how much then, how much more or less."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from salesloop.app.metrics.ask import ask, rows_of
from salesloop.app.pages.services import Page, range_label
from salesloop.engine.metrics import Query
from salesloop.engine.metrics.comparisons import Variant, variants
from salesloop.engine.metrics.windows import windows
from salesloop.engine.model.periods import DateRange, date_range, parse_period
from salesloop.engine.report.number import Number, to_decimal

LABELS = {
    "previous": gettext_lazy("环比"),
    "year": gettext_lazy("同比"),
    "festival": gettext_lazy("春节对齐"),
}


@dataclass(frozen=True, slots=True)
class Compared:
    """One line: `value` is what it is compared with, `difference` the number minus that, `change` the fraction of it (of
    rates the difference). `days` are those days in words, '' for what is no other time."""

    kind: str
    label: str
    days: str
    value: Number
    difference: Number
    change: Number


def comparison_label(page: Page, variant: str) -> str:
    """What a comparison is called; a period of one's own by its days."""
    if variant != "custom":
        return str(LABELS[variant])
    own = range_label(parse_period(page.own_comparison, page.calendar, page.as_of), page.calendar, page.lang)
    return _("较 %(days)s") % {"days": own}


def unusual(page: Page) -> list[tuple[str, str]]:
    """(variant, label) of the comparisons that a page asks for besides 环比 and 同比, which have places of their own."""
    return [(name, comparison_label(page, name)) for name in variants(page.compare) if name in ("festival", "custom")]


def compared_days(page: Page, variant: Variant) -> DateRange | None:
    """The days that a comparison means for the page's days; of an unfinished period only as many as have passed."""
    query = Query(("",), start=page.days.start, end=page.days.end, compare=page.compare)
    (window,) = windows(query, page.calendar, page.as_of, None).get(variant) or (None,)
    return date_range(window.start, window.end, page.calendar) if window is not None and window.days else None


def comparisons(page: Page, metric: str) -> list[Compared]:
    """Every comparison that the page asks for, then the target, the original plan, and the whole where the page is narrowed to a part."""
    row = rows_of(ask(page, [metric], compare=page.compare))[0]
    value = row[metric]
    found = [*_earlier(page, metric, row)]
    found += _stated(metric, row)
    whole = _whole(page, metric)
    if whole is not None:
        share = _share(value, whole)
        found.append(Compared("whole", _("占全部"), "", whole, None, share))
    return found


def _stated(metric: str, row: dict[str, Number]) -> Iterator[Compared]:
    """The target where there is one; the original plan where it is asked for."""
    value, target = row[metric], row.get(f"{metric}_target")
    if target is not None:
        yield Compared("target", _("目标"), "", target, _minus(value, target), row.get(f"{metric}_attainment"))
    if f"{metric}_plan" in row:
        plan = row[f"{metric}_plan"]
        said = (
            _("首次批准的版本，没有时是导入的目标") if plan is not None else _("还没有批准过的版本，也没有导入的目标")
        )
        yield Compared("plan", _("原计划"), said, plan, _minus(value, plan), row.get(f"{metric}_plan_attainment"))


def _earlier(page: Page, metric: str, row: dict[str, Number]) -> Iterator[Compared]:
    for variant in variants(page.compare):
        days = compared_days(page, variant)
        before = row.get(f"{metric}_{variant}")
        yield Compared(
            variant,
            comparison_label(page, variant),
            range_label(days, page.calendar, page.lang) if days is not None else "",
            before,
            _minus(row[metric], before),
            row.get(f"{metric}_{variant}_change"),
        )


def _whole(page: Page, metric: str) -> Number:
    """The same number without the page's filters, where the page has some and parts add up to the whole."""
    if not page.view.where or not page.registry.sums_up(metric):
        return None
    whole: Number = rows_of(ask(page, [metric], where=()))[0][metric]
    return whole


def _minus(value: Number, other: Number) -> Number:
    one, two = to_decimal(value), to_decimal(other)
    return None if one is None or two is None else one - two


def _share(value: Number, whole: Number) -> Number:
    one, two = to_decimal(value), to_decimal(whole)
    return one / two if one is not None and two else None
