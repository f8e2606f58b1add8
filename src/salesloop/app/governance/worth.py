"""Which metrics are worth having: what they are used for, how good their data are, whether another says the same."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from salesloop.app.dashboards.services import boards_counted
from salesloop.app.governance.usage import Used, used
from salesloop.app.metrics.services import askable, sees
from salesloop.app.pages.services import Page
from salesloop.engine.analyze.usefulness import Signal, monthly, months_before, signals
from salesloop.engine.metrics.definition import Metric

MONTHS = 24
LEAST_COVERAGE = 0.5


@dataclass(frozen=True, slots=True)
class Worth:
    """One metric with its signals; `signal` is None without data. `advice` says what to think about, '' for nothing."""

    metric: Metric
    used: Used
    signal: Signal | None
    twin: str
    advice: str


def worths(page: Page) -> list[Worth]:
    """Every offered metric that this person sees, the most used first."""
    offered = [
        m for m in page.registry.metrics.values() if not m.hidden and sees(page.user, m) and m.status != "retired"
    ]
    names = [name for name in askable(page, [m.metric for m in offered]) if page.registry.metric(name).type != "target"]
    months = months_before(page.warehouse, page.as_of, MONTHS)
    values = monthly(page.warehouse, page.registry, names, months, page.scope, today=page.as_of) if names else {}
    found = {signal.metric: signal for signal in signals(page.registry, values)}
    counts = used(boards_counted(page))
    worth = [_worth(page, metric, counts, found.get(metric.metric)) for metric in offered]
    return sorted(worth, key=lambda one: (-one.used.total, -one.used.opens, one.metric.metric))


def _worth(page: Page, metric: Metric, counts: Mapping[str, Used], signal: Signal | None) -> Worth:
    here = counts[metric.metric]
    twin = signal.twin if signal else None
    if twin is not None and (counts[twin].total, twin) < (here.total, metric.metric):
        twin = None  # of two that say the same, the one that is used less is the one to think about
    label = page.registry.metric(twin).label.get(page.lang) if twin else ""
    return Worth(metric, here, signal, label, _advice(here, signal, label))


def _advice(here: Used, signal: Signal | None, twin: str) -> str:
    if signal is None:
        return _("没有数据：补数据，或停用")
    if here.total == 0:
        return _("从未据此行动，也没有别处用到：考虑停用")
    if twin:
        return _("与「%(twin)s」几乎同步：留一个即可") % {"twin": twin}
    if signal.coverage < LEAST_COVERAGE:
        return _("一半以上的月份没有数值：补数据")
    if signal.variation == 0:
        return _("从不变化：看不出好坏")
    return ""
