"""Rows into an entity's table by business key, keeping whatever they replace.

A field of a row has two sources: primary deliveries (the sheet is about this entity) and secondary records (the sheet
is about something else and mentions this one). A primary value always wins; among equals the later delivery wins; a
field that was not delivered, or a secondary record without a value, leaves what is there. `_primary` says that some
primary delivery had the row, `_filled` which of its values nevertheless come from secondary records.
"""

from __future__ import annotations

from dataclasses import dataclass

import duckdb

from salesloop.engine.model.entity import Entity, Model
from salesloop.engine.pipeline.delivery import CleanRows, Counts, Origin, Upserted
from salesloop.engine.pipeline.records import record_json, stored_columns
from salesloop.engine.store.schema import given, resolved_fields


def upsert(con: duckdb.DuckDBPyConnection, model: Model, rows: CleanRows, origin: Origin) -> Upserted:
    """Insert, replace or leave each row; `counts.received` is the number of rows of `rows`."""
    table = _Table(rows.entity, resolved_fields(rows.entity, model))
    _number(con, rows)
    _merge(con, table, rows)
    _recognise(con, rows.entity, origin)
    upserted = _count(con, origin)
    _keep_replaced(con, model, table, origin)
    _write(con, table, origin)
    for temporary in ("_numbered", "_merged"):
        con.execute(f"DROP TABLE {temporary}")
    return upserted


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


def _number(con: duckdb.DuckDBPyConnection, rows: CleanRows) -> None:
    """Rank the rows of a key, the last in the file first, and fingerprint each as delivered."""
    key = ", ".join(f'"{name}"' for name in rows.entity.key)
    text = ", ".join(f'coalesce(CAST("{name}" AS VARCHAR), chr(30))' for name in sorted(rows.fields))
    names = ",".join(sorted(rows.fields))
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
        f"SELECT {values}, _row, _tie AS _hash, "
        f"row_number() OVER (PARTITION BY {key} ORDER BY _row DESC, _tie DESC) AS _rank "
        f"FROM (SELECT *, md5_number_lower(concat_ws(chr(31), '{names}', {text})) AS _tie FROM {rows.relation})"
    )


def _merge(con: duckdb.DuckDBPyConnection, table: _Table, rows: CleanRows) -> None:
    """`_merged`: every delivered row as it would be stored, and what happens to it (`_fate`)."""
    columns = [_merged_value(table, rows, field) + f' AS "{field}"' for field in table.fields]
    differs = " OR ".join(
        [f'merged."{field}" IS DISTINCT FROM {table.delivered(field)}' for field in table.fields]
        + [f'merged."{name}" IS DISTINCT FROM old."{name}"' for name in ("_primary", "_filled")]
    )
    match = " AND ".join(f'{table.delivered(name)} = new."{name}"' for name in table.entity.key)
    con.execute(
        f"CREATE TEMP TABLE _merged AS "
        f"WITH merged AS (SELECT {', '.join(columns)}, new._row, new._hash, new._rank, "
        f"{'true' if rows.primary else 'coalesce(old._primary, false)'} AS _primary, "
        f"{_filled_after(table, rows)} AS _filled, old.rowid AS _old "
        f'FROM _numbered new LEFT JOIN "{table.entity.name}" old ON {match}) '
        f"SELECT merged.*, old._batch AS _old_batch, "
        f"CASE WHEN _rank > 1 THEN 'superseded' WHEN _old IS NULL THEN 'inserted' "
        f"WHEN {differs} THEN 'replaced' ELSE 'unchanged' END AS _fate "
        f'FROM merged LEFT JOIN "{table.entity.name}" old ON old.rowid = merged._old'
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
    applies = "old.rowid IS NOT NULL" if rows.primary else "coalesce(old._primary, false)"
    return f"CASE WHEN {applies} AND len({listed}) > 0 THEN {listed} END"


def _recognise(con: duckdb.DuckDBPyConnection, entity: Entity, origin: Origin) -> None:
    """The same bytes delivered again say nothing new, even where a later delivery has replaced them since."""
    con.execute(
        "UPDATE _merged SET _fate = 'unchanged', _old_batch = NULL WHERE _fate <> 'unchanged' AND (_row, _hash) IN ("
        "SELECT (said.row, CAST(said.record ->> '_hash' AS UBIGINT)) FROM ledger.superseded said "
        "WHERE said.entity = $entity AND split_part(said.batch_id, '.', 1) = $delivery)",
        {"entity": entity.name, "delivery": origin.delivery},
    )
    # A line that stands twice in the file and is known already is not worth a record either.
    key = ", ".join(f'"{name}"' for name in entity.key)
    con.execute(
        f"UPDATE _merged SET _fate = 'unchanged' WHERE _fate = 'superseded' AND ({key}, _hash) IN "
        f"(SELECT ({key}, _hash) FROM _merged WHERE _fate = 'unchanged' AND _rank = 1)"
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
    delivered |= {"_hash": "_hash", "_row": "_row", "_primary": "_primary"}
    con.execute(
        f"INSERT INTO ledger.superseded "
        f"SELECT '{name}', {record_json({key: delivered[key] for key in table.entity.key})}, {record_json(delivered)}, $batch, _row, $batch, $now "
        f"FROM _merged WHERE _fate = 'superseded'",
        {"batch": origin.batch_id, "now": origin.received_at},
    )


def _write(con: duckdb.DuckDBPyConnection, table: _Table, origin: Origin) -> None:
    name = table.entity.name
    con.execute(f"DELETE FROM \"{name}\" WHERE rowid IN (SELECT _old FROM _merged WHERE _fate = 'replaced')")
    values = {f'"{field}"': f'"{field}"' for field in table.fields}
    values |= {f'"{given(field)}"': f'"{field}"' for field in table.resolved}
    values |= {"_batch": "$batch", "_row": "_row", "_hash": "_hash", "_primary": "_primary", "_filled": "_filled"}
    values |= {"_received_at": "$now"}
    con.execute(
        f'INSERT INTO "{name}" ({", ".join(values)}) SELECT {", ".join(values.values())} '
        f"FROM _merged WHERE _fate IN ('inserted', 'replaced') ORDER BY _row",
        {"batch": origin.batch_id, "now": origin.received_at},
    )
