"""Cells that could not be read and that some metric needs: what a data steward should see to first."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import pyarrow as pa

from salesloop.engine.metrics.inputs import FieldOf, needed_by
from salesloop.engine.metrics.registry import Registry
from salesloop.engine.pipeline.corrections import BLANKED
from salesloop.engine.store import Snapshot


@dataclass(frozen=True, slots=True)
class NeededCell:
    """An unreadable cell of a row that is in the warehouse without it. `metrics` are those that read its field."""

    batch_id: str
    entity: str
    row: int
    column: str | None
    field: str
    value: str
    reason: str
    metrics: tuple[str, ...]


def needed_cells(snapshot: Snapshot, registry: Registry, *, limit: int = 100, offset: int = 0) -> list[NeededCell]:
    """The cells that metrics need, those that most metrics need first, then the latest delivery, in the order of the file.

    Not among them: cells of imports that were undone, of rows that a later delivery replaced, of fields that have been
    given a value since, and those that a person blanked.
    """
    needed = needed_by(registry)
    places = _places(snapshot, needed)
    if not places:
        return []
    standing = " UNION ALL ".join(
        f"SELECT '{entity}' AS entity, '{field}' AS field, _batch, _row FROM \"{entity}\" WHERE \"{field}\" IS NULL"
        for entity, field in places
    )
    weights = pa.table(
        {
            "entity": [entity for entity, _ in places],
            "field": [field for _, field in places],
            "metrics": [len(needed[place]) for place in places],
        }
    )
    rows = snapshot.rows(
        f"SELECT cell.* FROM ledger.cell cell JOIN needed USING (entity, field) "
        f"JOIN (SELECT * FROM ledger.batch WHERE undone IS NULL) batch USING (batch_id) "
        f"JOIN ({standing}) standing ON standing.entity = cell.entity AND standing.field = cell.field "
        f"AND standing._batch = cell.batch_id AND standing._row = cell.row "
        f"ANTI JOIN ({BLANKED}) blanked ON blanked.delivery = split_part(cell.batch_id, '.', 1) "
        f"AND blanked.row = cell.row AND blanked.column_name = cell.column_name "
        f"ORDER BY needed.metrics DESC, batch.received_at DESC, cell.batch_id, cell.row, cell.field "
        f"LIMIT {int(limit)} OFFSET {int(offset)}",
        {"needed": weights},
    )
    return [
        NeededCell(
            row["batch_id"],
            row["entity"],
            row["row"],
            row["column_name"],
            row["field"],
            row["value"],
            row["reason"],
            needed[row["entity"], row["field"]],
        )
        for row in rows
    ]


def _places(snapshot: Snapshot, needed: Collection[FieldOf]) -> list[FieldOf]:
    """The fields with unreadable cells that some metric needs."""
    found = snapshot.rows("SELECT DISTINCT entity, field FROM ledger.cell WHERE field IS NOT NULL ORDER BY ALL")
    places = [(row["entity"], row["field"]) for row in found]
    return [place for place in places if place in needed and snapshot.has(place[0])]
