"""Which campaign a sale is put down to: the last touch before it.

Every sale goes whole to the newest lead of its customer in the days before it (last-touch attribution: Kannan, Reinartz and
Verhoef, Int. J. of Research in Marketing 33, 2016, who also say what it leaves out: what was seen before, and what would have been
bought anyway). It is a count of who was there last, no proof of an effect. Nothing is lost: what no lead came before is a row of
its own, and all rows add up to all sales.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Lead:
    """A touch: what brought it (a campaign or a source), whom, and when."""

    customer: str
    day: dt.date
    touch: str


@dataclass(frozen=True, slots=True)
class Sale:
    """What a customer bought on a day."""

    customer: str
    day: dt.date
    revenue: float
    profit: float


@dataclass(slots=True)
class Credit:
    """What is put down to one touch."""

    revenue: float = 0.0
    profit: float = 0.0
    customers: int = 0

    def return_on(self, cost: float | None) -> float | None:
        """(gross profit − cost) ÷ cost; None where the cost is not known."""
        return (self.profit - cost) / cost if cost else None


def last_touch(leads: Iterable[Lead], sales: Iterable[Sale], *, window: int) -> dict[str | None, Credit]:
    """Credits by touch; under None what was sold without a lead in the `window` days until the sale. Of several leads on one day
    the last given counts."""
    days: dict[str, list[dt.date]] = {}
    touches: dict[str, list[str]] = {}
    for lead in sorted(leads, key=lambda lead: lead.day):
        days.setdefault(lead.customer, []).append(lead.day)
        touches.setdefault(lead.customer, []).append(lead.touch)
    found: dict[str | None, Credit] = {}
    buyers: dict[str | None, set[str]] = {}
    for sale in sales:
        known = days.get(sale.customer, [])
        place = bisect_right(known, sale.day) - 1
        near = place >= 0 and (sale.day - known[place]).days <= window
        touch = touches[sale.customer][place] if near else None
        credit = found.setdefault(touch, Credit())
        credit.revenue += sale.revenue
        credit.profit += sale.profit
        buyers.setdefault(touch, set()).add(sale.customer)
    for touch, credit in found.items():
        credit.customers = len(buyers[touch])
    return found
