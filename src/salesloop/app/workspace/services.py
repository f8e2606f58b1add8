"""The workspace as this process sees it: opened once, its current snapshot shared by all requests."""

import datetime as dt
import os
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone

from salesloop.engine.metrics import Registry, load_registry
from salesloop.engine.metrics.warehouse import Warehouse
from salesloop.engine.metrics.warehouse import warehouse as warehouse_of
from salesloop.engine.model.calendar import Calendar
from salesloop.engine.store import Snapshot, Workspace


def workspace() -> Workspace:
    """The workspace that SALESLOOP_WORKSPACE names; an edited salesloop.toml counts from the next request on."""
    path = Path(settings.WORKSPACE)
    return _workspace(path, _mark(path / "salesloop.toml"), _newest(path / "entities"))


def snapshot() -> Snapshot:
    """The published snapshot. One object per snapshot, so its counts and freshness are worked out once."""
    store = workspace()
    number = store.snapshot_files.current_number()
    return _snapshot(store, number, _mark(store.snapshot_files.path(number)))


def registry() -> Registry:
    """Metric and dimension definitions; an edited file of the workspace counts from the next request on."""
    store = workspace()
    return _registry(store.path, _newest(store.path / "metrics"))


def warehouse() -> Warehouse:
    """The published snapshot with what people have entered since: what metrics are asked of."""
    return replace(warehouse_of(workspace()), snapshot=snapshot())


def calendar() -> Calendar:
    """The company's way of counting periods."""
    return workspace().config.calendar_of_company


def now() -> dt.datetime:
    """This moment, aware. SALESLOOP_TODAY stands in for the calendar day (2026-11-21), or for day and time of day
    (2026-11-21T09:30): demos and pictures stay the same."""
    moment = timezone.now()
    if pretended := os.environ.get("SALESLOOP_TODAY"):
        zone = ZoneInfo(workspace().config.timezone)
        day, _, time = pretended.partition("T")
        clock = dt.time.fromisoformat(time) if time else moment.astimezone(zone).time()
        return dt.datetime.combine(dt.date.fromisoformat(day), clock, zone)
    return moment


def today() -> dt.date:
    """The calendar day in the company's time zone."""
    return now().astimezone(ZoneInfo(workspace().config.timezone)).date()


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
def _workspace(path: Path, config_mark: object, entities_mark: object) -> Workspace:
    return Workspace.open(path)


@lru_cache(maxsize=4)
def _snapshot(store: Workspace, number: int, mark: object) -> Snapshot:
    return store.snapshot(number)


@lru_cache(maxsize=4)
def _registry(path: Path, mark: object) -> Registry:
    return load_registry(path)


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
