"""Ask the engine, always within the page's scope and filters."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any, Final

from salesloop.app.pages.services import Page
from salesloop.engine.metrics import Filter, Query, Result, parse_filter, run
from salesloop.engine.metrics.parameters import fitting
from salesloop.engine.metrics.query import check
from salesloop.engine.model.calendar import Grain
from salesloop.engine.model.errors import UserError
from salesloop.engine.model.periods import DateRange

PACK: Final = 12
STATED = ("target", "plan")


def ask(
    page: Page,
    metrics: Sequence[str],
    *,
    by: Sequence[str] = (),
    grain: Grain | None = None,
    days: DateRange | None = None,
    where: Sequence[str] | None = None,
    compare: Sequence[str] = (),
    limit: int | None = None,
    order: str | None = None,
) -> Result:
    """One question for the page: its days and filters unless others are given. Nothing is compared unless asked, and a
    metric that is about targets itself has no target."""
    span = days or page.days
    about_targets = any(page.registry.metric(name).type == "target" for name in metrics)
    query = Query(
        metrics=tuple(metrics),
        by=tuple(by),
        grain=grain,
        start=span.start,
        end=span.end,
        where=page.view.where if where is None else tuple(where),
        compare=tuple(name for name in compare if name not in STATED or not about_targets),
        limit=limit,
        order=order,
        params=fitting(page.view.params, metrics, page.registry),
    )
    return run(page.warehouse, page.registry, query, page.scope, today=page.as_of)


def rows_of(result: Result) -> list[dict[str, Any]]:
    """The rows of a result as plain values."""
    return result.to_pylist()


def values_of(
    page: Page,
    metrics: Sequence[str],
    *,
    grain: Grain | None = None,
    days: DateRange | None = None,
    compare: Sequence[str] = (),
) -> dict[dt.date | None, dict[str, Any]]:
    """The values of any number of metrics by period (None without a grain), asked in packs: an engine takes far longer to
    prepare one statement of a hundred steps than ten of ten. What reads the same rows is asked together."""
    together = sorted(metrics, key=lambda name: sorted(page.registry.entities_of(name)))
    found: dict[dt.date | None, dict[str, Any]] = {}
    for first in range(0, len(together), PACK):
        pack = together[first : first + PACK]
        for row in rows_of(ask(page, pack, grain=grain, days=days, compare=compare)):
            found.setdefault(row.get("period"), {}).update(row)
    return found


def filters_of(page: Page) -> list[Filter]:
    """The page's filters, read."""
    return [parse_filter(text) for text in page.view.where]


def askable(page: Page, metrics: Sequence[str]) -> list[str]:
    """Of these metrics the ones that exist, are in use, have data and can be filtered as the page is."""
    known = page.registry.metrics
    return [
        name
        for name in metrics
        if name in known and known[name].status != "retired" and has_data(page, name) and _fits(page, name)
    ]


def refusal(page: Page, metric: str, *, by: Sequence[str] = (), where: Sequence[str] = ()) -> str:
    """Why the metric cannot be sliced or filtered so, in a sentence; '' where it can."""
    try:
        check(Query((metric,), by=tuple(by), where=tuple(where)), page.registry)
    except UserError as error:
        return error.text(page.lang)
    return ""


def has_data(page: Page, metric: str) -> bool:
    """Whether every entity that the metric reads has rows."""
    return all(page.snapshot.has(entity) for entity in page.registry.entities_of(metric))


def missing_entities(page: Page, metric: str) -> list[str]:
    """The entities that the metric reads and nobody has delivered."""
    return [entity for entity in page.registry.entities_of(metric) if not page.snapshot.has(entity)]


def _fits(page: Page, metric: str) -> bool:
    possible = {dimension.dimension for dimension in page.registry.dimensions_of(metric)}
    return all(one.dimension in possible for one in filters_of(page))
