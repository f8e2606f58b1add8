"""Cells that nobody could read and that metrics need, as the page shows them."""

from __future__ import annotations

from dataclasses import dataclass

from salesloop.app.quality.sight import entity_word
from salesloop.app.ui.language import current_lang
from salesloop.app.workspace.services import registry, snapshot, workspace
from salesloop.engine.clean.values.cells import literal
from salesloop.engine.model.text import Message
from salesloop.engine.pipeline.doubts import NeededCell, needed_cells

SIZE = 30
MESSAGES_OF = "salesloop.engine.clean"


@dataclass(frozen=True, slots=True)
class Doubt:
    """One cell. `why` says what could not be read, `metrics` are the labels of those that lack it."""

    batch: str
    file: str
    row: int
    column: str
    value: str
    entity: str
    field: str
    why: str
    metrics: list[str]


def doubts(page: int) -> tuple[list[Doubt], bool]:
    """(one page of cells, the most needed first; whether there are more)."""
    found = needed_cells(snapshot(), registry(), limit=SIZE + 1, offset=(page - 1) * SIZE)
    files = {
        row["batch_id"]: row["file_name"] for row in snapshot().rows("SELECT batch_id, file_name FROM ledger.batch")
    }
    return [_doubt(cell, files.get(cell.batch_id, "")) for cell in found[:SIZE]], len(found) > SIZE


def is_in_doubt(batch: str, row: int, column: str) -> bool:
    """Whether this cell of a delivery was not read, so that it may be corrected here."""
    found = snapshot().rows(
        f"SELECT 1 AS one FROM ledger.cell WHERE batch_id = {literal(batch)} AND row = {int(row)} "
        f"AND column_name = {literal(column)} LIMIT 1"
    )
    return bool(found)


def _doubt(cell: NeededCell, file: str) -> Doubt:
    lang = current_lang()
    field = workspace().model.entity(cell.entity).field(cell.field)
    words = {"field": field.label, "value": cell.value, "form": "", "known": ""}
    known = registry()
    return Doubt(
        batch=cell.batch_id,
        file=file,
        row=cell.row,
        column=cell.column or "",
        value=cell.value,
        entity=entity_word(cell.entity),
        field=field.label.get(lang),
        why=Message(cell.reason, words, MESSAGES_OF).text(lang),
        metrics=[known.metric(name).label.get(lang) for name in cell.metrics if not known.metric(name).hidden],
    )
