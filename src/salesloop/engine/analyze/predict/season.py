"""What a series was to be expected to do, from its own season.

A period is compared with the same period of earlier years, moved by how the series has recently been running
against those years. Medians stand where means would let one odd month spoil the next twelve, and the width of
the band is what this very forecast missed by in the past (its one-step errors), so a noisy series
needs a larger deviation than a quiet one before it counts as odd. A seasonal peak that returns every year is
expected, not odd.

The idea is the seasonal naive method with drift (Hyndman and Athanasopoulos, Forecasting: Principles and Practice,
section 5.2), made robust by the median and the median absolute deviation (Leys et al., J. Exp. Soc. Psych. 49, 2013).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

RUN_RATE_PERIODS = 6
"""How many recent periods say how the series runs against earlier years."""
MIN_ERRORS = 4
"""Below this many past one-step errors the width of the band is a guess, so no band is given."""
MAD_TO_SD = 1.4826
"""Makes the median absolute deviation of normal data equal to its standard deviation."""
SMALLEST_RELATIVE_SD = 0.02
"""No series is trusted to be quieter than this share of its level."""


@dataclass(frozen=True)
class Expectation:
    """What one period of one series was to be.

    `expected`, `low` and `high` are in the unit of the series; `score` is the deviation in standard deviations
    (negative below); `seasonal` says whether earlier years were there to learn from.
    """

    observed: float
    expected: float
    low: float
    high: float
    score: float
    seasonal: bool

    @property
    def deviation(self) -> float:
        """Observed minus expected, as a share of the expected value (0 where nothing was expected)."""
        return (self.observed - self.expected) / abs(self.expected) if self.expected else 0.0


def expect(values: Floats, season: NDArray[np.int64], at: int, *, width: float = 3.0) -> Expectation | None:
    """Expect period `at` of `values` from the periods before it.

    `values` has one number a period (NaN = no data); `season[i]` is the position of the same period a year before, −1
    where there is none: the calendar decides it, so gaps never shift months. `width` is half the band, in standard deviations.
    Returns None where the period has no value or too little history to say what is usual.
    """
    observed = float(values[at])
    if np.isnan(observed):
        return None
    logarithmic = _is_positive(values[: at + 1])
    scale = np.log(values) if logarithmic else values
    point, seasonal = _one_step(scale, season, at)
    if np.isnan(point):
        return None
    earlier = [(scale[i] - guess, knew) for i in range(at) for guess, knew in [_one_step(scale, season, i)]]
    # How far forecasts of the same kind missed: without a season they miss more, which is no measure of the others.
    errors = np.array([error for error, knew in earlier if knew == seasonal and not np.isnan(error)])
    if len(errors) < MIN_ERRORS:
        return None
    spread = MAD_TO_SD * float(np.median(np.abs(errors - np.median(errors))))
    floor = SMALLEST_RELATIVE_SD if logarithmic else SMALLEST_RELATIVE_SD * abs(point)
    spread = max(spread, floor, 1e-12)
    back = np.exp if logarithmic else float
    return Expectation(
        observed=observed,
        expected=float(back(point)),
        low=float(back(point - width * spread)),
        high=float(back(point + width * spread)),
        score=float((scale[at] - point) / spread),
        seasonal=seasonal,
    )


def expect_ahead(values: Floats, season: NDArray[np.int64], origin: int, stop: int) -> Floats:
    """What periods `origin`..`stop` − 1 were to be, seen from just before `origin`, in the unit of the series; NaN where unknown."""
    logarithmic = _is_positive(values)
    scale = np.log(values) if logarithmic else values
    points = np.array([_one_step(scale, season, at, origin)[0] for at in range(origin, stop)], dtype=np.float64)
    return np.exp(points) if logarithmic else points


def _one_step(scale: Floats, season: NDArray[np.int64], at: int, origin: int | None = None) -> tuple[float, bool]:
    """The expectation of one period on the working scale, and whether it knows a season.

    `origin` is the first period that is not known yet (default: `at` itself).
    """
    origin = at if origin is None else origin
    start, at_end = max(0, origin - RUN_RATE_PERIODS), origin
    points = []
    back = int(season[at])
    steps = 1
    while back >= 0:
        pairs = [(i, _years_back(season, i, steps)) for i in range(start, at_end)]
        runs = np.array([scale[i] - scale[j] for i, j in pairs if j >= 0], dtype=np.float64)
        runs = runs[~np.isnan(runs)]
        if back < origin and len(runs) and not np.isnan(scale[back]):
            points.append(scale[back] + float(np.median(runs)))
        back = int(season[back])
        steps += 1
    if points:
        return float(np.mean(points)), True
    recent = scale[start:at_end]
    recent = recent[~np.isnan(recent)]
    return (float(np.median(recent)), False) if len(recent) >= MIN_ERRORS else (np.nan, False)


def _years_back(season: NDArray[np.int64], at: int, years: int) -> int:
    for _ in range(years):
        if at < 0:
            return -1
        at = int(season[at])
    return at


def _is_positive(values: Floats) -> bool:
    """Amounts move in proportion; a series that touches zero or below does not."""
    known = values[~np.isnan(values)]
    return bool(len(known)) and bool((known > 0).all())
