"""What becomes of the targets of somebody who leaves a unit: the months that are left go to a successor, to the team, to the unit
itself, or with the person.

The period in which they leave is split by days, as the rule for targets splits periods. Whatever is chosen, the company's total
stays what it was before anybody moved; only where what a leaver leaves is given to nobody it falls.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

from salesloop.engine.analyze.planning.split import CENT, apportion
from salesloop.engine.metrics.targets.cover import Measure, all_days
from salesloop.engine.metrics.targets.places import part_of
from salesloop.engine.model.calendar import Period
from salesloop.engine.model.errors import UserError
from salesloop.engine.model.text import Messages

To = Literal["successor", "team", "nobody"]
_MESSAGES = Messages("salesloop.engine.analyze.planning")


@dataclass(frozen=True, slots=True)
class Move:
    """The target of one person or unit in one period, before and after."""

    who: str
    period: Period
    before: Decimal
    after: Decimal


def reassign(
    leaver: str,
    targets: Mapping[str, Mapping[Period, Decimal]],
    last_day: dt.date,
    to: To,
    heirs: Sequence[tuple[str, Decimal]] = (),
    step: Decimal = CENT,
) -> tuple[Move, ...]:
    """What changes when `leaver` is gone after `last_day`. `targets` by person and period; `heirs`: who takes over, with weights
    (one for a successor). `nobody`: what is left is taken off, and the gap to the unit's own target shows it.

    ValueError where somebody is to take over and nobody is named.
    """
    if to != "nobody" and not heirs:
        raise ValueError("no heir was named")
    moves: list[Move] = []
    for period, amount in sorted(targets.get(leaver, {}).items(), key=lambda item: item[0].start):
        kept = _kept(period, amount, last_day, step)
        if kept == amount:
            continue
        moves.append(Move(leaver, period, amount, kept))
        if to == "nobody":
            continue
        shares = apportion(amount - kept, [weight for _, weight in heirs], step)
        for (person, _), share in zip(heirs, shares, strict=True):
            before = targets.get(person, {}).get(period, Decimal(0))
            moves.append(Move(person, period, before, before + share))
    return tuple(moves)


def after(months: Mapping[Period, Decimal], day: dt.date, measure: Measure = all_days) -> dict[Period, Decimal]:
    """What of somebody's months falls on `day` and later."""
    found = {}
    for period, amount in months.items():
        if period.start >= day:
            found[period] = amount
        elif period.end >= day:
            before = (period.start, day - dt.timedelta(days=1))
            found[period] = amount - part_of(amount, before, (period.start, period.end), measure)
    return found


def follow(
    moving: Mapping[Period, Decimal],
    stated: Mapping[str, Mapping[Period, Decimal]],
    left: Sequence[str],
    joined: Sequence[str],
    step: Decimal = CENT,
) -> tuple[Move, ...]:
    """The target goes with the person: what units state for themselves becomes less where the person left, and more where they
    came to.

    `moving`: what goes, by month (see `after`). `stated`: what each unit states, by period (a month or longer). `left` and
    `joined` are the units on either way up to the first that holds both, which keeps its target. Units that state nothing are
    the sum of their people and need no change. UserError where a unit states less than what should leave it.
    """
    moves = []
    for units, sign in ((left, -1), (joined, 1)):
        for unit in units:
            for period, before in sorted(stated.get(unit, {}).items(), key=lambda item: item[0].start):
                amount = sum((one for month, one in moving.items() if month.start in period), Decimal(0))
                amount = (amount / step).to_integral_value(ROUND_HALF_UP) * step
                if amount > before and sign < 0:
                    raise UserError(_MESSAGES.message("moves_more_than_stated", unit=unit, period=str(period.start)))
                if amount:
                    moves.append(Move(unit, period, before, before + sign * amount))
    return tuple(moves)


def _kept(period: Period, amount: Decimal, last_day: dt.date, step: Decimal) -> Decimal:
    days = min(max((last_day - period.start).days + 1, 0), period.days)
    if days in (0, period.days):
        return amount if days else Decimal(0)
    return (amount * days / period.days / step).to_integral_value(ROUND_HALF_UP) * step
