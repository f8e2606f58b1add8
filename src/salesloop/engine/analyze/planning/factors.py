"""A difference of a product of factors, by factor: why one person brings more than the average of the team.

Revenue = customers × orders a customer × revenue an order. The difference is split by the logarithmic mean (LMDI-I: Ang, Energy
Policy 32, 2004): effect of f = L(V₁, V₀) × ln(f₁ ÷ f₀) with L(a, b) = (a − b) ÷ ln(a ÷ b). It has no remainder.
"""

from __future__ import annotations

import math
from collections.abc import Sequence


def factor_effects(mine: Sequence[float], others: Sequence[float]) -> tuple[float, ...] | None:
    """What each factor adds to ∏ mine − ∏ others; the effects add up to it. None where a factor is not positive."""
    if any(one <= 0 for one in (*mine, *others)):
        return None
    here, there = math.prod(mine), math.prod(others)
    weight = here if math.isclose(here, there, rel_tol=1e-12) else (here - there) / math.log(here / there)
    return tuple(weight * math.log(one / other) for one, other in zip(mine, others, strict=True))
