"""Everything that the snapshot knows of one record: its deliveries, what they changed, repairs, corrections, merges."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import pyarrow as pa

from salesloop.engine.analyze.quality.source import Judged
from salesloop.engine.analyze.quality.verdicts import same_key
from salesloop.engine.clean.values.cells import ident
from salesloop.engine.model.entity import Entity

Kind = Literal["delivered", "changed", "held", "unread", "repaired", "corrected", "merged"]


@dataclass(frozen=True, slots=True)
class RecordEvent:
    """One thing that happened. `at` is UTC; `batch_id` and `file` are those of the delivery, '' where none was involved.

    `field` with `before` and `after`: what changed (of a merge: the id that is now part of the record). `code`: the rule of a
    repair, the reason of a row that waited or of an unread cell. `who`: for merges.
    """

    at: dt.datetime
    kind: Kind
    batch_id: str = ""
    file: str = ""
    row: int = 0
    field: str = ""
    before: str = ""
    after: str = ""
    code: str = ""
    who: str = ""


def record_of(of: Judged, entity: Entity, key: Sequence[str]) -> dict[str, Any] | None:
    """The published record with these key texts, with `_batch`, `_row`, `_received_at`; None where the scope does not own it."""
    if not of.snapshot.has(entity.name) or len(key) != len(entity.key):
        return None
    found = of.rows(
        f"SELECT t.* FROM {ident(entity.name)} t WHERE {of.owned(entity)} AND {same_key(entity, key='(SELECT key FROM asked)')} LIMIT 1",
        {"asked": pa.table({"key": pa.array([list(key)], pa.list_(pa.string()))})},
    )
    return found[0] if found else None


def record_history(of: Judged, entity: Entity, record: dict[str, Any]) -> list[RecordEvent]:
    """What became of a record of `record_of`, the newest first."""
    versions = _versions(of, entity, record)
    places = pa.table(
        {
            "delivery": pa.array([each["batch_id"].split(".")[0] for each in versions], pa.string()),
            "row": pa.array([each["row"] for each in versions], pa.int64()),
        }
    )
    events = [*_deliveries(entity, versions), *_merges(of, entity, record)]
    for table, columns in (
        ("quarantine", "reason AS code, column_name AS field, value AS before, NULL AS after, 'held' AS kind"),
        ("cell", "reason AS code, column_name AS field, value AS before, NULL AS after, 'unread' AS kind"),
        (
            "repair",
            "rule AS code, column_name AS field, before, after, if(rule = 'corrected', rule, 'repaired') AS kind",
        ),
    ):
        found = of.snapshot.rows(
            f"SELECT DISTINCT l.batch_id, l.row, {columns}, b.file_name AS file, b.received_at AS at "
            f"FROM ledger.{table} l JOIN ledger.batch b USING (batch_id) JOIN places p "
            f"ON split_part(l.batch_id, '.', 1) = p.delivery AND l.row = p.row "
            f"WHERE b.undone IS NULL AND (l.entity IS NULL OR l.entity = (SELECT name FROM asked))",
            {"places": places, "asked": pa.table({"name": [entity.name]})},
        )
        events += [_event(row) for row in found]
    order = {"merged": 0, "corrected": 1, "changed": 2, "repaired": 3, "unread": 4, "held": 5, "delivered": 6}
    return sorted(events, key=lambda each: (-each.at.timestamp(), order[each.kind], each.field))


def _event(row: dict[str, Any]) -> RecordEvent:
    texts = {name: str(row[name]) if row[name] is not None else "" for name in ("field", "before", "after", "code")}
    return RecordEvent(_utc(row["at"]), row["kind"], row["batch_id"], row["file"], row["row"] or 0, **texts)


def _versions(of: Judged, entity: Entity, record: dict[str, Any]) -> list[dict[str, Any]]:
    """The deliveries that said the record, oldest first, each with the values that it had from then on."""
    key = " AND ".join(f"key ->> '{name}' = (SELECT {ident(name)} FROM asked)" for name in entity.key)
    asked = pa.table({name: pa.array([str(record[name])], pa.string()) for name in entity.key})
    older = of.snapshot.rows(
        f"SELECT s.batch_id, s.row, s.record, b.file_name AS file, b.received_at AS at FROM ledger.superseded s "
        f"LEFT JOIN ledger.batch b ON b.batch_id = s.batch_id WHERE s.entity = '{entity.name}' AND {key} "
        f"ORDER BY s.replaced_at, s.rowid",
        {"asked": asked},
    )
    versions = [each | {"values": json.loads(each["record"])} for each in older]
    named = of.snapshot.rows(
        "SELECT file_name AS file, received_at AS at FROM ledger.batch WHERE batch_id = (SELECT id FROM asked)",
        {"asked": pa.table({"id": pa.array([record["_batch"]], pa.string())})},
    )
    now = named[0] if named else {"file": "", "at": record["_received_at"]}
    versions.append(now | {"batch_id": record["_batch"] or "", "row": record["_row"] or 0, "values": record})
    return versions


def _deliveries(entity: Entity, versions: list[dict[str, Any]]) -> Iterator[RecordEvent]:
    before: dict[str, Any] | None = None
    for each in versions:
        if each["at"] is None:
            continue
        place = (_utc(each["at"]), each["batch_id"], each["file"] or "", each["row"] or 0)
        yield RecordEvent(place[0], "delivered", *place[1:])
        for field in entity.fields if before is not None else ():
            old, new = _text((before or {}).get(field.name)), _text(each["values"].get(field.name))
            if old != new and new:
                yield RecordEvent(place[0], "changed", *place[1:], field=field.name, before=old, after=new)
        before = each["values"]


def _merges(of: Judged, entity: Entity, record: dict[str, Any]) -> Iterator[RecordEvent]:
    known = of.snapshot.rows("SELECT 1 FROM duckdb_tables() WHERE schema_name = 'ledger' AND table_name = 'crosswalk'")
    if not known or len(entity.key) != 1:
        return
    found = of.snapshot.rows(
        "SELECT id, decided_by, decided_at, why FROM ledger.crosswalk WHERE entity = (SELECT name FROM asked) "
        "AND canonical_id = (SELECT id FROM asked) AND id <> canonical_id ORDER BY decided_at, id",
        {"asked": pa.table({"name": [entity.name], "id": [str(record[entity.key[0]])]})},
    )
    for row in found:
        yield RecordEvent(
            _utc(row["decided_at"]), "merged", before=row["id"], after=row["why"] or "", who=row["decided_by"] or ""
        )


def _text(value: Any) -> str:
    if value is None:
        return ""
    text = str(value)
    return text.rstrip("0").rstrip(".") if "." in text and text.replace(".", "", 1).lstrip("-").isdigit() else text


def _utc(moment: dt.datetime) -> dt.datetime:
    return moment.replace(tzinfo=dt.UTC)
