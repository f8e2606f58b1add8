"""Targets stated in another currency than the company's own."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from salesloop.engine.model.calendar import Period


@dataclass(frozen=True, slots=True)
class Foreign:
    """What was said: `amount` in `currency`, and the `rate` (base currency for one unit) by which it counts. `planned`: agreed
    on for the plan, not that of the day."""

    currency: str
    amount: Decimal
    rate: Decimal
    planned: bool

    @property
    def in_base(self) -> Decimal:
        return self.amount * self.rate


class Rates:
    """The exchange rates of a workspace, each valid from its day until the next one of its currency (model.money), and those
    that were agreed on for the plan of a year."""

    def __init__(
        self, base: str, rows: Iterable[Mapping[str, Any]] = (), planned: Iterable[Mapping[str, Any]] = ()
    ) -> None:
        """Both have the fields of the entity exchange_rate; those `planned` are valid from the first day of their year."""
        self.base = base
        self._planned = {(row["currency"], row["valid_from"]): row["rate"] for row in planned}
        self._since: dict[str, list[dt.date]] = {}
        self._rates: dict[str, list[Decimal]] = {}
        for row in sorted(rows, key=lambda row: row["valid_from"]):
            self._since.setdefault(row["currency"], []).append(row["valid_from"])
            self._rates.setdefault(row["currency"], []).append(row["rate"])

    @property
    def currencies(self) -> tuple[str, ...]:
        """The foreign currencies with a rate."""
        return tuple(sorted(currency for currency in self._rates if currency != self.base))

    def is_foreign(self, currency: str | None) -> bool:
        return bool(currency) and currency != self.base

    def for_plan(self, currency: str, year: Period) -> Decimal | None:
        """Base currency for one unit in the plan of a year; None where nothing was agreed on."""
        return self._planned.get((currency, year.start))

    def on(self, currency: str | None, day: dt.date) -> Decimal | None:
        """Base currency for one unit on a day; None where none was known by then."""
        place = bisect_right(self._since.get(currency or "", []), day)
        return self._rates[currency or ""][place - 1] if place else None
