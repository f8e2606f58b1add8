"""What a roll-up keeps of a measure, and the text by which the planner knows it again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from functools import lru_cache

from sqlglot import exp

from salesloop.engine.metrics import expression
from salesloop.engine.metrics.definition import Measure
from salesloop.engine.metrics.plan.context import Context
from salesloop.engine.metrics.plan.measures import in_base_currency
from salesloop.engine.metrics.plan.rows import Rows
from salesloop.engine.metrics.query import Query, Question
from salesloop.engine.metrics.registry import Registry
from salesloop.engine.model.calendar import Calendar
from salesloop.engine.model.scope import Scope

ADDED_UP = ("sum", "count", "minimum", "maximum")
DIALECT = "duckdb"


def of_all_rows(registry: Registry, foreign: frozenset[str], parameters: Mapping[str, int]) -> Context:
    """What `Rows` must know to read every row of an entity: no filter, no scope, no days."""
    nothing = Question(Query(()), (), (), None)
    return Context(
        nothing,
        registry,
        Scope.all(),
        Calendar(),
        dt.date.min,
        (),
        (),
        {},
        frozenset(),
        {},
        foreign,
        parameters,
    )


def date_of(measure: Measure, registry: Registry) -> str:
    """The field that places a row of the measure in a period."""
    return measure.date or registry.model.entity(measure.entity).event_date or ""


def can_be_kept(measure: Measure) -> bool:
    """Whether parts of the measure make up the whole: sums, counts, extremes, and different subjects."""
    if measure.per is not None or (measure.expression is None and measure.aggregate != "count"):
        return False
    if measure.first_by is not None:
        return measure.aggregate == "count_distinct" and measure.expression == measure.first_by
    return measure.aggregate in ADDED_UP or measure.aggregate == "count_distinct"


def value(measure: Measure, rows: Rows) -> exp.Expr | None:
    """What is aggregated, in the base currency; None where rows are counted."""
    if measure.expression is None:
        return None
    return in_base_currency(rows, rows.sql(measure.expression), measure.unit)


def names(text: str) -> Iterator[str]:
    """The dotted names that an expression of a definition reads."""
    return expression.columns(text)


def condition(measure: Measure, rows: Rows) -> exp.Expr | None:
    """Which rows count."""
    return None if measure.filter is None else rows.sql(measure.filter)


def signature(measure: Measure, registry: Registry, *, foreign: bool, parameters: Mapping[str, int]) -> str:
    """The measure as SQL over all rows: measures that read equal are equal, whatever they are called."""
    return _signature(_Asked(measure, registry), foreign, tuple(sorted(parameters.items())))


class _Asked:
    """A measure as the key of a cache: definitions with one fingerprint are the same."""

    def __init__(self, measure: Measure, registry: Registry) -> None:
        self.measure, self.registry = measure, registry
        self._key = (registry.fingerprint, measure.metric)

    def __hash__(self) -> int:
        return hash(self._key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Asked) and self._key == other._key


@lru_cache(maxsize=2048)
def _signature(asked: _Asked, foreign: bool, parameters: tuple[tuple[str, int], ...]) -> str:
    measure, registry = asked.measure, asked.registry
    rows = Rows(of_all_rows(registry, frozenset({measure.entity} if foreign else ()), dict(parameters)), measure.entity)
    aggregated, counted = value(measure, rows), condition(measure, rows)
    parts = [
        "first of each" if measure.first_by else measure.aggregate,
        "*" if aggregated is None else aggregated.sql(dialect=DIALECT),
        "where " + ("true" if counted is None else counted.sql(dialect=DIALECT)),
    ]
    return " ".join(parts)
