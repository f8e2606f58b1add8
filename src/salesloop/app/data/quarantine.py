"""Rows that wait: why, what stood in them, and the cells that a person may put right."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Literal

from salesloop.app.data.words import entity_label, field_label, reason_words
from salesloop.app.ui.language import current_lang
from salesloop.app.workspace.services import snapshot
from salesloop.engine.clean.values.cells import literal
from salesloop.engine.model.text import Message
from salesloop.engine.pipeline.waiting import reason_message

Status = Literal["open", "retried", "dropped"]
_NEAR = 5


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell as delivered. `wrong` is the one that the row waits for."""

    column: str
    value: str
    wrong: bool


@dataclass(frozen=True, slots=True)
class Waiting:
    """One row in quarantine. `broken`: it could not be split into cells, `cells` then holds the line as it was."""

    batch_id: str
    file: str
    sheet: str
    entity_name: str
    entity: str
    row: int
    column: str
    field: str
    value: str
    sentences: list[str]
    cells: list[Cell]
    broken: bool
    status: Status

    @property
    def key(self) -> str:
        """Tells it from all others on a page: a row may wait as several entities."""
        return f"{self.batch_id}-{self.entity_name}-{self.row}"

    @property
    def near(self) -> list[Cell]:
        """The wrong cell, then the first few, by which people know the row."""
        return [cell for cell in self.cells if cell.wrong] + [cell for cell in self.cells if not cell.wrong][:_NEAR]

    @property
    def rest(self) -> list[Cell]:
        """All other cells."""
        return [cell for cell in self.cells if not cell.wrong][_NEAR:]


@dataclass(frozen=True, slots=True)
class Choice:
    """One value to filter by, with how many rows wait there."""

    value: str
    label: str
    rows: int


class Quarantine:
    """Rows in quarantine, narrowed; can be counted and sliced for a pager."""

    def __init__(self, *, entity: str = "", reason: str = "", batch: str = "", status: Status = "open") -> None:
        self._snapshot = snapshot()
        asked = {"entity": entity, "reason": reason, "batch_id": batch, "status": status}
        self._conditions = {name: f"{name} = {literal(value)}" for name, value in asked.items() if value}

    def count(self) -> int:
        return int(self._snapshot.rows(f"SELECT count(*) AS n FROM ledger.quarantine {self._where()}")[0]["n"])

    def __getitem__(self, part: slice) -> list[Waiting]:
        start = part.start or 0
        found = self._snapshot.rows(
            "SELECT q.*, b.file_name, b.sheet FROM ledger.quarantine q JOIN ledger.batch b USING (batch_id) "
            f"{self._where()} ORDER BY b.received_at DESC, batch_id, row, entity LIMIT {part.stop - start} OFFSET {start}"
        )
        return [_row(row) for row in found]

    def entities(self) -> list[Choice]:
        """The entities to choose from, under the other filters."""
        return [Choice(v, entity_label(v), n) for v, n in self._by("entity")]

    def reasons(self) -> list[Choice]:
        """The reasons to choose from: the sentence of the first such row."""
        found = self._snapshot.rows(
            f"SELECT reason, arg_min(params, row) AS params, count(*) AS rows FROM ledger.quarantine "
            f"{self._where('reason')} GROUP BY reason ORDER BY rows DESC, reason"
        )
        return [Choice(row["reason"], reason_words(row["reason"]), row["rows"]) for row in found]

    def batches(self) -> list[Choice]:
        """The batches to choose from, the newest first."""
        found = self._snapshot.rows(
            "SELECT batch_id, any_value(file_name) AS file, any_value(sheet) AS sheet, count(*) AS rows, "
            "max(received_at) AS latest FROM ledger.quarantine JOIN ledger.batch USING (batch_id) "
            f"{self._where('batch_id')} GROUP BY batch_id ORDER BY latest DESC, batch_id"
        )
        return [
            Choice(row["batch_id"], f"{row['file']} · {row['sheet']}" if row["sheet"] else row["file"], row["rows"])
            for row in found
        ]

    def _by(self, column: str) -> list[tuple[str, int]]:
        found = self._snapshot.rows(
            f"SELECT {column} AS value, count(*) AS rows FROM ledger.quarantine {self._where(column)} "
            f"GROUP BY {column} ORDER BY rows DESC, value"
        )
        return [(row["value"], row["rows"]) for row in found]

    def _where(self, without: str = "") -> str:
        conditions = [sql for name, sql in self._conditions.items() if name != without]
        return f"WHERE {' AND '.join(conditions)}" if conditions else ""


def _row(row: dict[str, Any]) -> Waiting:
    lang = current_lang()
    params = json.loads(row["params"] or "{}")
    messages = [reason_message(row["reason"], row["params"] or "{}")]
    messages += [Message.from_json(one) for one in params.get("also", ())]
    raw: dict[str, Any] = json.loads(row["raw"])
    column = row["column_name"] or ""
    return Waiting(
        row["batch_id"],
        row["file_name"],
        row["sheet"],
        row["entity"],
        entity_label(row["entity"]),
        row["row"],
        column,
        field_label(f"{row['entity']}.{row['field']}") if row["field"] else "",
        row["value"] or "",
        [message.text(lang) for message in messages],
        [Cell(name, value or "", name == column) for name, value in raw.items()],
        "" in raw,
        row["status"],
    )
