"""A question: which metrics, sliced how, of which days, under which filters, compared with what."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from salesloop.engine.metrics import adding, comparisons, parameters
from salesloop.engine.metrics.definition import BUCKET, Metric
from salesloop.engine.metrics.dimension import MAX_LEVEL
from salesloop.engine.metrics.registry import MESSAGES, Registry
from salesloop.engine.model.calendar import GRAINS, Grain
from salesloop.engine.model.errors import UserError

METRIC_FILTER: Final = "metric"

_FILTER: Final = re.compile(r"\s*([a-z][a-z0-9_]*)\s*(!?=)(.*)", re.DOTALL)
_SPLIT: Final = re.compile(r"(?<!\\)\|")


@dataclass(frozen=True, slots=True)
class Query:
    """One question to the planner.

    `start` and `end` are inclusive dates, both or neither (all days that there are). `by` holds dimension ids, with a tree
    level where wanted (`region:2`). `where` holds filters as text: `region=华东`, `channel!=直销`, `category=A|B`; nothing
    after the sign means unassigned; a backslash before | keeps it as a character. `order` is a column of the result,
    with - before it for falling; NULLs come last either way. `compare`: previous, year, target, plan, share, contribution,
    or a period of one's own (`2025-01-01..2025-03-31`). `params` are numbers that the metrics let one choose: `churn_days=60`.
    """

    metrics: tuple[str, ...]
    by: tuple[str, ...] = ()
    grain: Grain | None = None
    start: dt.date | None = None
    end: dt.date | None = None
    where: tuple[str, ...] = ()
    compare: tuple[str, ...] = ()
    limit: int | None = None
    order: str | None = None
    params: tuple[str, ...] = ()


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
    numbers: Mapping[str, int | float] = field(default_factory=dict)


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
        _in_use(registry.metric(name), registry)
    _once(query.metrics)
    by = tuple(_by(text, registry) for text in query.by)
    _once(tuple(item.dimension for item in by))
    _known("bad_grain", () if query.grain is None else (query.grain,), GRAINS)
    comparisons.check(query.compare)
    _once(query.compare)
    _range(query)
    filters = [parse_filter(text) for text in query.where]
    target_metric = _metric_filter(query, [f for f in filters if f.dimension == METRIC_FILTER], registry)
    kept = tuple(f for f in filters if f.dimension != METRIC_FILTER)
    for name in query.metrics:
        _comparable(query.compare, name, registry)
        for dimension in dict.fromkeys([*(item.dimension for item in by), *(f.dimension for f in kept)]):
            _sliceable(name, dimension, registry, target_metric)
    _buckets(query.metrics, by, kept, registry)
    read = (*query.metrics, *(() if target_metric is None else (target_metric,)))
    return Question(query, by, kept, target_metric, parameters.values(query.params, read, registry))


def _buckets(metrics: tuple[str, ...], by: tuple[By, ...], filters: tuple[Filter, ...], registry: Registry) -> None:
    """Histograms stand side by side where their buckets are the same."""
    if any(item.dimension == BUCKET for item in filters):
        raise UserError(MESSAGES.message("bucket_filter"))
    if any(item.dimension == BUCKET for item in by):
        other = next((name for name in metrics if registry.buckets(name) != registry.buckets(metrics[0])), None)
        if other is not None:
            labels = [registry.metric(name).label for name in (metrics[0], other)]
            raise UserError(MESSAGES.message("buckets_differ", first=labels[0], second=labels[1]))


def _in_use(metric: Metric, registry: Registry) -> None:
    if metric.status != "retired":
        return
    if metric.successor is None:
        raise UserError(MESSAGES.message("retired", metric=metric.label))
    successor = registry.metric(metric.successor)
    raise UserError(
        MESSAGES.message("retired_for", metric=metric.label, successor=successor.label, id=successor.metric)
    )


def _comparable(compare: tuple[str, ...], name: str, registry: Registry) -> None:
    """Whether the metric has what it is compared with: a target, a whole, parts of a change."""
    metric = registry.metric(name)
    if {"target", "plan"} & {*compare} and metric.type == "target":
        raise UserError(MESSAGES.message("target_of_target", metric=metric.label))
    if "share" in compare and (metric.type == "target" or not registry.sums_up(name)):
        raise UserError(MESSAGES.message("no_share", metric=metric.label))
    if "contribution" in compare and not (adding.adds_up(name, registry) or adding.is_rate(name, registry)):
        raise UserError(MESSAGES.message("no_contribution", metric=metric.label))


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
    if comparisons.variants(query.compare) and query.start is None and query.grain is None:
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
    if dimension == BUCKET:
        raise UserError(MESSAGES.message("no_buckets", metric=definition.label))
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
