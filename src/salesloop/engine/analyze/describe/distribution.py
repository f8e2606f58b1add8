"""How the values behind a metric are spread: per record (order, deal, payment), per customer, per person.

The values are the metric's own, asked of the planner by subject, so that days, filters and scope are those of the number
itself. Quantiles interpolate linearly (type 7 of Hyndman & Fan, The American Statistician 50, 1996). The interval of a
quantile q of n values reaches from the value at rank nq − 1.96·√(nq(1−q)) to the one at nq + 1.96·√(nq(1−q)): it assumes
nothing about the shape (Conover, Practical Nonparametric Statistics, 3rd ed., section 3.2).
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from salesloop.engine.metrics import Query, Registry, run
from salesloop.engine.metrics.adding import adds_up
from salesloop.engine.metrics.definition import Derived, Measure, Ratio, Stock
from salesloop.engine.metrics.dimension import Dimension
from salesloop.engine.metrics.warehouse import Warehouse
from salesloop.engine.model.scope import Scope
from salesloop.engine.model.text import Text

Floats = NDArray[np.float64]

RECORD: Final = "record"
SUBJECTS: Final = ("customer", "employee")
"""The dimensions whose values are subjects, besides the record itself."""
FEW: Final = 20
"""With fewer values the quantiles say little."""
BARS: Final = 12
_Z: Final = 1.959964


@dataclass(frozen=True, slots=True)
class Quantile:
    """The value below which the share `at` of the values lies; `low` and `high` are its 95 % interval, None with too few
    values for one."""

    at: float
    value: float
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Bar:
    """How many values lie from `start` (included) to `end` (not included; None = no end)."""

    start: float
    end: float | None
    count: int


@dataclass(frozen=True, slots=True)
class Spread:
    """The values of a metric by subject, in its unit.

    `different`: how many different values there are. `unknown`: subjects without a value, and rows without a subject; they are in none of the other numbers. `top_tenth` is
    the share of the sum that the largest tenth makes, None where values do not add up or some are negative. `few`: fewer
    than 20 values. `quantiles` are median and p90.
    """

    subject: str
    count: int
    different: int
    unknown: int
    mean: float
    least: float
    greatest: float
    quantiles: tuple[Quantile, Quantile]
    bars: tuple[Bar, ...]
    top_tenth: float | None

    @property
    def few(self) -> bool:
        return self.count < FEW

    @property
    def telling(self) -> bool:
        """Whether there is something to see: more than "all are one" or "yes or no"."""
        return self.different > 2

    @property
    def median(self) -> Quantile:
        return self.quantiles[0]

    @property
    def ninetieth(self) -> Quantile:
        """Nine in ten values do not exceed it."""
        return self.quantiles[1]


def subjects(metric: str, registry: Registry) -> tuple[str, ...]:
    """The subjects whose values of the metric mean something, the finest first; none for shares, ranks and the like."""
    if not isinstance(registry.metric(metric), Measure | Ratio | Derived | Stock):
        return ()
    possible = {dimension.dimension for dimension in registry.dimensions_of(metric)}
    record = (RECORD,) if record_field(metric, registry) is not None else ()
    return (*record, *(name for name in SUBJECTS if name in possible))


def record_field(metric: str, registry: Registry) -> tuple[str, str] | None:
    """(entity, field) whose values are the records behind the metric: an order, not its lines. None where several
    entities are behind it."""
    entities = registry.entities_of(metric)
    if len(entities) != 1:
        return None
    entity = registry.model.entity(entities[0])
    key = entity.key[0]
    return (entity.name, key) if entity.field(key).type == "identifier" else None


def distribution(
    warehouse: Warehouse, registry: Registry, query: Query, subject: str, scope: Scope, *, today: dt.date
) -> Spread | None:
    """The spread of the query's only metric over its days and filters, by one of its `subjects`. None without values."""
    (metric,) = query.metrics
    world = registry if subject != RECORD else _with_records(metric, registry)
    asked = replace(query, by=(subject,), grain=None, compare=(), limit=None, order=None)
    table = run(warehouse, world, asked, scope, today=today).table
    named = table.filter(pc.is_valid(table[_id_column(subject, table)]))
    values = named[metric].cast(pa.float64()).to_numpy(zero_copy_only=False)
    known = np.sort(values[~np.isnan(values)])
    if not known.size:
        return None
    return _spread(subject, known, table.num_rows - known.size, adds=adds_up(metric, registry))


def _with_records(metric: str, registry: Registry) -> Registry:
    """The registry with one more way to slice: by record; the same where several entities are behind the metric."""
    found = record_field(metric, registry)
    if found is None:
        return registry
    entity, field = found
    label = registry.model.entity(entity).label
    record = Dimension(dimension=RECORD, label=label, description=Text("", ""), paths={entity: (field,)}, hidden=True)
    return replace(registry, dimensions={**registry.dimensions, RECORD: record})


def _id_column(subject: str, table: pa.Table) -> str:
    return f"{subject}_id" if f"{subject}_id" in table.column_names else subject


def _spread(subject: str, ordered: Floats, unknown: int, *, adds: bool) -> Spread:
    return Spread(
        subject=subject,
        count=ordered.size,
        different=int(np.unique(ordered).size),
        unknown=unknown,
        mean=float(ordered.mean()),
        least=float(ordered[0]),
        greatest=float(ordered[-1]),
        quantiles=(_quantile(ordered, 0.5), _quantile(ordered, 0.9)),
        bars=bars(ordered),
        top_tenth=_top_tenth(ordered) if adds else None,
    )


def _quantile(ordered: Floats, at: float) -> Quantile:
    size = ordered.size
    reach = _Z * math.sqrt(size * at * (1 - at))
    low, high = math.floor(size * at - reach), math.ceil(size * at + reach)
    value = float(np.quantile(ordered, at))
    if low < 1 or high > size:
        return Quantile(at, value, None, None)
    return Quantile(at, value, float(ordered[low - 1]), float(ordered[high - 1]))


def _top_tenth(ordered: Floats) -> float | None:
    total = float(ordered.sum())
    if ordered[0] < 0 or total <= 0:
        return None
    return float(ordered[-max(1, round(ordered.size / 10)) :].sum() / total)


def bars(ordered: Floats) -> tuple[Bar, ...]:
    """At most twelve bars of one round width; what lies far above the rest shares the last one, which has no end.

    Few different whole numbers (one to ten orders) have a bar each. Otherwise the last bar holds its end as well.
    """
    low, top = float(ordered[0]), float(ordered[-1])
    if top > 1 and top - low < BARS and bool(np.all(ordered == np.round(ordered))):
        return _counted(ordered, [low + step for step in range(int(top - low) + 1)], end=top + 1)
    most = max(float(np.quantile(ordered, 0.98)), low)
    width = _round_up((most - low) / (BARS - 2) or (top - low) / (BARS - 2) or 1.0)
    first = math.floor(low / width) * width
    count = max(1, math.ceil((most - first) / width))
    starts = [round(first + width * step, 12) for step in range(count)]
    end = round(first + width * count, 12)
    return _counted(ordered, starts, end=end) if top <= end else _counted(ordered, [*starts, end], end=None)


def _counted(ordered: Floats, starts: Sequence[float], *, end: float | None) -> tuple[Bar, ...]:
    places = [*np.searchsorted(ordered, starts), ordered.size]
    return tuple(
        Bar(start, stop, int(after - before))
        for start, stop, before, after in zip(starts, [*starts[1:], end], places, places[1:], strict=False)
    )


def _round_up(width: float) -> float:
    """The next of 1, 2, 2.5, 5 × a power of ten."""
    power = 10.0 ** math.floor(math.log10(width))
    return next(step * power for step in (1.0, 2.0, 2.5, 5.0, 10.0) if step * power >= width * (1 - 1e-9))
