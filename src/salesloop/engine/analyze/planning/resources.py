"""What a forecast asks for: stock, people and budget. Simple formulas whose every input can be shown and changed.

Stock: periodic review with a target level (Silver, Pyke and Thomas, Inventory and Production Management in Supply Chains, 4th ed.,
chapter 6): level = demand of lead time and review time + safety factor × spread of that demand. People: the breakdown method
(Johnston and Marshall, Sales Force Management, chapter 4): forecast ÷ what one person brings, where newcomers bring less until
they are up to speed. Budget: percentage of sales (Kotler and Keller, Marketing Management, chapter on communications budgets).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from salesloop.engine.analyze.predict.season import expect_ahead

Floats = NDArray[np.float64]
DAYS_A_MONTH = 30.4
MIN_ERRORS = 6
"""Fewer past errors than this say nothing about how far demand strays from its forecast."""


@dataclass(frozen=True, slots=True)
class StockNeed:
    """One product line, in pieces. `cover`: the demand expected in lead time and review time; `safety`: what is kept for the case that
    more is asked for, None where history is too short; `on_hand` None where nobody counted."""

    cover: float
    safety: float | None
    on_hand: float | None

    @property
    def level(self) -> float:
        return self.cover + (self.safety or 0.0)

    @property
    def order(self) -> float | None:
        """What is lacking until the level; 0 where there is enough."""
        return None if self.on_hand is None else max(self.level - self.on_hand, 0.0)


def stock_need(
    monthly: Floats, ahead: Floats, errors: Floats, on_hand: float | None, *, days: int, service: float
) -> StockNeed:
    """`ahead`: the demand expected of the coming months; `errors`: by what one-month forecasts missed; `days` = lead time + review time;
    `service`: the share of such spans in which stock shall not run out, between 0.5 and 1.

    Safety = z(service) × standard deviation of a month's error × √(days ÷ days of a month).
    """
    months = days / DAYS_A_MONTH
    known = ahead if len(ahead) else monthly[-1:]
    whole, part = int(months), months - int(months)
    padded = np.concatenate([known, np.repeat(known[-1:], max(whole + 1 - len(known), 0))])
    cover = float(padded[:whole].sum() + part * padded[whole])
    if len(errors) < MIN_ERRORS:
        return StockNeed(cover, None, on_hand)
    spread = float(np.std(errors, ddof=1)) * math.sqrt(months)
    return StockNeed(cover, NormalDist().inv_cdf(service) * spread, on_hand)


def past_errors(values: Floats, season: NDArray[np.int64]) -> Floats:
    """By what the forecasts of one month missed, in the unit of the series, for months that know the same month a year before."""
    found = []
    for at in range(1, len(values)):
        if season[at] < 0 or season[at - 1] < 0 or np.isnan(values[at]):
            continue
        guess = float(expect_ahead(values, season, at, at + 1)[0])
        if not np.isnan(guess):
            found.append(float(values[at]) - guess)
    return np.array(found, dtype=np.float64)


@dataclass(frozen=True, slots=True)
class PeopleNeed:
    """Full-time sellers. `productivity`: what one brings in the forecast's span; `ramp`: the share of it that a newcomer brings."""

    forecast: float
    productivity: float
    sellers: int
    leaving: float
    ramp: float

    @property
    def needed(self) -> float:
        """If everybody were up to speed."""
        return self.forecast / self.productivity

    @property
    def hires(self) -> int:
        """Who has to come: what those who stay do not bring ÷ what a newcomer brings, rounded up."""
        staying = self.sellers * (1 - self.leaving)
        return max(math.ceil(round((self.needed - staying) / self.ramp, 6)), 0)


def people_need(
    forecast: float,
    productivity: float,
    sellers: int,
    *,
    leaving: float = 0.0,
    ramp_months: float = 0.0,
    span: int = 12,
) -> PeopleNeed | None:
    """`leaving`: the share of sellers expected to go in the span; `ramp_months`: until a newcomer sells like the others, growing evenly,
    so that half of these months is lost out of `span` months. None where nobody sold anything."""
    if productivity <= 0:
        return None
    ramp = 1 - min(ramp_months, span) / 2 / span if ramp_months <= span else span / 2 / ramp_months
    return PeopleNeed(forecast, productivity, sellers, leaving, ramp)


@dataclass(frozen=True, slots=True)
class BudgetLine:
    """One kind of cost: what it was for each unit of sales in the past span, and what the forecast then needs."""

    spent: float
    sales: float
    forecast: float
    low: float
    high: float

    @property
    def ratio(self) -> float:
        return self.spent / self.sales

    @property
    def amount(self) -> float:
        return self.ratio * self.forecast

    @property
    def span(self) -> tuple[float, float]:
        """The same for the 10 % and 90 % points of the forecast."""
        return self.ratio * self.low, self.ratio * self.high
