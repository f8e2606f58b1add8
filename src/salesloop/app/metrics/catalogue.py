"""The list of all metrics, by what they are about."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from salesloop.app.metrics.ask import ask, askable, missing_entities, rows_of
from salesloop.app.metrics.drafts import sees, successor_label
from salesloop.app.metrics.units import unit_text
from salesloop.app.pages.services import Page
from salesloop.app.ui.palette import matches
from salesloop.engine.report.number import Format, Number

GROUPS = {
    "order_line": _("销售"),
    "opportunity": _("商机"),
    "lead": _("线索"),
    "activity": _("过程"),
    "customer": _("客户"),
    "target": _("目标"),
    "other": _("其他"),
}
_ABOUT = {
    "return_line": "order_line",
    "payment": "order_line",
    "receivable": "order_line",
    "stage_event": "opportunity",
    "survey_response": "customer",
    "ticket": "customer",
    "selling_expense": "other",
    "inventory_snapshot": "other",
}


@dataclass(frozen=True, slots=True)
class Item:
    """One metric in the list. Without data `value` is None and `missing` names what has to be imported."""

    metric: str
    label: str
    description: str
    format: Format
    unit: str
    favorable: str
    value: Number
    change: Number
    missing: tuple[str, ...]
    href: str
    status: str
    successor: str


def catalogue(page: Page, words: str) -> list[tuple[str, list[Item]]]:
    """Offered metrics that match the words, in groups, each with its value of the page's days (one question for all)."""
    offered = [
        metric
        for metric in page.registry.metrics.values()
        if not metric.hidden
        and metric.status != "retired"
        and sees(page.user, metric)
        and matches(
            words, metric.label.get(page.lang), metric.metric, metric.label.en, metric.description.get(page.lang)
        )
    ]
    names = askable(page, [metric.metric for metric in offered])
    values = rows_of(ask(page, names, compare=("previous",)))[0] if names else {}
    query = page.view.changed(metrics=(), tab="", sort="").to_query()
    groups: dict[str, list[Item]] = {name: [] for name in GROUPS}
    for metric in offered:
        name = metric.metric
        missing = tuple(page.workspace.model.entity(e).label.get(page.lang) for e in missing_entities(page, name))
        item = Item(
            name,
            metric.label.get(page.lang),
            metric.description.get(page.lang),
            metric.format,
            unit_text(metric.unit, page.lang),
            metric.favorable,
            values.get(name),
            values.get(f"{name}_previous_change"),
            missing,
            reverse("metrics:metric", args=[name]) + (f"?{query}" if query else ""),
            metric.status,
            successor_label(page, metric),
        )
        groups[_group(page, name)].append(item)
    return [(str(GROUPS[name]), items) for name, items in groups.items() if items]


def _group(page: Page, metric: str) -> str:
    if page.registry.metric(metric).type == "target":
        return "target"
    entity = page.registry.entities_of(metric)[0]
    return entity if entity in GROUPS else _ABOUT.get(entity, "other")
