"""The values of a further dimension for which targets can be stated: product lines, regions, channels."""

from __future__ import annotations

from salesloop.app.metrics.services import ask, rows_of
from salesloop.app.pages.services import Page
from salesloop.engine.metrics import parse_filter
from salesloop.engine.metrics.targets.organisation import ORGANISATION
from salesloop.engine.model.periods import DateRange

MOST = 40
USUAL = ("region", "channel", "category")
"""Dimensions along which companies set targets besides their organisation."""


def values_of(page: Page, metric: str, dimension: str) -> list[tuple[str, str]]:
    """(id, name) of the values with data since the beginning of last year, at most one more than `MOST`."""
    organisation = [text for text in page.view.where if parse_filter(text).dimension in ORGANISATION]
    days = DateRange(page.calendar.previous(page.calendar.period_of(page.as_of, "year")).start, page.as_of)
    rows = rows_of(ask(page, [metric], by=[dimension], days=days, where=organisation, limit=MOST + 1))
    return [(row.get(f"{dimension}_id", row[dimension]), row[dimension]) for row in rows if row[dimension]]
