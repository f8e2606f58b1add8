"""Scores from 0 to 100 of how somebody works, against the colleagues they can be compared with.

For each input (a ratio, sum ÷ sum):

    usual    = Σ numerators ÷ Σ denominators of the colleagues
    adjusted = (numerator + k × usual) ÷ (denominator + k),  k = the median of the colleagues' denominators
    score    = 50 × adjusted ÷ usual, where more is better; 50 × usual ÷ adjusted, where less is; never above 100

50 is therefore what is usual, 100 twice as good. `k` draws those with few cases towards the usual value (a ratio of sums with
a prior of one typical colleague; Efron & Morris, JASA 70, 1975), so that one lucky deal makes nobody the best. What nobody
recorded is missing: it is no zero, and the score of a group is the mean of the inputs that there are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Final, Literal

LEAST_PEERS: Final = 5
"""With fewer colleagues who have the input there is no usual value: it would be the value of somebody."""
FEW: Final = 0.5
"""Below this share of a typical colleague's cases a value rests on few."""
Favorable = Literal["up", "down"]


@dataclass(frozen=True, slots=True)
class Cases:
    """One person's numerator and denominator of an input, in the units of its metrics."""

    above: float
    below: float


@dataclass(frozen=True, slots=True)
class Scored:
    """One input of one person. `value` is None where there is nothing to divide by, `score` also without a usual value.

    `few`: the score is drawn towards the usual by more than two thirds, for want of cases.
    """

    value: float | None
    usual: float | None
    adjusted: float | None
    score: float | None
    few: bool


def score(of: str, cases: Mapping[str, Cases], peers: Sequence[str], favorable: Favorable) -> Scored:
    """How `of` stands in one input among `peers` (the person included or not: they are counted once)."""
    mine = cases.get(of)
    if mine is None or (mine.above == 0 and mine.below == 0):
        return Scored(None, _usual(cases, peers), None, None, False)
    value = mine.above / mine.below if mine.below > 0 else None
    usual = _usual(cases, peers)
    if usual is None or usual <= 0:
        return Scored(value, usual, None, None, False)
    typical = float(median(cases[one].below for one in _counted(cases, peers)))
    adjusted = (mine.above + typical * usual) / (mine.below + typical)
    share = adjusted / usual if favorable == "up" else usual / adjusted
    return Scored(value, usual, adjusted, min(100.0, 50 * share), mine.below < FEW * typical)


def together(scores: Sequence[Scored]) -> float | None:
    """The mean of the inputs that there are; None where there are none."""
    known = [one.score for one in scores if one.score is not None]
    return sum(known) / len(known) if known else None


def comparable(of: str, potential: Mapping[str, float], peers: Sequence[str]) -> tuple[str, ...] | None:
    """The third of the territories, by potential, in which somebody's lies; None where it has none or holds too few."""
    ordered = sorted((one for one in peers if one in potential), key=lambda one: (potential[one], one))
    if of not in ordered:
        return None
    third, left = divmod(len(ordered), 3)
    sizes = [third + (place < left) for place in range(3)]
    start, place = 0, ordered.index(of)
    for size in sizes:
        if place < start + size:
            return tuple(ordered[start : start + size]) if size >= LEAST_PEERS else None
        start += size
    return None


def _counted(cases: Mapping[str, Cases], peers: Sequence[str]) -> list[str]:
    return [one for one in dict.fromkeys(peers) if one in cases and cases[one].below > 0]


def _usual(cases: Mapping[str, Cases], peers: Sequence[str]) -> float | None:
    counted = _counted(cases, peers)
    if len(counted) < LEAST_PEERS:
        return None
    return sum(cases[one].above for one in counted) / sum(cases[one].below for one in counted)
