"""Whether definitions hold together: names exist, expressions are sound, paths lead somewhere, nothing runs in circles."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sqlglot import exp

from salesloop.engine.metrics import expression
from salesloop.engine.metrics.definition import (
    ELAPSED_DAYS,
    Cohort,
    Conversion,
    Cumulative,
    Derived,
    Measure,
    Metric,
    Ratio,
    RowBased,
    Stock,
    Target,
)
from salesloop.engine.metrics.dimension import Dimension
from salesloop.engine.model.entity import Entity, Model


@dataclass(frozen=True, slots=True)
class Problem:
    """Where in a definition something is wrong, and what."""

    place: str
    text: str


def problems(
    metrics: Mapping[str, Metric], dimensions: Mapping[str, Dimension], model: Model
) -> Iterator[tuple[str, Problem]]:
    """(id of the definition, problem) for all of them."""
    for metric in metrics.values():
        for problem in _of_metric(metric, metrics, model):
            yield metric.metric, problem
    for dimension in dimensions.values():
        for problem in _of_dimension(dimension, model):
            yield dimension.dimension, problem


def inputs(metric: Derived) -> tuple[str, ...]:
    """The metrics that a formula names, each once, in order."""
    return tuple(dict.fromkeys(name for name in expression.columns(metric.expression) if name != ELAPSED_DAYS))


def divides(metric: Derived) -> bool:
    """Whether the formula divides, so that its values do not add up."""
    return expression.parse(metric.expression).find(exp.Div) is not None


def usable_paths(dimension: Dimension, entity: Entity, model: Model) -> tuple[str, ...]:
    """The ways from a row of an entity to a dimension that the fields of the model allow."""
    return tuple(path for path in dimension.paths_from(entity.name) if walk(path, entity, model) is None)


def walk(path: str, entity: Entity, model: Model) -> str | None:
    """What stops the way `customer.region_id` from an entity, or None where it is open.

    Every step but the last goes through a reference to an entity with a single key, so that a row stays one row.
    """
    here = entity
    *steps, last = path.split(".")
    for step in steps:
        if reference(here, step) is None:
            return f"{here.name} does not refer to {step}"
        here = model.entity(step)
        if len(here.key) != 1:
            return f"{step} has several rows per key"
    if not has_column(here, last):
        return f"{here.name} has no field {last}"
    return None


def reference(entity: Entity, target: str) -> str | None:
    """The field by which rows of an entity refer to another; the one named like the key where there are several."""
    fields = [name for name, referred in entity.references.items() if referred == target]
    return f"{target}_id" if f"{target}_id" in fields else next(iter(fields), None)


def has_column(entity: Entity, name: str) -> bool:
    """Whether the snapshot's table has it: facts carry their owners and the exchange rate besides their fields."""
    if entity.has(name):
        return True
    if entity.kind != "fact":
        return False
    if name == "fx_rate":
        return entity.has_money
    return name in ("employee_id", "org_unit_id") and (entity.visibility == "owner" or entity.has("employee_id"))


def _of_metric(metric: Metric, metrics: Mapping[str, Metric], model: Model) -> Iterator[Problem]:
    match metric:
        case Ratio():
            yield from _named(metrics, numerator=metric.numerator, denominator=metric.denominator)
        case Derived():
            try:
                names = inputs(metric)
            except ValueError as error:
                yield Problem("expression", str(error))
                return
            yield from _named(metrics, **{f"expression: {name}": name for name in names})
        case Cumulative():
            yield from _named(metrics, measure=metric.measure)
            if metric.measure in metrics and not isinstance(metrics[metric.measure], Measure):
                yield Problem("measure", "a cumulative metric accumulates a measure")
        case Target():
            yield from _named(metrics, of=metric.of)
        case _:
            yield from _row_based(metric, model)
            return
    yield from _circle(metric, metrics)


def _named(metrics: Mapping[str, Metric], **places: str) -> Iterator[Problem]:
    for place, name in places.items():
        if name not in metrics:
            yield Problem(place, f"there is no metric {name}")


def _circle(metric: Metric, metrics: Mapping[str, Metric]) -> Iterator[Problem]:
    waiting, seen = list(_parts(metric)), set[str]()
    while waiting:
        name = waiting.pop()
        if name == metric.metric:
            yield Problem("—", "the metric is computed from itself")
            return
        if name not in seen and name in metrics:
            seen.add(name)
            waiting += _parts(metrics[name])


def _parts(metric: Metric) -> tuple[str, ...]:
    match metric:
        case Ratio():
            return (metric.numerator, metric.denominator)
        case Derived():
            return inputs(metric)
        case Cumulative():
            return (metric.measure,)
        case Target():
            return (metric.of,)
    return ()


def _row_based(metric: RowBased, model: Model) -> Iterator[Problem]:
    if not model.has(metric.entity):
        yield Problem("entity", f"there is no entity {metric.entity}")
        return
    entity = model.entity(metric.entity)
    texts: dict[str, str | None] = {"filter": metric.filter}
    fields: dict[str, str | None] = {"date": metric.date}
    match metric:
        case Measure():
            texts["expression"] = metric.expression
            fields |= {"first_by": metric.first_by, "per.key": metric.per.key if metric.per else None}
        case Stock():
            texts |= {"expression": metric.expression, "open_filter": metric.open_filter}
            fields |= {"opened": metric.opened, "closed": metric.closed}
        case Conversion():
            texts["to"] = metric.to
            fields["subject"] = metric.subject
        case Cohort():
            fields["subject"] = metric.subject
    for place, field in fields.items():
        if field is not None and not has_column(entity, field):
            yield Problem(place, f"{entity.name} has no field {field}")
    for place, sql in texts.items():
        if sql is not None:
            yield from _expression(place, sql, entity, model)


def _expression(place: str, sql: str, entity: Entity, model: Model) -> Iterator[Problem]:
    try:
        names = list(expression.columns(sql))
    except ValueError as error:
        yield Problem(place, str(error))
        return
    for name in names:
        obstacle = walk(name, entity, model)
        if obstacle is not None:
            yield Problem(place, obstacle)


def _of_dimension(dimension: Dimension, model: Model) -> Iterator[Problem]:
    if dimension.entity is not None and not model.has(dimension.entity):
        yield Problem("entity", f"there is no entity {dimension.entity}")
    for name in dimension.paths:
        if name != "default" and not model.has(name):
            yield Problem(f"paths.{name}", f"there is no entity {name}")
