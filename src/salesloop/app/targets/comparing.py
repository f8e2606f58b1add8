"""Two versions beside each other: every row's year in both, and what differs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from salesloop.app.targets.editing import row_name
from salesloop.app.targets.people import year_target
from salesloop.app.targets.sheet import Sheet

_ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Pair:
    """One row. `months`: how many of its months differ."""

    name: str
    depth: int
    one: Decimal | None
    other: Decimal | None
    months: int

    @property
    def difference(self) -> Decimal:
        return (self.other or _ZERO) - (self.one or _ZERO)

    @property
    def share(self) -> Decimal | None:
        return self.difference / self.one if self.one else None


def pairs(one: Sheet, other: Sheet) -> list[Pair]:
    """The rows that have a target in either."""
    found = []
    for key, line in other.lines.items():
        before = one.lines.get(key)
        mine: Mapping[str, Decimal | None] = {month: line.cells[month].target for month in other.months}
        theirs = {month: before.cells[month].target for month in one.months} if before else {}
        differing = sum(mine[month] != theirs.get(month) for month in mine)
        pair = Pair(
            row_name(other, line),
            line.node.depth,
            year_target(one, before) if before else None,
            year_target(other, line),
            differing,
        )
        if pair.one is not None or pair.other is not None:
            found.append(pair)
    return found
