"""Which metrics matter: how much of the past a metric covers, how much it moves, and whether another one says the same.

All of it is read off monthly values v(1) … v(n) of complete months, oldest first:

- coverage: months with a value ÷ months since any of the asked metrics has one;
- variation: sample standard deviation ÷ |mean| (coefficient of variation); for shares the standard deviation itself;
- change of a month: (v(t) − v(t−1)) ÷ |v(t−1)|, for shares the difference; months without value, or after a zero, have none;
- redundancy of two metrics: Pearson's r of their changes over the months in which both have one, at least twelve; |r| ≥ 0.95
  means that one of them tells hardly anything that the other does not. Changes and not levels are compared, because levels
  of anything that grows are alike (spurious correlation; Granger & Newbold 1974).
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from salesloop.engine.metrics import Query, Registry, run
from salesloop.engine.metrics.warehouse import Warehouse
from salesloop.engine.model.calendar import Period
from salesloop.engine.model.scope import Scope

REDUNDANT: Final = 0.95
LEAST_MONTHS: Final = 12
Series = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Signal:
    """What monthly values say of a metric. `variation` is None with fewer than three values or a mean of zero; `twin` is the
    metric whose changes are most alike, with `likeness` its r, where |r| reaches 0.95."""

    metric: str
    coverage: float
    variation: float | None
    twin: str | None = None
    likeness: float | None = None


def months_before(warehouse: Warehouse, today: dt.date, count: int) -> Sequence[Period]:
    """The last `count` complete months of the company's calendar, oldest first."""
    calendar = warehouse.config.calendar_of_company
    month = calendar.previous(calendar.period_of(today, "month"))
    found = [month]
    while len(found) < count:
        found.append(calendar.previous(found[-1]))
    return found[::-1]


def monthly(
    warehouse: Warehouse,
    registry: Registry,
    metrics: Sequence[str],
    months: Sequence[Period],
    scope: Scope,
    *,
    today: dt.date,
) -> Mapping[str, Series]:
    """Metric → its value of each month, NaN where it has none; one question for all."""
    query = Query(tuple(metrics), grain="month", start=months[0].start, end=months[-1].end)
    rows = {row["period"]: row for row in run(warehouse, registry, query, scope, today=today).to_pylist()}
    return {
        name: np.array([_number(rows.get(month.start, {}).get(name)) for month in months], dtype=np.float64)
        for name in metrics
    }


def signals(registry: Registry, values: Mapping[str, Series]) -> Sequence[Signal]:
    """Coverage, variation and redundancy of each metric, in the order given."""
    known = np.array([~np.isnan(series) for series in values.values()])
    began = int(np.argmax(known.any(axis=0))) if known.size and known.any() else 0
    shares = {name: registry.metric(name).format == "percent" for name in values}
    changes = {name: changes_of(series, share=shares[name]) for name, series in values.items()}
    found = []
    for name, series in values.items():
        twin, likeness = _twin(name, changes)
        inside = series[began:]
        found.append(
            Signal(
                name,
                float(np.mean(~np.isnan(inside))) if inside.size else 0.0,
                _variation(inside, share=shares[name]),
                twin,
                likeness,
            )
        )
    return found


def changes_of(values: Series, *, share: bool) -> Series:
    """The change of each month against the one before; NaN where there is none."""
    before, after = values[:-1], values[1:]
    if share:
        return after - before
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(before == 0, np.nan, (after - before) / np.abs(before))


def correlation(one: Series, other: Series) -> float | None:
    """Pearson's r over the months in which both have a change; None below twelve of them, or where one never changes."""
    both = ~np.isnan(one) & ~np.isnan(other)
    if int(both.sum()) < LEAST_MONTHS:
        return None
    x, y = one[both], other[both]
    if np.ptp(x) == 0 or np.ptp(y) == 0:
        return None
    return float(np.corrcoef(x, y)[0, 1])


def _twin(name: str, changes: Mapping[str, Series]) -> tuple[str | None, float | None]:
    best: tuple[str | None, float | None] = (None, None)
    for other, series in changes.items():
        r = correlation(changes[name], series) if other != name else None
        if r is not None and abs(r) >= REDUNDANT and (best[1] is None or abs(r) > abs(best[1])):
            best = (other, r)
    return best


def _variation(values: Series, *, share: bool) -> float | None:
    known = values[~np.isnan(values)]
    if known.size < 3:
        return None
    spread = float(np.std(known, ddof=1))
    if share:
        return spread
    mean = abs(float(np.mean(known)))
    return None if math.isclose(mean, 0.0, abs_tol=1e-12) else spread / mean


def _number(value: object) -> float:
    return math.nan if value is None else float(value)  # type: ignore[arg-type] # a number of the planner
