"""The records that somebody has to mend: each with the checks that it fails, as far as a scope owns them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from salesloop.engine.analyze.quality.source import SOURCE, SOURCE_JOIN, Judged, State
from salesloop.engine.analyze.quality.verdicts import mark_sql, same_key
from salesloop.engine.clean.values.cells import ident
from salesloop.engine.model.entity import Entity


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which failing records are asked for. `source` is a group of `scores`, `key` (with `entity`) the texts of one record's key;
    nothing given means all.

    `state`: `open` are those to mend, returned ones among them; `rejected` the returned ones; `accepted` those that fail and need
    no mending.
    """

    entity: str | None = None
    check: str | None = None
    source: str | None = None
    employee: str | None = None
    org_unit: str | None = None
    state: State = "open"
    key: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class MendRow:
    """One record that fails: its key, the values of all its fields, the names of the checks, and where it came from.

    `file` and `row` are those of the delivery under which the record stands, `mark` is the record's fingerprint for a verdict on it.
    """

    entity: str
    key: Mapping[str, Any]
    values: Mapping[str, Any]
    checks: tuple[str, ...]
    employee_id: str | None
    org_unit_id: str | None
    source: str
    batch_id: str
    file: str
    row: int
    mark: str


def count_to_mend(of: Judged, chosen: Chosen = Chosen()) -> dict[tuple[str, str], int]:
    """(entity, check) → records of the scope that fail it. A record that fails two checks counts in both."""
    out: dict[tuple[str, str], int] = {}
    for entity in _entities(of, chosen):
        bits = of.bits[entity.name]
        counts = ", ".join(
            f"count(*) FILTER (f.failed & {bit}::UBIGINT <> 0) AS c{n}" for n, bit in enumerate(bits.values())
        )
        if not bits:
            continue
        row = of.rows(f"SELECT {counts} {_body(of, entity, chosen)}", _params(chosen))[0]
        out |= {(entity.name, name): row[f"c{n}"] for n, name in enumerate(bits) if row[f"c{n}"]}
    return out


def total_to_mend(of: Judged, chosen: Chosen = Chosen()) -> dict[str, int]:
    """Entity → records of the scope that fail any check (each once)."""
    found = {
        entity.name: of.rows(f"SELECT count(*) AS n {_body(of, entity, chosen)}", _params(chosen))[0]["n"]
        for entity in _entities(of, chosen)
    }
    return {name: n for name, n in found.items() if n}


def to_mend(of: Judged, chosen: Chosen = Chosen(), *, limit: int = 50, offset: int = 0) -> list[MendRow]:
    """The failing records, the gravest of each entity first, returned ones before all; entities in the order of the model."""
    out: list[MendRow] = []
    for entity in _entities(of, chosen):
        if len(out) == limit:
            break
        found = of.rows(_page(of, entity, chosen, limit - len(out), offset), _params(chosen))
        if not found and offset:
            body = _body(of, entity, chosen)
            offset = max(0, offset - int(of.rows(f"SELECT count(*) AS n {body}", _params(chosen))[0]["n"]))
            continue
        offset = 0
        out += [_mend_row(of, entity, row) for row in found]
    return out


def _entities(of: Judged, chosen: Chosen) -> list[Entity]:
    return [
        entity
        for entity in of.entities()
        if chosen.entity in (None, entity.name)
        and (chosen.check is None or chosen.check in of.bits[entity.name])
        and (chosen.employee is None or "employee_id" in of.owners(entity))
        and (chosen.org_unit is None or "org_unit_id" in of.owners(entity))
        and (of.scope.everything or of.owned(entity) != "false")
    ]


def _body(of: Judged, entity: Entity, chosen: Chosen) -> str:
    known = sum(bit for name, bit in of.bits[entity.name].items() if name in of.book.of(entity.name))
    wanted = of.bits[entity.name][chosen.check] if chosen.check is not None else known
    using = ", ".join(ident(name) for name in entity.key)
    conditions = [f"f.failed & {wanted}::UBIGINT <> 0", of.owned(entity)]
    if chosen.employee is not None:
        conditions.append("t.employee_id = (SELECT employee FROM chosen)")
    if chosen.org_unit is not None:
        conditions.append("t.org_unit_id = (SELECT org_unit FROM chosen)")
    if chosen.key is not None:
        conditions.append(same_key(entity, key="(SELECT key FROM chosen)"))
    join = ""
    if chosen.source is not None:
        join = SOURCE_JOIN
        conditions.append(f"{SOURCE} = (SELECT source FROM chosen)")
    return (
        f"FROM {of.failing(entity, chosen.state)} f JOIN {ident(entity.name)} t USING ({using}) {join} "
        f"WHERE {' AND '.join(conditions)}"
    )


def _params(chosen: Chosen) -> dict[str, pa.Table]:
    return {
        "chosen": pa.table(
            {name: pa.array([getattr(chosen, name)], pa.string()) for name in ("employee", "org_unit", "source")}
            | {"key": pa.array([chosen.key], pa.list_(pa.string()))}
        )
    }


def _page(of: Judged, entity: Entity, chosen: Chosen, limit: int, offset: int) -> str:
    fields = ", ".join(f"t.{ident(field.name)}" for field in entity.fields)
    more = [name for name in ("employee_id", "org_unit_id") if name in of.columns[entity.name] and not entity.has(name)]
    owners = "".join(f", t.{ident(name)}" for name in more)
    grave, warned = of.weight(entity.name, "error"), of.weight(entity.name, "warning")
    returned = ""
    if entity.name in of.said and chosen.state == "open":
        same = " AND ".join(f"s.{ident(name)} = t.{ident(name)}" for name in entity.key)
        returned = f"EXISTS (SELECT 1 FROM {ident('_said_' + entity.name)} s WHERE {same} AND s.rejected & f.failed <> 0) DESC, "
    newest = f"t.{ident(entity.event_date)} DESC NULLS LAST, " if entity.event_date else ""
    key = ", ".join(f"t.{ident(name)}" for name in entity.key)
    return (
        f"SELECT found.*, coalesce(nullif(found.source_system, ''), told.mapping, '') AS _source, coalesce(told.file_name, '') AS _file FROM ("
        f"SELECT {fields}{owners}, {mark_sql(entity, of.columns[entity.name])} AS _mark, t._batch, t._row, f.failed AS _failed, row_number() OVER (ORDER BY "
        f"{returned}bit_count(f.failed & {grave}::UBIGINT) DESC, bit_count(f.failed & {warned}::UBIGINT) DESC, {newest}{key}) AS _place "
        f"{_body(of, entity, chosen)} ORDER BY _place LIMIT {int(limit)} OFFSET {int(offset)}) found "
        f"LEFT JOIN ledger.batch told ON told.batch_id = found._batch ORDER BY _place"
    )


def _mend_row(of: Judged, entity: Entity, row: dict[str, Any]) -> MendRow:
    known = of.book.of(entity.name)
    return MendRow(
        entity.name,
        {name: row[name] for name in entity.key},
        {field.name: row[field.name] for field in entity.fields},
        tuple(name for name, bit in of.bits[entity.name].items() if row["_failed"] & bit and name in known),
        row.get("employee_id"),
        row.get("org_unit_id"),
        row["_source"],
        row["_batch"] or "",
        row["_file"],
        row["_row"] or 0,
        row["_mark"],
    )
