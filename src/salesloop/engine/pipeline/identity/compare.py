"""Records side by side, field by field, and where the values of a canonical record came from."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa

from salesloop.engine.clean.values.cells import literal
from salesloop.engine.model.entity import Entity, Model
from salesloop.engine.pipeline.identity.deciding import knows_identity
from salesloop.engine.store import Snapshot, Workspace


@dataclass(frozen=True, slots=True)
class Side:
    """One record. `values` are texts of its filled fields; `gave` the fields that it gave to its canonical record.

    `used` counts the rows that refer to it by entity, as published (a merged record is referred to by none);
    `received_at` is UTC.
    """

    id: str
    name: str
    values: Mapping[str, str]
    primary: bool
    file: str | None
    received_at: dt.datetime | None
    used: Mapping[str, int]
    canonical_id: str | None = None
    gave: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """One field over all sides; `differs` where two of them say different things. A blank contradicts nothing."""

    field: str
    values: tuple[str | None, ...]
    differs: bool


def side_by_side(workspace: Workspace, entity: str, ids: Sequence[str]) -> list[Side]:
    """The records as they stand in the current snapshot, in the order asked for; those that are not known are left out.

    A record that was merged into another is told as it was delivered.
    """
    snapshot, model = workspace.current(), workspace.model
    declared = model.entity(entity)
    asked = {"asked": pa.table({"id": pa.array(list(ids), pa.string())})}
    used = _used(snapshot, model, declared, asked)
    found = {row["id"]: row for row in snapshot.rows(_told(snapshot, declared), asked)}
    out = []
    for id_ in dict.fromkeys(ids):
        if (row := found.get(id_)) is not None:
            record: dict[str, str | None] = json.loads(row["record"])
            values = {field.name: text for field in declared.fields if (text := record.get(field.name)) is not None}
            received = row["received_at"]
            out.append(
                Side(
                    id_,
                    values.get(str(declared.name_field), id_),
                    values,
                    bool(row["is_primary"]),
                    row["file_name"],
                    None if received is None else received.replace(tzinfo=dt.UTC),
                    used.get(id_, {}),
                    row["canonical_id"],
                    tuple(row["gave"] or ()),
                )
            )
    return out


def lines(entity: Entity, sides: Sequence[Side]) -> list[Line]:
    """The fields but the id that any side fills, in the order of their declaration."""
    out = []
    for field in entity.fields:
        if field.name == entity.key[0]:
            continue
        values = tuple(side.values.get(field.name) for side in sides)
        said = {value for value in values if value is not None}
        if said:
            out.append(Line(field.name, values, len(said) > 1))
    return out


def members(workspace: Workspace, entity: str, canonical_id: str) -> list[str]:
    """The ids of the records that were merged into a canonical one, its own first; none where it was not merged."""
    snapshot = workspace.current()
    if not knows_identity(snapshot):
        return []
    found = snapshot.rows(
        f"SELECT id FROM ledger.merged WHERE entity = {literal(entity)} AND canonical_id = {literal(canonical_id)} "
        f"GROUP BY id ORDER BY id <> {literal(canonical_id)}, id"
    )
    return [row["id"] for row in found]


def _told(snapshot: Snapshot, entity: Entity) -> str:
    """SQL: the asked records of the table, and in place of canonical ones their members as they were delivered."""
    key = entity.key[0]
    there = (
        f"SELECT column_name FROM duckdb_columns() WHERE schema_name = 'main' AND table_name = {literal(entity.name)}"
    )
    columns = {row["column_name"] for row in snapshot.rows(there)}  # a field may be newer than the snapshot
    known = [field.name for field in entity.fields if field.name in columns]
    fields = ", ".join(f"'{name}': CAST(\"{name}\" AS VARCHAR)" for name in known)
    standing = (
        f'SELECT "{key}" AS id, to_json({{{fields}}}) AS record, _batch AS batch_id, _primary AS is_primary, '
        f"_received_at AS received_at, NULL::VARCHAR AS canonical_id, NULL::VARCHAR[] AS gave "
        f'FROM "{entity.name}" SEMI JOIN asked ON asked.id = "{key}"'
    )
    merged = (
        f"SELECT id, record, record ->> '_batch', CAST(record ->> '_primary' AS BOOLEAN), "
        f"CAST(record ->> '_received_at' AS TIMESTAMP), canonical_id, gave "
        f"FROM ledger.merged SEMI JOIN asked USING (id) WHERE entity = {literal(entity.name)}"
    )
    told = f"{standing} UNION ALL {merged}" if knows_identity(snapshot) else standing
    return (
        f"SELECT told.*, file_name FROM ({told}) told LEFT JOIN ledger.batch USING (batch_id) "
        f"QUALIFY row_number() OVER (PARTITION BY id ORDER BY told.canonical_id NULLS LAST, told.received_at DESC) = 1"
    )


def _used(snapshot: Snapshot, model: Model, entity: Entity, asked: Mapping[str, pa.Table]) -> dict[str, dict[str, int]]:
    """Id → entity → rows that refer to it."""
    counted = [
        f'SELECT \'{fact.name}\' AS entity, "{name}" AS id, count(*) AS rows FROM "{fact.name}" '
        f'SEMI JOIN asked ON asked.id = "{name}" GROUP BY ALL'
        for fact in model.entities
        for name, target in fact.references.items()
        if target == entity.name and snapshot.has(fact.name) and not (fact is entity and name in fact.key)
    ]
    out: dict[str, dict[str, int]] = {}
    for row in snapshot.rows(" UNION ALL ".join(counted), asked) if counted else []:
        known = out.setdefault(row["id"], {})
        known[row["entity"]] = known.get(row["entity"], 0) + row["rows"]
    return out
