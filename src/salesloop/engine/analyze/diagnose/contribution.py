"""Which slices make a deviation.

For additive metrics a slice's contribution is what it was off by: observed − expected. For rates it is the part of the
change that the slice's own rate makes plus the part that its changed weight makes; both add up to the whole.

Slices compete by *excess share*: the share of the deviation that a slice makes, minus the share that it would make if
the trouble were spread evenly. A slice that is half of the business and makes half of the fall explains
nothing; one that is a tenth of it and makes 70 % does. (Explanatory power against surprise, after Bhagwan et al., Adtributor,
NSDI 2014.)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

MIN_SHARE = 0.10
"""A slice that makes less of the deviation than this is no cause."""


@dataclass(frozen=True)
class Member:
    """One value of one dimension: `name` is what people call it, `id` what the data call it (None: not assigned)."""

    dimension: str
    id: str | None
    name: str | None


@dataclass(frozen=True)
class Slice:
    """A candidate cause: the members that define it and its numbers in the unit of the metric."""

    members: tuple[Member, ...]
    observed: float
    expected: float
    contribution: float
    weight: float
    """The share of the deviation that the slice would make if the trouble were spread evenly."""


@dataclass(frozen=True)
class Cause:
    """A slice with the share of the whole deviation that it makes (1 = all of it; may exceed 1), and its excess share."""

    slice: Slice
    share: float
    excess: float


def additive_slices(members: Sequence[tuple[Member, ...]], observed: Floats, expected: Floats) -> list[Slice]:
    """Slices of an additive metric, scaled so that the expectations add up to what is expected of the whole."""
    observed, expected = np.nan_to_num(observed), np.nan_to_num(expected)
    whole = float(np.abs(expected).sum()) or 1.0
    return [
        Slice(names, float(seen), float(due), float(seen - due), float(abs(due) / whole))
        for names, seen, due in zip(members, observed, expected, strict=True)
    ]


def rate_slices(
    members: Sequence[tuple[Member, ...]],
    numerator: Floats,
    denominator: Floats,
    base_numerator: Floats,
    base_denominator: Floats,
) -> list[Slice]:
    """Slices of a rate (ratio of sums) against a base period.

    With weight w = d ÷ Σd and rate r = n ÷ d, the change Σw·r − Σw₀·r₀ is split into w·(r − r₀) + (w − w₀)·(r₀ − R₀) a slice, R₀ being
    the overall base rate (Kitagawa, JASA 50, 1955, with the base rates as standard). A slice new to the data has no
    rate of its own to compare with and is held against R₀.
    """
    n, d, n0, d0 = (np.nan_to_num(array) for array in (numerator, denominator, base_numerator, base_denominator))
    total, base_total = d.sum(), d0.sum()
    if not total or not base_total:
        return []
    overall = n0.sum() / base_total
    weight, base_weight = d / total, d0 / base_total
    rate = np.divide(n, d, out=np.full_like(n, overall), where=d != 0)
    base_rate = np.divide(n0, d0, out=np.full_like(n0, overall), where=d0 != 0)
    contribution = weight * (rate - base_rate) + (weight - base_weight) * (base_rate - overall)
    return [
        Slice(names, float(r), float(r0), float(c), float(w))
        for names, r, r0, c, w in zip(members, rate, base_rate, contribution, base_weight, strict=True)
    ]


def rank_causes(candidates: Sequence[Slice], deviation: float, *, most: int = 3) -> list[Cause]:
    """The slices that best explain `deviation` (same unit and sign as the contributions), the largest share first.

    A slice inside or around an already chosen one tells the same story again and is left out.
    """
    if not deviation:
        return []
    causes = [_cause(slice_, slice_.contribution / deviation) for slice_ in candidates]
    causes = sorted(
        (cause for cause in causes if cause.share >= MIN_SHARE and cause.excess > 0), key=lambda cause: -cause.excess
    )
    chosen: list[Cause] = []
    for cause in causes:
        if not any(_same_story(cause.slice, other.slice) for other in chosen):
            chosen.append(cause)
        if len(chosen) == most:
            break
    return sorted(chosen, key=lambda cause: -cause.share)


def _cause(slice_: Slice, share: float) -> Cause:
    """A slice that misses several times the whole is made up for elsewhere, and explains as little as a fraction of it."""
    explained = share if share <= 1 else 1 / share
    return Cause(slice_, share, explained - slice_.weight)


def _same_story(a: Slice, b: Slice) -> bool:
    mine, theirs = set(a.members), set(b.members)
    return mine <= theirs or theirs <= mine
