"""Which driver holds a result back the most: the bottleneck of a tree of metrics.

Every driver is held against two things that are its own: the target of its period, as far as the period has come, and
what its own season and recent run let expect (`predict.season`). Its loss is the share by which it falls short, in the
direction that is bad for it; it is beyond the usual where it is a tenth of the target or more, or where the value lies
outside of what the metric usually does (two standard deviations of its own past errors). Shares can be compared between metrics:
of a result that is a product of its drivers (orders × value of an order) equal shares cost the same.

Conversions and cohorts are judged by a period that ended at least sixty days ago, because what began lately had no time
to come through.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from salesloop.engine.analyze.asking import Asking
from salesloop.engine.analyze.predict.season import Expectation, expect
from salesloop.engine.analyze.series import latest_period, periods_until, slice_series
from salesloop.engine.metrics.definition import Cohort, Conversion
from salesloop.engine.metrics.query import Query
from salesloop.engine.model.calendar import Grain, Period
from salesloop.engine.model.errors import UserError

HISTORY: Final[Mapping[Grain, int]] = {"month": 37, "quarter": 17}
"""Periods that are looked at, the judged one included."""
MATURE: Final = dt.timedelta(days=60)
BEHIND: Final = 0.1
"""A target that is missed by less is no bottleneck."""
WIDTH: Final = 2.0
NOTHING: Final = 1e-6
"""Less than this is how floating numbers differ."""


@dataclass(frozen=True, slots=True)
class Loss:
    """A metric that falls short in a period, in its unit. `against`: its plan (`expected` is the target so far), or its own
    history (`low` to `high` is what is usual). `loss` is the share of what was expected that is missing (0.2 = a fifth);
    `beyond` whether that is more than the usual ups and downs."""

    metric: str
    period: Period
    observed: float
    expected: float
    low: float | None
    high: float | None
    against: Literal["plan", "history"]
    loss: float
    beyond: bool


@dataclass(frozen=True, slots=True)
class Bottleneck:
    """The loss that holds the result back, and the way to it from the result down."""

    path: tuple[str, ...]
    loss: Loss


def find_losses(
    asking: Asking, metrics: Sequence[str], where: Sequence[str] = (), grain: Grain = "month"
) -> dict[str, Loss]:
    """Those of the metrics that fall short, each of its latest period that can be judged."""
    found = {}
    for name in dict.fromkeys(metrics):
        try:
            loss = _loss(asking, name, where, grain)
        except UserError:
            continue  # this metric cannot be filtered so, or is not in use: another may be
        if loss is not None:
            found[name] = loss
    return found


def bottleneck(top: str, drivers: Mapping[str, Sequence[str]], losses: Mapping[str, Loss]) -> Bottleneck | None:
    """The largest loss among what drives `top`, one beyond the usual before all others, followed down as long as one of its own
    drivers is beyond the usual as well. None where nothing below falls short.
    """
    ways = _ways(top, drivers)
    short = [name for name in ways if name != top and name in losses]
    if not short:
        return None
    path = ways[max(short, key=lambda name: (losses[name].beyond, losses[name].loss))]
    while below := [n for n in drivers.get(path[-1], ()) if n not in path and n in losses and losses[n].beyond]:
        path = (*path, max(below, key=lambda name: losses[name].loss))
    return Bottleneck(path, losses[path[-1]])


def _ways(top: str, drivers: Mapping[str, Sequence[str]]) -> dict[str, tuple[str, ...]]:
    """Everything below a metric, each with the shortest way to it."""
    ways: dict[str, tuple[str, ...]] = {top: (top,)}
    waiting = [top]
    while waiting:
        name = waiting.pop(0)
        for driver in drivers.get(name, ()):
            if driver not in ways:
                ways[driver] = (*ways[name], driver)
                waiting.append(driver)
    return ways


def _loss(asking: Asking, metric: str, where: Sequence[str], grain: Grain) -> Loss | None:
    """The larger of the losses against plan and history; None where the metric does not fall short of either."""
    if asking.metric(metric).favorable == "neutral":
        return None
    period = _judged(asking, metric, grain)
    series = slice_series(asking, metric, (), where, periods_until(asking, period, HISTORY.get(grain, 37)))
    if not len(series.keys):
        return None
    values = series.levelled[0]
    history = expect(values, series.season, len(values) - 1, width=WIDTH)
    found = [_against_plan(asking, metric, where, period), _against_history(asking, metric, period, history)]
    short = [loss for loss in found if loss is not None and loss.loss > NOTHING]
    return max(short, key=lambda loss: (loss.beyond, loss.loss), default=None)


def _judged(asking: Asking, metric: str, grain: Grain) -> Period:
    """The running period only where its days can be held against the same days of the others."""
    if asking.adds_up(metric):
        return latest_period(asking, grain)
    period = asking.calendar.period_of(asking.today, grain)
    matures = MATURE if isinstance(asking.metric(metric), Conversion | Cohort) else dt.timedelta(0)
    while period.end > asking.today - matures:
        period = asking.calendar.previous(period)
    return period


def _against_plan(asking: Asking, metric: str, where: Sequence[str], period: Period) -> Loss | None:
    if asking.metric(metric).type == "target":
        return None
    query = Query((metric,), start=period.start, end=period.end, where=tuple(where), compare=("target",))
    (row,) = asking.table(query).to_pylist()
    target, observed = row[f"{metric}_target"], row[metric]
    if target is None or observed is None or not float(target):
        return None
    part = asking.calendar.elapsed_share(period, asking.today) if asking.registry.sums_up(metric) else 1.0
    expected = float(target) * part
    loss = _share(asking, metric, float(observed), expected)
    return Loss(metric, period, float(observed), expected, None, None, "plan", loss, loss >= BEHIND)


def _against_history(asking: Asking, metric: str, period: Period, history: Expectation | None) -> Loss | None:
    if history is None or not np.isfinite(history.expected):
        return None
    loss = _share(asking, metric, history.observed, history.expected)
    beyond = not history.low <= history.observed <= history.high
    return Loss(metric, period, history.observed, history.expected, history.low, history.high, "history", loss, beyond)


def _share(asking: Asking, metric: str, observed: float, expected: float) -> float:
    """The share of what was expected that is missing; of what had better be low, the share that is too much."""
    if not expected:
        return 0.0
    missing = (expected - observed) / abs(expected)
    return -missing if asking.metric(metric).favorable == "down" else missing
