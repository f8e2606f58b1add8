"""The correction file: what is wrong in a source's own words, handed to whoever keeps it, and read again when it comes back.

One line a cell: the delivery, what is wrong, the row, which record it is, the column as that delivery calls it, what stands there,
and what should. A filled "should be" is a correction: the landed delivery is read again with it, so that rows keep their place.
Nothing there means nothing to correct; a cell that should be blank says so (`清空`, or its translation).
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from salesloop.engine.analyze.quality import judged
from salesloop.engine.analyze.quality.mend import Chosen, MendRow, to_mend
from salesloop.engine.clean.quality import CheckBook
from salesloop.engine.clean.quality.definition import TABLE_KINDS
from salesloop.engine.clean.quality.rules import columns_of
from salesloop.engine.collect.mapping import Mapping, load_mappings
from salesloop.engine.collect.read import read_file
from salesloop.engine.model.errors import UserError
from salesloop.engine.model.guard import unguarded
from salesloop.engine.model.scope import Scope
from salesloop.engine.model.text import LANGS, Lang, Message, Messages, Text
from salesloop.engine.pipeline.corrections import BLANKED
from salesloop.engine.pipeline.handout import write_table
from salesloop.engine.pipeline.report import ImportReport
from salesloop.engine.pipeline.retry import read_landed, retry_quarantine
from salesloop.engine.pipeline.waiting import reason_message
from salesloop.engine.store import Workspace

_MESSAGES: Final = Messages("salesloop.engine.pipeline")
_CLEANING: Final = Messages("salesloop.engine.clean")
_HEADS: Final = ("batch", "reason", "row", "record", "column", "current", "proposed")
MOST_LINES: Final = 100_000
"""Nobody works through more; a source that is wrong in more places is mended at the source."""


@dataclass(frozen=True, slots=True)
class Line:
    """One cell to put right. `column` is '' where the trouble is of the whole record; `proposed` '' where nothing can be proposed."""

    delivery: str
    row: int
    record: str
    column: str
    current: str
    proposed: str
    reasons: tuple[Text | Message, ...]


def write_correction_file(
    workspace: Workspace,
    path: Path,
    lang: Lang,
    *,
    source: str | None = None,
    scope: Scope | None = None,
    repaired: bool = False,
) -> int:
    """Write what is wrong in the deliveries of `source` (a mapping, None: all) to `path` (.xlsx or .csv); the number of lines.

    Records that fail a check (those that `scope` owns, None: all), cells that could not be read, rows in quarantine; with
    `repaired` also the cells that were read after a repair, with what was made of them. UserError where nothing is wrong.
    """
    lines = correction_lines(workspace, source=source, scope=scope, repaired=repaired)
    if not lines:
        raise UserError(_MESSAGES.message("nothing_to_correct"))
    heads = [_MESSAGES.say(f"correction_{name}", lang) for name in _HEADS]
    write_table(path, heads, [_cells(line, lang) for line in lines])
    return len(lines)


def correction_lines(
    workspace: Workspace, *, source: str | None = None, scope: Scope | None = None, repaired: bool = False
) -> list[Line]:
    """What `write_correction_file` writes: by delivery, row and column, one line a cell with all its reasons."""
    of = judged(workspace, scope or Scope.all())
    mappings = {mapping.name: mapping for mapping in load_mappings(workspace.path / "sources")}
    batches = _batches(workspace, source)
    failing = [row for row in to_mend(of, Chosen(), limit=MOST_LINES) if row.batch_id in batches]
    found = list(_of_checks(workspace, of.book, failing, batches, mappings))
    if of.scope.everything:  # what was not read belongs to nobody yet
        found += _of_ledger(workspace, batches, repaired=repaired)
    return _merged(found)[:MOST_LINES]


def read_correction_file(path: Path) -> dict[str, dict[int, dict[str, str]]]:
    """Delivery → row → column → text ('' blanks the cell), of the lines in which something is proposed that differs from what
    stands there.

    UserError where the file is no correction file.
    """
    table = read_file(path).tables[0]
    if len(table.columns) != len(_HEADS):
        raise UserError(_MESSAGES.message("not_a_correction_file"), file=path.name)
    out: dict[str, dict[int, dict[str, str]]] = {}
    blank = {_MESSAGES.say("correction_blank", lang) for lang in LANGS}
    for line in table.data.to_pylist():
        delivery, _, row, _, column, current, proposed = (unguarded(line[name] or "") for name in table.columns)
        if not proposed or not column or proposed == current:
            continue
        if not row.isdecimal():
            raise UserError(_MESSAGES.message("not_a_correction_file"), file=path.name, row=line["_row"])
        out.setdefault(delivery, {}).setdefault(int(row), {})[column] = "" if proposed.strip() in blank else proposed
    return out


def deliver_correction_file(
    workspace: Workspace, path: Path, *, now: dt.datetime, wait: float = 0.0
) -> list[ImportReport]:
    """Bring the corrections of a file in, one import for each delivery that it corrects. UserError where it corrects nothing."""
    corrections = read_correction_file(path)
    if not corrections:
        raise UserError(_MESSAGES.message("nothing_corrected"), file=path.name)
    return [
        retry_quarantine(workspace, delivery, now=now, corrections=cells, wait=wait)
        for delivery, cells in corrections.items()
    ]


def _cells(line: Line, lang: Lang) -> list[str]:
    reasons = "；".join(each.get(lang) if isinstance(each, Text) else each.text(lang) for each in line.reasons)
    return [line.delivery, reasons, str(line.row), line.record, line.column, line.current, line.proposed]


def _batches(workspace: Workspace, source: str | None) -> dict[str, dict[str, Any]]:
    found = workspace.current().rows(
        "SELECT batch_id, file_name, sheet, mapping, encoding FROM ledger.batch WHERE undone IS NULL"
    )
    return {row["batch_id"]: row for row in found if source in (None, row["mapping"])}


def _of_checks(
    workspace: Workspace,
    book: CheckBook,
    failing: Iterable[MendRow],
    batches: dict[str, dict[str, Any]],
    mappings: dict[str, Mapping],
) -> Iterator[Line]:
    by_batch: dict[str, list[MendRow]] = {}
    for record in failing:
        by_batch.setdefault(record.batch_id, []).append(record)
    for batch_id, records in by_batch.items():
        mapping = mappings.get(batches[batch_id]["mapping"])
        delivered = _delivered(workspace, batches[batch_id], [record.row for record in records])
        for record in records:
            key = " ".join(str(part) for part in record.key.values() if part is not None)
            for name in record.checks:
                check = book.check(record.entity, name)
                if isinstance(check, TABLE_KINDS):
                    continue
                order = [
                    field.name for field in book.model.entity(record.entity).fields if field.name in columns_of(check)
                ]
                columns = [
                    c for field in order for c in (mapping.columns_of(f"{record.entity}.{field}") if mapping else ())
                ]
                for column in dict.fromkeys(columns) or [""]:
                    text = delivered.get(record.row, {}).get(column) or ""
                    yield Line(_delivery(batch_id), record.row, key, column, text, "", (check.label,))


def _delivered(workspace: Workspace, batch: dict[str, Any], rows: list[int]) -> dict[int, dict[str, str | None]]:
    """The texts of some rows as they were delivered."""
    landed_id = _delivery(batch["batch_id"]).split("-")[0]
    tables = read_landed(workspace, landed_id, batch["file_name"], batch["encoding"]).tables
    table = next((one.data for one in tables if one.name == batch["sheet"]), tables[0].data)
    wanted = table.filter(pc.is_in(table["_row"], pa.array(sorted(set(rows)), pa.int64())))
    return {line["_row"]: line for line in wanted.to_pylist()}


def _of_ledger(workspace: Workspace, batches: dict[str, dict[str, Any]], *, repaired: bool) -> Iterator[Line]:
    snapshot = workspace.current()
    asked = {"chosen": pa.table({"batch_id": pa.array(list(batches), pa.string())})}
    those = "batch_id IN (SELECT batch_id FROM chosen) AND row IS NOT NULL"
    for row in snapshot.rows(
        f"SELECT * FROM ledger.quarantine WHERE {those} AND status = 'open' ORDER BY row LIMIT {MOST_LINES}", asked
    ):
        also = [Message.from_json(message) for message in json.loads(row["params"]).get("also", [])]
        reasons = (reason_message(row["reason"], row["params"]), *also)
        yield Line(
            _delivery(row["batch_id"]), row["row"], "", row["column_name"] or "", row["value"] or "", "", reasons
        )
    model = workspace.model
    unread = (
        f"SELECT cell.* FROM ledger.cell cell ANTI JOIN ({BLANKED}) blanked ON blanked.row = cell.row "
        f"AND blanked.column_name = cell.column_name AND blanked.delivery = split_part(cell.batch_id, '.', 1)"
    )
    for row in snapshot.rows(f"SELECT * FROM ({unread}) WHERE {those} ORDER BY row LIMIT {MOST_LINES}", asked):
        label = model.entity(row["entity"]).field(row["field"]).label if row["field"] else Text("-", "-")
        words = {"field": label, "value": row["value"], "form": "", "known": ""}
        why = Message(row["reason"], words, _CLEANING.package)
        yield Line(_delivery(row["batch_id"]), row["row"], "", row["column_name"] or "", row["value"] or "", "", (why,))
    if not repaired:
        return
    for row in snapshot.rows(
        f"SELECT * FROM ledger.repair WHERE {those} AND rule <> 'corrected' ORDER BY row LIMIT {MOST_LINES}", asked
    ):
        rule = Message(f"rule_{row['rule']}", {}, _CLEANING.package)
        before, after = row["before"] or "", row["after"] or ""
        yield Line(_delivery(row["batch_id"]), row["row"], "", row["column_name"] or "", before, after, (rule,))


def _merged(lines: Iterable[Line]) -> list[Line]:
    """One line a cell, with every reason once and whatever is known of it."""
    out: dict[tuple[str, int, str], Line] = {}
    for line in lines:
        place = (line.delivery, line.row, line.column)
        known = out.get(place)
        if known is None:
            out[place] = line
            continue
        more = tuple(reason for reason in line.reasons if reason not in known.reasons)
        out[place] = replace(
            known,
            record=known.record or line.record,
            current=known.current or line.current,
            proposed=known.proposed or line.proposed,
            reasons=known.reasons + more,
        )
    return [out[place] for place in sorted(out)]


def _delivery(batch_id: str) -> str:
    """The delivery of a batch: a second try of its rows reads the same bytes."""
    return batch_id.split(".", maxsplit=1)[0]
