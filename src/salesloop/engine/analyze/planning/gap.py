"""What made the gap between actual and target, in drivers that add up to it to the cent.

A target asks for a change against a year ago; what changed instead is known by customer and product. So

    gap = new customers + lost customers + volume + mix + price − the change that was asked for

New customers bought nothing in the same days a year ago, lost ones nothing now. What those who bought in both changed by is split
by product (Farris et al., Marketing Metrics, 3rd ed. 2015, on price, volume and mix):

    volume = R₀ × (Q₁ ÷ Q₀ − 1)          as if every product had moved like the whole
    mix    = Σ p₀ × (q₁ − q₀ × Q₁ ÷ Q₀)   products that cost more or less than the average gained weight
    price  = Σ (p₁ − p₀) × q₁

with quantities q, prices p = amount ÷ quantity, and totals R, Q. A product without a price a year ago has its price of today, so
what it brings stands in the mix.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Driver = Literal["new", "lost", "volume", "mix", "price", "existing", "asked"]
_CENT = Decimal("0.01")


@dataclass(frozen=True)
class Sales:
    """Amount and quantity by line: `customer` and `product` are codes from 0 on, the same in both periods."""

    customer: NDArray[np.int64]
    product: NDArray[np.int64]
    amount: Floats
    quantity: Floats


@dataclass(frozen=True)
class Gap:
    """`drivers` in order; Σ drivers = `gap` = `actual` − `target`, to the cent."""

    actual: Decimal
    target: Decimal
    base: Decimal
    drivers: Mapping[Driver, Decimal]

    @property
    def gap(self) -> Decimal:
        return self.actual - self.target


def gap_drivers(now: Sales, before: Sales, target: Decimal) -> Gap:
    """The drivers of actual − target. Where quantities are missing, what old customers changed by is one driver, `existing`."""
    actual, base = _cents(float(now.amount.sum())), _cents(float(before.amount.sum()))
    size = 1 + int(max(now.customer.max(initial=-1), before.customer.max(initial=-1)))
    bought_now = np.bincount(now.customer, minlength=size) > 0
    bought_before = np.bincount(before.customer, minlength=size) > 0
    stayed = bought_now & bought_before
    found: dict[Driver, float] = {
        "new": float(now.amount[~stayed[now.customer]].sum()),
        "lost": -float(before.amount[~stayed[before.customer]].sum()),
    }
    found |= _price_volume_mix(_of(now, stayed), _of(before, stayed))
    drivers = {name: _cents(value) for name, value in found.items()}
    drivers["asked"] = base - target
    largest = max((name for name in drivers if name != "asked"), key=lambda name: abs(drivers[name]))
    drivers[largest] += actual - target - sum(drivers.values(), Decimal(0))
    return Gap(actual, target, base, drivers)


def _of(sales: Sales, stayed: NDArray[np.bool_]) -> Sales:
    mine = stayed[sales.customer]
    return Sales(sales.customer[mine], sales.product[mine], sales.amount[mine], sales.quantity[mine])


def _price_volume_mix(now: Sales, before: Sales) -> dict[Driver, float]:
    size = 1 + int(max(now.product.max(initial=-1), before.product.max(initial=-1)))
    r1, q1 = (np.bincount(now.product, weights, minlength=size) for weights in (now.amount, now.quantity))
    r0, q0 = (np.bincount(before.product, weights, minlength=size) for weights in (before.amount, before.quantity))
    if not size or not q0.sum() > 0 or not q1.sum() > 0 or np.isnan(q0).any() or np.isnan(q1).any():
        return {"existing": float(r1.sum() - r0.sum())}
    price_now = np.divide(r1, q1, out=np.zeros(size), where=q1 != 0)
    price_before = np.divide(r0, q0, out=price_now.copy(), where=q0 != 0)
    growth = q1.sum() / q0.sum()
    volume = r0.sum() * (growth - 1)
    mix = float((price_before * q1).sum() - r0.sum() * growth)
    return {"volume": float(volume), "mix": mix, "price": float(r1.sum() - (price_before * q1).sum())}


def _cents(value: float) -> Decimal:
    return Decimal(repr(value)).quantize(_CENT, ROUND_HALF_UP)


@dataclass(frozen=True, slots=True)
class Pipeline:
    """`missing` is what the target still lacks, `open_amount` what is in the pipeline, `win_rate` the share that is won.

    `coverage` = open ÷ missing, `required` = 1 ÷ win rate, `expected` = open × win rate, `short` = missing − expected (0 where
    enough is open), `to_find` the open amount that is still to be found.
    """

    missing: float
    open_amount: float
    win_rate: float

    @property
    def coverage(self) -> float | None:
        return self.open_amount / self.missing if self.missing > 0 else None

    @property
    def required(self) -> float | None:
        return 1 / self.win_rate if self.win_rate > 0 else None

    @property
    def expected(self) -> float:
        return self.open_amount * self.win_rate

    @property
    def short(self) -> float:
        return max(self.missing - self.expected, 0.0)

    @property
    def to_find(self) -> float | None:
        return self.short / self.win_rate if self.win_rate > 0 else None
