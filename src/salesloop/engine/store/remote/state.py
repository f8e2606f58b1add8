"""What the tables of an engine elsewhere were like when last looked at: the number by which results cite them."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlglot import exp

from salesloop.engine.model.entity import Entity
from salesloop.engine.store.engines.dialect import text
from salesloop.engine.store.files import write_durably
from salesloop.engine.store.remote.mapped import MappedEngine
from salesloop.engine.store.remote.view import CHANGED
from salesloop.engine.store.snapshot import Freshness

FILE: Final = "engine.json"


@dataclass(frozen=True)
class Look:
    """Rows, newest event and last change of every mapped entity, and a fingerprint of it all with the views themselves."""

    fingerprint: str
    counts: Mapping[str, int]
    freshness: Mapping[str, Freshness]


@dataclass(frozen=True)
class State:
    """A look that differed from the one before: the next number. `seen_at` (UTC) is when it was first seen."""

    number: int
    seen_at: dt.datetime
    fingerprint: str


def look(engine: MappedEngine, zone: ZoneInfo, of: Collection[str]) -> Look:
    """Ask the engine how much there is of these entities, and how new it is: one pass over a few columns of each."""
    views = engine.canon.views
    parts = [_summary(engine.canon.model.entity(name), engine) for name in sorted(of)]
    if not parts:
        return Look(hashlib.sha256(b"nothing").hexdigest(), {}, {})
    query = parts[0] if len(parts) == 1 else exp.union(*parts, distinct=False)
    rows = engine.execute(text(query, engine.dialect)).to_pylist()
    rows.sort(key=lambda row: row["entity"])
    told = [{name: str(value) for name, value in row.items()} for row in rows]
    written = [views[name].model_dump(mode="json") for name in sorted(views)]
    fingerprint = hashlib.sha256(json.dumps([told, written], sort_keys=True).encode()).hexdigest()
    return Look(
        fingerprint,
        {row["entity"]: int(row["counted"]) for row in rows},
        {row["entity"]: Freshness(row["newest"], _utc(row["changed"], zone)) for row in rows if row["counted"]},
    )


def numbered(folder: Path, fingerprint: str) -> State:
    """The state of this fingerprint: the one that was seen last, or a new one. Call it under the writer's lock."""
    path = folder / FILE
    before = _read(path)
    if before is None or before.fingerprint != fingerprint:
        number = before.number + 1 if before else 1
        write_durably(path, json.dumps({"number": number, "fingerprint": fingerprint}).encode())
    state = _read(path)
    assert state is not None  # noqa: S101 - it was just written
    return state


def _read(path: Path) -> State | None:
    try:
        kept: dict[str, Any] = json.loads(path.read_text("utf-8"))
        seen = dt.datetime.fromtimestamp(path.stat().st_mtime, dt.UTC)
        return State(int(kept["number"]), seen, str(kept["fingerprint"]))
    except (OSError, ValueError, KeyError):
        return None


def _summary(entity: Entity, engine: MappedEngine) -> exp.Select:
    view = engine.canon.views.get(entity.name)
    day: exp.Expr = exp.Null()
    if entity.event_date is not None:
        day = exp.Max(this=exp.cast(exp.column(entity.event_date), "DATE"))
    changed: exp.Expr = (
        exp.Null()
        if view is None or view.changed is None or entity.name in engine.canon.entered
        else exp.Max(this=exp.column(CHANGED))
    )
    mapped = frozenset() if view is None else view.mapped
    money = next((field.name for field in entity.fields if field.type == "money" and field.name in mapped), None)
    amount: exp.Expr = exp.Null() if money is None else exp.Sum(this=exp.column(money))
    return exp.select(
        exp.alias_(exp.Literal.string(entity.name), "entity"),
        exp.alias_(exp.cast(exp.Count(this=exp.Star()), "BIGINT"), "counted"),
        exp.alias_(exp.cast(day, "DATE"), "newest"),
        exp.alias_(exp.cast(changed, "TIMESTAMP"), "changed"),
        exp.alias_(exp.cast(amount, "DECIMAL(38, 4)"), "amount"),
    ).from_(entity.name)


def _utc(moment: dt.datetime | None, zone: ZoneInfo) -> dt.datetime | None:
    return None if moment is None else moment.replace(tzinfo=zone).astimezone(dt.UTC)
