"""What one more unit of expense brought in gross profit, from a channel's own months.

Each month is set against the same month of the year before, which takes the season out; the slope of those changes is the
marginal return. Its standard error is HC3 (MacKinnon and White, J. of Econometrics 29, 1985): months of a campaign vary more.
A slope is not told where it would mislead: too few months, an expense that never moved, or a fee that is a share of sales, where
the money follows the result and says nothing of what more of it would bring.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

YEAR: Final = 12
MIN_PAIRS: Final = 12
FOLLOWS: Final = 0.1
"""An expense ratio that varies by less than this (standard deviation ÷ mean) is a fee in proportion to sales."""
MOVED: Final = 0.05
"""The changes of the expense have to vary by this share of its mean, or there is nothing to learn from."""

Unknown = Literal["", "short", "follows_sales", "unmoved"]


@dataclass(frozen=True, slots=True)
class History:
    """The complete months of one channel, the oldest first and without holes; None where the month is not known."""

    channel: str
    profit: tuple[float | None, ...]
    expense: tuple[float | None, ...]
    revenue: tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class Marginal:
    """`slope`: gross profit for one more unit of expense, `error` its standard error; None where `unknown` says why.

    `months` are the pairs of months behind it, `expense` the mean of the last twelve months, `widest` the largest change of
    a month's expense that was seen: beyond it nobody knows.
    """

    channel: str
    months: int
    expense: float
    widest: float
    slope: float | None = None
    error: float | None = None
    unknown: Unknown = ""


def marginal(history: History) -> Marginal:
    """The marginal return of one channel. Amounts are in one currency."""
    profit, expense, revenue = (_numbers(values) for values in (history.profit, history.expense, history.revenue))
    spent = expense[-YEAR:][~np.isnan(expense[-YEAR:])]
    mean = float(spent.mean()) if len(spent) else 0.0
    x, y = expense[YEAR:] - expense[:-YEAR], profit[YEAR:] - profit[:-YEAR]
    known = ~(np.isnan(x) | np.isnan(y))
    x, y = x[known], y[known]
    widest = float(np.abs(x).max()) if len(x) else 0.0
    unknown = _unknown(x, expense, revenue)
    if unknown:
        return Marginal(history.channel, len(x), mean, widest, unknown=unknown)
    slope, error = _slope(x, y)
    return Marginal(history.channel, len(x), mean, widest, slope, error)


def _unknown(x: NDArray[np.float64], expense: NDArray[np.float64], revenue: NDArray[np.float64]) -> Unknown:
    if len(x) < MIN_PAIRS:
        return "short"
    if x.std(ddof=1) <= MOVED * float(np.nanmean(np.abs(expense))):
        return "unmoved"
    both = ~(np.isnan(expense) | np.isnan(revenue)) & (revenue > 0)
    ratio = expense[both] / revenue[both]
    if len(ratio) >= MIN_PAIRS and ratio.std(ddof=1) < FOLLOWS * abs(ratio.mean()):
        return "follows_sales"
    return ""


def _slope(x: NDArray[np.float64], y: NDArray[np.float64]) -> tuple[float, float]:
    """Least squares with an intercept (what changed whatever was spent), and the HC3 standard error of the slope."""
    around = x - x.mean()
    total = float((around**2).sum())
    slope = float((around * y).sum()) / total
    left = y - y.mean() - slope * around
    leverage = np.minimum(1 / len(x) + around**2 / total, 0.99)
    return slope, math.sqrt(float(((around * left / (1 - leverage)) ** 2).sum())) / total


def _numbers(values: tuple[float | None, ...]) -> NDArray[np.float64]:
    return np.array([math.nan if value is None else value for value in values], dtype=np.float64)
