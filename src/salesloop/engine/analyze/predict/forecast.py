"""What a metric is likely to be in the coming months, by the way of foretelling that would have missed least so far.

Three ways compete: as a year ago; a year ago moved by the recent run (`predict.season`); the median of the last six months.
Each foretells from every one of the last twelve month ends the six months after it, as far as they are over (rolling origin:
Hyndman and Athanasopoulos, Forecasting: Principles and Practice, section 5.10). The one with the least mean absolute error is
chosen, and the range that is given holds four fifths of what it missed by, at like distances. As a year ago is the naive
rival that each must beat.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from salesloop.engine.analyze.asking import Asking
from salesloop.engine.analyze.predict.season import Floats, expect_ahead
from salesloop.engine.analyze.series import periods_until, slice_series
from salesloop.engine.model.calendar import Period
from salesloop.engine.model.errors import UserError
from salesloop.engine.model.text import Messages

Method = Literal["last_year", "season", "recent"]
NAIVE: Final[Method] = "last_year"
AHEAD: Final = 6
ORIGINS: Final = 12
LEAST_MONTHS: Final = 12 + ORIGINS + 1
_HISTORY: Final = 61
_RECENT: Final = 6
_RANGE: Final = (0.1, 0.9)
_MESSAGES = Messages("salesloop.engine.analyze.predict")


@dataclass(frozen=True, slots=True)
class Held:
    """One month of the back-test, foretold from the month before."""

    month: dt.date
    actual: float
    predicted: float
    naive: float


@dataclass(frozen=True, slots=True)
class Trained:
    """The chosen way with its back-test, learnt from the finished months of `first` … `until`. `errors`: mean absolute error
    of each way, in the unit of the metric, over `checks` foretold months; `ranges`: for one to six months ahead, actual ÷
    foretold (`relative`) or actual − foretold, at the 10 % and the 90 % point."""

    metric: str
    method: Method
    first: dt.date
    until: dt.date
    errors: Mapping[Method, float]
    checks: int
    relative: bool
    ranges: tuple[tuple[float, float], ...]
    held: tuple[Held, ...]


@dataclass(frozen=True, slots=True)
class Point:
    """One coming month."""

    month: Period
    expected: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class History:
    """The finished months of a metric from the first with a value, and where each was a year before (−1: not there);
    `season` goes on for the months to foretell."""

    months: tuple[Period, ...]
    coming: tuple[Period, ...]
    values: Floats
    season: NDArray[np.int64]


def history(asking: Asking, metric: str) -> History:
    """What is known of the metric, in months that are over."""
    calendar = asking.calendar
    running = calendar.period_of(asking.today, "month")
    last = running if running.end == asking.today else calendar.previous(running)
    months = periods_until(asking, last, _HISTORY)
    found = slice_series(asking, metric, (), (), months)
    values = found.values[0] if len(found.values) else np.full(len(months), np.nan)
    known = np.flatnonzero(~np.isnan(values))
    start = int(known[0]) if len(known) else len(months)
    coming = [calendar.next(last)]
    while len(coming) < AHEAD:
        coming.append(calendar.next(coming[-1]))
    shown = (*months[start:], *coming)
    place = {period.start: at for at, period in enumerate(shown)}
    season = np.array([place.get(calendar.year_ago(period).start, -1) for period in shown], dtype=np.int64)
    return History(months[start:], tuple(coming), values[start:], season)


def train(asking: Asking, metric: str) -> Trained:
    """Choose the way for a metric. UserError where there are too few months."""
    known = history(asking, metric)
    count = len(known.values)
    if count < LEAST_MONTHS or np.isnan(known.values).any():
        whole = int((~np.isnan(known.values)).sum())
        raise UserError(_MESSAGES.message("too_few_months", found=whole, needed=LEAST_MONTHS))
    foretold = {method: _rehearse(known, method) for method in get_args(Method)}
    usable = ~np.isnan(np.stack(list(foretold.values()))).any(axis=0)
    actual = _actual(known)
    errors = {m: float(np.abs(actual - told)[usable].mean()) for m, told in foretold.items()}
    method = min(errors, key=lambda one: errors[one])
    relative = bool((known.values > 0).all())
    first_month = count - ORIGINS
    return Trained(
        metric=metric,
        method=method,
        first=known.months[0].start,
        until=known.months[-1].end,
        errors=errors,
        checks=int(usable.sum()),
        relative=relative,
        ranges=_ranges(actual, np.where(usable, foretold[method], np.nan), relative),
        held=tuple(
            Held(known.months[at].start, float(known.values[at]), float(told), float(naive))
            for at, told, naive in zip(
                range(first_month, count), foretold[method][:, 0], foretold[NAIVE][:, 0], strict=True
            )
        ),
    )


def ahead(trained: Trained, known: History) -> tuple[Point, ...]:
    """The coming months, from what is known now by the way that was chosen then."""
    count = len(known.values)
    expected = _foretell(known, trained.method, count, AHEAD)
    points = []
    for month, value, (low, high) in zip(known.coming, expected, trained.ranges, strict=True):
        ends = (value * low, value * high) if trained.relative else (value + low, value + high)
        points.append(Point(month, float(value), float(min(ends)), float(max(ends))))
    return tuple(points)


def _rehearse(known: History, method: Method) -> Floats:
    """One row an origin, one column a month ahead; NaN where that month is not over."""
    count = len(known.values)
    told = np.full((ORIGINS, AHEAD), np.nan)
    for row, origin in enumerate(range(count - ORIGINS, count)):
        steps = min(AHEAD, count - origin)
        told[row, :steps] = _foretell(known, method, origin, steps)
    return told


def _actual(known: History) -> Floats:
    count = len(known.values)
    actual = np.full((ORIGINS, AHEAD), np.nan)
    for row, origin in enumerate(range(count - ORIGINS, count)):
        steps = min(AHEAD, count - origin)
        actual[row, :steps] = known.values[origin : origin + steps]
    return actual


def _foretell(known: History, method: Method, origin: int, steps: int) -> Floats:
    """The months from `origin` on, of which nothing is known."""
    past = np.concatenate([known.values[:origin], np.full(len(known.season) - origin, np.nan)])
    if method == "recent":
        return np.full(steps, np.median(past[max(0, origin - _RECENT) : origin]))
    if method == "season":
        return expect_ahead(past, known.season, origin, origin + steps)
    back = known.season[origin : origin + steps]
    return np.where(back >= 0, past[back], np.nan)


def _ranges(actual: Floats, told: Floats, relative: bool) -> tuple[tuple[float, float], ...]:
    missed = actual / told if relative else actual - told
    found = []
    for step in range(AHEAD):
        near = missed[:, max(0, step - 1) : step + 2]
        low, high = np.quantile(near[~np.isnan(near)], _RANGE)
        found.append((float(low), float(high)))
    return tuple(found)
