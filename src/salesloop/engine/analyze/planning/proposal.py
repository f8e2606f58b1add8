"""A proposed target: what history, season, the market and the people at hand make of last year. Every input is kept and shown.

total = min(base × (1 + growth) × (1 + stretch), capacity), split over the periods by the season, where

- base is what the last twelve finished months brought;
- growth = (1 − w) × own run against a year ago + w × growth of the market (w = 0 where no market figure is given);
- stretch is what is asked for beyond that;
- capacity is people × what one of them brings at most: the proposal does not go beyond.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

import numpy as np
from numpy.typing import NDArray

from salesloop.engine.analyze.planning.season import Season
from salesloop.engine.analyze.planning.split import CENT, apportion

MARKET_WEIGHT = 0.5
GOOD_QUANTILE = 0.75
"""What one person can bring is taken from the good ones among today's: the upper quartile."""


@dataclass(frozen=True)
class Inputs:
    """Fractions for growth and stretch; `base` and `per_person` in the unit of the metric. None: not considered."""

    base: Decimal
    own_growth: float
    market_growth: float | None = None
    market_weight: float = MARKET_WEIGHT
    stretch: float = 0.0
    people: int | None = None
    per_person: Decimal | None = None

    @property
    def growth(self) -> float:
        if self.market_growth is None:
            return self.own_growth
        return (1 - self.market_weight) * self.own_growth + self.market_weight * self.market_growth

    @property
    def capacity(self) -> Decimal | None:
        return None if self.people is None or self.per_person is None else self.people * self.per_person


@dataclass(frozen=True)
class Proposal:
    """`uncapped` is what it would be without the limit of capacity; `periods` add up to `total`."""

    inputs: Inputs
    uncapped: Decimal
    total: Decimal
    periods: tuple[Decimal, ...]

    @property
    def capped(self) -> bool:
        return self.total < self.uncapped

    def to_json(self) -> dict[str, object]:
        """What a version keeps of where its figures came from."""
        given = self.inputs
        return {
            "base": str(given.base),
            "own_growth": given.own_growth,
            "market_growth": given.market_growth,
            "market_weight": given.market_weight if given.market_growth is not None else None,
            "growth": given.growth,
            "stretch": given.stretch,
            "people": given.people,
            "per_person": None if given.per_person is None else str(given.per_person),
            "capped": self.capped,
            "total": str(self.total),
        }


def propose(inputs: Inputs, season: Season, step: Decimal = CENT) -> Proposal:
    """The proposed year and its periods, in multiples of `step`."""
    factor = Decimal(repr(1 + inputs.growth)) * Decimal(repr(1 + inputs.stretch))
    uncapped = _to_step(max(inputs.base * factor, Decimal(0)), step)
    capacity = inputs.capacity
    total = uncapped if capacity is None else min(uncapped, _to_step(capacity, step))
    return Proposal(inputs, uncapped, total, apportion(total, [Decimal(repr(s)) for s in season.shares], step))


def good_performance(people: Sequence[float] | NDArray[np.float64]) -> Decimal | None:
    """The upper quartile of what each person who sold anything brought; None for nobody."""
    sold = [one for one in people if one > 0]
    return Decimal(repr(round(float(np.quantile(sold, GOOD_QUANTILE)), 2))) if sold else None


def _to_step(value: Decimal, step: Decimal) -> Decimal:
    return (value / step).to_integral_value(ROUND_HALF_UP) * step
