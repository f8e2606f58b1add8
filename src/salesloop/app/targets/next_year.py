"""The targets of a year, built on those of the year before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from salesloop.app.targets.editing import row_name, stated_of
from salesloop.app.targets.keys import Key
from salesloop.app.targets.reading import read_numbers
from salesloop.app.targets.sheet import Sheet
from salesloop.engine.model.errors import UserError
from salesloop.engine.model.text import Messages

_MESSAGES = Messages("salesloop.app.targets")
_WHOLE = ("money", "count")


@dataclass(frozen=True, slots=True)
class Outlook:
    """One row of the preview: its stated months of last year together, and what they would become."""

    name: str
    depth: int
    last: Decimal
    new: Decimal


@dataclass(frozen=True, slots=True)
class Plan:
    """What would be written; `kept` months have a target already and stay as they are. `currencies`: of values that were
    stated in another currency than the sheet's, and stay in it."""

    rows: tuple[Outlook, ...]
    values: Mapping[Key, Decimal]
    kept: int
    currencies: Mapping[Key, str]


def read_factor(text: str) -> Decimal:
    """`110` or `110%` → 1.1. UserError for anything else."""
    (factor,) = read_numbers([text], "percent")
    if factor is None or not 0 < factor <= 10:
        raise UserError(_MESSAGES.message("bad_factor", value=text[:40]))
    return factor


def plan(sheet: Sheet, last: Sheet, factor: Decimal, *, overwrite: bool) -> Plan:
    """Every month stated last year × `factor`, in the rows that the person may change. Money and counts become whole.

    UserError where last year has nothing to build on.
    """
    step = Decimal(1) if sheet.metric.format in _WHOLE else Decimal("0.0001")
    rows, values, kept = [], dict[Key, Decimal](), 0
    currencies: dict[Key, str] = {}
    for key, line in sheet.lines.items():
        before = last.person(line.node.id) if line.node.kind == "employee" else last.lines.get(key)
        if before is None or line.node.former or not line.editable:
            continue
        old, new = Decimal(0), Decimal(0)
        for month, same in zip(sheet.months, last.months, strict=False):
            cell = before.cells[same]
            stated = stated_of(cell)
            if stated is None or not cell.exact:
                continue
            held = sheet.key_of(line, month) in sheet.held
            if held or (line.cells[month].exact and not overwrite) or sheet.covering(line, month) is not None:
                kept += 1
                continue
            value = (stated * factor).quantize(step, ROUND_HALF_UP)
            old, new = old + stated, new + value
            key_here = sheet.key_of(line, month)
            if cell.foreign is not None:
                currencies[key_here] = cell.foreign.currency
                value = (cell.foreign.amount * factor).quantize(step, ROUND_HALF_UP)
            values[key_here] = value
        if old:
            rows.append(Outlook(row_name(sheet, line), line.node.depth, old, new))
    if not values and not kept:
        year = sheet.page.calendar.year_number(last.year.start)
        raise UserError(_MESSAGES.message("nothing_to_copy", year=year))
    return Plan(tuple(rows), values, kept, currencies)
