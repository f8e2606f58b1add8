"""A metric by the values of a dimension: a table with bars whose rows narrow the page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from salesloop.app.metrics.ask import ask, filters_of, rows_of
from salesloop.app.metrics.comparing import unusual
from salesloop.app.metrics.units import column_scale
from salesloop.app.metrics.words import words_of
from salesloop.app.org.services import level_below
from salesloop.app.pages.services import Page
from salesloop.engine.metrics import format_filter
from salesloop.engine.metrics.dimension import MAX_LEVEL
from salesloop.engine.report.number import Number, Scale, to_decimal

SHOWN = 50
FIRST_CHOICES = ("region", "org_unit", "channel", "category", "stage", "segment", "employee", "product")


@dataclass(frozen=True, slots=True)
class Slice:
    """One value of the dimension. `more`: the changes of the breakdown's further comparisons. `href` is the page narrowed to it; empty where it cannot be narrowed further."""

    name: str
    id: str | None
    value: Number
    share: Number
    previous: Number
    year: Number
    more: tuple[Number, ...]
    target: Number
    attainment: Number
    href: str


@dataclass(frozen=True, slots=True)
class Breakdown:
    """`further` names the comparisons besides 环比 and 同比 (the aligned year ago, a period of one's own)."""

    dimension: str
    label: str
    rows: list[Slice]
    scale: Scale
    largest: Number
    additive: bool
    has_target: bool
    has_previous: bool
    has_year: bool
    further: list[str]
    more: bool


def dimensions_for(page: Page, metric: str) -> list[tuple[str, str]]:
    """(id, label) of the dimensions by which the metric can be broken down, the usual ones first."""
    offered = {d.dimension: d.label.get(page.lang) for d in page.registry.dimensions_of(metric) if not d.hidden}
    order = {name: place for place, name in enumerate(FIRST_CHOICES)}
    return sorted(offered.items(), key=lambda pair: order.get(pair[0], len(order)))


def first_breakdown(page: Page, metric: str) -> Breakdown | None:
    """By the first usual dimension in which there is more than one part; None where there is no dimension at all."""
    found = None
    for dimension, _label in dimensions_for(page, metric)[: len(FIRST_CHOICES)]:
        found = breakdown(page, metric, dimension)
        if len(found.rows) > 1:
            break
    return found


def breakdown(page: Page, metric: str, dimension: str) -> Breakdown:
    """The metric by `dimension` for the page's days, sorted as the address says (largest first by default)."""
    by = next_level(page, dimension)
    columns = {"value": metric, "previous": f"{metric}_previous_change", "year": f"{metric}_year_change"}
    columns |= {"target": f"{metric}_target", "attainment": f"{metric}_attainment"}
    field = page.view.sort.lstrip("-")
    order = ("-" if page.view.sort.startswith("-") else "") + columns.get(field, dimension)
    additive = page.registry.sums_up(metric) and page.registry.metric(metric).type != "target"
    compare = [*page.compare, *(["share"] if additive else [])]
    found = rows_of(
        ask(page, [metric], by=[by], compare=compare, limit=SHOWN + 1, order=order if field else f"-{metric}")
    )
    rows = found[:SHOWN]
    numbers = [number for row in rows if (number := to_decimal(row[metric])) is not None]
    words = words_of(page, dimension)
    return Breakdown(
        dimension=dimension,
        label=page.registry.dimension(dimension).label.get(page.lang),
        rows=[_slice(page, metric, dimension, row, words) for row in rows],
        scale=column_scale(page, metric, numbers),
        largest=max((abs(number) for number in numbers), default=None),
        additive=additive,
        has_target=any(row.get(f"{metric}_target") is not None for row in rows),
        has_previous="previous" in page.compare,
        has_year="year" in page.compare,
        further=[label for _variant, label in unusual(page)],
        more=len(found) > SHOWN,
    )


def _slice(page: Page, metric: str, dimension: str, row: dict[str, Any], words: Mapping[str, str]) -> Slice:
    key = row.get(f"{dimension}_id", row[dimension])
    return Slice(
        name=words.get(row[dimension], row[dimension]),
        id=key,
        value=row[metric],
        share=row.get(f"{metric}_share"),
        previous=row.get(f"{metric}_previous_change"),
        year=row.get(f"{metric}_year_change"),
        more=tuple(row.get(f"{metric}_{variant}_change") for variant, _label in unusual(page)),
        target=row.get(f"{metric}_target"),
        attainment=row.get(f"{metric}_attainment"),
        href=_narrowed(page, dimension, key),
    )


def _narrowed(page: Page, dimension: str, key: str | None) -> str:
    """The address of the page for this slice alone; in a tree it replaces the filter that led here."""
    kept = [text for text, one in zip(page.view.where, filters_of(page), strict=True) if one.dimension != dimension]
    view = page.view.changed(where=(*kept, format_filter(dimension, [key])), sort="")
    return f"?{view.to_query()}"


def next_level(page: Page, dimension: str) -> str:
    """The level of a tree below what the page is narrowed to; of the organisation, below what the person sees."""
    tree = page.registry.dimension(dimension).tree
    if tree is None:
        return dimension
    if dimension == "org_unit":
        level = level_below(page.user, page.scope_filter)
        return f"org_unit:{level}" if level else dimension
    chosen = [one for one in filters_of(page) if one.dimension == dimension and not one.negated]
    if len(chosen) != 1 or len(chosen[0].values) != 1 or not chosen[0].values[0]:
        return dimension
    known = page.warehouse.values(page.registry.dimension(dimension), (chosen[0].values[0],))
    return f"{dimension}:{min(known[0]['depth'] + 1, MAX_LEVEL)}" if known else dimension
