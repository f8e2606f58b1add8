"""What a request rests on, opened again: the metric, its question and the snapshot, with the number then and now.

Nothing is stored but the address and the snapshot; both numbers are asked within the scope of whoever reads, so that a
request gives nobody numbers that they may not see.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from urllib.parse import parse_qs, urlsplit

from django.urls import reverse

from salesloop.app.governance.models import ChangeRequest
from salesloop.app.metrics.services import ask, filter_chips, rows_of, sees, unit_text
from salesloop.app.pages.services import Page, range_label
from salesloop.engine.metrics.definition import Metric
from salesloop.engine.model.errors import UserError
from salesloop.engine.model.view import View
from salesloop.engine.report.number import Number

_METRIC_PAGE = re.compile(r"/metrics/([a-z][a-z0-9_]*)/")


@dataclass(frozen=True, slots=True)
class Evidence:
    """`then` is the number on the snapshot of the request (`kept`: whether that is still there), `now` today's. Words that move
    with the day (this month) mean what they meant on that day: `days`, and the address `href`."""

    metric: Metric
    unit: str
    days: str
    filters: list[str]
    snapshot: int
    kept: bool
    then: Number
    now: Number
    href: str

    @property
    def same(self) -> bool:
        return self.then == self.now


def evidence_of(page: Page, request: ChangeRequest) -> Evidence | None:
    """The number that a request points to; None where it points to something else than a metric."""
    parts = urlsplit(request.evidence)
    found = _METRIC_PAGE.match(parts.path)
    metric = page.registry.metrics.get(found[1]) if found else None
    if metric is None or metric.status == "retired" or not sees(page.user, metric):
        return None
    try:
        there = _as_it_was(page, View.from_query(parse_qs(parts.query)), request)
        now = _number(there, metric.metric)
        old = _on_snapshot(there, request.snapshot)
        then = _number(old, metric.metric) if old is not None else None
    except UserError:
        return None  # an address of a form that is gone, a slice of somebody else
    return Evidence(
        metric,
        unit_text(metric.unit, page.lang),
        range_label(there.days, page.calendar, page.lang),
        [label for label, _href in filter_chips(there)],
        request.snapshot,
        old is not None,
        then,
        now,
        f"{reverse('metrics:metric', args=[metric.metric])}?{there.view.to_query()}",
    )


def _as_it_was(page: Page, view: View, request: ChangeRequest) -> Page:
    """The page of the address with its days as they were meant when the request was made."""
    day = min(request.created_at.astimezone(page.timezone).date(), page.as_of)
    days = view.range(page.calendar, day)
    period = f"{days.start}..{days.end}"
    if days.grain is not None:
        period = page.calendar.text(page.calendar.period_of(days.start, days.grain))
    return replace(page, view=view.changed(period=period))


def _on_snapshot(page: Page, number: int) -> Page | None:
    """The page on a snapshot of the past; None where it is not kept any more."""
    try:
        snapshot = page.workspace.snapshot(number)
    except UserError:
        return None
    past = replace(page.warehouse, snapshot=snapshot, entered={}, entered_version=None, beside=frozenset())
    return replace(page, warehouse=past)


def _number(page: Page, metric: str) -> Number:
    value: Number = rows_of(ask(page, [metric]))[0][metric]
    return value
