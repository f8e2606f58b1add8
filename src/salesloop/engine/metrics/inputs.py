"""Which fields of the model the metrics read: what must be readable in the data for a number to be right."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from salesloop.engine.metrics.definition import (
    Churn,
    Cohort,
    Conversion,
    Distribution,
    Measure,
    RowBased,
    Spread,
    Stage,
    Stock,
)
from salesloop.engine.metrics.expression import columns
from salesloop.engine.metrics.reach import reference
from salesloop.engine.metrics.registry import Registry
from salesloop.engine.model.entity import Entity, fields_in

FieldOf = tuple[str, str]
"""(entity, field)."""


def inputs_of(registry: Registry, metric: str) -> frozenset[FieldOf]:
    """The fields that a metric reads, directly or through the metrics that it is composed of.

    A field that can be derived brings those that it is derived from, a reference (`product.standard_cost`) the fields on
    the way; amounts of money bring their currency. UserError where there is no such metric.
    """
    found: set[FieldOf] = set()
    for base in registry.bases_of(metric):
        entity = registry.model.entity(base.entity)
        for path in _paths(base, entity):
            found |= set(_on_the_way(registry, entity, path))
        if isinstance(base, Conversion):
            for stage in base.then:
                there = registry.model.entity(stage.entity or base.entity)
                for path in _of_stage(stage, base, there):
                    found |= set(_on_the_way(registry, there, path))
        if base.unit == "currency" and entity.has("currency"):
            found.add((entity.name, "currency"))
    return frozenset(_with_derivations(registry, found))


def needed_by(registry: Registry) -> Mapping[FieldOf, tuple[str, ...]]:
    """Every field that some metric reads, with the metrics that are offered to people and read it."""
    found: dict[FieldOf, list[str]] = {}
    for name, metric in registry.metrics.items():
        if not metric.hidden:
            for field in inputs_of(registry, name):
                found.setdefault(field, []).append(name)
    return {field: tuple(names) for field, names in found.items()}


def _paths(base: RowBased, entity: Entity) -> Iterator[str]:
    """The dotted names that a definition mentions."""
    expressions, fields = [base.filter], [base.date or entity.event_date]
    match base:
        case Measure():
            expressions.append(base.expression)
            fields += [base.first_by, base.per.key if base.per else None]
        case Stock():
            expressions += [base.expression, base.open_filter]
            fields += [base.opened, base.closed]
        case Distribution():
            expressions.append(base.expression)
            fields.append(base.per.key if base.per else None)
        case Conversion():
            expressions.append(base.to)
            fields.append(base.subject)
        case Cohort():
            fields.append(base.subject)
        case Churn():
            fields += [base.subject, base.until]
        case Spread():
            expressions.append(base.expression)
            fields.append(base.until)
    yield from (field for field in fields if field is not None)
    for sql in expressions:
        if sql is not None:
            yield from columns(sql)


def _of_stage(stage: Stage, rule: Conversion, entity: Entity) -> Iterator[str]:
    date = stage.date or (rule.date if stage.entity is None else None) or entity.event_date
    yield from (name for name in (stage.subject or rule.subject, date) if name is not None)
    if stage.filter is not None:
        yield from columns(stage.filter)


def _on_the_way(registry: Registry, entity: Entity, path: str) -> Iterator[FieldOf]:
    here = entity
    *steps, last = path.split(".")
    for step in steps:
        through = reference(here, step)
        if through is not None:
            yield here.name, through
        here = registry.model.entity(step)
    if here.has(last):
        yield here.name, last


def _with_derivations(registry: Registry, fields: set[FieldOf]) -> set[FieldOf]:
    found, fresh = set(fields), set(fields)
    while fresh:
        fresh = {
            (name, source)
            for name, field in fresh
            for source in fields_in(registry.model.entity(name).field(field).derive or "")
            if registry.model.entity(name).has(source)
        } - found
        found |= fresh
    return found
