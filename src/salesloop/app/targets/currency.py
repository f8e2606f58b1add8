"""Targets in another currency: the sheet seen in it, and the rates that were agreed on for a year."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from django.core.exceptions import PermissionDenied
from django.db import transaction

from salesloop.app.accounts.services import User
from salesloop.app.audit.services import log
from salesloop.app.targets.models import PlanRate, Version
from salesloop.app.targets.store import publish
from salesloop.app.workspace.services import one_at_a_time
from salesloop.engine.metrics.targets import Foreign, Rates, TargetCell
from salesloop.engine.model.calendar import Period
from salesloop.engine.model.errors import UserError
from salesloop.engine.model.text import Messages
from salesloop.engine.store import Snapshot

_MESSAGES = Messages("salesloop.app.targets")


def rates_of(snapshot: Snapshot, base: str) -> Rates:
    """The exchange rates of a snapshot."""
    if not snapshot.has("exchange_rate"):
        return Rates(base)
    return Rates(base, snapshot.rows("SELECT currency, valid_from, rate FROM exchange_rate"))


def planned_rates(year: int) -> Mapping[str, Decimal]:
    """The rates agreed on for a year, by currency."""
    return dict(PlanRate.objects.filter(year=year).values_list("currency", "rate"))


@transaction.atomic
def plan_rate(actor: User, year: int, currency: str, rate: Decimal | None, now: dt.datetime) -> None:
    """Let the year's targets in a currency count by this rate; None: by the rate of their first day again.

    UserError where a version of that year is frozen: the rate would move what nobody may move.
    """
    if not actor.has_perm("targets.plan"):
        raise PermissionDenied("targets.plan")
    one_at_a_time()
    frozen = Version.objects.filter(year=year, state=Version.State.FROZEN).first()
    if frozen is not None:
        raise UserError(_MESSAGES.message("frozen", year=year, number=frozen.number))
    if rate is None:
        PlanRate.objects.filter(year=year, currency=currency).delete()
    else:
        PlanRate.objects.update_or_create(year=year, currency=currency, defaults={"rate": rate, "by": actor, "at": now})
    log(actor, "target.rate_planned", f"{currency} {year}", {"rate": rate})
    publish()


@dataclass(frozen=True)
class Lens:
    """The cells of a sheet in another currency: what was stated in it as it was stated, the rest by the rate of its month."""

    currency: str
    columns: Mapping[str, Period]
    sums_up: bool
    planned: Decimal | None
    rates: Rates

    def rate(self, day: dt.date) -> Decimal | None:
        """Base currency for one unit of this one."""
        return self.planned or self.rates.on(self.currency, day)

    def converted(self, value: Decimal | None, day: dt.date) -> Decimal | None:
        """An amount of the base currency in this one."""
        rate = self.rate(day)
        return None if value is None or rate is None else value / rate

    def seen(self, cells: Mapping[str, TargetCell]) -> dict[str, TargetCell]:
        """One row's cells. Longer periods are the sum of their months, so that they add up whatever the rates do."""
        months = {key: self._by_day(cells[key], period.start) for key, period in self.columns.items()}
        return {key: self._said(self._of(months, key, cell), cell.foreign) for key, cell in cells.items()}

    def _by_day(self, cell: TargetCell, day: dt.date) -> TargetCell:
        return replace(
            cell,
            stated=self.converted(cell.stated, day),
            below=self.converted(cell.below, day),
            target=self.converted(cell.target, day),
            whole=self.converted(cell.whole, day),
        )

    def _of(self, months: Mapping[str, TargetCell], key: str, cell: TargetCell) -> TargetCell:
        span = self.columns[key]
        if span.grain == "month" or not self.sums_up:
            return months[key]
        inside = [
            months[one] for one, period in self.columns.items() if period.grain == "month" and period.start in span
        ]
        return replace(
            cell,
            stated=None if cell.stated is None else _sum([one.stated for one in inside]),
            below=None if cell.below is None else _sum([one.below for one in inside]),
            target=None if cell.target is None else _sum([one.target for one in inside]),
        )

    def _said(self, cell: TargetCell, foreign: Foreign | None) -> TargetCell:
        if foreign is None or foreign.currency != self.currency:
            return cell
        if cell.whole is not None and cell.stated is not None:  # a part counts here, the rest before or after a move
            part = foreign.amount * cell.stated / cell.whole
            return replace(cell, stated=part, target=part, whole=foreign.amount)
        return replace(cell, stated=foreign.amount, target=foreign.amount)


def _sum(values: list[Decimal | None]) -> Decimal | None:
    known = [value for value in values if value is not None]
    return sum(known, Decimal(0)) if known else None
