"""Keep what people enter, hand it to the engine, and take it back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any

import pyarrow as pa
from django.db import connection, transaction

from salesloop.app.accounts.services import User
from salesloop.app.audit.services import log
from salesloop.app.targets.models import KEY, Change, Target
from salesloop.app.targets.sheet import Key
from salesloop.app.workspace.services import workspace
from salesloop.engine.model.errors import UserError
from salesloop.engine.model.text import Messages

_MESSAGES = Messages("salesloop.app.targets")
_LOCK = 7_240_115  # any number that nobody else uses for an advisory lock
_FIELDS = (*KEY, "value", "version")


@dataclass(frozen=True, slots=True)
class Entry:
    """What is entered under a key: nothing, a value, or (`entered` without value) an imported target taken back."""

    entered: bool
    value: Decimal | None = None

    def to_json(self) -> list[Any]:
        return [self.entered, None if self.value is None else f"{self.value:f}"]

    @classmethod
    def from_json(cls, stored: list[Any]) -> Entry:
        return cls(stored[0], None if stored[1] is None else Decimal(stored[1]))


NOTHING = Entry(False)


@transaction.atomic
def enter(actor: User, metric: str, year: int, wanted: Mapping[Key, Entry], now: dt.datetime) -> Change:
    """Write these entries as one change. Pages, the command line and reports see them as soon as this returns."""
    _one_at_a_time()
    before = {key: _entry(key) for key in wanted}
    for key, entry in wanted.items():
        _write(actor, key, entry, now)
    steps = [
        {"key": _plain(key), "before": before[key].to_json(), "after": entry.to_json()} for key, entry in wanted.items()
    ]
    change = Change.objects.create(at=now, by=actor, metric=metric, year=year, before=steps)
    log(actor, "target.changed", change, {"cells": steps})
    publish()
    return change


@transaction.atomic
def undo(actor: User, change: Change, now: dt.datetime) -> None:
    """Put everything back as it was before the change. UserError where some of it was changed again since."""
    _one_at_a_time()
    steps = [(_key(s["key"]), Entry.from_json(s["before"]), Entry.from_json(s["after"])) for s in change.before]
    if change.undone_at is not None or any(_entry(key) != after for key, _, after in steps):
        raise UserError(_MESSAGES.message("not_undoable"))
    for key, before, _ in steps:
        _write(actor, key, before, now)
    change.undone_at = now
    change.save(update_fields=["undone_at"])
    log(actor, "target.undone", change, {"cells": change.before})
    publish()


def last_change(actor: User, metric: str, year: int) -> Change | None:
    """The newest change of this person that is not undone."""
    return Change.objects.filter(by=actor, metric=metric, year=year, undone_at=None).first()


def publish() -> None:
    """Hand all entered targets to the engine. Called in the transaction that changed them."""
    rows = list(Target.objects.order_by("id").values_list(*_FIELDS))
    columns = list(zip(*rows, strict=True)) if rows else [() for _ in _FIELDS]
    types = {"period_start": pa.date32(), "value": pa.decimal128(28, 8)}
    workspace().entered.write(
        "target",
        pa.table(
            {
                name: pa.array(values, types.get(name, pa.string()))
                for name, values in zip(_FIELDS, columns, strict=True)
            }
        ),
    )


def _one_at_a_time() -> None:
    """Two changes at once must not each publish a table without the other. SQLite locks when a transaction begins."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


def _entry(key: Key) -> Entry:
    found = Target.objects.filter(**_where(key)).first()
    return Entry(True, found.value) if found else NOTHING


def _write(actor: User, key: Key, entry: Entry, now: dt.datetime) -> None:
    if not entry.entered:
        Target.objects.filter(**_where(key)).delete()
        return
    fresh = {"value": entry.value, "changed_by": actor, "changed_at": now}
    Target.objects.update_or_create(defaults=fresh, **_where(key))


def _where(key: Key) -> dict[str, Any]:
    return {**asdict(key), "dimension": "", "dimension_value": ""}


def _plain(key: Key) -> dict[str, str]:
    return {**asdict(key), "period_start": key.period_start.isoformat()}


def _key(stored: Mapping[str, Any]) -> Key:
    return Key(**{**stored, "period_start": dt.date.fromisoformat(stored["period_start"])})
