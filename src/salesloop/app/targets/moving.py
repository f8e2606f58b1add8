"""Targets of people who leave: what is left of their year, and who takes it over. A proposal until somebody applies it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from salesloop.app.targets.editing import row_name
from salesloop.app.targets.keys import Key
from salesloop.app.targets.sheet import Line, Sheet
from salesloop.engine.analyze.planning.moves import Move, To, reassign
from salesloop.engine.model.calendar import Period
from salesloop.engine.model.errors import UserError
from salesloop.engine.model.text import Messages

_MESSAGES = Messages("salesloop.app.targets")
_ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Leaver:
    """Somebody with targets after their last day. `left`: what these months hold; `team`: who else is in the unit."""

    line: Line
    name: str
    last_day: dt.date
    left: Decimal
    team: tuple[Line, ...]


@dataclass(frozen=True)
class Handover:
    """What would be written, and every cell before and after."""

    moves: tuple[tuple[str, Move], ...]
    values: Mapping[Key, Decimal | None]
    given: Decimal


def leavers(sheet: Sheet) -> list[Leaver]:
    """Rows of people who leave (or left) before the end of the sheet's year and still have targets after that day."""
    gone = _last_days(sheet)
    found = []
    for line in sheet.lines.values():
        last_day = gone.get(line.node.id) if line.node.kind == "employee" and not line.node.former else None
        if last_day is None or last_day >= sheet.year.end or not line.editable:
            continue
        left = sum((a for p, a in months_of(sheet, line).items() if p.end > last_day), _ZERO)
        if left:
            found.append(Leaver(line, row_name(sheet, line), last_day, left, tuple(_team(sheet, line, gone))))
    return found


def handover(sheet: Sheet, leaver: Leaver, to: To, heirs: Sequence[Line]) -> Handover:
    """The proposal. In a team everybody takes a share by their own target of the year. UserError where nobody is named."""
    people = [line for line in heirs if line.editable]
    if to != "nobody" and not people:
        raise UserError(_MESSAGES.message("no_heir"))
    targets = {line.node.id: months_of(sheet, line) for line in (leaver.line, *people)}
    weights = [(line.node.id, sum(targets[line.node.id].values(), _ZERO)) for line in people]
    moves = reassign(leaver.line.node.id, targets, leaver.last_day, to, weights, Decimal(1))
    lines = {line.node.id: line for line in (leaver.line, *people)}
    values: dict[Key, Decimal | None] = {
        sheet.key_of(lines[move.who], f"month:{move.period.start}"): move.after for move in moves
    }
    taken = sum((m.before - m.after for m in moves if m.who == leaver.line.node.id), _ZERO)
    return Handover(tuple((row_name(sheet, lines[move.who]), move) for move in moves), values, taken)


def months_of(sheet: Sheet, line: Line) -> dict[Period, Decimal]:
    return {sheet.columns[month]: stated for month in sheet.months if (stated := line.cells[month].stated) is not None}


def _team(sheet: Sheet, line: Line, gone: Mapping[str, dt.date]) -> list[Line]:
    return [
        other
        for other in sheet.lines.values()
        if other.node.kind == "employee"
        and other.key != line.key
        and not other.node.former
        and other.parents[:1] == line.parents[:1]
        and other.node.id not in gone
    ]


def _last_days(sheet: Sheet) -> Mapping[str, dt.date]:
    snapshot = sheet.page.snapshot
    if not snapshot.has("employee"):
        return {}
    rows = snapshot.rows(
        "SELECT employee_id, max(leave_date) AS last_day FROM employee WHERE leave_date IS NOT NULL GROUP BY employee_id"
    )
    return {row["employee_id"]: row["last_day"] for row in rows}
