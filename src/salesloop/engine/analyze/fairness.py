"""Whether a target favours some: attainment against the potential of the territory.

A fair target asks of everybody the same share of what their territory could give: attainment then says nothing of the size
of the territory. Measured by Spearman's rank correlation ρ of attainment and potential over the people (or units) that have
both. Its 95 % interval is that of Fisher's z with the standard error √(1.06 ÷ (n − 3)) (Fieller, Hartley & Pearson 1957).
Below eight there is no verdict: the interval would span nearly everything. A correlation is a reason to look, not a proof:
strong people may have been given large territories.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from scipy.stats import spearmanr

LEAST: Final = 8
_Z: Final = 1.959963985
Verdict = Literal["too_few", "even", "favours_large", "favours_small"]


@dataclass(frozen=True, slots=True)
class Share:
    """One person or unit: attainment (actual ÷ target) and potential, in any unit."""

    id: str
    name: str
    attainment: float
    potential: float


@dataclass(frozen=True, slots=True)
class Third:
    """A third of the territories by potential, smallest first: how many, and how they did."""

    count: int
    low: float
    median: float
    high: float
    reached: int


@dataclass(frozen=True, slots=True)
class Fairness:
    """`rho` with its 95 % interval; all None where there are too few. `thirds` need at least six."""

    count: int
    verdict: Verdict
    rho: float | None = None
    low: float | None = None
    high: float | None = None
    thirds: tuple[Third, ...] = ()


def fairness(shares: Sequence[Share]) -> Fairness:
    """The verdict over these people or units."""
    thirds = _thirds(shares)
    potentials, attainments = [s.potential for s in shares], [s.attainment for s in shares]
    if len(shares) < LEAST or len(set(potentials)) < 2 or len(set(attainments)) < 2:
        return Fairness(len(shares), "too_few", thirds=thirds)
    rho = float(spearmanr(potentials, attainments).statistic)
    low, high = interval(rho, len(shares))
    verdict: Verdict = "favours_large" if low > 0 else "favours_small" if high < 0 else "even"
    return Fairness(len(shares), verdict, rho, low, high, thirds)


def interval(rho: float, count: int) -> tuple[float, float]:
    """The 95 % interval of a rank correlation."""
    z = math.atanh(max(-0.999999, min(0.999999, rho)))
    half = _Z * math.sqrt(1.06 / (count - 3))
    return math.tanh(z - half), math.tanh(z + half)


def _thirds(shares: Sequence[Share]) -> tuple[Third, ...]:
    if len(shares) < 6:
        return ()
    ordered = sorted(shares, key=lambda share: share.potential)
    parts = np.array_split(np.array([share.attainment for share in ordered]), 3)
    return tuple(
        Third(len(part), float(part.min()), float(np.median(part)), float(part.max()), int((part >= 1).sum()))
        for part in parts
    )
