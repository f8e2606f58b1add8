"""Whether definitions hold together: names exist, expressions are sound, paths lead somewhere, nothing runs in circles."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from pydantic import BaseModel

from salesloop.engine.metrics import expression
from salesloop.engine.metrics.composition import inputs, parts
from salesloop.engine.metrics.definition import (
    BUCKET,
    Churn,
    Cohort,
    Conversion,
    Cumulative,
    Definition,
    Derived,
    Distribution,
    Measure,
    Metric,
    Rank,
    Ratio,
    RowBased,
    Share,
    Spread,
    Stage,
    Stock,
    Target,
)
from salesloop.engine.metrics.dimension import Dimension
from salesloop.engine.metrics.reach import has_column, no_field, walk
from salesloop.engine.model.entity import Entity, Model
from salesloop.engine.model.text import Message, Messages
from salesloop.engine.model.wrong import said

_MESSAGES: Final = Messages("salesloop.engine.metrics")
TEXTS: Final = frozenset({"filter", "expression", "to", "open_filter"})
NUMBERS: Final = frozenset({"within_days", "after_days", "days", "at_least", "quantile"})


@dataclass(frozen=True, slots=True)
class Problem:
    """Where in a definition something is wrong, and what."""

    place: str
    text: Message


def _say(key: str, **params: object) -> Message:
    return _MESSAGES.message(f"wrong_{key}", **params)


def _entities(model: Model) -> list[str]:
    return [entity.name for entity in model.entities]


def problems(
    metrics: Mapping[str, Metric], dimensions: Mapping[str, Dimension], model: Model
) -> Iterator[tuple[str, Problem]]:
    """(id of the definition, problem) for all of them."""
    for metric in metrics.values():
        for problem in (*_of_metric(metric, metrics, dimensions, model), *_numbers(metric), *_around(metric, metrics)):
            yield metric.metric, problem
    for dimension in dimensions.values():
        for problem in _of_dimension(dimension, model):
            yield dimension.dimension, problem


def _of_metric(
    metric: Metric, metrics: Mapping[str, Metric], dimensions: Mapping[str, Dimension], model: Model
) -> Iterator[Problem]:
    match metric:
        case Ratio():
            yield from _named(metrics, numerator=metric.numerator, denominator=metric.denominator)
        case Derived():
            try:
                names = inputs(metric)
            except ValueError as error:
                yield Problem("expression", said(error))
                return
            yield from _named(metrics, **{f"expression: {name}": name for name in names})
        case Cumulative():
            yield from _named(metrics, measure=metric.measure)
            if metric.measure in metrics and not isinstance(metrics[metric.measure], Measure | Churn):
                yield Problem("measure", _say("cumulative"))
        case Share() | Rank():
            yield from _named(metrics, of=metric.of)
            yield from _compared_inside(metric, metrics, dimensions)
        case Target():
            yield from _named(metrics, of=metric.of)
        case _:
            yield from _row_based(metric, model)
            return
    for name in parts(metric):
        if isinstance(metrics.get(name), Rank):
            yield Problem("—", _say("rank_inside", name=name))
    yield from _circle(metric, metrics)


def _compared_inside(
    metric: Share | Rank, metrics: Mapping[str, Metric], dimensions: Mapping[str, Dimension]
) -> Iterator[Problem]:
    """A share or a rank is of a metric of its own, along dimensions that there are."""
    if isinstance(metrics.get(metric.of), Target | Rank):
        yield Problem("of", _say("of_rank", name=metric.of))
    place, names = ("over", metric.over) if isinstance(metric, Share) else ("within", metric.within)
    for name in names:
        if name not in dimensions or name == BUCKET:
            yield Problem(place, _say("dimension", name=name))


def _numbers(metric: Definition) -> Iterator[Problem]:
    """Parameters that are used are declared, those declared are used, and numbers are put where numbers belong."""
    used = {name: place for place, name in _used(metric)}
    for name, place in used.items():
        if name not in metric.params and name not in expression.PARAMETERS:
            yield Problem(place, _say("undeclared", name=name))
    for name in sorted(set(metric.params) - set(used)):
        yield Problem("params", _say("unused", name=name))
    for name in sorted(set(metric.params) & expression.PARAMETERS):
        yield Problem("params", _say("setting", name=name))


def _used(written: BaseModel) -> Iterator[tuple[str, str]]:
    """(field, parameter) of every parameter that a definition reads."""
    for field, value in written:
        for inner in value if isinstance(value, tuple) else (value,):
            if isinstance(inner, BaseModel):
                yield from _used(inner)
            elif isinstance(inner, str) and field in NUMBERS and inner.startswith(":"):
                yield field, inner[1:]
            elif isinstance(inner, str) and field in TEXTS:
                try:
                    yield from ((field, name) for name in expression.placeholders(inner))
                except ValueError:
                    continue  # said where the expression is checked


def _around(metric: Metric, metrics: Mapping[str, Metric]) -> Iterator[Problem]:
    """What replaces a metric and what drives it: names that exist, and drivers that do not run in circles."""
    if metric.successor is not None:
        yield from _named(metrics, successor=metric.successor)
    yield from _named(metrics, **{f"drivers: {name}": name for name in metric.drivers})
    waiting, seen = list(metric.drivers), set[str]()
    while waiting:
        name = waiting.pop()
        if name == metric.metric:
            yield Problem("drivers", _say("drives_itself"))
            return
        if name not in seen and name in metrics:
            seen.add(name)
            waiting += metrics[name].drivers


def _named(metrics: Mapping[str, Metric], **places: str) -> Iterator[Problem]:
    for place, name in places.items():
        if name not in metrics:
            yield Problem(place, _say("metric", name=name))


def _circle(metric: Metric, metrics: Mapping[str, Metric]) -> Iterator[Problem]:
    waiting, seen = list(parts(metric)), set[str]()
    while waiting:
        name = waiting.pop()
        if name == metric.metric:
            yield Problem("—", _say("circle"))
            return
        if name not in seen and name in metrics:
            seen.add(name)
            waiting += parts(metrics[name])


def _row_based(metric: RowBased, model: Model) -> Iterator[Problem]:
    if not model.has(metric.entity):
        yield Problem("entity", _say("entity", name=metric.entity, known=_entities(model)))
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
        case Distribution():
            texts["expression"] = metric.expression
            fields["per.key"] = metric.per.key if metric.per else None
        case Conversion():
            texts["to"] = metric.to
            fields["subject"] = metric.subject
            for number, stage in enumerate(metric.then, 1):
                yield from _stage(f"then.{number}", stage, metric, model)
        case Cohort():
            fields["subject"] = metric.subject
        case Churn():
            fields |= {"subject": metric.subject, "until": metric.until}
        case Spread():
            texts["expression"] = metric.expression
            fields["until"] = metric.until
    yield from _fields_and_texts(fields, texts, entity, model)


def _stage(place: str, stage: Stage, metric: Conversion, model: Model) -> Iterator[Problem]:
    """One stage of a funnel, which may be of another entity."""
    name = stage.entity or metric.entity
    if not model.has(name):
        yield Problem(f"{place}.entity", _say("entity", name=name, known=_entities(model)))
        return
    fields = {f"{place}.subject": stage.subject or metric.subject, f"{place}.date": stage.date}
    yield from _fields_and_texts(fields, {f"{place}.filter": stage.filter}, model.entity(name), model)


def _fields_and_texts(
    fields: Mapping[str, str | None], texts: Mapping[str, str | None], entity: Entity, model: Model
) -> Iterator[Problem]:
    for place, field in fields.items():
        if field is not None and not has_column(entity, field):
            yield Problem(place, no_field(entity, field))
    for place, sql in texts.items():
        if sql is not None:
            yield from _expression(place, sql, entity, model)


def _expression(place: str, sql: str, entity: Entity, model: Model) -> Iterator[Problem]:
    try:
        names = list(expression.columns(sql))
    except ValueError as error:
        yield Problem(place, said(error))
        return
    for name in names:
        obstacle = walk(name, entity, model)
        if obstacle is not None:
            yield Problem(place, obstacle)


def _of_dimension(dimension: Dimension, model: Model) -> Iterator[Problem]:
    if dimension.entity is not None and not model.has(dimension.entity):
        yield Problem("entity", _say("entity", name=dimension.entity, known=_entities(model)))
    for name in dimension.paths:
        if name != "default" and not model.has(name):
            yield Problem(f"paths.{name}", _say("entity", name=name, known=_entities(model)))
