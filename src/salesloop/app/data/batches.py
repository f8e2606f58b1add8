"""What was delivered, batch by batch."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from salesloop.app.audit.services import entries
from salesloop.app.data.report import CountRow
from salesloop.app.data.words import encoding_words, entity_label, skipped_words
from salesloop.app.workspace.services import snapshot
from salesloop.engine.clean.values.cells import literals


@dataclass(frozen=True, slots=True)
class Batch:
    """One batch with the counts of each entity. `waiting` rows are in quarantine now."""

    batch_id: str
    file: str
    sheet: str
    mapping: str
    encoding: str
    received_at: dt.datetime
    undone: dt.datetime | None
    who: str
    counts: list[CountRow]
    skipped: str
    waiting: int


class Batches:
    """All batches, the newest first, narrowed by words in the file's name; can be counted and sliced for a pager."""

    def __init__(self, words: str = "") -> None:
        self._snapshot = snapshot()
        escaped = words.replace("'", "''")
        self._where = f"WHERE contains(lower(file_name), lower('{escaped}'))" if words else ""

    def count(self) -> int:
        return int(self._snapshot.rows(f"SELECT count(*) AS n FROM ledger.batch {self._where}")[0]["n"])

    def __getitem__(self, part: slice) -> list[Batch]:
        start = part.start or 0
        limit = f"LIMIT {part.stop - start} OFFSET {start}" if part.stop is not None else ""
        found = self._snapshot.rows(
            f"SELECT batch_id, file_name, sheet, mapping, encoding, received_at, undone FROM ledger.batch {self._where} "
            f"ORDER BY received_at DESC, batch_id {limit}"
        )
        return self._complete(found)

    def one(self, batch_id: str) -> Batch | None:
        """One batch by its id."""
        found = self._snapshot.rows(
            "SELECT batch_id, file_name, sheet, mapping, encoding, received_at, undone FROM ledger.batch "
            f"WHERE batch_id IN ({literals([batch_id])})"
        )
        return next(iter(self._complete(found)), None)

    def _complete(self, found: list[dict[str, Any]]) -> list[Batch]:
        ids = [row["batch_id"] for row in found]
        if not ids:
            return []
        counts, skipped, waiting, who = self._counts(ids), self._skipped(ids), self._waiting(ids), _importers(ids)
        return [
            Batch(
                row["batch_id"],
                row["file_name"],
                row["sheet"],
                row["mapping"],
                encoding_words(row["encoding"]) if row["encoding"] else "",
                row["received_at"].replace(tzinfo=dt.UTC),
                row["undone"] and row["undone"].replace(tzinfo=dt.UTC),
                who.get(row["batch_id"], ""),
                counts.get(row["batch_id"], []),
                skipped_words(skipped.get(row["batch_id"], {})),
                waiting.get(row["batch_id"], 0),
            )
            for row in found
        ]

    def _counts(self, ids: Sequence[str]) -> dict[str, list[CountRow]]:
        out: dict[str, list[CountRow]] = {}
        for row in self._snapshot.rows(
            f"SELECT *, inserted + replaced + superseded AS accepted FROM ledger.counts "
            f"WHERE batch_id IN ({literals(ids)}) ORDER BY received DESC, entity"
        ):
            name, batch = row.pop("entity"), row.pop("batch_id")
            out.setdefault(batch, []).append(CountRow(label=entity_label(name), **row))
        return out

    def _skipped(self, ids: Sequence[str]) -> dict[str, dict[str, int]]:
        out: dict[str, dict[str, int]] = {}
        for row in self._snapshot.rows(f"SELECT * FROM ledger.skipped WHERE batch_id IN ({literals(ids)})"):
            out.setdefault(row["batch_id"], {})[row["reason"]] = row["rows"]
        return out

    def _waiting(self, ids: Sequence[str]) -> dict[str, int]:
        found = self._snapshot.rows(
            f"SELECT batch_id, count(DISTINCT row) AS rows FROM ledger.quarantine WHERE status = 'open' "
            f"AND batch_id IN ({literals(ids)}) GROUP BY batch_id"
        )
        return {row["batch_id"]: row["rows"] for row in found}


def _importers(ids: Sequence[str]) -> dict[str, str]:
    """Who imported each batch in the browser; the command line knows nobody."""
    found = entries(code="data.imported").filter(object_id__in=ids, actor__isnull=False)
    return {entry.object_id: str(entry.actor) for entry in found}
