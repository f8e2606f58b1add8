"""The list of all metrics, by what they are about."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from salesloop.app.metrics.ask import askable, missing_entities, values_of
from salesloop.app.metrics.drafts import sees, successor_label
from salesloop.app.metrics.units import unit_text
from salesloop.app.pages.services import Page
from salesloop.app.ui.palette import matches
from salesloop.engine.analyze.quality import judged
from salesloop.engine.analyze.quality.coverage import field_coverage, metric_coverage
from salesloop.engine.metrics.definition import Metric
from salesloop.engine.model.scope import Scope
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


STATES = {
    "": _("全部"),
    "ready": _("能算"),
    "missing": _("缺数据"),
    "empty": _("缺字段"),
    "draft": _("草案"),
    "deprecated": _("即将停用"),
}


@dataclass(frozen=True, slots=True)
class Item:
    """One metric in the list. Without data `value` is None and `missing` names what has to be imported; `lacking` are fields
    that it reads and that are empty in every record."""

    metric: str
    label: str
    description: str
    format: Format
    unit: str
    favorable: str
    value: Number
    change: Number
    missing: tuple[str, ...]
    lacking: tuple[str, ...]
    href: str
    status: str
    successor: str
    owner: str

    @property
    def states(self) -> set[str]:
        """Those of `STATES` in which it stands."""
        found = {"", "missing" if self.missing else "empty" if self.lacking else "ready"}
        return found | {self.status} & set(STATES)


@dataclass(frozen=True, slots=True)
class Catalogue:
    """What the list shows: metrics in groups, how many there are in each state, and who owns metrics.

    `unlocked`: (what to import, how many more metrics that alone makes computable), the most first.
    """

    groups: list[tuple[str, list[Item]]]
    states: list[tuple[str, str, int]]
    owners: list[str]
    unlocked: list[tuple[str, int]]


def catalogue(page: Page, words: str, state: str = "", owner: str = "") -> Catalogue:
    """Offered metrics that match the words, in groups, each with its value of the page's days (in a few questions for all)."""
    offered = [
        metric
        for metric in page.registry.metrics.values()
        if not metric.hidden and metric.status != "retired" and sees(page.user, metric)
    ]
    known = {metric.metric: metric for metric in offered}
    names = askable(page, list(known))
    values = values_of(page, names, compare=("previous",)).get(None, {})
    lacking = _lacking(page)
    items = [_item(page, metric, values, lacking) for metric in offered]
    found = [item for item in items if _matches(words, known[item.metric], page) and owner in ("", item.owner)]
    groups: dict[str, list[Item]] = {name: [] for name in GROUPS}
    for item in found:
        if state in item.states:
            groups[_group(page, item.metric)].append(item)
    counts = [(name, str(label), sum(name in item.states for item in found)) for name, label in STATES.items()]
    return Catalogue(
        [(str(GROUPS[name]), held) for name, held in groups.items() if held],
        [one for one in counts if one[2] or one[0] in ("", state)],
        sorted({item.owner for item in items}),
        Counter(item.missing[0] for item in found if len(item.missing) == 1).most_common(),
    )


def _matches(words: str, metric: Metric, page: Page) -> bool:
    texts = (metric.label.get(page.lang), metric.metric, metric.label.en, metric.description.get(page.lang))
    return matches(words, *texts)


def _item(page: Page, metric: Metric, values: dict[str, Any], lacking: Mapping[str, Sequence[str]]) -> Item:
    name = metric.metric
    query = page.view.changed(metrics=(), tab="", sort="").to_query()
    return Item(
        name,
        metric.label.get(page.lang),
        metric.description.get(page.lang),
        metric.format,
        unit_text(metric.unit, page.lang),
        metric.favorable,
        values.get(name),
        values.get(f"{name}_previous_change"),
        tuple(page.workspace.model.entity(e).label.get(page.lang) for e in missing_entities(page, name)),
        tuple(_field_label(page, field) for field in lacking.get(name, ())),
        reverse("metrics:metric", args=[name]) + (f"?{query}" if query else ""),
        metric.status,
        successor_label(page, metric),
        metric.owner,
    )


def _lacking(page: Page) -> Mapping[str, Sequence[str]]:
    """Metric → the fields that it reads and nobody ever fills, by `entity.field`; worked out once a snapshot.

    Of all records, whoever may see them: whether a field was delivered gives no rows away.
    """

    def read() -> Mapping[str, Sequence[str]]:
        fields = field_coverage(judged(page.workspace, Scope.all()))
        return {one.metric: one.lacking for one in metric_coverage(page.registry, fields)}

    found: Mapping[str, Sequence[str]] = page.warehouse.remembered(f"lacking {page.registry.fingerprint}", read)
    return found


def _field_label(page: Page, path: str) -> str:
    entity, _dot, field = path.partition(".")
    declared = page.workspace.model.entity(entity)
    return f"{declared.label.get(page.lang)}·{declared.field(field).label.get(page.lang)}"


def _group(page: Page, metric: str) -> str:
    if page.registry.metric(metric).type == "target":
        return "target"
    entity = page.registry.entities_of(metric)[0]
    return entity if entity in GROUPS else _ABOUT.get(entity, "other")
