"""Sets of metrics by product line and channel: who sees them, who changes them, what their board shows."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Q, QuerySet

from salesloop.app.accounts.services import Role, User
from salesloop.app.audit.services import log
from salesloop.app.dashboards.models import MetricSet
from salesloop.app.metrics.services import (
    Card,
    ask,
    askable,
    cards,
    column_scale,
    filter_chips,
    rows_of,
    sees,
)
from salesloop.app.pages.services import Page
from salesloop.engine.metrics import format_filter
from salesloop.engine.report.number import Format, Number, Scale

LINES = ("category", "channel")
"""A set is for a value of these: product line and channel."""
ROWS = 30


def visible_to(user: User) -> QuerySet[MetricSet]:
    """The sets that this person may open: shared ones and their own."""
    return MetricSet.objects.filter(Q(shared=True) | Q(owner=user), deleted_at=None).select_related("owner")


def may_change(user: User, one: MetricSet) -> bool:
    """Whoever made a set, and those who answer for the metrics."""
    return one.owner_id == user.pk or (one.shared and user.role in (Role.ANALYST, Role.ADMIN))


def save(user: User, one: MetricSet, now: dt.datetime) -> MetricSet:
    """Keep a set that is new or was changed."""
    code = "set.changed" if one.pk else "set.created"
    if not one.pk:
        one.owner = user
    one.changed_at = now
    one.save()
    log(user, code, one, {"metrics": one.metrics, "where": one.where, "by": one.by, "shared": one.shared})
    return one


def delete(user: User, one: MetricSet, now: dt.datetime) -> None:
    """Take a set away; `restore` brings it back."""
    one.deleted_at = now
    one.save(update_fields=["deleted_at"])
    log(user, "set.deleted", one)


def restore(user: User, one: MetricSet) -> None:
    """Bring a deleted set back."""
    one.deleted_at = None
    one.save(update_fields=["deleted_at"])
    log(user, "set.restored", one)


def deleted_by(user: User) -> QuerySet[MetricSet]:
    """The deleted sets that this person may bring back."""
    gone = MetricSet.objects.exclude(deleted_at=None)
    return gone.filter(Q(owner=user) | Q(shared=True) if user.role in (Role.ANALYST, Role.ADMIN) else Q(owner=user))


def with_metric(user: User, metric: str) -> list[MetricSet]:
    """The sets in which this person sees the metric."""
    return [one for one in visible_to(user) if metric in one.metrics]


def where_of(one: dict[str, str]) -> list[str]:
    """Filters of the chosen values by dimension, those without a value left out."""
    return [format_filter(name, [value]) for name, value in one.items() if value]


@dataclass(frozen=True, slots=True)
class Column:
    """One metric of the table of a board."""

    metric: str
    label: str
    format: Format
    favorable: str
    scale: Scale
    has_target: bool


@dataclass(frozen=True, slots=True)
class Board:
    """What a set shows: a card a metric, and the metrics by the values of a dimension (`rows`: name, id, values by
    metric with change and attainment). `missing` names metrics that cannot be shown so."""

    page: Page
    cards: list[Card]
    by: str
    columns: list[Column]
    rows: list[tuple[str, list[tuple[Column, Number, Number, Number]]]]
    missing: list[str]


def board(page: Page, one: MetricSet) -> Board:
    """The set on the page's days and within the page's filters and scope."""
    inside = replace(page, view=page.view.changed(where=(*page.view.where, *one.where)))
    wanted = [
        name for name in one.metrics if name in page.registry.metrics and sees(page.user, page.registry.metric(name))
    ]
    shown = cards(inside, wanted)
    names = [card.metric for card in shown]
    missing = [page.registry.metric(name).label.get(page.lang) for name in wanted if name not in names]
    columns, rows = _table(inside, one.by, names)
    label = page.registry.dimension(one.by).label.get(page.lang) if columns else ""
    return Board(inside, shown, label, columns, rows, missing)


def _table(page: Page, by: str, names: list[str]) -> tuple[list[Column], list[tuple[str, list[Any]]]]:
    """The metrics that have the dimension, by its values; nothing where none has it."""
    if by not in page.registry.dimensions:
        return [], []
    dimension = page.registry.dimension(by)
    names = [name for name in askable(page, names) if dimension in page.registry.dimensions_of(name)]
    if not names:
        return [], []
    found = rows_of(ask(page, names, by=[by], compare=("previous", "target"), limit=ROWS))
    columns = [
        Column(
            name,
            page.registry.metric(name).label.get(page.lang),
            page.registry.metric(name).format,
            page.registry.metric(name).favorable,
            column_scale(page, name, [row[name] for row in found]),
            any(row.get(f"{name}_attainment") is not None for row in found),
        )
        for name in names
    ]
    rows = [
        (
            row[by],
            [
                (c, row[c.metric], row.get(f"{c.metric}_previous_change"), row.get(f"{c.metric}_attainment"))
                for c in columns
            ],
        )
        for row in found
    ]
    return columns, rows


def filters_in_words(page: Page, one: MetricSet) -> list[str]:
    """渠道 = 直销: what a set is narrowed to."""
    inside = replace(page, view=page.view.changed(where=tuple(one.where)))
    return [label for label, _href in filter_chips(inside)]


def labels(page: Page, one: MetricSet) -> list[str]:
    """The names of the metrics of a set, those that this person does not see left out."""
    known = page.registry.metrics
    return [known[n].label.get(page.lang) for n in one.metrics if n in known and sees(page.user, known[n])]
