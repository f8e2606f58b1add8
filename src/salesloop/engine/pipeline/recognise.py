"""Rows that need no reading: their cells stand in the warehouse already, read in the same way.

A delivery mostly repeats the one before it. Each stored row keeps a fingerprint of its cells, each batch one of how its
cells were read (mapping, decisions about whole columns, version of the program); where both agree, the row would come out
as it is stored.
"""

from __future__ import annotations

import duckdb

from salesloop.engine.clean import Cleaned, Recall, Stored
from salesloop.engine.model.entity import Entity, Model
from salesloop.engine.pipeline.delivery import Origin
from salesloop.engine.store.schema import given, resolved_fields


def recall(con: duckdb.DuckDBPyConnection, entity: Entity) -> Recall:
    """What is stored of rows that were read in some way."""

    def stored(reading: str) -> Stored | None:
        found = con.execute(
            "SELECT list(DISTINCT batch_id), list_distinct(flatten(list(fields))) FROM ledger.reading "
            "WHERE entity = $entity AND reading = $reading",
            {"entity": entity.name, "reading": reading},
        ).fetchall()
        batches, fields = found[0]
        if not batches:
            return None
        names = ", ".join(f"'{batch}'" for batch in batches)
        rows = (
            f'SELECT _cells, rowid AS _id, _batch FROM "{entity.name}" WHERE _cells IS NOT NULL AND _batch IN ({names})'
        )
        return Stored(rows, tuple(fields))

    return stored


def record_reading(con: duckdb.DuckDBPyConnection, cleaned: Cleaned, origin: Origin) -> None:
    """Keep how the rows of a batch were read."""
    con.execute(
        "INSERT INTO ledger.reading VALUES (?, ?, ?, ?)",
        [origin.batch_id, cleaned.primary.entity, cleaned.reading, list(cleaned.primary.fields)],
    )


def is_contradicted(con: duckdb.DuckDBPyConnection, model: Model, cleaned: Cleaned) -> bool:
    """Whether the file says of some recognised row something else as well: its key comes twice.

    Which of the two counts is for the upsert to decide, with both rows at hand.
    """
    if cleaned.known is None:
        return False
    entity = model.entity(cleaned.primary.entity)
    resolved = resolved_fields(entity, model)
    match = " AND ".join(f'old."{given(key) if key in resolved else key}" = new."{key}"' for key in entity.key)
    twice = f'SELECT old.rowid AS _id FROM "{entity.name}" old SEMI JOIN {cleaned.primary.relation} new ON {match}'
    return bool(con.execute(f"SELECT EXISTS (FROM ({twice}) JOIN {cleaned.known} USING (_id))").fetchall()[0][0])


def confirmed_by(con: duckdb.DuckDBPyConnection, cleaned: Cleaned) -> dict[str, int]:
    """The recognised rows by the batch that they are stored under."""
    if cleaned.known is None:
        return {}
    counted = f"SELECT _batch, count({{}}) FROM {cleaned.known} GROUP BY _batch"
    found = dict(con.execute(counted.format("*")).fetchall())
    if sum(found.values()) == cleaned.primary.known:
        return found
    return dict(con.execute(counted.format("DISTINCT _row")).fetchall())  # rows that are stored more than once
