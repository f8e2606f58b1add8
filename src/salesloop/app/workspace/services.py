"""The workspace as this process sees it: opened once, its current snapshot shared by all requests."""

import datetime as dt
import os
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.utils import timezone

from salesloop.engine.governance.journal import JOURNAL
from salesloop.engine.governance.numbering import numbered_registry
from salesloop.engine.metrics import Registry
from salesloop.engine.metrics.warehouse import Warehouse
from salesloop.engine.metrics.warehouse import warehouse as warehouse_of
from salesloop.engine.model.calendar import Calendar
from salesloop.engine.store import Snapshot, Workspace

_ENTERING = 7_240_115  # any number that nobody else uses for an advisory lock


def one_at_a_time() -> None:
    """Until the transaction ends nobody else publishes entries: two changes at once must not each publish a table without
    the other. SQLite locks when a transaction begins.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_ENTERING])


def workspace() -> Workspace:
    """The workspace that SALESLOOP_WORKSPACE names; an edited salesloop.toml counts from the next request on."""
    path = Path(settings.WORKSPACE)
    definitions = (_newest(path / "entities"), _newest(path / "engine"))
    return _workspace(path, _mark(path / "salesloop.toml"), definitions)


def snapshot() -> Snapshot:
    """The published snapshot. One object per snapshot, so its counts and freshness are worked out once."""
    store = workspace()
    return _snapshot(store, store.current_mark())


def registry() -> Registry:
    """Metric and dimension definitions with their recorded versions; an edited file counts from the next request on."""
    store = workspace()
    return _registry(store, _newest(store.path / "metrics"), _mark(store.state / "definitions" / JOURNAL))


def warehouse() -> Warehouse:
    """The published snapshot with what people have entered since: what metrics are asked of."""
    found = warehouse_of(workspace())
    return found if found.beside else replace(found, snapshot=snapshot())


def calendar() -> Calendar:
    """The company's way of counting periods."""
    return workspace().config.calendar_of_company


def now() -> dt.datetime:
    """This moment, aware. SALESLOOP_TODAY stands in for the calendar day (2026-11-21), or for day and time of day
    (2026-11-21T09:30): demos and pictures stay the same."""
    moment = timezone.now()
    if pretended := os.environ.get("SALESLOOP_TODAY"):
        zone = workspace().config.zone
        day, _, time = pretended.partition("T")
        clock = dt.time.fromisoformat(time) if time else moment.astimezone(zone).time()
        return dt.datetime.combine(dt.date.fromisoformat(day), clock, zone)
    return moment


def today() -> dt.date:
    """The calendar day in the company's time zone."""
    return local_day(now())


def local_day(moment: dt.datetime) -> dt.date:
    """The calendar day of an aware moment in the company's time zone."""
    return workspace().config.day_of(moment)


def as_of() -> dt.date:
    """The day up to which numbers are compared: today, or the last day with data where deliveries end before it.

    Without this a month whose last delivery came a week ago would be compared, as if those days had brought nothing.
    """
    return min(today(), last_event() or today())


def last_event() -> dt.date | None:
    """The newest day of any fact that is not in the future; None without data."""
    limit = today()
    facts = {entity.name for entity in workspace().model.facts}
    days = [f.last_event for name, f in snapshot().freshness().items() if name in facts and f.last_event]
    return max((day for day in days if day <= limit), default=None)


@lru_cache(maxsize=4)
def _workspace(path: Path, config_mark: object, definitions_mark: object) -> Workspace:
    return Workspace.open(path)


@lru_cache(maxsize=4)
def _snapshot(store: Workspace, mark: object) -> Snapshot:
    return store.current()


@lru_cache(maxsize=4)
def _registry(store: Workspace, files: object, recorded: object) -> Registry:
    return numbered_registry(store)


def _mark(path: Path) -> tuple[int, int] | None:
    try:
        stat = path.stat()
    except FileNotFoundError:
        return None
    return stat.st_mtime_ns, stat.st_ino


def _newest(folder: Path) -> tuple[tuple[str, int], ...]:
    if not folder.is_dir():
        return ()
    return tuple(sorted((file.name, file.stat().st_mtime_ns) for file in folder.glob("*.yaml")))
