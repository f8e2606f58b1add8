"""Monitors: each delivery of a source against what its deliveries before make usual. How that is learnt stands in `learn`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, Literal
from zoneinfo import ZoneInfo

import duckdb
import numpy as np

from salesloop.engine.analyze.quality.learn import Band, blank_band, late_after, mix_band, undisturbed, volume_band
from salesloop.engine.analyze.quality.source import Judged
from salesloop.engine.clean.quality.profile import categories
from salesloop.engine.model.entity import Entity
from salesloop.engine.model.text import Message, Messages
from salesloop.engine.model.workdays import workdays
from salesloop.engine.store import Snapshot

MESSAGES: Final = Messages("salesloop.engine.analyze.quality")

Kind = Literal["volume", "blanks", "mix", "late"]
State = Literal["learning", "usual", "alarm"]


@dataclass(frozen=True, slots=True)
class MonitorState:
    """What a monitor said of the last delivery of a source. `source` is the name of the mapping.

    `observed` to `high`: rows (volume), shares (blanks), a distance (mix), working days since the last delivery (late); all but
    `observed` are None while it is learning. `batch_id` and `at` (UTC) are those of the delivery.
    """

    entity: str
    source: str
    monitor: Kind
    field: str
    state: State
    observed: float
    expected: float | None
    low: float | None
    high: float | None
    batch_id: str
    at: dt.datetime

    def message(self, of: Judged) -> Message:
        """The sentence for people."""
        entity = of.book.model.entity(self.entity)
        words = {
            "source": self.source,
            "entity": entity.label,
            "field": entity.field(self.field).label if self.field else "",
            "observed": self.observed,
            "expected": self.expected or 0.0,
            "low": self.low or 0.0,
            "high": self.high or 0.0,
        }
        return MESSAGES.message(f"{self.state}_{self.monitor}", **words)


@dataclass(frozen=True, slots=True)
class _Delivery:
    batch_id: str
    at: dt.datetime
    rows: int


def watch_delivery(con: duckdb.DuckDBPyConnection, entity: Entity, batch_id: str, zone: str) -> None:
    """Judge a delivery whose batch, counts and profile stand in the ledger of the building snapshot; writes `ledger.monitor`.

    Weekdays are those of the time zone `zone`. A second try of the same bytes is no delivery.
    """
    if "." in batch_id:
        return
    (source,) = con.execute("SELECT mapping FROM ledger.batch WHERE batch_id = ?", [batch_id]).fetchall()[0]
    deliveries = _deliveries(con, entity.name, source)
    now = next((each for each in deliveries if each.batch_id == batch_id), None)
    if now is None:
        return
    earlier = [each for each in deliveries if each is not now and (each.at, each.batch_id) < (now.at, now.batch_id)]
    alarms = _alarms(con, entity.name, source)
    found = [*_volume(earlier, now, alarms, ZoneInfo(zone)), *_shares(con, entity, earlier, now, alarms)]
    rows = [
        (
            batch_id,
            entity.name,
            source,
            kind,
            field,
            now.at,
            observed,
            *((band.expected, band.low, band.high) if band else (None, None, None)),
            "learning" if band is None else "usual" if band.holds(observed) else "alarm",
        )
        for kind, field, observed, band in found
    ]
    places = ", ".join([f"({', '.join('?' * 11)})"] * len(rows))
    con.execute(f"INSERT INTO ledger.monitor VALUES {places}", [value for row in rows for value in row])


def states(of: Judged, today: dt.date, zone: str) -> list[MonitorState]:
    """What every monitor says of the last delivery of each source, alarms first; `late` is judged by `today`."""
    if not _watched(of.snapshot):
        return []
    found = of.snapshot.rows(
        "SELECT m.* FROM ledger.monitor m JOIN ledger.batch b USING (batch_id) WHERE b.undone IS NULL "
        "QUALIFY dense_rank() OVER (PARTITION BY m.entity, m.source ORDER BY m.at DESC, m.batch_id DESC) = 1 "
        "ORDER BY m.entity, m.source, m.monitor, m.field"
    )
    out = [
        MonitorState(**{name: row[name] for name in MonitorState.__slots__} | {"at": row["at"].replace(tzinfo=dt.UTC)})
        for row in found
        if of.book.model.has(row["entity"])
    ]
    out += [each for each in lateness(of.snapshot, today, zone) if of.book.model.has(each.entity)]
    order = {"alarm": 0, "usual": 1, "learning": 2}
    return sorted(out, key=lambda each: order[each.state])


def alarms(of: Judged, today: dt.date, zone: str) -> list[MonitorState]:
    """The sources that are off the usual now."""
    return [each for each in states(of, today, zone) if each.state == "alarm"]


_Found = tuple[Kind, str, float, Band | None]


def _deliveries(con: duckdb.DuckDBPyConnection, entity: str, source: str) -> list[_Delivery]:
    rows = con.execute(
        "SELECT b.batch_id, b.received_at, c.received FROM ledger.batch b JOIN ledger.counts c USING (batch_id) "
        "WHERE b.undone IS NULL AND b.mapping = ? AND c.entity = ? AND NOT contains(b.batch_id, '.') "
        "ORDER BY b.received_at, b.batch_id",
        [source, entity],
    ).fetchall()
    return [_Delivery(batch_id, at, received) for batch_id, at, received in rows]


def _alarms(con: duckdb.DuckDBPyConnection, entity: str, source: str) -> set[tuple[str, str, str]]:
    """(batch, monitor, field) of every alarm so far."""
    rows = con.execute(
        "SELECT batch_id, monitor, field FROM ledger.monitor WHERE entity = ? AND source = ? AND state = 'alarm'",
        [entity, source],
    ).fetchall()
    return {(batch_id, monitor, field) for batch_id, monitor, field in rows}


def _quiet(earlier: Sequence[_Delivery], alarms: set[tuple[str, str, str]], kind: Kind, field: str) -> list[_Delivery]:
    return [earlier[place] for place in undisturbed([(each.batch_id, kind, field) in alarms for each in earlier])]


def _volume(
    earlier: Sequence[_Delivery], now: _Delivery, alarms: set[tuple[str, str, str]], zone: ZoneInfo
) -> Iterator[_Found]:
    quiet = _quiet(earlier, alarms, "volume", "")
    days = [_local(each.at, zone).weekday() for each in quiet]
    yield (
        "volume",
        "",
        float(now.rows),
        volume_band([each.rows for each in quiet], days, _local(now.at, zone).weekday()),
    )


def _shares(
    con: duckdb.DuckDBPyConnection,
    entity: Entity,
    earlier: Sequence[_Delivery],
    now: _Delivery,
    alarms: set[tuple[str, str, str]],
) -> Iterator[_Found]:
    """Blanks and mixes, of the records that the deliveries changed."""
    profiles: dict[str, dict[tuple[str, str | None], int]] = {}
    wanted = [each.batch_id for each in (*earlier, now)]
    for batch_id, field, category, rows in con.execute(
        "SELECT batch_id, field, category, rows FROM ledger.profile WHERE entity = ? AND batch_id IN (SELECT unnest(?))",
        [entity.name, wanted],
    ).fetchall():
        profiles.setdefault(batch_id, {})[field, category] = rows
    mine = profiles.get(now.batch_id)
    if mine is None:
        return
    known = [each for each in earlier if each.batch_id in profiles]
    total = mine["", None]
    # A field that this delivery lacks altogether is watched as well: that is how a column that went blank looks.
    seen = {field for profile in profiles.values() for field, category in profile if field and category is None}
    watched = sorted(seen & set(entity.by_name))
    for field in watched:
        quiet = [profiles[each.batch_id] for each in _quiet(known, alarms, "blanks", field)]
        rows = [each["", None] for each in quiet]
        blanks = [each.get((field, None), each["", None]) for each in quiet]
        band = blank_band(blanks, rows, total, len(watched))
        yield "blanks", field, mine.get((field, None), total) / total, band
    mixed = [name for name in categories(entity) if any((name, None) in profile for profile in profiles.values())]
    for field in mixed:
        quiet = [profiles[each.batch_id] for each in _quiet(known, alarms, "mix", field)]
        yield from _mix(field, quiet, mine, len(mixed))


def _mix(
    field: str,
    quiet: Sequence[Mapping[tuple[str, str | None], int]],
    mine: Mapping[tuple[str, str | None], int],
    fields: int,
) -> Iterator[_Found]:
    names = sorted(
        {category for each in (*quiet, mine) for name, category in each if name == field and category is not None}
    )
    counts = [[each.get((field, name), 0) for name in names] for each in quiet]
    counts = [row for row in counts if sum(row)]
    fresh = [mine.get((field, name), 0) for name in names]
    judged = mix_band(counts, fresh, fields) if counts else None
    if sum(fresh):
        yield "mix", field, judged[1] if judged else 0.0, judged[0] if judged else None


def lateness(snapshot: Snapshot, today: dt.date, zone: str) -> list[MonitorState]:
    """Of every source the working days since its last delivery, against the gaps between those before."""
    return list(_lateness(snapshot, today, ZoneInfo(zone))) if _watched(snapshot) else []


def _watched(snapshot: Snapshot) -> bool:
    """Whether the snapshot is of a version that watches deliveries."""
    return bool(snapshot.rows("SELECT 1 FROM duckdb_tables() WHERE schema_name = 'ledger' AND table_name = 'monitor'"))


def _lateness(snapshot: Snapshot, today: dt.date, zone: ZoneInfo) -> Iterator[MonitorState]:
    found = snapshot.rows(
        "SELECT m.entity, m.source, list(m.at ORDER BY m.at) AS moments, arg_max(m.batch_id, m.at) AS batch_id "
        "FROM ledger.monitor m JOIN ledger.batch b USING (batch_id) "
        "WHERE b.undone IS NULL AND m.monitor = 'volume' GROUP BY m.entity, m.source ORDER BY ALL"
    )
    for row in found:
        days = sorted({_local(moment, zone).date() for moment in row["moments"]})
        gaps = [workdays().between(one, other) for one, other in pairwise(days)]
        limit = late_after(gaps)
        waited = workdays().between(days[-1], today)
        state: State = "learning" if limit is None else "alarm" if waited > limit else "usual"
        expected = None if limit is None else float(np.median(gaps))
        yield MonitorState(
            row["entity"],
            row["source"],
            "late",
            "",
            state,
            float(waited),
            expected,
            None if limit is None else 0.0,
            limit,
            row["batch_id"],
            row["moments"][-1].replace(tzinfo=dt.UTC),
        )


def _local(moment: dt.datetime, zone: ZoneInfo) -> dt.datetime:
    return moment.replace(tzinfo=dt.UTC).astimezone(zone)
