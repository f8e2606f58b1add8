"""Customers by segment: what they brought, what they are still to bring, and how that compares with winning one."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
from django.utils.translation import gettext_lazy as _

from salesloop.app.customers.value import Valued
from salesloop.app.metrics.services import ask, askable, rows_of
from salesloop.app.pages.services import Page
from salesloop.engine.model.periods import DateRange
from salesloop.engine.report.number import Number

COST = "customer_acquisition_cost"
SEGMENTS = {
    "segment": _("客户细分"),
    "tier": _("等级"),
    "industry": _("行业"),
    "region": _("区域"),
    "channel": _("渠道"),
}
_YEAR = dt.timedelta(days=364)


@dataclass(frozen=True, slots=True)
class Worth:
    """One segment: means a customer. `cost` of winning one in the last 365 days; `ratio` = `total` ÷ `cost`."""

    name: str | None
    customers: int
    alive: float
    past: float
    coming: float
    total: float
    cost: Number
    ratio: float | None


@dataclass(frozen=True, slots=True)
class Worths:
    """`own_cost`: whether each segment has its own cost; else all stand against the company's, or none is known."""

    by: str
    lines: list[Worth]
    everyone: Worth
    own_cost: bool


def worths(page: Page, found: Valued, by: str) -> Worths:
    """The segments, the most valuable customers first, and all customers together."""
    chosen = (
        by if by in SEGMENTS else next((one for one in SEGMENTS if any(row[one] for row in found.known)), "segment")
    )
    groups: dict[str | None, list[int]] = {}
    for place, row in enumerate(found.known):
        groups.setdefault(row[chosen] or None, []).append(place)
    common = _costs(page, None).get(None)
    own = _costs(page, chosen) if common is not None and _splits(page, chosen) else None
    ids = {row[chosen]: row[f"{chosen}_id"] for row in found.known} if own is not None else {}
    lines = [
        _worth(found, name, places, own.get(ids[name]) if own is not None else common)
        for name, places in groups.items()
    ]
    lines.sort(key=lambda line: (line.name is None, -line.total))
    everyone = _worth(found, None, list(range(len(found.of))), common)
    return Worths(chosen, lines, everyone, own is not None)


def _worth(found: Valued, name: str | None, places: list[int], cost: Number) -> Worth:
    ahead = found.outlook
    alive, past, coming = (float(np.mean(one[places])) for one in (ahead.alive, ahead.past, ahead.coming))
    total = past + coming
    return Worth(name, len(places), alive, past, coming, total, cost, total / float(cost) if cost else None)


def _splits(page: Page, by: str) -> bool:
    return any(one.dimension == by for one in page.registry.dimensions_of(COST))


def _costs(page: Page, by: str | None) -> dict[str | None, Number]:
    """The cost of winning a customer in the 365 days up to the page's day, by the id of a dimension; of all under None."""
    if not askable(page, [COST]):
        return {}
    days = DateRange(page.as_of - _YEAR, page.as_of)
    rows = rows_of(ask(page, [COST], by=[by] if by else (), days=days))
    return {row.get(f"{by}_id", row.get(by)) if by else None: row[COST] for row in rows}
