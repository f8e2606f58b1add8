"""Which share of a year falls into each of its periods.

History is levelled by a multiplicative median polish (Tukey, Exploratory Data Analysis, 1977): every year has a level, every
period a factor, and each is the median of what the other leaves. So a year that is not complete, a month without data, and a
peak that came once in three or more years do not bend the season.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from salesloop.engine.metrics.targets.cover import working_days
from salesloop.engine.model.calendar import Period

Floats = NDArray[np.float64]

ROBUST_FROM = 3
"""From so many years on a single odd value cannot move a median."""
_ROUNDS = 50


@dataclass(frozen=True)
class Season:
    """`shares` of the year by period, adding up to 1. `years` of history stand behind them; `unknown` are the places of periods
    without any value, which got the mean of the known ones."""

    shares: tuple[float, ...]
    years: int
    unknown: tuple[int, ...] = ()

    @property
    def robust(self) -> bool:
        return self.years >= ROBUST_FROM


def season_shares(history: Floats) -> Season | None:
    """`history` has one row a year and one column a period (any unit, NaN = no data or not finished).

    None where nothing positive is known.
    """
    known = history[~np.isnan(history).all(axis=1)]
    if not known.size or not np.nansum(known) > 0:
        return None
    factors = found = np.ones(known.shape[1])
    for _ in range(_ROUNDS):
        positive = np.where(factors > 0, factors, np.nan)
        levels = _median(known / positive[None, :], axis=1)
        levels = np.where(levels > 0, levels, np.nan)
        found = _median(known / levels[:, None], axis=0)
        total = np.nansum(found)
        if not total > 0:
            return None
        found = found / np.nanmean(found)
        if np.allclose(found, factors, rtol=1e-10, atol=0, equal_nan=True):
            break
        factors = found
    unknown = tuple(int(place) for place in np.flatnonzero(np.isnan(found)))
    filled = np.where(np.isnan(found), np.nanmean(found), found)
    return Season(tuple(float(share) for share in filled / filled.sum()), len(known), unknown)


def equal_shares(periods: Sequence[Period]) -> Season:
    """Every period the same."""
    return Season((1 / len(periods),) * len(periods), 0)


def workday_shares(periods: Sequence[Period]) -> Season:
    """By working days: without weekends and public holidays, with the weekend days that make up for them (model.workdays)."""
    days = [working_days(period.start, period.end) for period in periods]
    whole = sum(days) or 1
    return Season(tuple(count / whole for count in days), 0)


def _median(values: Floats, axis: int) -> Floats:
    """The median of what is known; NaN where nothing is."""
    some = ~np.isnan(values).all(axis=axis)
    out = np.full(values.shape[1 - axis], np.nan)
    out[some] = np.nanmedian(np.compress(some, values, axis=1 - axis), axis=axis)
    return out
