"""One recommended shift of effort between channels, or none.

The rule: of all pairs, move a tenth of what the one spends a month to the other where a further unit of expense brought more
gross profit than in the first, and more than it costs, both beyond doubt: the 95 % intervals are widened by the number of
pairs that were looked at (Bonferroni), so that with many channels chance recommends nothing.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import permutations
from typing import Final

from scipy import stats

from salesloop.engine.analyze.channels.marginal import Marginal

PART: Final = 0.1
"""Only a tenth: a slope holds near what was seen, not for a channel turned inside out."""
SURE: Final = 0.95


@dataclass(frozen=True, slots=True)
class Shift:
    """Move `amount` a month from `source` to `target`; `gain` of gross profit a month lies between `low` and `high`."""

    source: Marginal
    target: Marginal
    amount: float
    gain: float
    low: float
    high: float


def recommend(found: Sequence[Marginal]) -> Shift | None:
    """The shift whose least gain is the largest; None where no pair differs beyond doubt."""
    known = [one for one in found if one.slope is not None]
    pairs = list(permutations(known, 2))
    shifts = [shift for source, target in pairs if (shift := _shift(source, target, len(pairs)))]
    return max(shifts, key=lambda shift: shift.low, default=None)


def interval(one: Marginal, looked_at: int = 1) -> tuple[float, float] | None:
    """Between what the marginal return lies, for so many looks at once; None where it is unknown."""
    if one.slope is None or one.error is None:
        return None
    around = _t(one.months - 2, looked_at) * one.error
    return one.slope - around, one.slope + around


def _shift(source: Marginal, target: Marginal, pairs: int) -> Shift | None:
    if source.slope is None or target.slope is None or source.error is None or target.error is None:
        return None
    own = interval(target, pairs)
    amount = min(PART * source.expense, target.widest)
    difference = target.slope - source.slope
    around = _t(min(source.months, target.months) - 2, pairs) * math.hypot(source.error, target.error)
    if own is None or own[0] <= 1 or difference - around <= 0 or amount <= 0:
        return None
    return Shift(
        source, target, amount, amount * difference, amount * (difference - around), amount * (difference + around)
    )


def _t(freedom: int, looked_at: int) -> float:
    return float(stats.t.ppf(1 - (1 - SURE) / 2 / looked_at, freedom))
