"""How fresh the data are: what is published, when each source last delivered, and how that compares with its rhythm."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from salesloop.app.pages.periods import day_label
from salesloop.app.ui.language import current_lang
from salesloop.app.workspace.services import last_event, now, snapshot, today, workspace
from salesloop.engine.analyze.quality.monitors import MonitorState, lateness


@dataclass(frozen=True, slots=True)
class FreshnessMark:
    """`state`: "" fresh, "late", or "none". `seen` tells these published data from any later ones."""

    state: str
    label: str
    detail: str
    snapshot: int
    seen: str


@dataclass(frozen=True, slots=True)
class Delivering:
    """A source of an entity. `at` is its last successful delivery, `age` the time since then in words; `every` the working days
    that usually lie between two, `most` those after which the next is late (both None while that is being learnt).
    `state`: "alarm", "usual" or "learning"."""

    source: str
    entity: str
    at: dt.datetime
    age: str
    every: float | None
    most: float | None
    state: str


def published() -> str:
    """What tells the published data from any others. Asks the file system only, so that it may be asked every few seconds."""
    return blake2b(repr(workspace().current_mark()).encode(), digest_size=8).hexdigest()


def freshness_mark() -> FreshnessMark:
    """The stamp on top of every page with numbers."""
    seen, newest, held = published(), last_event(), snapshot()
    if newest is None:
        return FreshnessMark("none", _("还没有数据"), "", held.number, seen)
    received = max((moment for one in held.freshness().values() if (moment := one.last_received)), default=None)
    zone = workspace().config.zone
    detail = _("最近一次导入：%(when)s") % {"when": f"{received.astimezone(zone):%Y-%m-%d %H:%M}"} if received else ""
    label = _("数据截至 %(day)s") % {"day": day_label(newest, current_lang())}
    return FreshnessMark("late" if _is_late(received) else "", label, detail, held.number, seen)


def deliverings() -> list[Delivering]:
    """Every source with its freshness, those that are late first, then whoever delivered longest ago."""
    model = workspace().model
    found = [
        Delivering(
            each.source,
            model.entity(each.entity).label.get(current_lang()),
            each.at,
            _age(now() - each.at),
            each.expected,
            each.high,
            each.state,
        )
        for each in _lateness()
        if model.has(each.entity)
    ]
    return sorted(found, key=lambda one: (one.state != "alarm", one.at, one.source, one.entity))


def stamp(request: HttpRequest) -> dict[str, Any]:
    """For templates: `freshness`, worked out where one asks."""
    user = getattr(request, "user", None)
    return {"freshness": SimpleLazyObject(freshness_mark)} if user is not None and user.is_authenticated else {}


def _age(waited: dt.timedelta) -> str:
    """In minutes within the first hour, in hours within the first two days."""
    minutes = max(0, int(waited.total_seconds() // 60))
    if minutes < 60:
        return ngettext("%(n)d 分钟", "%(n)d 分钟", minutes) % {"n": minutes}
    hours = minutes // 60
    if hours < 48:
        return ngettext("%(n)d 小时", "%(n)d 小时", hours) % {"n": hours}
    return ngettext("%(n)d 天", "%(n)d 天", hours // 24) % {"n": hours // 24}


def _lateness() -> list[MonitorState]:
    return lateness(snapshot(), today(), workspace().config.timezone)


def _is_late(received: dt.datetime | None) -> bool:
    """Judged by the rhythm of the sources; as long as none is known, by the time that entries are allowed."""
    judged = [each for each in _lateness() if each.state != "learning"]
    if judged:
        return any(each.state == "alarm" for each in judged)
    return received is None or now() - received > dt.timedelta(hours=workspace().config.entry_sla_hours)
