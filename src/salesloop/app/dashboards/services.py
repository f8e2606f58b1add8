"""For the other slices: on which boards a metric stands, and the order of the stages of deals."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from salesloop.app.dashboards.funnel import stage_order
from salesloop.app.dashboards.headline import headline_metrics, leading_metric
from salesloop.app.dashboards.models import MetricSet
from salesloop.app.dashboards.sets import with_metric
from salesloop.app.pages.services import Page

__all__ = ["Place", "boards_counted", "boards_with", "stage_order"]


@dataclass(frozen=True, slots=True)
class Place:
    """A board on which a metric stands."""

    label: str
    href: str


def boards_with(page: Page, metric: str) -> list[Place]:
    """Where this person sees the metric on a board: the overview, the funnel of deals, sets of metrics."""
    found = []
    if metric in headline_metrics(page):
        found.append(Place(_("总览：关键指标"), reverse("dashboards:overview")))
    if metric == leading_metric(page):
        found.append(Place(_("总览：走势与变化"), reverse("dashboards:overview")))
    if metric in ("stage_entries", "stage_conversion", "stage_days", "leads", "lead_conversion"):
        found.append(Place(_("总览：商机漏斗"), reverse("dashboards:overview")))
    return found + [Place(one.name, reverse("dashboards:set", args=[one.pk])) for one in with_metric(page.user, metric)]


def boards_counted(page: Page) -> Counter[str]:
    """Metric → the boards that it stands on, whoever may see them."""
    found = Counter(name for one in MetricSet.objects.filter(deleted_at=None) for name in one.metrics)
    found.update({*headline_metrics(page), leading_metric(page) or ""})
    return found
