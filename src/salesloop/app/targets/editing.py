"""From typed or pasted cells to entries: everything is checked first, then all is written or nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from salesloop.app.pages.services import period_label
from salesloop.app.targets.keys import NOTHING, Entry, Key
from salesloop.app.targets.models import Change
from salesloop.app.targets.reading import read_numbers
from salesloop.app.targets.sheet import Line, Sheet
from salesloop.app.targets.store import enter
from salesloop.engine.metrics.targets import TargetCell
from salesloop.engine.model.errors import UserError
from salesloop.engine.model.text import Message, Messages, to_traditional
from salesloop.engine.report.number import format_number

MOST = 5000
_MESSAGES = Messages("salesloop.app.targets")


@dataclass(frozen=True, slots=True)
class Edit:
    """The text for one cell; '' empties it."""

    row: str
    column: str
    text: str


class Refused(Exception):
    """Why an edit was not carried out: one message for each cell that is wrong. Nothing was written."""

    def __init__(self, problems: Sequence[tuple[Edit, Message]]) -> None:
        super().__init__(f"{len(problems)} cells refused")
        self.problems = tuple(problems)


def apply(sheet: Sheet, edits: Sequence[Edit], unit: int, now: dt.datetime) -> Change | None:
    """Write the cells; None where nothing would change. Raises `Refused`, or UserError where there are too many."""
    if len(edits) > MOST:
        raise UserError(_MESSAGES.message("too_many", limit=f"{MOST:,}", count=f"{len(edits):,}"))
    values = read_numbers([edit.text for edit in edits], sheet.metric.format, unit)
    problems: list[tuple[Edit, Message]] = []
    wanted: dict[Key, Decimal | None] = {}
    for edit, value in zip(edits, values, strict=True):
        problem = _problem(sheet, edit, value)
        if problem is not None:
            problems.append((edit, problem))
            continue
        line = sheet.lines[edit.row]
        cell = line.cells[edit.column]
        if not (cell.exact and stated_of(cell) == value) and not (value is None and not cell.exact):
            wanted[sheet.key_of(line, edit.column)] = value
    if problems:
        raise Refused(problems)
    return write(sheet, wanted, now) if wanted else None


def write(
    sheet: Sheet, wanted: Mapping[Key, Decimal | None], now: dt.datetime, currencies: Mapping[Key, str] | None = None
) -> Change:
    """Enter the values, in the sheet's currency but for keys with one of their own in `currencies`. An emptied cell is forgotten, and where a target was imported, that one is taken back."""
    imported = imported_keys(sheet) if None in wanted.values() else frozenset()
    entries = {
        key: Entry(True, value, (currencies or {}).get(key, sheet.currency) if value is not None else "")
        if value is not None or key in imported
        else NOTHING
        for key, value in wanted.items()
    }
    return enter(sheet.page.user, sheet.metric.metric, sheet.number, entries, now, draft=sheet.draft)


def imported_keys(sheet: Sheet) -> frozenset[Key]:
    """What imported targets of this metric and year are about."""
    snapshot = sheet.page.snapshot
    if not snapshot.has("target"):
        return frozenset()
    label = sheet.metric.label
    words = {w.lower() for w in (sheet.metric.metric, label.zh_hans, to_traditional(label.zh_hans), label.en)}
    rows = snapshot.rows(
        "SELECT DISTINCT metric, org_unit_id, employee_id, period_start, period, dimension, dimension_value FROM target "
        f"WHERE period_start BETWEEN DATE '{sheet.year.start}' AND DATE '{sheet.year.end}'"
    )
    return frozenset(
        Key(
            sheet.metric.metric,
            row["org_unit_id"],
            row["employee_id"],
            row["period_start"],
            row["period"],
            row["dimension"],
            row["dimension_value"],
        )
        for row in rows
        if row["metric"].strip().lower() in words
    )


def _problem(sheet: Sheet, edit: Edit, value: Decimal | None) -> Message | None:
    line = sheet.lines.get(edit.row)
    if line is None:
        return _MESSAGES.message("no_such_row", row=edit.row[:80])
    if edit.column not in sheet.columns:
        return _MESSAGES.message("no_such_column", column=edit.column[:80])
    place = {"row": row_name(sheet, line), "column": _column_name(sheet, edit.column)}
    if not sheet.open:
        return _closed(sheet)
    if not line.editable:
        return _MESSAGES.message("not_yours", row=place["row"])
    if held := sheet.held.get(sheet.key_of(line, edit.column)):
        if held == "decided" and sheet.deciding is not None:
            return _MESSAGES.message("decided_cell", number=sheet.deciding.number, **place)
        return _MESSAGES.message("locked_cell", **place)
    if sheet.columns[edit.column].grain != "month" and not line.cells[edit.column].exact:
        return _MESSAGES.message("summed", **place)
    if sheet.elsewhere(line, edit.column):
        return _MESSAGES.message("elsewhere", **place)
    if value is None and edit.text.strip():
        return _MESSAGES.message("not_a_number", value=edit.text.strip()[:40], **place)
    if value is not None and value < 0:
        return _MESSAGES.message("negative", value=edit.text.strip()[:40], **place)
    return _covered(sheet, line, edit.column, place) if value is not None else None


def _covered(sheet: Sheet, line: Line, column: str, place: Mapping[str, str]) -> Message | None:
    if sheet.columns[column].grain != "month" or line.cells[column].exact:
        return None
    outer = sheet.covering(line, column)
    if outer is None:
        return None
    stated = line.cells[f"{outer.grain}:{outer.start}"].stated
    page = sheet.page
    shown = format_number(stated, sheet.metric.format, page.lang, currency=sheet.money)
    return _MESSAGES.message("covered", outer=period_label(outer, page.calendar, page.lang), value=str(shown), **place)


def _closed(sheet: Sheet) -> Message:
    if sheet.draft is not None:
        return _MESSAGES.message("not_a_draft", number=sheet.draft.number)
    return _MESSAGES.message("frozen", year=sheet.number, number=sheet.deciding.number if sheet.deciding else 0)


def stated_of(cell: TargetCell) -> Decimal | None:
    """What the statement of an exact cell says, also where only a part of it counts here."""
    return cell.stated if cell.whole is None else cell.whole


def row_name(sheet: Sheet, line: Line) -> str:
    name = line.node.name or sheet.page.workspace.config.name
    return _("%(name)s（调岗前）") % {"name": name} if line.node.former else name


def _column_name(sheet: Sheet, column: str) -> str:
    return period_label(sheet.columns[column], sheet.page.calendar, sheet.page.lang)
