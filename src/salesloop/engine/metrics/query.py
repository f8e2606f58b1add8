"""A question: which metrics, sliced how, of which days, under which filters, compared with what."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal, get_args

from salesloop.engine.metrics.dimension import MAX_LEVEL
from salesloop.engine.metrics.registry import MESSAGES, Registry
from salesloop.engine.model.calendar import GRAINS, Grain
from salesloop.engine.model.errors import UserError

Comparison = Literal["previous", "year", "target"]
COMPARISONS: Final[tuple[Comparison, ...]] = get_args(Comparison)
METRIC_FILTER: Final = "metric"

_FILTER: Final = re.compile(r"\s*([a-z][a-z0-9_]*)\s*(!?=)(.*)", re.DOTALL)
_SPLIT: Final = re.compile(r"(?<!\\)\|")


@dataclass(frozen=True, slots=True)
class Query:
    """One question to the planner.

    `start` and `end` are inclusive dates, both or neither (all days that there are). `by` holds dimension ids, with a tree
    level where wanted (`region:2`). `where` holds filters as text: `region=华东`, `channel!=直销`, `category=A|B`; nothing
    after the sign means unassigned; a backslash before | keeps it as a character. `order` is a column of the result,
    with - before it for falling; NULLs come last either way.
    """

    metrics: tuple[str, ...]
    by: tuple[str, ...] = ()
    grain: Grain | None = None
    start: dt.date | None = None
    end: dt.date | None = None
    where: tuple[str, ...] = ()
    compare: tuple[Comparison, ...] = ()
    limit: int | None = None
    order: str | None = None


@dataclass(frozen=True, slots=True)
class Filter:
    """`dimension` is one of `values` (None = unassigned), or none of them where `negated`."""

    dimension: str
    values: tuple[str | None, ...]
    negated: bool = False


@dataclass(frozen=True, slots=True)
class By:
    """A dimension of the answer; `level` (1 = root) only for trees, None = the default level."""

    dimension: str
    level: int | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """A query that was read and checked against the registry, but not yet against data."""

    query: Query
    by: tuple[By, ...]
    filters: tuple[Filter, ...]
    target_metric: str | None


def parse_filter(text: str) -> Filter:
    """UserError where the text is no filter."""
    match = _FILTER.fullmatch(text)
    if match is None:
        raise UserError(MESSAGES.message("bad_filter", value=text))
    name, sign, rest = match.groups()
    values = tuple(part.replace("\\|", "|").strip() or None for part in _SPLIT.split(rest))
    return Filter(name, values, sign == "!=")


def format_filter(dimension: str, values: Iterable[str | None], *, negated: bool = False) -> str:
    """The text that `parse_filter` reads back."""
    parts = "|".join("" if value is None else value.replace("|", "\\|") for value in values)
    return f"{dimension}{'!=' if negated else '='}{parts}"


def check(query: Query, registry: Registry) -> Question:
    """Everything about a query that needs no data. UserError says what is wrong and what is possible."""
    if not query.metrics:
        raise UserError(MESSAGES.message("no_metrics"))
    for name in query.metrics:
        registry.metric(name)
    _once(query.metrics)
    by = tuple(_by(text, registry) for text in query.by)
    _once(tuple(item.dimension for item in by))
    _known("bad_grain", () if query.grain is None else (query.grain,), GRAINS)
    _known("bad_compare", query.compare, COMPARISONS)
    _once(query.compare)
    _range(query)
    filters = [parse_filter(text) for text in query.where]
    target_metric = _metric_filter(query, [f for f in filters if f.dimension == METRIC_FILTER], registry)
    kept = tuple(f for f in filters if f.dimension != METRIC_FILTER)
    for name in query.metrics:
        if "target" in query.compare and registry.metric(name).type == "target":
            raise UserError(MESSAGES.message("target_of_target", metric=registry.metric(name).label))
        for dimension in dict.fromkeys([*(item.dimension for item in by), *(f.dimension for f in kept)]):
            _sliceable(name, dimension, registry, target_metric)
    return Question(query, by, kept, target_metric)


def _by(text: str, registry: Registry) -> By:
    name, colon, level = text.partition(":")
    dimension = registry.dimension(name)
    if not colon:
        return By(name)
    if not level.isascii() or not level.isdigit() or not 1 <= int(level) <= MAX_LEVEL:
        raise UserError(MESSAGES.message("bad_level", value=text))
    if dimension.tree is None:
        raise UserError(MESSAGES.message("no_tree", dimension=dimension.label, id=name, level=level))
    return By(name, int(level))


def _once(names: tuple[str, ...]) -> None:
    for name in names:
        if names.count(name) > 1:
            raise UserError(MESSAGES.message("twice", name=name))


def _known(key: str, given: tuple[str, ...], known: tuple[str, ...]) -> None:
    for value in given:
        if value not in known:
            raise UserError(MESSAGES.message(key, value=value, known=list(known)))


def _range(query: Query) -> None:
    if (query.start is None) != (query.end is None):
        raise UserError(MESSAGES.message("half_range"))
    if query.start is not None and query.end is not None and query.start > query.end:
        raise UserError(MESSAGES.message("range_backwards", start=query.start, end=query.end))
    earlier = [name for name in query.compare if name != "target"]
    if earlier and query.start is None and query.grain is None:
        raise UserError(MESSAGES.message("compare_needs_period"))
    if query.limit is not None and query.limit < 1:
        raise UserError(MESSAGES.message("bad_limit", value=query.limit))


def _metric_filter(query: Query, filters: list[Filter], registry: Registry) -> str | None:
    if not filters:
        return None
    if not any(registry.metric(name).type == "target" for name in query.metrics):
        raise UserError(MESSAGES.message("metric_filter_alone"))
    if len(filters) > 1 or filters[0].negated or len(filters[0].values) != 1 or filters[0].values[0] is None:
        raise UserError(MESSAGES.message("metric_filter_one"))
    return registry.metric(filters[0].values[0]).metric


def _sliceable(metric: str, dimension: str, registry: Registry, target_metric: str | None) -> None:
    wanted = registry.dimension(dimension)
    definition = registry.metric(metric)
    if definition.type == "target":
        if definition.value == "target":
            return
        metric = target_metric or definition.of
    possible = registry.dimensions_of(metric)
    if wanted in possible:
        return
    blocking = next(entity for entity in registry.entities_of(metric) if not registry.paths(wanted, entity))
    raise UserError(
        MESSAGES.message(
            "cannot_slice",
            metric=definition.label,
            dimension=wanted.label,
            entity=registry.model.entity(blocking).label,
            known=[item.dimension for item in possible if not item.hidden],
        )
    )
