"""How fresh a number is: up to which day its data reach, and when they were last delivered."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from salesloop.app.pages.services import Page, day_label

BEHIND = dt.timedelta(days=7)
"""Nothing for some days is nothing odd (returns, contracts); for a week it is worth saying."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """`until`: the last day with data of whatever the metric reads that reaches least far
    (rows of days to come left out); `received`: the last delivery
    of any of it, in the company's time; `definition`: version of the definition; `snapshot`: which published data."""

    until: dt.date | None
    received: dt.datetime | None
    version: int
    snapshot: int


def stamp(page: Page, metric: str) -> Stamp:
    """The stamp of a metric's numbers on this page."""
    known = page.snapshot.freshness()
    behind = [known[entity] for entity in page.registry.entities_of(metric) if entity in known]
    received = max((one.last_received for one in behind if one.last_received), default=None)
    return Stamp(
        until=min((min(one.last_event, page.as_of) for one in behind if one.last_event), default=None),
        received=received.astimezone(page.timezone) if received else None,
        version=page.registry.metric(metric).version,
        snapshot=page.snapshot.number,
    )


def data_until(page: Page, metric: str) -> str:
    """The day up to which the metric's data reach, where they end a week or more before those of the page; else ''."""
    until = stamp(page, metric).until
    return day_label(until, page.lang) if until is not None and page.as_of - until >= BEHIND else ""
