"""Train the model of customer value: check on the last weeks what it is worth, then learn from everything."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from salesloop.engine.analyze.predict.lifetime.backtest import BackTest, back_test
from salesloop.engine.analyze.predict.lifetime.history import ORDERS, histories
from salesloop.engine.analyze.predict.lifetime.model import MESSAGES, Lifetime, Quality, fit
from salesloop.engine.model.entity import Model
from salesloop.engine.model.errors import UserError
from salesloop.engine.model.scope import Scope
from salesloop.engine.store.snapshot import Snapshot

LEAST_WEEKS = 39
HELD_OUT = (13, 26)
"""The last third of the weeks is held out for the back-test, at least and at most so many."""
YEARLY_DISCOUNT = 0.1
YEARS = 3.0


@dataclass(frozen=True, slots=True)
class Trained:
    """A model with what is known of its worth; learnt from the orders of `first` … `until`."""

    first: dt.date
    until: dt.date
    model: Lifetime
    quality: Quality
    back_test: BackTest


def train(
    snapshot: Snapshot,
    entities: Model,
    until: dt.date,
    *,
    yearly_discount: float = YEARLY_DISCOUNT,
    years: float = YEARS,
) -> Trained:
    """Learn from all orders up to `until`. UserError says why nothing can be learnt."""
    if not snapshot.has(ORDERS):
        raise UserError(MESSAGES.message("no_orders"))
    everything = histories(snapshot, entities, Scope.all(), until)
    if everything.first is None:
        raise UserError(MESSAGES.message("no_orders"))
    weeks = (until - everything.first).days // 7
    if weeks < LEAST_WEEKS:
        raise UserError(MESSAGES.message("too_short", weeks=weeks, needed=LEAST_WEEKS))
    held_out = 7 * min(max(weeks // 3, HELD_OUT[0]), HELD_OUT[1])
    split = until - dt.timedelta(days=held_out)
    calibration = histories(snapshot, entities, Scope.all(), split, window=held_out)
    rehearsed, _quality = fit(calibration, yearly_discount=yearly_discount, years=years)
    model, quality = fit(everything, yearly_discount=yearly_discount, years=years)
    return Trained(everything.first, until, model, quality, back_test(rehearsed, calibration, until))
