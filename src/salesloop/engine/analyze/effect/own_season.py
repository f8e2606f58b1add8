"""Before and after, against the slice's own season: the weaker way, where nothing comparable is left."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from salesloop.engine.analyze.predict.season import MAD_TO_SD, expect_ahead

Floats = NDArray[np.float64]

MIN_REHEARSALS = 6
"""So many earlier forecasts of the same length must be there to know how far they miss."""
MOSTLY = 0.5
"""A slice that is empty in more of its periods than this has no course of its own to be held against."""
NORMAL_95 = 1.959963984540054


@dataclass(frozen=True)
class OwnSeason:
    """Mean difference a period between what was and what was to be expected, with a 95 % interval (unit of the series)."""

    effect: float
    low: float
    high: float
    before: float
    after: float
    expected: Floats

    @property
    def counterfactual(self) -> float:
        return self.after - self.effect

    @property
    def excludes_zero(self) -> bool:
        return self.low > 0 or self.high < 0


def against_own_season(values: Floats, season: NDArray[np.int64], start: int) -> OwnSeason | None:
    """Forecast the periods from `start` on from what was known before, and take the difference.

    The width comes from rehearsals: the same forecast made at every earlier period where it could have been made, and by how much
    its mean missed. None where there are fewer than six of them, or where the slice is mostly empty.
    """
    length = len(values) - start
    known = values[:start][~np.isnan(values[:start])]
    if not len(known) or np.mean(known != 0) < MOSTLY:
        return None
    expected = expect_ahead(values, season, start, len(values))
    actual = values[start:]
    if np.isnan(expected).all() or np.isnan(actual).all():
        return None
    misses = []
    for origin in range(start - length, 0, -1):
        guess = expect_ahead(values[:start], season[:start], origin, origin + length)
        miss = values[origin : origin + length] - guess
        if np.isnan(miss).all():
            continue
        misses.append(float(np.nanmean(miss)))
    if len(misses) < MIN_REHEARSALS:
        return None
    spread = MAD_TO_SD * float(np.median(np.abs(np.array(misses))))
    effect = float(np.nanmean(actual - expected))
    before = values[max(0, start - length) : start]
    return OwnSeason(
        effect=effect,
        low=effect - NORMAL_95 * spread,
        high=effect + NORMAL_95 * spread,
        before=float(np.nanmean(before)) if not np.isnan(before).all() else float("nan"),
        after=float(np.nanmean(actual)),
        expected=expected,
    )
