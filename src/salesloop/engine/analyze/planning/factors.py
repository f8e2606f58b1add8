"""A difference of a product of factors, by factor: why one person brings more than the average of the team.

Revenue = customers × orders a customer × revenue an order. The difference is split by the logarithmic mean (LMDI-I: Ang, Energy
Policy 32, 2004): effect of f = L(V₁, V₀) × ln(f₁ ÷ f₀) with L(a, b) = (a − b) ÷ ln(a ÷ b). It has no remainder.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass


def factor_effects(mine: Sequence[float], others: Sequence[float]) -> tuple[float, ...] | None:
    """What each factor adds to ∏ mine − ∏ others; the effects add up to it. None where a factor is not positive."""
    if any(one <= 0 for one in (*mine, *others)):
        return None
    here, there = math.prod(mine), math.prod(others)
    weight = here if math.isclose(here, there, rel_tol=1e-12) else (here - there) / math.log(here / there)
    return tuple(weight * math.log(one / other) for one, other in zip(mine, others, strict=True))


@dataclass(frozen=True, slots=True)
class Seller:
    """What one person brought in a span: all positive."""

    amount: float
    orders: float
    customers: float


def against_average(people: Sequence[Seller]) -> list[tuple[float, ...]]:
    """For each person what customers, orders a customer and amount an order add to their difference from the mean of all.

    The team's factors are ratios of sums, so that their product is that mean, and each person's effects add up to the difference
    exactly. ValueError for nobody, or for somebody who brought nothing.
    """
    if not people or any(min(one.amount, one.orders, one.customers) <= 0 for one in people):
        raise ValueError("only people who sold something can be compared")
    amount, orders = sum(one.amount for one in people), sum(one.orders for one in people)
    customers = sum(one.customers for one in people)
    average = (customers / len(people), orders / customers, amount / orders)
    mine = [(one.customers, one.orders / one.customers, one.amount / one.orders) for one in people]
    return [factor_effects(own, average) or (0.0, 0.0, 0.0) for own in mine]


def main_factor(effects: Sequence[float]) -> int | None:
    """The place of the factor that explains most of the difference: the largest in its direction; None where there is none."""
    total = sum(effects)
    same = [place for place, effect in enumerate(effects) if effect * total > 0]
    return max(same, key=lambda place: abs(effects[place]), default=None)
