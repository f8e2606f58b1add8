"""Targets of people who change units within a year: with the person, or with the unit that they leave. A proposal until applied.

By the rule for targets (`engine.metrics.targets.places`) a person's target counts, day by day, in the unit where they are. So it
follows them by itself wherever units are the sum of their people; what units state for themselves has to be moved along.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise

from django.db import transaction
from django.db.models import Q

from salesloop.app.org.services import org_tree, unit_names
from salesloop.app.targets.editing import imported_keys, row_name
from salesloop.app.targets.keys import NOTHING, Entry, Key
from salesloop.app.targets.models import Change, MoveDecision, Version
from salesloop.app.targets.moving import months_of
from salesloop.app.targets.sheet import Line, Sheet
from salesloop.app.targets.store import enter
from salesloop.engine.analyze.planning.moves import Move, after, follow
from salesloop.engine.analyze.planning.split import apportion
from salesloop.engine.metrics.targets.cover import measure_of
from salesloop.engine.model.calendar import Period
from salesloop.engine.model.errors import UserError
from salesloop.engine.model.text import Messages

_MESSAGES = Messages("salesloop.app.targets")
_ZERO, _STEP = Decimal(0), Decimal("0.01")
Choice = MoveDecision.Choice


@dataclass(frozen=True)
class Mover:
    """Somebody who comes to another unit on `day`. `moving`: their target from then on, by month; `team`: who stays behind."""

    line: Line
    name: str
    day: dt.date
    left_unit: str
    joined_unit: str
    moving: Mapping[Period, Decimal]
    team: tuple[Line, ...]
    decided: MoveDecision | None

    @property
    def key(self) -> str:
        return f"{self.line.key}@{self.day}"

    @property
    def amount(self) -> Decimal:
        return sum(self.moving.values(), _ZERO)

    @property
    def left_name(self) -> str:
        return unit_names([self.left_unit]).get(self.left_unit, self.left_unit)

    @property
    def joined_name(self) -> str:
        return unit_names([self.joined_unit]).get(self.joined_unit, self.joined_unit)


@dataclass(frozen=True)
class Transfer:
    """What would be written, and everything that changes: (name, before and after)."""

    moves: tuple[tuple[str, Move], ...]
    entries: Mapping[Key, Entry]


def movers(sheet: Sheet) -> list[Mover]:
    """Everybody who changes units within the sheet's year and has a target after that day."""
    tree, measure = org_tree(), measure_of(sheet.page.workspace.config.target_days)
    decided = {(one.employee_id, one.day): one for one in _decisions(sheet)}
    found = []
    for line in sheet.lines.values():
        whole = sheet.person(line.node.id) if line.node.kind == "employee" and not line.node.former else None
        if whole is None:
            continue
        stays = tree.stays(line.node.id)
        for before, here in pairwise(stays):
            if not sheet.year.start < here.start <= sheet.year.end:
                continue
            moving = after(months_of(sheet, whole), here.start, measure)
            decision = decided.get((line.node.id, here.start))
            if any(moving.values()) or decision is not None:
                team = tuple(_people_of(sheet, before.unit, line))
                found.append(
                    Mover(whole, row_name(sheet, line), here.start, before.unit, here.unit, moving, team, decision)
                )
    return found


def transfer(sheet: Sheet, mover: Mover, choice: str, heirs: Sequence[Line] = ()) -> Transfer:
    """The proposal. UserError where nobody takes over, where it was decided already, or where it is not this person's to do."""
    if mover.decided is not None:
        raise UserError(_MESSAGES.message("move_decided", name=mover.name))
    if choice == Choice.FOLLOW:
        return _with_the_person(sheet, mover)
    if choice != Choice.UNIT and not heirs:
        raise UserError(_MESSAGES.message("no_heir"))
    return _with_the_unit(sheet, mover, heirs)


@transaction.atomic
def apply_transfer(sheet: Sheet, mover: Mover, choice: str, proposal: Transfer, now: dt.datetime) -> Change:
    """Write the proposal and what was chosen."""
    metric, year = sheet.metric.metric, sheet.number
    change = enter(sheet.page.user, metric, year, proposal.entries, now, draft=sheet.draft)
    MoveDecision.objects.create(
        metric=metric, year=year, employee_id=mover.line.node.id, day=mover.day, choice=choice, change=change
    )
    return change


def _with_the_person(sheet: Sheet, mover: Mover) -> Transfer:
    tree = org_tree()
    left = [mover.left_unit, *tree.ancestors(mover.left_unit, mover.day)]
    joined = [mover.joined_unit, *tree.ancestors(mover.joined_unit, mover.day)]
    stated = {unit: _stated(sheet, unit) for unit in {*left, *joined}}
    moves = follow(
        mover.moving,
        stated,
        [unit for unit in left if unit not in joined],
        [unit for unit in joined if unit not in left],
        _STEP,
    )
    lines = {move.who: _line(sheet, f"org_unit:{move.who}") for move in moves}
    entries = {
        sheet.key_of(lines[move.who], _column(move.period)): Entry(True, move.after, sheet.currency) for move in moves
    }
    return Transfer(tuple((row_name(sheet, lines[move.who]), move) for move in moves), entries)


def _with_the_unit(sheet: Sheet, mover: Mover, heirs: Sequence[Line]) -> Transfer:
    """The person keeps what was due before the move, in the unit that they left; heirs, or the unit itself, take the rest."""
    person, unit = mover.line, _line(sheet, f"org_unit:{mover.left_unit}")
    imported = imported_keys(sheet)
    moves: list[tuple[str, Move]] = []
    entries: dict[Key, Entry] = {}

    def write(line: Line, period: Period, before: Decimal, value: Decimal) -> None:
        moves.append((row_name(sheet, line), Move(line.node.id, period, before, value)))
        entries[sheet.key_of(line, _column(period))] = Entry(True, value, sheet.currency)

    weights = [sum(months_of(sheet, line).values(), _ZERO) for line in heirs]
    for period, amount in mover.moving.items():
        cell = person.cells[_column(period)]
        if not cell.exact:
            raise UserError(_MESSAGES.message("move_needs_months", name=mover.name))
        before = cell.target or _ZERO
        going = (amount / _STEP).to_integral_value(ROUND_HALF_UP) * _STEP
        key = sheet.key_of(person, _column(period))
        entries[key] = Entry(True) if key in imported else NOTHING
        kept = before - going
        moves.append((mover.name, Move(person.node.id, period, before, kept)))
        if kept:
            fields = key.fields | {"org_unit_id": mover.left_unit}
            entries[Key(**fields)] = Entry(True, kept, sheet.currency)
        if heirs:
            for line, share in zip(heirs, apportion(going, weights, _STEP), strict=True):
                known = line.cells[_column(period)].stated or _ZERO
                write(line, period, known, known + share)
        elif not unit.cells[_column(period)].exact and sheet.covering(unit, _column(period)) is None:
            # A unit that states its target already holds what the person leaves; one that does not is the sum of its people.
            known = unit.cells[_column(period)].target or _ZERO
            write(unit, period, known, known + going)
    return Transfer(tuple(moves), entries)


def _stated(sheet: Sheet, unit: str) -> dict[Period, Decimal]:
    """What a unit states for itself."""
    line = sheet.lines.get(f"org_unit:{unit}")
    if line is None:
        return {}
    cells = ((sheet.columns[key], cell) for key, cell in line.cells.items() if cell.exact)
    return {period: cell.stated for period, cell in cells if cell.stated is not None}


def _line(sheet: Sheet, key: str) -> Line:
    """UserError where the row is not the person's to change: somebody above both units has to decide."""
    line = sheet.lines.get(key)
    if line is None or not line.editable:
        raise UserError(_MESSAGES.message("move_above_you"))
    return line


def _people_of(sheet: Sheet, unit: str, mover: Line) -> list[Line]:
    return [
        line
        for line in sheet.lines.values()
        if line.node.kind == "employee"
        and line.node.id != mover.node.id
        and not line.node.former
        and line.parents[:1] == (f"org_unit:{unit}",)
        and line.editable
    ]


def _decisions(sheet: Sheet) -> list[MoveDecision]:
    """What was decided about the targets that this sheet shows."""
    counts = Q(change__draft=None) | Q(change__draft__state__in=(Version.State.APPROVED, Version.State.FROZEN))
    if sheet.draft is not None:
        counts |= Q(change__draft=sheet.draft)
    of = MoveDecision.objects.filter(counts, metric=sheet.metric.metric, year=sheet.number, change__undone_at=None)
    return list(of.select_related("change__by"))


def _column(period: Period) -> str:
    return f"{period.grain}:{period.start}"
