"""Keep what people enter, hand it to the engine, and take it back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

import pyarrow as pa
from django.db import transaction
from django.db.models import QuerySet

from salesloop.app.accounts.services import User
from salesloop.app.audit.services import log
from salesloop.app.targets.keys import NOTHING, Entry, Key
from salesloop.app.targets.models import KEY, Change, PlanCell, PlanRate, Target, Version, VersionCell
from salesloop.app.workspace.services import one_at_a_time, workspace
from salesloop.engine.model.calendar import Period
from salesloop.engine.model.errors import UserError
from salesloop.engine.model.text import Messages
from salesloop.engine.store.entered import PLAN, PLAN_RATE

_MESSAGES = Messages("salesloop.app.targets")
_FIELDS = (*KEY, "value", "currency", "version")


@transaction.atomic
def enter(
    actor: User,
    metric: str,
    year: int,
    wanted: Mapping[Key, Entry],
    now: dt.datetime,
    *,
    draft: Version | None = None,
) -> Change:
    """Write these entries as one change: to a draft, or to what counts, which pages, the command line and reports see as soon as
    this returns. UserError for cells that are locked or decided by a version."""
    one_at_a_time()
    check_open(metric, year, wanted, draft)
    before = {key: _entry(key, draft) for key in wanted}
    for key, entry in wanted.items():
        _write(actor, key, entry, now, draft)
    steps = [
        {"key": key.to_json(), "before": before[key].to_json(), "after": entry.to_json()}
        for key, entry in wanted.items()
    ]
    change = Change.objects.create(at=now, by=actor, metric=metric, year=year, before=steps, draft=draft)
    log(actor, "target.changed", change, {"cells": steps, "version": draft.number if draft else ""})
    if draft is None:
        publish()
    return change


@transaction.atomic
def undo(actor: User, change: Change, now: dt.datetime) -> None:
    """Put everything back as it was before the change. UserError where some of it was changed again since, or is decided now."""
    one_at_a_time()
    steps = [
        (Key.from_json(s["key"]), Entry.from_json(s["before"]), Entry.from_json(s["after"])) for s in change.before
    ]
    check_open(change.metric, change.year, [key for key, _, _ in steps], change.draft)
    if change.undone_at is not None or any(_entry(key, change.draft) != after for key, _, after in steps):
        raise UserError(_MESSAGES.message("not_undoable"))
    for key, before, _ in steps:
        _write(actor, key, before, now, change.draft)
    change.undone_at = now
    change.save(update_fields=["undone_at"])
    log(actor, "target.undone", change, {"cells": change.before})
    if change.draft is None:
        publish()


@transaction.atomic
def lock(actor: User, keys: Iterable[Key], draft: Version | None, *, locked: bool) -> None:
    """Lock stated cells against splits and typing, or unlock them. UserError where none of them is stated by hand."""
    found = 0
    for key in keys:
        found += _rows(draft).filter(**key.fields, value__isnull=False).update(locked=locked)
    if not found:
        raise UserError(_MESSAGES.message("nothing_to_lock"))
    log(actor, "target.locked" if locked else "target.unlocked", draft, {"cells": found})


def last_change(actor: User, metric: str, year: int, draft: Version | None = None) -> Change | None:
    """The newest change of this person that is not undone."""
    return Change.objects.filter(by=actor, metric=metric, year=year, draft=draft, undone_at=None).first()


def counting(metric: str, year: int) -> Version | None:
    """The version that decides the targets of a metric and year."""
    return Version.objects.filter(metric=metric, year=year, state__in=("approved", "frozen")).first()


def check_open(metric: str, year: int, keys: Iterable[Key], draft: Version | None) -> None:
    """UserError where one of these cells may not be changed now: the draft is submitted, the year frozen, the cell decided by an
    approved version, or locked."""
    if draft is not None and draft.state != Version.State.DRAFT:
        raise UserError(_MESSAGES.message("not_a_draft", number=draft.number))
    deciding = None if draft else counting(metric, year)
    if deciding is not None and deciding.state == Version.State.FROZEN:
        raise UserError(_MESSAGES.message("frozen", year=year, number=deciding.number))
    held = held_cells(metric, draft, deciding)
    found = [held[key] for key in keys if key in held]
    if deciding is not None and "decided" in found:
        raise UserError(_MESSAGES.message("decided", year=year, number=deciding.number))
    if found:
        raise UserError(_MESSAGES.message("locked", count=len(found)))


def held_cells(metric: str, draft: Version | None, deciding: Version | None) -> dict[Key, str]:
    """The cells that may not be typed over: `locked` by somebody, or `decided` by the version that counts."""
    rows = _rows(draft).filter(metric=metric)
    held = {_key_of(row): "locked" for row in rows.filter(locked=True)}
    if deciding is not None:
        held |= {_key_of(row): "decided" for row in rows.filter(version=deciding.code)}
    return held


def stated_keys(metric: str, year: Period, draft: Version | None) -> frozenset[Key]:
    """The cells of a year with a value that somebody entered."""
    span = (year.start, year.end)
    return frozenset(
        _key_of(row) for row in _rows(draft).filter(metric=metric, period_start__range=span, value__isnull=False)
    )


def publish() -> None:
    """Hand all entered targets, the original plans and the planned rates to the engine. Called in the transaction that changed them."""
    entered = workspace().entered
    entered.write("target", table_of(Target.objects.order_by("id").values_list(*_FIELDS)))
    plan = PlanCell.objects.order_by("id").values_list(*KEY, "value", "currency")
    entered.write(PLAN, table_of((*row, "") for row in plan))
    entered.write(PLAN_RATE, _planned_rates())


def with_draft(draft: Version, first: dt.date, last: dt.date) -> pa.Table:
    """What would be entered if the draft counted: its cells in the place of those of its metric in its year."""
    others = Target.objects.exclude(metric=draft.metric, period_start__range=(first, last)).order_by("id")
    mine = draft.cells.order_by("id").values_list(*KEY, "value", "currency")
    return table_of([*others.values_list(*_FIELDS), *((*row, draft.code) for row in mine)])


def table_of(rows: Iterable[tuple[Any, ...]]) -> pa.Table:
    """Stated targets as the engine reads them."""
    found = list(rows)
    columns = dict(zip(_FIELDS, zip(*found, strict=True) if found else [() for _ in _FIELDS], strict=True))
    types = {"period_start": pa.date32(), "value": pa.decimal128(28, 8)}
    return pa.table({name: pa.array(values, types.get(name, pa.string())) for name, values in columns.items()})


def _planned_rates() -> pa.Table:
    """The rates of each year's plan, from its first day on."""
    calendar = workspace().config.calendar_of_company
    years = [(one, calendar.numbered(one.year, "year", 1)) for one in PlanRate.objects.all()]
    kept = [(one.currency, year.start, one.rate) for one, year in years if year is not None]
    currencies, days, rates = zip(*kept, strict=True) if kept else ((), (), ())
    return pa.table(
        {
            "currency": pa.array(currencies, pa.string()),
            "valid_from": pa.array(days, pa.date32()),
            "rate": pa.array(rates, pa.decimal128(18, 8)),
        }
    )


def _key_of(row: Target | VersionCell) -> Key:
    return Key(**{name: getattr(row, name) for name in KEY})


def _rows(draft: Version | None) -> QuerySet[Any]:
    return Target.objects.all() if draft is None else draft.cells.all()


def _entry(key: Key, draft: Version | None) -> Entry:
    found = _rows(draft).filter(**key.fields).first()
    return Entry(True, found.value, found.currency) if found else NOTHING


def _write(actor: User, key: Key, entry: Entry, now: dt.datetime, draft: Version | None) -> None:
    if not entry.entered:
        _rows(draft).filter(**key.fields).delete()
    elif draft is not None:
        draft.cells.update_or_create(defaults={"value": entry.value, "currency": entry.currency}, **key.fields)
    else:
        fresh = {"value": entry.value, "currency": entry.currency, "changed_by": actor, "changed_at": now}
        Target.objects.update_or_create(defaults=fresh, **key.fields)
