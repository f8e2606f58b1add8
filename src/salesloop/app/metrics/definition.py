"""How a number is computed: what the drawer of a metric says."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from salesloop.app.metrics.ask import ask
from salesloop.app.pages.services import Page, day_label, range_label
from salesloop.app.ui.language import joined
from salesloop.engine.metrics.definition import Metric
from salesloop.engine.metrics.document import type_word

FAVORABLE = {"up": gettext_noop("越高越好"), "down": gettext_noop("越低越好"), "neutral": gettext_noop("不分好坏")}
REVIEWS = {
    "month": gettext_noop("每月"),
    "quarter": gettext_noop("每季度"),
    "half-year": gettext_noop("每半年"),
    "year": gettext_noop("每年"),
}


@dataclass(frozen=True, slots=True)
class Explanation:
    """Everything that a reader may want to know about one number."""

    metric: Metric
    facts: list[tuple[str, str]]
    steps: list[tuple[str, str]]
    sql: str


def review_rhythm(metric: Metric) -> str:
    """How often the metric is reviewed, in words."""
    return _(REVIEWS[metric.review_every])


def explain(page: Page, name: str) -> Explanation:
    """The definition of a metric, and the very query of the page's number in its named steps."""
    metric = page.registry.metric(name)
    result = ask(page, [name], compare=page.compare)
    freshness = page.snapshot.freshness()
    until = [
        f"{page.workspace.model.entity(entity).label.get(page.lang)} {day_label(day, page.lang)}"
        for entity in page.registry.entities_of(name)
        if entity in freshness and (day := freshness[entity].last_event)
    ]
    facts = [
        (_("编号"), f"{metric.metric} · v{metric.version}"),
        (_("类型"), type_word(metric, page.lang)),
        (_("方向"), _(FAVORABLE[metric.favorable])),
        (_("负责人"), metric.owner),
        (_("复核"), review_rhythm(metric)),
        (_("期间"), range_label(page.days, page.calendar, page.lang)),
        (_("筛选"), joined(page.view.where) or _("无")),
        (_("数据范围"), _("全部") if page.scope.everything else page.bar.crumbs[0].name),
        (_("数据截至"), joined(until) or "–"),
        (_("快照"), str(page.snapshot.number)),
    ]
    return Explanation(metric, facts, list(result.steps.items()), result.sql)
