"""How often customers buy again, and whether they are still customers: the BG/NBD model.

Fader, Hardie and Lee, "Counting Your Customers the Easy Way: An Alternative to the Pareto/NBD Model", Marketing Science 24
(2005). While alive a customer buys at random at a rate of their own (rates are gamma distributed: r, α); after each purchase
they may be gone for good with a chance of their own (beta distributed: a, b). All that it needs of a customer is the number of
repeat purchases x, the time of the last one t_x, and the age T, both counted from the first purchase. Times are weeks.

The formulas are the paper's; two are rearranged so that customers with hundreds of purchases stay within floating numbers: the
likelihood works with logarithms throughout, and Euler's transformation of ₂F₁ replaces a tiny factor times a huge one.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import OptimizeResult, minimize
from scipy.special import betaln, gammaln, hyp2f1

Floats = NDArray[np.float64]

_WIDEST = 7.0
_FLAT = 1e-5  # of the mean log-likelihood, for a parameter times e
"""Parameters are looked for between e⁻⁷ and e⁷: outside the likelihood is flat, and the model the same."""
_AVOID = 1e-6
"""How far a is kept from 1, where the formula of the expectation is a limit."""


@dataclass(frozen=True, slots=True)
class Purchases:
    """Of each customer: repeat purchases, week of the last one, age in weeks (0 ≤ recency ≤ age; recency 0 without a repeat)."""

    frequency: Floats
    recency: Floats
    age: Floats

    def __len__(self) -> int:
        return len(self.frequency)


@dataclass(frozen=True, slots=True)
class BgNbd:
    """The four parameters; α is in weeks."""

    r: float
    alpha: float
    a: float
    b: float

    def alive(self, of: Purchases) -> Floats:
        """The chance that each is still a customer: 1 ÷ (1 + a/(b + x − 1) · ((α + T)/(α + t_x))^(r + x)), 1 where x = 0."""
        x = of.frequency
        gone = np.log(self.a) - np.log(self.b + np.maximum(x, 1) - 1)
        gone += (self.r + x) * np.log((self.alpha + of.age) / (self.alpha + of.recency))
        chance: Floats = np.where(x > 0, 1 / (1 + np.exp(np.minimum(gone, 700))), 1.0)
        return chance

    def expected(self, of: Purchases, weeks: float) -> Floats:
        """Purchases of each in the coming weeks: equation (10) of the paper, with z = t ÷ (α + T + t)."""
        a = self.a if abs(self.a - 1) > _AVOID else 1 + _AVOID
        x, z = of.frequency, weeks / (self.alpha + of.age + weeks)
        total = a + self.b + x - 1
        series = hyp2f1(a - 1, a + self.b - 1 - self.r, total, z)
        bought: Floats = total / (a - 1) * (1 - (1 - z) ** (a - 1) * series) * self.alive(of)
        return bought

    def log_likelihood(self, of: Purchases) -> float:
        """The logarithm of L: equation (6) of the paper, summed over the customers."""
        return float(_log_likelihoods(np.log([self.r, self.alpha, self.a, self.b]), of).sum())


@dataclass(frozen=True, slots=True)
class Fit:
    """What the search for parameters came to. `at_edge`: a parameter ran to the end of where it was looked for."""

    log_likelihood: float
    iterations: int
    converged: bool
    at_edge: bool
    customers: int


def fit_purchases(of: Purchases) -> tuple[BgNbd, Fit]:
    """The parameters of the greatest likelihood."""
    scale = float(of.age.max()) / 10 or 1.0  # the search is best where the parameters are of like size
    scaled = Purchases(of.frequency, of.recency / scale, of.age / scale)
    found = minimize(
        lambda logs: -_log_likelihoods(logs, scaled).mean(),
        np.array([0.0, 0.0, 0.0, 1.0]),
        method="L-BFGS-B",
        jac="3-point",  # with less exact slopes the search gives up near the top, on some processors
        bounds=[(-_WIDEST, _WIDEST)] * 4,
        options={"maxiter": 500, "ftol": 1e-12, "gtol": 1e-7},
    )
    r, alpha, a, b = (float(one) for one in np.exp(found.x))
    model = BgNbd(r, alpha * scale, a, b)
    edge = bool((np.abs(found.x) > _WIDEST - 1e-3).any())
    return model, Fit(model.log_likelihood(of), int(found.nit), is_settled(found, _WIDEST), edge, len(of))


def is_settled(found: OptimizeResult, widest: float) -> bool:
    """Whether the search came to an end: by its own account, or because no parameter has any slope left.

    At the very top the last digits decide whether it finds a better step, and it gives up where there is none. Parameters
    at `widest` cannot go on.
    """
    slope: Floats = found.jac[np.abs(found.x) < widest - 1e-3]
    return bool(found.success) or float(np.abs(slope).max(initial=0.0)) < _FLAT


def _log_likelihoods(logs: Floats, of: Purchases) -> Floats:
    r, alpha, a, b = np.exp(logs)
    counts, place = np.unique(of.frequency, return_inverse=True)  # gamma functions once for each number of purchases
    by_count = gammaln(r + counts) - gammaln(r) + r * np.log(alpha) + betaln(a, b + counts) - betaln(a, b)
    left = np.log(a) - np.log(b + np.maximum(counts, 1) - 1)
    x = of.frequency
    alive = -(r + x) * np.log(alpha + of.age)
    gone = np.where(x > 0, left[place] - (r + x) * np.log(alpha + of.recency), -np.inf)
    each: Floats = by_count[place] + np.logaddexp(alive, gone)
    return each
