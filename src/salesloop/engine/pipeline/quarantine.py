"""Looking at quarantine: by reason, row by row, as a file to correct and back."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pyarrow as pa

from salesloop.engine.collect.read import read_file
from salesloop.engine.model.errors import UserError
from salesloop.engine.model.guard import unguarded
from salesloop.engine.model.text import Lang, Message, Messages
from salesloop.engine.pipeline.corrections import Corrections
from salesloop.engine.pipeline.handout import write_table
from salesloop.engine.pipeline.waiting import reason_message
from salesloop.engine.store import Snapshot, Workspace

_MESSAGES = Messages("salesloop.engine.pipeline")

Status = Literal["open", "retried", "dropped"]


@dataclass(frozen=True, slots=True)
class WaitingGroup:
    """The rows of one batch that wait for one reason; `message` is that of the first of them."""

    batch_id: str
    file: str
    sheet: str
    entity: str
    column: str | None
    message: Message
    rows: int


@dataclass(frozen=True, slots=True)
class WaitingRow:
    """One row in quarantine: `raw` is column → text as delivered, `also` further reasons."""

    batch_id: str
    entity: str
    row: int
    column: str | None
    value: str | None
    message: Message
    also: tuple[Message, ...]
    raw: dict[str, str | None]
    status: Status


def waiting_groups(snapshot: Snapshot) -> list[WaitingGroup]:
    """What waits, by batch and reason; the latest batch first."""
    found = snapshot.rows(
        "SELECT batch_id, any_value(file_name) AS file, any_value(sheet) AS sheet, entity, column_name, reason, "
        "arg_min(params, row) AS params, count(*) AS rows, max(received_at) AS received "
        "FROM ledger.quarantine JOIN ledger.batch USING (batch_id) WHERE status = 'open' "
        "GROUP BY batch_id, entity, column_name, reason ORDER BY received DESC, batch_id, rows DESC, entity, column_name"
    )
    return [
        WaitingGroup(
            row["batch_id"],
            row["file"],
            row["sheet"],
            row["entity"],
            row["column_name"],
            reason_message(row["reason"], row["params"]),
            row["rows"],
        )
        for row in found
    ]


def waiting_rows(
    snapshot: Snapshot, batch_id: str, *, status: Status | None = "open", limit: int = 100, offset: int = 0
) -> list[WaitingRow]:
    """Rows of one batch in quarantine, in the order of the file."""
    chosen = "" if status is None else "AND status = (SELECT status FROM asked)"
    found = snapshot.rows(
        f"SELECT batch_id, entity, row, column_name, value, reason, params, raw, status FROM ledger.quarantine "
        f"WHERE batch_id = (SELECT batch_id FROM asked) {chosen} "
        f"ORDER BY row, entity LIMIT {int(limit)} OFFSET {int(offset)}",
        {"asked": pa.table({"batch_id": [batch_id], "status": [status or ""]})},
    )
    return [_row(row) for row in found]


def _row(row: dict[str, str]) -> WaitingRow:
    also = json.loads(row["params"]).get("also", [])
    return WaitingRow(
        row["batch_id"],
        row["entity"],
        int(row["row"]),
        row["column_name"],
        row["value"],
        reason_message(row["reason"], row["params"]),
        tuple(Message.from_json(message) for message in also),
        json.loads(row["raw"]),
        row["status"],  # type: ignore[arg-type]
    )


def export_waiting(workspace: Workspace, batch_id: str, path: Path, lang: Lang) -> int:
    """Write the waiting rows of a batch to `path` (.xlsx or .csv), to be corrected there; the number of rows.

    First the row's number in its file, then why it waits, then its columns as delivered.
    """
    rows = waiting_rows(workspace.current(), batch_id, limit=1_000_000)
    if not rows:
        raise UserError(_MESSAGES.message("nothing_waits", batch=batch_id))
    columns = _columns(rows)
    heads = [_MESSAGES.say("head_row", lang), _MESSAGES.say("head_reason", lang), *columns]
    lines = [[str(row.row), _why(row, lang), *(row.raw.get(column) or "" for column in columns)] for row in _once(rows)]
    write_table(path, heads, lines)
    return len(lines)


def read_corrections(workspace: Workspace, batch_id: str, path: Path) -> Corrections:
    """What somebody changed in a file that `export_waiting` wrote: row → column → new text."""
    table = read_file(path).tables[0]
    rows = waiting_rows(workspace.current(), batch_id, limit=1_000_000)
    waiting, columns = {row.row: row.raw for row in rows}, _columns(rows)
    number, *cells = (table.columns[0], *table.columns[2:])  # by position: the file may have a column of the same name
    if len(cells) != len(columns):
        raise UserError(_MESSAGES.message("not_the_export", columns=columns), file=path.name)
    out: dict[int, dict[str, str]] = {}
    for line in table.data.to_pylist():
        text = str(line[number] or "").strip()
        if not text.isdecimal() or int(text) not in waiting:
            raise UserError(
                _MESSAGES.message("not_waiting", batch=batch_id, value=text), file=path.name, row=line["_row"]
            )
        raw = waiting[int(text)]
        now = {column: unguarded(line[cell] or "") for column, cell in zip(columns, cells, strict=True)}
        changed = {column: value for column, value in now.items() if value != (raw.get(column) or "")}
        if changed:
            out[int(text)] = changed
    return out


def _columns(rows: Iterable[WaitingRow]) -> list[str]:
    return list(dict.fromkeys(column for row in rows for column in row.raw if column))


def _once(rows: Iterable[WaitingRow]) -> list[WaitingRow]:
    """A row may wait as several entities; it is corrected once."""
    return list({row.row: row for row in rows}.values())


def _why(row: WaitingRow, lang: Lang) -> str:
    sentence = " ".join(message.text(lang) for message in (row.message, *row.also))
    return f"{sentence} {row.raw['']}" if "" in row.raw else sentence
