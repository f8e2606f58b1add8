"""Difference in differences between acted-on slices and comparable ones.

Each unit (slice) is reduced to one number, its mean after the start minus its mean before; the effect is the treated mean of
that number minus the comparison mean. Reducing to one number a unit keeps the autocorrelation of weekly data from
faking precision (Bertrand, Duflo and Mullainathan, QJE 119, 2004); the interval is Student's t over units (Donald
and Lang, REStat 89, 2007). Two placebo checks: in space, how many untouched units moved at least as much as the treated
one; in time, whether the same sum shows an "effect" half way through the period before anything was done.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

Floats = NDArray[np.float64]

MIN_COMPARABLE = 3
"""Fewer comparison units than this give no honest interval."""
MIN_PERIODS_BEFORE = 4
"""In-time placebo needs two halves of at least two periods."""


@dataclass(frozen=True)
class DifferenceInDifferences:
    """The effect in the unit of the series and its 95 % interval.

    `before` and `after` are the treated means; `counterfactual` is what the treated mean after would have been; `placebo_share`
    is the share of comparison units (the treated one counted in) that moved at least as much; `placebo_in_time` is the
    "effect" found before the start, None where the history is too short, and `placebo_in_time_clean` whether its interval holds 0.
    """

    effect: float
    low: float
    high: float
    before: float
    after: float
    units: int
    placebo_share: float
    placebo_in_time: float | None
    placebo_in_time_clean: bool

    @property
    def counterfactual(self) -> float:
        """The treated mean after the start, had nothing been done."""
        return self.after - self.effect

    @property
    def excludes_zero(self) -> bool:
        """Whether the 95 % interval lies on one side of zero."""
        return self.low > 0 or self.high < 0


def difference_in_differences(
    values: Floats, treated: NDArray[np.bool_], start: int, *, proportional: bool = False
) -> DifferenceInDifferences:
    """Estimate the effect from `values` (units × periods), of which `treated` rows were acted on from period `start`.

    With `proportional`, each unit is first measured in shares of its own level before the start, so that large and small
    slices are comparable (amounts and counts); the result comes back in the unit of the treated mean. Without it, units are
    compared as they are (rates). Units without a level before the start are left out of the comparison.

    Raises ValueError where no treated unit, fewer than three comparable ones or a side of the start is left.
    """
    if not 0 < start < values.shape[1]:
        raise ValueError("there must be periods on both sides of the start")
    level = _mean(values[:, :start])
    usable = ~np.isnan(level) & ~np.isnan(_mean(values[:, start:])) & ((level > 0) if proportional else True)
    acted, untouched = usable & treated, usable & ~treated
    if not acted.any() or untouched.sum() < MIN_COMPARABLE:
        raise ValueError("too few comparable slices")
    scale = float(level[acted].mean()) if proportional else 1.0
    comparable = values / level[:, None] if proportional else values
    effect, half = _estimate(comparable, acted, untouched, 0, start, comparable.shape[1])
    changes = _change(comparable, 0, start, comparable.shape[1])
    moved = np.abs(changes[untouched] - changes[untouched].mean())
    in_time, clean = _placebo_in_time(comparable, acted, untouched, start)
    return DifferenceInDifferences(
        effect=effect * scale,
        low=(effect - half) * scale,
        high=(effect + half) * scale,
        before=float(level[acted].mean()),
        after=float(_mean(values[acted, start:]).mean()),
        units=int(untouched.sum()),
        placebo_share=float((1 + (moved >= abs(effect)).sum()) / (1 + len(moved))),
        placebo_in_time=None if in_time is None else in_time * scale,
        placebo_in_time_clean=clean,
    )


def _estimate(
    values: Floats, acted: NDArray[np.bool_], untouched: NDArray[np.bool_], first: int, start: int, stop: int
) -> tuple[float, float]:
    """The effect and half the width of its 95 % interval, over periods first..stop with the start in between."""
    change = _change(values, first, start, stop)
    control = change[untouched]
    control = control[~np.isnan(control)]
    treated = change[acted]
    effect = float(treated.mean() - control.mean())
    error = float(control.std(ddof=1)) * np.sqrt(1 / len(treated) + 1 / len(control))
    return effect, float(stats.t.ppf(0.975, len(control) - 1) * error)


def _placebo_in_time(
    values: Floats, acted: NDArray[np.bool_], untouched: NDArray[np.bool_], start: int
) -> tuple[float | None, bool]:
    if start < MIN_PERIODS_BEFORE:
        return None, True
    effect, half = _estimate(values, acted, untouched, 0, start // 2, start)
    return (None, True) if np.isnan(effect) or np.isnan(half) else (effect, abs(effect) <= half)


def _change(values: Floats, first: int, start: int, stop: int) -> Floats:
    return _mean(values[:, start:stop]) - _mean(values[:, first:start])


def _mean(values: Floats) -> Floats:
    """Row means over known values, NaN for an empty row (without numpy's warning)."""
    known = ~np.isnan(values)
    count = known.sum(axis=1)
    total = np.where(known, values, 0.0).sum(axis=1)
    return np.divide(total, count, out=np.full(len(values), np.nan), where=count > 0)
