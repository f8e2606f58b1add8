"""What a purchase of each customer is worth: the gamma-gamma model.

Fader and Hardie, "The Gamma-Gamma Model of Monetary Value" (note, 2013); Fader, Hardie and Lee, "RFM and CLV: Using Iso-Value
Curves for Customer Base Analysis", Journal of Marketing Research 42 (2005). Values of a customer's purchases vary around a mean
of their own (gamma: p), and these means vary between customers (gamma: q, γ). A customer with few purchases is expected near
the mean of all, one with many near their own. It holds where the value of a purchase has nothing to do with how many there are:
the correlation of the two is told beside it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize
from scipy.special import gammaln

from salesloop.engine.analyze.predict.lifetime.bgnbd import Floats, is_settled

_WIDEST = 12.0


@dataclass(frozen=True, slots=True)
class GammaGamma:
    """The three parameters; γ is in the money of the values."""

    p: float
    q: float
    gamma: float

    @property
    def mean(self) -> float:
        """Expected value of a purchase of somebody of whom nothing is known: pγ ÷ (q − 1)."""
        return self.p * self.gamma / (self.q - 1)

    def expected(self, frequency: Floats, mean_value: Floats) -> Floats:
        """Expected value of a purchase of each: p(γ + x·z̄) ÷ (px + q − 1), the mean of all where x = 0."""
        worth: Floats = self.p * (self.gamma + frequency * mean_value) / (self.p * frequency + self.q - 1)
        return worth


def fit_values(frequency: Floats, mean_value: Floats) -> tuple[GammaGamma, bool]:
    """The parameters of the greatest likelihood over customers with a repeat purchase, and whether the search came to an end."""
    scale = float(mean_value.mean())
    values = mean_value / scale
    logs_of_values, logs_of_counts = np.log(values), np.log(frequency)

    def against(logs: Floats) -> float:
        p, q, gamma = np.exp(logs)
        shape = p * frequency
        each = gammaln(shape + q) - gammaln(shape) - gammaln(q) + q * np.log(gamma) + (shape - 1) * logs_of_values
        each += shape * logs_of_counts - (shape + q) * np.log(gamma + frequency * values)
        return -float(each.mean())

    found = minimize(
        against,
        np.array([0.5, 1.0, 0.5]),
        method="L-BFGS-B",
        jac="3-point",  # with less exact slopes the search gives up near the top, on some processors
        bounds=[(-_WIDEST, _WIDEST)] * 3,
        options={"maxiter": 500, "ftol": 1e-12, "gtol": 1e-7},
    )
    p, q, gamma = (float(one) for one in np.exp(found.x))
    return GammaGamma(p, q, gamma * scale), is_settled(found, _WIDEST)
