"""Rows into an entity's table by business key, keeping whatever they replace.

A field of a row has two sources: primary deliveries (the sheet is about this entity) and secondary records (the sheet
is about something else and mentions this one). A primary value always wins; among equals the later delivery wins; a
field that was not delivered, or a secondary record without a value, leaves what is there. `_primary` says that some
primary delivery had the row, `_filled` which of its values nevertheless come from secondary records.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import duckdb

from salesloop.engine.model.entity import Entity, Model
from salesloop.engine.pipeline.delivery import CleanRows, Counts, Origin, Upserted
from salesloop.engine.pipeline.records import record_json, stored_columns
from salesloop.engine.store.insert import insert_rows
from salesloop.engine.store.schema import given, has_rate, resolved_fields


def upsert(con: duckdb.DuckDBPyConnection, model: Model, rows: CleanRows, origin: Origin) -> Upserted:
    """Insert, replace or leave each row; `counts.received` is the number of rows of `rows`."""
    table = _Table(rows.entity, resolved_fields(rows.entity, model))
    received, unique = _keys(con, rows)
    known = _find_known(con, table, rows)
    said = _said_before(con, rows.entity, origin)
    try:
        if unique and not known and not said:
            _insert(con, table, rows, origin)
            return Upserted(Counts(received=received, inserted=received))
        _number(con, rows, unique=unique)
        _merge(con, table, rows)
        if said:
            _recognise(con, rows)
        _recognise_twins(con, table)
        upserted = _count(con, origin)
        _keep_replaced(con, model, table, origin)
        _write(con, table, rows, origin)
        return upserted
    finally:
        for temporary in ("_numbered", "_merged", "_old", "_said"):
            con.execute(f"DROP TABLE IF EXISTS {temporary}")


@dataclass(frozen=True, slots=True)
class _Table:
    """The SQL names of one entity's table."""

    entity: Entity
    resolved: tuple[str, ...]

    @property
    def fields(self) -> tuple[str, ...]:
        return tuple(field.name for field in self.entity.fields)

    def delivered(self, field: str) -> str:
        """What was delivered for a field of a stored row (`old`)."""
        return f'old."{given(field) if field in self.resolved else field}"'


def _keys(con: duckdb.DuckDBPyConnection, rows: CleanRows) -> tuple[int, bool]:
    """How many rows there are, and whether each has a key of its own."""
    key = ", ".join(f'"{name}"' for name in rows.entity.key)
    received, keys = con.execute(f"SELECT count(*), count(DISTINCT hash({key})) FROM {rows.relation}").fetchall()[0]
    return int(received), received == keys


def _find_known(con: duckdb.DuckDBPyConnection, table: _Table, rows: CleanRows) -> bool:
    """Copy the stored rows that have a key of `rows` to `_old`, with their `rowid` as `_id`; whether there are any.

    The keys are compared first and alone: of a large table that holds few of them, the other columns stay unread.
    """
    name = table.entity.name
    match = " AND ".join(f'{table.delivered(key)} = new."{key}"' for key in table.entity.key)
    con.execute(
        f'CREATE TEMP TABLE _hit AS SELECT old.rowid AS _id FROM "{name}" old SEMI JOIN {rows.relation} new ON {match}'
    )
    hit = bool(con.execute("SELECT EXISTS (FROM _hit)").fetchall()[0][0])
    chosen = "old.rowid IN (FROM _hit)" if hit else "false"
    con.execute(f'CREATE TEMP TABLE _old AS SELECT old.*, old.rowid AS _id FROM "{name}" old WHERE {chosen}')
    con.execute("DROP TABLE _hit")
    return hit


def _said_before(con: duckdb.DuckDBPyConnection, entity: Entity, origin: Origin) -> bool:
    """Copy what the ledger keeps of the same bytes to `_said`; whether there is anything."""
    con.execute(
        "CREATE TEMP TABLE _said AS SELECT row, record FROM ledger.superseded "
        "WHERE entity = $entity AND split_part(batch_id, '.', 1) = $delivery",
        {"entity": entity.name, "delivery": origin.delivery},
    )
    return bool(con.execute("SELECT EXISTS (FROM _said)").fetchall()[0][0])


def _fingerprint(rows: CleanRows) -> str:
    """SQL: 64 bits over what a row says. Of a record found beside the rows they stay the same from version to version."""
    if rows.primary:
        return f"hash({', '.join(_quoted(rows.fields))})"
    text = ", ".join(f"coalesce(CAST({name} AS VARCHAR), chr(30))" for name in _quoted(sorted(rows.fields)))
    return f"md5_number_lower(concat_ws(chr(31), '{','.join(sorted(rows.fields))}', {text}))"


def _keeps_fingerprint(rows: CleanRows) -> bool:
    """Things are compared with one another again when theirs changes, records beside rows are recognised by it."""
    return rows.entity.kind == "dimension" or not rows.primary


def _quoted(names: Iterable[str]) -> list[str]:
    return [f'"{name}"' for name in names]


def _number(con: duckdb.DuckDBPyConnection, rows: CleanRows, *, unique: bool) -> None:
    """Rank the rows of a key, the last in the file first, and fingerprint each as delivered."""
    cells = rows.cells or "NULL"
    if unique:
        con.execute(
            f"CREATE TEMP TABLE _numbered AS SELECT {', '.join(_quoted(rows.fields))}, _row, {_fingerprint(rows)} AS _hash, "
            f"{cells} AS _cells, 1 AS _rank FROM {rows.relation}"
        )
        return
    key = ", ".join(f'"{name}"' for name in rows.entity.key)
    # Records mentioned by several rows complete one another; a primary row means what it says, blanks included.
    values = ", ".join(
        f'"{name}"'
        if rows.primary or name in rows.entity.key
        else f'last_value("{name}" IGNORE NULLS) OVER (PARTITION BY {key} ORDER BY _row, _tie '
        f'ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS "{name}"'
        for name in rows.fields
    )
    con.execute(
        f"CREATE TEMP TABLE _numbered AS "
        f"SELECT {values}, _row, _tie AS _hash, {cells} AS _cells, "
        f"row_number() OVER (PARTITION BY {key} ORDER BY _row DESC, _tie DESC) AS _rank "
        f"FROM (SELECT *, {_fingerprint(rows)} AS _tie FROM {rows.relation})"
    )


def _merge(con: duckdb.DuckDBPyConnection, table: _Table, rows: CleanRows) -> None:
    """`_merged`: every delivered row as it would be stored, and what happens to it (`_fate`)."""
    merged = {field: _merged_value(table, rows, field) for field in table.fields}
    primary = "true" if rows.primary else "coalesce(old._primary, false)"
    filled = _filled_after(table, rows)
    differs = " OR ".join(
        [f"({value}) IS DISTINCT FROM {table.delivered(field)}" for field, value in merged.items()]
        + [f"({primary}) IS DISTINCT FROM old._primary", f"({filled}) IS DISTINCT FROM old._filled"]
    )
    columns = ", ".join(f'{value} AS "{field}"' for field, value in merged.items())
    match = " AND ".join(f'{table.delivered(name)} = new."{name}"' for name in table.entity.key)
    con.execute(
        f"CREATE TEMP TABLE _merged AS SELECT {columns}, new._row, new._hash, new._cells, "
        f"new._rank, {primary} AS _primary, "
        f"{filled} AS _filled, old._id AS _old, old._batch AS _old_batch, "
        f"CASE WHEN new._rank > 1 THEN 'superseded' WHEN old._id IS NULL THEN 'inserted' "
        f"WHEN {differs} THEN 'replaced' ELSE 'unchanged' END AS _fate "
        f"FROM _numbered new LEFT JOIN _old old ON {match}"
    )


def _merged_value(table: _Table, rows: CleanRows, field: str) -> str:
    old, new = table.delivered(field), f'new."{field}"'
    if field not in rows.fields:
        return old
    if field in table.entity.key:
        return new
    if rows.primary:
        return f"CASE WHEN {new} IS NULL AND {_was_filled(field)} THEN {old} ELSE {new} END"
    told = f"{new} IS NOT NULL"
    if field == table.entity.name_field:  # a sheet that knows only the number calls the thing by it
        told += f' AND ({new} <> new."{table.entity.key[0]}" OR {old} IS NULL)'
    return f"CASE WHEN {told} AND ({old} IS NULL OR {_was_filled(field)}) THEN {new} ELSE {old} END"


def _was_filled(field: str) -> str:
    """Whether the stored value comes from a secondary record. NULL, so not, where nothing is stored."""
    return f"(NOT old._primary OR coalesce(list_contains(old._filled, '{field}'), false))"


def _filled_after(table: _Table, rows: CleanRows) -> str:
    """The fields of a primary row whose value, after the merge, comes from secondary records."""
    marks = []
    for field in table.fields:
        if field in table.entity.key:
            continue
        old, new = table.delivered(field), f'new."{field}"'
        stays = f"{old} IS NOT NULL AND {_was_filled(field)}"
        if field in rows.fields and rows.primary:
            stays += f" AND {new} IS NULL"
        elif field in rows.fields:
            stays = f"({stays}) OR ({old} IS NULL AND {new} IS NOT NULL)"
        marks.append(f"CASE WHEN {stays} THEN '{field}' END")
    listed = f"list_filter([{', '.join(marks)}], lambda name: name IS NOT NULL)"
    applies = "old._id IS NOT NULL" if rows.primary else "coalesce(old._primary, false)"
    return f"CASE WHEN {applies} AND len({listed}) > 0 THEN {listed} END"


def _recognise(con: duckdb.DuckDBPyConnection, rows: CleanRows) -> None:
    """The same bytes delivered again say nothing new, even where a later delivery has replaced them since.

    A row of the sheet is known by all that it states, a record found beside the rows by its fingerprint.
    """
    same = "CAST(said.record ->> '_hash' AS UBIGINT) = new._hash"
    if rows.primary:
        stated = (
            f'(new."{name}" IS NULL OR said.record ->> \'{name}\' = CAST(new."{name}" AS VARCHAR))'
            for name in rows.fields
        )
        same = " AND ".join(stated)
    con.execute(
        f"UPDATE _merged SET _fate = 'unchanged', _old_batch = NULL WHERE _fate <> 'unchanged' AND (_row, _hash) IN ("
        f"SELECT (new._row, new._hash) FROM _numbered new JOIN _said said ON said.row = new._row AND {same})"
    )


def _recognise_twins(con: duckdb.DuckDBPyConnection, table: _Table) -> None:
    """A line that stands twice in the file and is known already is not worth a record either."""
    fields = ", ".join(f'"{name}"' for name in table.fields)
    says = f"hash({fields})"
    con.execute(
        f"UPDATE _merged SET _fate = 'unchanged' WHERE _fate = 'superseded' AND {says} IN "
        f"(SELECT {says} FROM _merged WHERE _fate = 'unchanged' AND _rank = 1)"
    )


def _count(con: duckdb.DuckDBPyConnection, origin: Origin) -> Upserted:
    by_fate = dict(con.execute("SELECT _fate, count(*) FROM _merged GROUP BY _fate").fetchall())
    confirmed = con.execute(
        "SELECT _old_batch, count(*) FROM _merged WHERE _fate = 'unchanged' AND _rank = 1 AND _old_batch <> ? GROUP BY ALL",
        [origin.batch_id],
    ).fetchall()
    return Upserted(Counts(received=sum(by_fate.values()), **by_fate), dict(confirmed))


def _keep_replaced(con: duckdb.DuckDBPyConnection, model: Model, table: _Table, origin: Origin) -> None:
    """Move to the ledger what the new rows push out, with a pointer to the batch that did it."""
    name = table.entity.name
    stored = stored_columns(table.entity, model, "old")
    con.execute(
        f"INSERT INTO ledger.superseded "
        f"SELECT '{name}', {record_json({key: stored[key] for key in table.entity.key})}, {record_json(stored)}, old._batch, old._row, $batch, $now "
        f"FROM \"{name}\" old WHERE old.rowid IN (SELECT _old FROM _merged WHERE _fate = 'replaced')",
        {"batch": origin.batch_id, "now": origin.received_at},
    )
    delivered = {field: f'"{field}"' for field in table.fields}
    delivered |= {"_hash": "_hash", "_cells": "_cells", "_row": "_row", "_primary": "_primary"}
    con.execute(
        f"INSERT INTO ledger.superseded "
        f"SELECT '{name}', {record_json({key: delivered[key] for key in table.entity.key})}, {record_json(delivered)}, $batch, _row, $batch, $now "
        f"FROM _merged WHERE _fate = 'superseded'",
        {"batch": origin.batch_id, "now": origin.received_at},
    )


def _insert(con: duckdb.DuckDBPyConnection, table: _Table, rows: CleanRows, origin: Origin) -> None:
    """Rows of which no key is known, straight from where they are."""
    values = {field: f'"{field}"' for field in rows.fields}
    values |= {given(field): f'"{field}"' for field in table.resolved if field in rows.fields}
    values |= {
        "_primary": "true" if rows.primary else "false",
        "_hash": _fingerprint(rows) if _keeps_fingerprint(rows) else "NULL",
        "_cells": rows.cells or "NULL",
    }
    _append(con, table.entity, values, rows.relation, origin)


def _write(con: duckdb.DuckDBPyConnection, table: _Table, rows: CleanRows, origin: Origin) -> None:
    name = table.entity.name
    con.execute(f"DELETE FROM \"{name}\" WHERE rowid IN (SELECT _old FROM _merged WHERE _fate = 'replaced')")
    values = {field: f'"{field}"' for field in table.fields}
    values |= {given(field): f'"{field}"' for field in table.resolved}
    values |= {"_primary": "_primary", "_cells": "_cells", "_filled": "_filled"}
    values["_hash"] = "_hash" if _keeps_fingerprint(rows) else "NULL"
    chosen = "(FROM _merged WHERE _fate IN ('inserted', 'replaced') ORDER BY _row)"
    _append(con, table.entity, values, chosen, origin)


def _append(
    con: duckdb.DuckDBPyConnection, entity: Entity, values: Mapping[str, str], source: str, origin: Origin
) -> None:
    """Write rows as delivered. What `resolve` is to find out begins as what it mostly finds: nothing to translate, rate 1."""
    written = {**values, "_row": "_row", "_batch": "$batch", "_received_at": "$now"}
    if has_rate(entity):
        written["fx_rate"] = "1"
    insert_rows(con, entity.name, written, source, {"batch": origin.batch_id, "now": origin.received_at})
