"""Would the model have known? It learns from the orders up to a day, foretells the weeks after it, and is held against them.

The rival is what a careful person would say without a model: every customer buys as often, and for as much, as in the
equally long time before. Errors are means of what was missed per customer, in purchases and in money.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np

from salesloop.engine.analyze.predict.lifetime.bgnbd import Floats
from salesloop.engine.analyze.predict.lifetime.history import Histories
from salesloop.engine.analyze.predict.lifetime.model import Lifetime

BUCKETS = (0, 1, 2, 3, 5, 9, 17, 33)
"""Customers stand together by their repeat purchases: from each of these numbers to below the next."""


@dataclass(frozen=True, slots=True)
class Against:
    """One quantity over all customers: totals, and the mean absolute error per customer of the model and of its rival."""

    actual: float
    predicted: float
    naive: float
    error: float
    naive_error: float

    @property
    def better(self) -> bool:
        return self.error < self.naive_error


@dataclass(frozen=True, slots=True)
class Bucket:
    """Customers with `low` to `high` (None: any more) repeat purchases before the split: purchases of one in the hold-out,
    on average."""

    low: int
    high: int | None
    customers: int
    actual: float
    predicted: float
    naive: float


@dataclass(frozen=True, slots=True)
class BackTest:
    """Learnt up to `split`, held against the days until `end`."""

    split: dt.date
    end: dt.date
    customers: int
    purchases: Against
    value: Against
    buckets: tuple[Bucket, ...]


def back_test(model: Lifetime, calibration: Histories, end: dt.date) -> BackTest:
    """The model of the calibration against what its customers did between its last day and `end`."""
    weeks = (end - calibration.until).days / 7
    predicted = model.purchases.expected(calibration.purchases, weeks)
    worth = model.spend.expected(calibration.purchases.frequency, calibration.value)
    return BackTest(
        split=calibration.until,
        end=end,
        customers=len(calibration),
        purchases=_against(calibration.after, predicted, calibration.before),
        value=_against(calibration.after_value, predicted * worth, calibration.before_value),
        buckets=_buckets(calibration, predicted),
    )


def _against(actual: Floats, predicted: Floats, naive: Floats) -> Against:
    return Against(
        actual=float(actual.sum()),
        predicted=float(predicted.sum()),
        naive=float(naive.sum()),
        error=float(np.abs(actual - predicted).mean()),
        naive_error=float(np.abs(actual - naive).mean()),
    )


def _buckets(of: Histories, predicted: Floats) -> tuple[Bucket, ...]:
    found = []
    for low, upper in zip(BUCKETS, (*BUCKETS[1:], None), strict=True):
        mine = (of.purchases.frequency >= low) & (of.purchases.frequency < (np.inf if upper is None else upper))
        if mine.any():
            means = (float(one[mine].mean()) for one in (of.after, predicted, of.before))
            found.append(Bucket(low, None if upper is None else upper - 1, int(mine.sum()), *means))
    return tuple(found)
