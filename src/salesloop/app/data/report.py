"""What an import did or would do: kept as plain values, and shown again in anyone's language."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from salesloop.app.data.words import entity_label, skipped_words
from salesloop.app.ui.language import current_lang, joined
from salesloop.engine.model.text import Message
from salesloop.engine.pipeline import ImportReport

COUNTED = ("received", "accepted", "quarantined", "unchanged")


def stored(report: ImportReport) -> dict[str, Any]:
    """The report as JSON: the document of the command line, and what only a page shows."""
    document = report.to_json() | {"published": report.published}
    for batch, kept in zip(report.batches, document["batches"], strict=True):
        kept["known"] = batch.known
        kept["notes"] = [note.to_json() for note in batch.notes]
    return document


@dataclass(frozen=True, slots=True)
class CountRow:
    """The counts of one entity. `reconciles`: received = accepted + quarantined + unchanged."""

    label: str
    received: int
    inserted: int
    replaced: int
    superseded: int
    accepted: int
    quarantined: int
    unchanged: int

    @property
    def reconciles(self) -> bool:
        return self.received == self.accepted + self.quarantined + self.unchanged


@dataclass(frozen=True, slots=True)
class TroubleRow:
    entity: str
    column: str
    sentence: str
    rows: int
    row: int
    others: str


@dataclass(frozen=True, slots=True)
class BatchCard:
    """One table of an import."""

    batch_id: str
    title: str
    mapping: str
    known: bool
    waiting: int
    counts: list[CountRow]
    skipped: str
    troubles: list[TroubleRow]
    notes: list[str]


@dataclass(frozen=True, slots=True)
class ShownReport:
    """`undoable` are the batches that this import made, in the order in which they came in."""

    snapshot: int
    published: bool
    batches: list[BatchCard]
    left_out: list[tuple[str, str]]
    total: CountRow
    undoable: list[str]


def shown(document: dict[str, Any]) -> ShownReport:
    """A stored report in the language of this request."""
    lang = current_lang()
    batches = [_batch(batch) for batch in document["batches"]]
    batches.sort(key=lambda batch: not batch.troubles)  # what needs a person first
    left_out = [(_title(left), Message.from_json(left["reason"]).text(lang)) for left in document.get("left_out", ())]
    every = [counts for batch in batches for counts in batch.counts]
    names = ("received", "inserted", "replaced", "superseded", "accepted", "quarantined", "unchanged")
    total = CountRow(_("合计"), *(sum(getattr(counts, name) for counts in every) for name in names))
    made = [batch["batch"] for batch in document["batches"] if not batch["known"]]
    return ShownReport(document["snapshot"], document["published"], batches, left_out, total, made)


def _batch(kept: dict[str, Any]) -> BatchCard:
    lang = current_lang()
    return BatchCard(
        kept["batch"],
        _title(kept),
        kept["mapping"],
        kept["known"],
        kept["waiting"],
        [
            CountRow(
                **({name: value for name, value in counts.items() if name != "entity"}),
                label=entity_label(counts["entity"]),
            )
            for counts in kept["entities"]
        ],
        skipped_words(kept["skipped"]),
        [
            TroubleRow(
                entity_label(trouble["entity"]),
                trouble["column"] or "",
                Message.from_json(trouble["reason"]).text(lang),
                trouble["rows"],
                trouble["row"],
                joined(f"「{value}」" for value in trouble.get("others", ())),
            )
            for trouble in kept["troubles"]
        ],
        list(dict.fromkeys(Message.from_json(note).text(lang) for note in kept["notes"])),
    )


def _title(kept: dict[str, Any]) -> str:
    return f"{kept['file']} · {kept['sheet']}" if kept["sheet"] else str(kept["file"])
