"""What becomes of the targets of somebody who leaves: the months that are left go to a successor, to the team, or stay.

The period in which they leave is split by days, as the rule for targets splits periods.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

from salesloop.engine.analyze.planning.split import CENT, apportion
from salesloop.engine.model.calendar import Period

To = Literal["successor", "team", "nobody"]


@dataclass(frozen=True, slots=True)
class Move:
    """One person's target in one period, before and after."""

    person: str
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


def _kept(period: Period, amount: Decimal, last_day: dt.date, step: Decimal) -> Decimal:
    days = min(max((last_day - period.start).days + 1, 0), period.days)
    if days in (0, period.days):
        return amount if days else Decimal(0)
    return (amount * days / period.days / step).to_integral_value(ROUND_HALF_UP) * step
