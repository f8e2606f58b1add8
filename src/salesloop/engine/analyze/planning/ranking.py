"""A ranking that says how sure it is: attainment with an interval, and between which ranks somebody may really stand.

The interval is that of a sum of weekly amounts that vary: Σ ± t × s × √n (Student 1908). Ranks overlap where intervals do
(Goldstein and Spiegelhalter, J. Royal Statistical Society A 159, 1996).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

MIN_PARTS = 6
MIN_SOLD = 5
"""With fewer weeks, or fewer in which something was sold, a person's result is mostly chance: "too few"."""


@dataclass(frozen=True, slots=True)
class Interval:
    """95 % interval of a share (1 = the whole)."""

    low: float
    high: float


def attainment_interval(weeks: NDArray[np.float64], target: float) -> Interval | None:
    """Between what the attainment may be that a person with such weeks reaches; None where there are too few."""
    known = weeks[~np.isnan(weeks)]
    if len(known) < MIN_PARTS or (known != 0).sum() < MIN_SOLD or not target > 0:
        return None
    around = float(stats.t.ppf(0.975, len(known) - 1)) * float(known.std(ddof=1)) * math.sqrt(len(known))
    total = float(known.sum())
    return Interval((total - around) / target, (total + around) / target)


def share_interval(won: int, closed: int) -> Interval | None:
    """Wilson's 95 % interval of a rate; None for fewer than five cases (Wilson, JASA 22, 1927)."""
    if closed < MIN_SOLD:
        return None
    z = 1.959963984540054
    centre = (won + z * z / 2) / (closed + z * z)
    around = z / (closed + z * z) * math.sqrt(won * (closed - won) / closed + z * z / 4)
    return Interval(centre - around, centre + around)


def rank_ranges(intervals: Sequence[Interval | None]) -> tuple[tuple[int, int] | None, ...]:
    """The best and the worst rank (1 = highest) that each may have; those with too few data are not ranked."""
    known = [one for one in intervals if one is not None]
    return tuple(
        None
        if one is None
        else (
            1 + sum(other.low > one.high for other in known),
            len(known) - sum(other.high < one.low for other in known),
        )
        for one in intervals
    )
