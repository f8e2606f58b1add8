"""Two versions of a definition beside one another: their texts, and for metrics their numbers on the same data."""

from __future__ import annotations

import datetime as dt
import difflib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from pydantic import ValidationError

from salesloop.engine.governance.documents import documents_of
from salesloop.engine.governance.kinds import MESSAGES
from salesloop.engine.metrics import Query, Registry, run
from salesloop.engine.metrics.definition import METRIC, Measure, Metric
from salesloop.engine.metrics.validate import problems
from salesloop.engine.metrics.warehouse import Warehouse
from salesloop.engine.model.calendar import Grain
from salesloop.engine.model.errors import UserError
from salesloop.engine.model.periods import DateRange
from salesloop.engine.model.scope import Scope

_CONTEXT: Final = 3
_EQUAL_TO: Final = 1e-9


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a difference: kept (` `), taken out (`-`) or put in (`+`)."""

    sign: str
    text: str


@dataclass(frozen=True, slots=True)
class Compared:
    """One row: the period or slice, the value under each definition, and the second minus the first."""

    period: dt.date | None
    slice: tuple[str | None, ...]
    one: float | None
    other: float | None

    @property
    def difference(self) -> float | None:
        return None if self.one is None or self.other is None else self.other - self.one

    @property
    def share(self) -> float | None:
        """The difference as a share of the first value; None where that is zero or unknown."""
        return None if self.difference is None or not self.one else self.difference / abs(self.one)

    @property
    def same(self) -> bool:
        """Equal but for the last bits of floating numbers."""
        if self.one is None or self.other is None:
            return self.one is self.other
        return abs(self.other - self.one) <= _EQUAL_TO * max(1.0, abs(self.one), abs(self.other))


def difference(one: str, other: str) -> Sequence[Line]:
    """The lines in which two texts differ, with three lines around them."""
    found = difflib.unified_diff(one.strip().splitlines(), other.strip().splitlines(), lineterm="", n=_CONTEXT)
    return [Line(line[0], line[1:]) for line in found if not line.startswith(("---", "+++", "@@"))]


def metric_of(text: str, version: str) -> Metric:
    """A metric of a kept version. UserError where today's rules cannot read it."""
    document = documents_of(text, "")[0].content
    try:
        return METRIC.validate_python(dict(document))
    except ValidationError as error:
        first = error.errors()[0]
        problem = f"{'.'.join(map(str, first['loc']))}: {first['msg']}"
        name = str(document.get("metric"))
        raise UserError(
            MESSAGES.message("version_not_a_metric", name=name, version=version, problem=problem)
        ) from error


def compare(
    warehouse: Warehouse,
    registry: Registry,
    one: Metric,
    other: Metric,
    days: DateRange,
    scope: Scope,
    *,
    today: dt.date,
    grain: Grain | None = "month",
    by: tuple[str, ...] = (),
) -> Sequence[Compared]:
    """Both definitions of a metric computed on the same snapshot, by period and slice.

    The definitions around the metric are today's for both. UserError where one of them does not hold together with these.
    """
    query = Query((one.metric,), by=by, grain=grain, start=days.start, end=days.end)
    first, second = (
        {_key(row, by): row[one.metric] for row in run(warehouse, world, query, scope, today=today).to_pylist()}
        for world in (_with(registry, one), _with(registry, other))
    )
    none, neither = _of_no_rows(one), _of_no_rows(other)
    keys = sorted({*first, *second}, key=lambda key: (key[0] or dt.date.min, [part or "" for part in key[1]]))
    return [Compared(*key, _number(first.get(key, none)), _number(second.get(key, neither))) for key in keys]


def _of_no_rows(metric: Metric) -> int | None:
    """The value of a slice that only the other definition has rows for."""
    return 0 if isinstance(metric, Measure) and metric.zero_when_empty else None


def _with(registry: Registry, metric: Metric) -> Registry:
    """The registry with one metric defined so, in use whatever its status."""
    metrics = {**registry.metrics, metric.metric: metric.model_copy(update={"status": "active"})}
    for name, problem in problems(metrics, registry.dimensions, registry.model):
        text = f"{name}: {problem.place}: {problem.text}"
        version = str(metric.version)
        raise UserError(MESSAGES.message("version_not_a_metric", name=metric.metric, version=version, problem=text))
    return replace(registry, metrics=metrics)


def _key(row: dict[str, Any], by: tuple[str, ...]) -> tuple[dt.date | None, tuple[str | None, ...]]:
    return row.get("period"), tuple(row[name.split(":")[0]] for name in by)


def _number(value: Any) -> float | None:
    return None if value is None else float(value)
