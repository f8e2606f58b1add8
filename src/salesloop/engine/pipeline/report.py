"""What an import did, for eyes and for programs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from salesloop.engine.model.text import Message
from salesloop.engine.pipeline.delivery import Counts


@dataclass(frozen=True, slots=True)
class Trouble:
    """Rows of one batch that went to quarantine for one reason; `row` and `message` are those of the first, `others`
    a few values of the rest."""

    entity: str
    column: str | None
    row: int
    message: Message
    rows: int
    others: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class BatchReport:
    """One table of one file. `known` means that all of it had been received before, so nothing was recorded.

    `waiting` counts the rows of this delivery that are in quarantine, from this time or earlier.
    """

    batch_id: str
    file: str
    sheet: str | None
    mapping: str
    entities: Mapping[str, Counts]
    skipped: Mapping[str, int]
    known: bool = False
    waiting: int = 0
    troubles: tuple[Trouble, ...] = ()
    notes: tuple[Message, ...] = ()


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A table that was not imported, and why."""

    file: str
    sheet: str | None
    message: Message


@dataclass(frozen=True, slots=True)
class ImportReport:
    """`snapshot` is the current one after the import; `published` says whether this import made it."""

    snapshot: int
    published: bool
    batches: tuple[BatchReport, ...]
    left_out: tuple[LeftOut, ...] = ()
    dry_run: bool = False
    seconds: Mapping[str, float] = field(default_factory=dict)

    def total(self) -> Counts:
        """Over all batches and entities."""
        every = [counts for batch in self.batches for counts in batch.entities.values()]
        return sum(every, Counts())

    def to_json(self) -> dict[str, Any]:
        """The document that `salesloop import --format json` prints."""
        document: dict[str, Any] = {
            "snapshot": self.snapshot,
            "batches": [_batch_json(batch) for batch in self.batches],
        }
        if self.left_out:
            document["left_out"] = [
                {"file": left.file, "sheet": left.sheet, "reason": left.message.to_json()} for left in self.left_out
            ]
        if self.dry_run:
            document["dry_run"] = True
        return document


def _batch_json(batch: BatchReport) -> dict[str, Any]:
    return {
        "batch": batch.batch_id,
        "file": batch.file,
        "sheet": batch.sheet,
        "mapping": batch.mapping,
        "entities": [{"entity": name, **_counts_json(counts)} for name, counts in batch.entities.items()],
        "skipped": dict(batch.skipped),
        "notes": [note.to_json() for note in batch.notes],
        "waiting": batch.waiting,
        "troubles": [
            {
                "entity": trouble.entity,
                "column": trouble.column,
                "row": trouble.row,
                "reason": trouble.message.to_json(),
                "rows": trouble.rows,
                "others": list(trouble.others),
            }
            for trouble in batch.troubles
        ],
    }


def _counts_json(counts: Counts) -> dict[str, int]:
    names = ("received", "accepted", "inserted", "replaced", "superseded", "unchanged", "quarantined")
    return {name: getattr(counts, name) for name in names}
