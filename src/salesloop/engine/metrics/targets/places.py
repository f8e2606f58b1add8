"""Which unit a person's target counts in: the one in which they are, day by day.

A target that names a unit beside the person stays with that unit. Any other follows the person: where they change units within
its period it is divided by days, so that on both sides of the move a unit is held against the target of those who work in it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from salesloop.engine.metrics.targets.cover import Days, Measure, share_of
from salesloop.engine.metrics.targets.statements import Statement
from salesloop.engine.model.org import OrgTree

_CENT: Final = Decimal("0.01")


def placed(
    said: Iterable[Statement], org: OrgTree, sums_up: Callable[[str], bool], measure: Measure
) -> Iterator[Statement]:
    """The statements, those of people with the unit in which they count. Parts of an amount add up to it; parts of a rate (a
    metric that does not sum up) have all the same value."""
    for one in said:
        if not one.employee or one.org_unit:
            yield one
            continue
        parts = [
            (stay.unit, (max(one.start, stay.start), min(one.end, stay.end)))
            for stay in org.stays(one.employee)
            if stay.start <= one.end and one.start <= stay.end
        ]
        if len(parts) < 2:
            unit = parts[0][0] if parts else org.unit_of(one.employee)
            yield replace(one, org_unit=unit) if unit else one
        else:
            yield from _divided(one, parts, measure, amount=sums_up(one.metric))


def _divided(one: Statement, parts: list[tuple[str, Days]], measure: Measure, *, amount: bool) -> Iterator[Statement]:
    left = one.value
    for place, (unit, days) in enumerate(parts):
        value = one.value
        if amount:
            value = left if place == len(parts) - 1 else part_of(one.value, days, (one.start, one.end), measure)
            left -= value
        yield replace(one, org_unit=unit, start=days[0], end=days[1], value=value, whole=one)


def part_of(value: Decimal, days: Days, whole: Days, measure: Measure) -> Decimal:
    """What of an amount for `whole` falls on some of its days, to the cent."""
    weight, total = share_of(days, whole, measure)
    return (value * weight / total).quantize(_CENT, ROUND_HALF_UP)
