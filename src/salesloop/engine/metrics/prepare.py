"""What a plan must know of the data before it is made."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Final

from salesloop.engine.metrics import filters, parameters
from salesloop.engine.metrics.comparisons import Variant
from salesloop.engine.metrics.definition import Conversion, RowBased, Stock
from salesloop.engine.metrics.plan.context import Context
from salesloop.engine.metrics.query import By, Question
from salesloop.engine.metrics.registry import Registry
from salesloop.engine.metrics.targets.source import TargetSource, target_source
from salesloop.engine.metrics.warehouse import Warehouse
from salesloop.engine.metrics.windows import Windows, windows
from salesloop.engine.model.scope import Scope
from salesloop.engine.store.engines.dialect import DUCKDB
from salesloop.engine.store.entered import PLAN

DENSE: Final = 20
"""So many rows of an average day and slice are worth a sum of their own."""


def prepared(data: Warehouse, registry: Registry, question: Question, scope: Scope, today: dt.date) -> Context:
    """Everything that a plan needs to know of the data."""
    registry = parameters.bound(registry, metrics_read(question), question.numbers)
    calendar = data.config.calendar_of_company
    about_targets = "target" in question.query.compare or any(
        registry.metric(name).type == "target" for name in question.query.metrics
    )
    targets = target_source(data, registry) if about_targets else None
    plans = target_source(data, registry, PLAN) if PLAN in question.query.compare else None
    return Context(
        question,
        registry,
        scope,
        calendar,
        today,
        tuple(_with_level(item, registry, data) for item in question.by),
        filters.resolve(question.filters, registry, data, scope),
        _windows(question, registry, data, (targets, plans), today),
        frozenset(entity for entity in _entities(question, registry) if data.has(entity)),
        {name: first for name in question.query.metrics if (first := _first_day(name, question, registry, data))},
        _foreign(question, registry, data),
        {"entry_sla_hours": data.config.entry_sla_hours},
        targets,
        plans,
        data.rollups,
        frozenset(_filled(question, registry, data)),
        frozenset(_dense(question, registry, data)),
        frozenset(_flat(question, registry, data)) if data.rollups.kept else frozenset(),
    )


def _entities(question: Question, registry: Registry) -> Iterator[str]:
    for name in metrics_read(question):
        for base in registry.bases_of(name):
            yield base.entity
            if isinstance(base, Conversion):
                yield from (stage.entity for stage in base.then if stage.entity is not None)


def _filled(question: Question, registry: Registry, data: Warehouse) -> Iterator[tuple[str, str]]:
    """(entity, field) of the slices and filters that every row states itself."""
    names = {*(item.dimension for item in question.by), *(item.dimension for item in question.filters)}
    entities = {entity for entity in _entities(question, registry) if data.has(entity)}
    for name in names:
        for entity in entities:
            first, *others = registry.paths(registry.dimension(name), entity) or ("",)
            if others and "." not in first and data.is_filled(entity, first):
                yield entity, first


def _dense(question: Question, registry: Registry, data: Warehouse) -> Iterator[str]:
    """The entities of which so many rows fall to each day and slice that summing them up first saves joins.

    Only where that was measured: other engines plan joins of their own accord, and sum sums up in types of their own.
    """
    if data.snapshot.engine.dialect != DUCKDB:
        return
    for entity in {entity for entity in _entities(question, registry) if data.has(entity)}:
        date = registry.model.entity(entity).event_date
        bounds = None if date is None else data.bounds(entity, date)
        if bounds is None:
            continue
        slices = 1
        for dimension in (registry.dimension(item.dimension) for item in question.by):
            slices *= max(1, data.values_of(dimension, registry.paths(dimension, entity) or ("",)))
        if data.count(entity) >= DENSE * slices * ((bounds[1] - bounds[0]).days + 1):
            yield entity


def _flat(question: Question, registry: Registry, data: Warehouse) -> Iterator[str]:
    for name in (item.dimension for item in question.by):
        tree = registry.dimension(name).tree
        if tree is not None and data.is_flat(tree):
            yield name


def _with_level(item: By, registry: Registry, data: Warehouse) -> By:
    tree = registry.dimension(item.dimension).tree
    return item if tree is None or item.level is not None else By(item.dimension, data.default_level(tree))


def _foreign(question: Question, registry: Registry, data: Warehouse) -> frozenset[str]:
    """The entities whose amounts must be converted row by row; where all rows are in the base currency nothing is."""
    bases = (base for name in metrics_read(question) for base in registry.bases_of(name) if base.unit == "currency")
    entities = (registry.model.entity(name) for name in {base.entity for base in bases})
    return frozenset(e.name for e in entities if e.kind == "fact" and e.has_money and any(data.rates(e.name)))


def metrics_read(question: Question) -> Iterator[str]:
    """The metrics whose rows are read: the asked ones, and what an attainment is the attainment of."""
    yield from question.query.metrics
    if question.target_metric is not None:
        yield question.target_metric


def _dates(metric: str, registry: Registry) -> Iterator[tuple[str, str]]:
    """(entity, field) of every date by which a part of a metric falls into periods."""
    for base in registry.bases_of(metric):
        yield base.entity, _opening_date(base, registry)


def _first_dates(metric: str, registry: Registry) -> Iterator[tuple[str, str]]:
    """The dates from whose first day on the absence of rows means zero: a deal that is open is data about won ones."""
    yield from _dates(metric, registry)
    for base in registry.bases_of(metric):
        event_date = registry.model.entity(base.entity).event_date
        if event_date is not None:
            yield base.entity, event_date


def _opening_date(base: RowBased, registry: Registry) -> str:
    if isinstance(base, Stock) and base.opened is not None:
        return base.opened
    return base.date or registry.model.entity(base.entity).event_date or ""


def _first_day(metric: str, question: Question, registry: Registry, data: Warehouse) -> dt.date | None:
    of = question.target_metric if registry.metric(metric).type == "target" else None
    found = [data.bounds(entity, field) for entity, field in _first_dates(of or metric, registry)]
    return min((bounds[0] for bounds in found if bounds is not None), default=None)


def _windows(
    question: Question, registry: Registry, data: Warehouse, stated: tuple[TargetSource | None, ...], today: dt.date
) -> Mapping[Variant, Windows]:
    bounds = None
    if question.query.start is None:
        known = []
        for name in metrics_read(question):
            known += [data.bounds(entity, field) for entity, field in _dates(name, registry)]
            known += [
                data.bounds(base.entity, base.closed)
                for base in registry.bases_of(name)
                if isinstance(base, Stock) and base.closed is not None
            ]
            metric = registry.metric(name)
            of = (question.target_metric or metric.of) if metric.type == "target" else name
            known += [source.book.bounds(of) for source in stated if source is not None]
        days = [item for item in known if item is not None]
        bounds = (min(first for first, _ in days), max(last for _, last in days)) if days else None
    return windows(question.query, data.config.calendar_of_company, today, bounds)
