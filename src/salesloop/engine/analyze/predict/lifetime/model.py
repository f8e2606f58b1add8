"""The fitted model of customer value, and what it says of a customer."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from salesloop.engine.analyze.predict.lifetime.bgnbd import BgNbd, Fit, Floats, fit_purchases
from salesloop.engine.analyze.predict.lifetime.gamma_gamma import GammaGamma, fit_values
from salesloop.engine.analyze.predict.lifetime.history import Histories
from salesloop.engine.model.errors import UserError
from salesloop.engine.model.text import Messages

MESSAGES = Messages("salesloop.engine.analyze.predict.lifetime")
LEAST_REPEATERS = 50
"""Customers with a repeat purchase below which seven parameters say nothing."""
WEEKS_A_YEAR = 365.25 / 7
_STEPS_A_YEAR = 4


@dataclass(frozen=True, slots=True)
class Lifetime:
    """`margin`: gross profit as a share of sales, None where no cost is known (values are then sales); `yearly_discount`: what
    money is worth less a year later (0.1 = 10 %); `years`: how far the prediction looks ahead."""

    purchases: BgNbd
    spend: GammaGamma
    margin: float | None
    yearly_discount: float
    years: float


@dataclass(frozen=True, slots=True)
class Quality:
    """How the search for the parameters went. `repeaters`: customers with a repeat purchase; `independence`: correlation
    between how often and for how much they buy, which the model supposes to be none."""

    purchases: Fit
    spend_converged: bool
    repeaters: int
    independence: float


@dataclass(frozen=True, slots=True)
class Outlook:
    """One place a customer, in the order of the histories. `purchases` within the horizon; `worth`: mean value of one;
    `coming`: discounted margin of the horizon; `past`: margin earned so far (not discounted)."""

    alive: Floats
    purchases: Floats
    worth: Floats
    coming: Floats
    past: Floats

    @property
    def total(self) -> Floats:
        return self.past + self.coming


def fit(of: Histories, *, yearly_discount: float, years: float) -> tuple[Lifetime, Quality]:
    """Learn from the histories. UserError where they are too few, or not of the kind that the models describe."""
    repeats = of.purchases.frequency > 0
    found = int(repeats.sum())
    if found < LEAST_REPEATERS:
        raise UserError(MESSAGES.message("too_few", until=of.until.isoformat(), found=found, needed=LEAST_REPEATERS))
    purchases, search = fit_purchases(of.purchases)
    frequency, value = of.purchases.frequency[repeats], of.value[repeats]
    spend, settled = fit_values(frequency, value)
    if not (search.converged and settled):
        raise UserError(MESSAGES.message("not_converged"))
    if spend.q <= 1:
        raise UserError(MESSAGES.message("no_mean", q=spend.q))
    model = Lifetime(purchases, spend, of.margin, yearly_discount, years)
    return model, Quality(search, settled, found, _correlation(frequency, value))


def predict(model: Lifetime, of: Histories) -> Outlook:
    """What the customers are still to bring: in quarters, each discounted to its end.

    Σ over quarters k of margin × E(value) × (E(purchases until k) − E(purchases until k − 1)) ÷ (1 + d)^(k ÷ 4)
    """
    margin = 1.0 if model.margin is None else model.margin
    worth = model.spend.expected(of.purchases.frequency, of.value)
    until, discounted = np.zeros(len(of)), np.zeros(len(of))
    for step in range(1, round(model.years * _STEPS_A_YEAR) + 1):
        by_now = model.purchases.expected(of.purchases, step * WEEKS_A_YEAR / _STEPS_A_YEAR)
        discounted += (by_now - until) / (1 + model.yearly_discount) ** (step / _STEPS_A_YEAR)
        until = by_now
    return Outlook(
        alive=model.purchases.alive(of.purchases),
        purchases=until,
        worth=worth,
        coming=margin * worth * discounted,
        past=of.earned + margin * (of.spent - of.costed) if model.margin is not None else of.spent,
    )


def _correlation(frequency: Floats, value: Floats) -> float:
    if np.ptp(frequency) == 0 or np.ptp(value) == 0:
        return 0.0
    return float(np.corrcoef(frequency, value)[0, 1])
