"""Metrics by channel on behalf of a page: values by id, links to the metric's page, and the names of what is missing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from salesloop.app.metrics.services import askable, next_level
from salesloop.app.pages.services import Page
from salesloop.engine.metrics import format_filter
from salesloop.engine.report.number import Number

CHANNEL = "channel"
REGION = "region"


@dataclass(frozen=True, slots=True)
class Figure:
    """One number and the page of its metric for just this slice."""

    value: Number
    href: str


def level(page: Page, dimension: str) -> str:
    """The level of the tree that the page shows: the top one, or the one below what it is narrowed to."""
    found = next_level(page, dimension)
    return found if ":" in found else f"{found}:1"


def figure(page: Page, metric: str, value: Number, **slice_: str | None) -> Figure:
    """A number of one slice (`channel=…, region=…`), which replaces what the page is narrowed to in these dimensions."""
    return Figure(value, f"{reverse('metrics:metric', args=[metric])}?{narrowed(page, **slice_)}")


def narrowed(page: Page, **slice_: str | None) -> str:
    """The state of the page for one slice alone, without `?`."""
    kept = [text for text in page.view.where if text.split("=")[0].rstrip("!") not in slice_]
    where = (*kept, *(format_filter(dimension, [key]) for dimension, key in slice_.items()))
    return page.view.changed(where=where, metrics=(), by=(), tab="", sort="").to_query()


def by_channel(page: Page, metrics: Sequence[str]) -> list[str]:
    """Of these metrics the ones that can be asked here by channel."""
    return [name for name in askable(page, metrics) if has_dimension(page, name, CHANNEL)]


def has_dimension(page: Page, metric: str, dimension: str) -> bool:
    return any(one.dimension == dimension for one in page.registry.dimensions_of(metric))


def missing(page: Page, metrics: Sequence[str], asked: Sequence[str]) -> list[str]:
    """The labels of the metrics that nobody can compute here: their data were not delivered."""
    return [page.registry.metric(name).label.get(page.lang) for name in metrics if name not in asked]


def keyed(rows: Sequence[dict[str, Any]], dimension: str) -> dict[str | None, dict[str, Any]]:
    """Rows of an answer by the id of a dimension."""
    return {row.get(f"{dimension}_id", row[dimension]): row for row in rows}
