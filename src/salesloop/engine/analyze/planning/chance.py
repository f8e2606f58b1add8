"""How likely history makes it that a target is reached.

The season model of `predict.season` is run on into the future many times, each step with an error drawn from those that it made
in the past (bootstrapped residuals: Hyndman and Athanasopoulos, Forecasting: Principles and Practice, section 5.5), so errors
of the level add up as the horizon grows. The chance is the share of these courses that reach the target. How well two dozen
errors can tell it at all is the interval: the errors are themselves resampled, and the chance is worked out for each sample
(Efron and Tibshirani, An Introduction to the Bootstrap, 1993, chapter 13). It cannot know what never happened before.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from salesloop.engine.analyze.predict.season import RUN_RATE_PERIODS, expect_ahead

Floats = NDArray[np.float64]

MIN_ERRORS = 8
"""Fewer past errors than this say nothing about a chance."""
MIN_MONTHS = 12 + 1 + MIN_ERRORS
HARD, EASY = 0.2, 0.9
"""Below the first a target is called too hard, above the second too easy."""
_SAMPLES, _COURSES = 60, 80
_SEED = 20_110_101


@dataclass(frozen=True)
class Chance:
    """P(actual ≥ target) with a 95 % interval; `expected` is the median course, `low10` and `high90` its 10 % and 90 % points
    (unit of the series); `errors` is how many past errors it rests on."""

    chance: float
    low: float
    high: float
    expected: float
    low10: float
    high90: float
    errors: int

    @property
    def verdict(self) -> Literal["hard", "easy", "fair"]:
        return "hard" if self.chance < HARD else "easy" if self.chance > EASY else "fair"


def reach_chance(
    values: Floats,
    season: NDArray[np.int64],
    target: float,
    *,
    first: int,
    so_far: float = 0.0,
    share_left: float = 1.0,
) -> Chance | None:
    """The chance that `so_far` and the periods from `first` to the end of `season` together reach `target`.

    `values` are the finished periods (NaN = no data), `season[i]` the place of the same period a year before (−1: none), also for
    the periods to come. Of the first coming period (`len(values)`) only `share_left` still counts. The same input gives the same
    answer. None where there are too few past errors.
    """
    positive = _positive(values)
    scale = np.log(values) if positive else values
    errors = _past_errors(values, season, positive=positive)
    if len(errors) < MIN_ERRORS:
        return None
    origin, stop = len(values), len(season)
    random = np.random.default_rng(_SEED)
    resampled = errors[random.integers(0, len(errors), (_SAMPLES, len(errors)))]
    drawn = random.integers(0, len(errors), (_SAMPLES, _COURSES * (stop - origin)))
    steps = np.take_along_axis(resampled, drawn, axis=1).reshape(_SAMPLES * _COURSES, stop - origin)
    courses = _courses(scale, season, steps)
    amounts = np.exp(courses) if positive else courses
    amounts[:, 0] *= share_left
    total = so_far + amounts[:, max(first - origin, 0) :].sum(axis=1)
    reached = (total >= target).reshape(_SAMPLES, _COURSES).mean(axis=1)
    low, high = np.quantile(reached, [0.025, 0.975])
    middle, low10, high90 = (float(one) for one in np.quantile(total, [0.5, 0.1, 0.9]))
    return Chance(float(reached.mean()), float(low), float(high), middle, low10, high90, len(errors))


def run_growth(values: Floats, season: NDArray[np.int64]) -> float | None:
    """How the last six periods run against a year ago: the median of their ratios − 1; None where nothing can be compared."""
    origin = len(values)
    pairs = [(values[i], values[season[i]]) for i in range(max(0, origin - RUN_RATE_PERIODS), origin) if season[i] >= 0]
    ratios = [now / before for now, before in pairs if now > 0 and before > 0]
    return float(np.median(ratios)) - 1 if ratios else None


def _past_errors(values: Floats, season: NDArray[np.int64], *, positive: bool) -> Floats:
    """By what the one-step forecasts that knew a season missed, centred; on the log scale where all values are positive."""
    found = []
    for at in range(1, len(values)):
        if season[at] < 0 or season[at - 1] < 0 or np.isnan(values[at]):
            continue
        guess = float(expect_ahead(values, season, at, at + 1)[0])
        if np.isnan(guess):
            continue
        found.append(np.log(values[at] / guess) if positive else values[at] - guess)
    errors = np.array(found, dtype=np.float64)
    return errors - errors.mean() if len(errors) else errors


def _courses(scale: Floats, season: NDArray[np.int64], errors: Floats) -> Floats:
    """One row a course, one column a coming period, on the working scale: the model of `predict.season`, fed with itself."""
    origin, count = len(scale), len(errors)
    paths = np.empty((len(season), count))
    paths[:origin] = scale[:, None]
    known = np.concatenate([~np.isnan(scale), np.ones(len(season) - origin, dtype=bool)])
    for at in range(origin, len(season)):
        points, back, years = [], int(season[at]), 1
        while back >= 0:
            run = _run(paths, season, known, at, years)
            if run is not None and known[back]:
                points.append(paths[back] + run)
            back, years = int(season[back]), years + 1
        paths[at] = (np.mean(points, axis=0) if points else _recent(paths, known, at)) + errors[:, at - origin]
    return paths[origin:].T


def _run(paths: Floats, season: NDArray[np.int64], known: NDArray[np.bool_], at: int, years: int) -> Floats | None:
    """How the last periods of each course run against `years` years before."""
    runs = []
    for here in range(max(0, at - RUN_RATE_PERIODS), at):
        back = here
        for _ in range(years):
            back = int(season[back]) if back >= 0 else -1
        if back >= 0 and known[here] and known[back]:
            runs.append(paths[here] - paths[back])
    return np.asarray(np.median(runs, axis=0)) if runs else None


def _recent(paths: Floats, known: NDArray[np.bool_], at: int) -> Floats:
    """Without a season: the median of the last periods."""
    recent = [paths[here] for here in range(max(0, at - RUN_RATE_PERIODS), at) if known[here]]
    return np.asarray(np.median(recent or paths[:at][known[:at]], axis=0))


def _positive(values: Floats) -> bool:
    known = values[~np.isnan(values)]
    return bool(len(known)) and bool((known > 0).all())
