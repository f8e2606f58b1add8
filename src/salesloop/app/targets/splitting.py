"""The split of one row: over the months of its year, or over the rows directly below it. A plan is shown before it is written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from salesloop.app.pages.services import period_label
from salesloop.app.targets.editing import row_name
from salesloop.app.targets.keys import Key
from salesloop.app.targets.outlook import Outlook, last_year_days, sums_by_row
from salesloop.app.targets.people import year_target
from salesloop.app.targets.potential import potential_by_row
from salesloop.app.targets.sheet import Line, Sheet
from salesloop.engine.analyze.planning.season import Season, equal_shares, workday_shares
from salesloop.engine.analyze.planning.split import CENT, Part, apportion, split
from salesloop.engine.analyze.planning.table import split_table
from salesloop.engine.model.errors import UserError
from salesloop.engine.model.text import Messages

_MESSAGES = Messages("salesloop.app.targets")
_ZERO = Decimal(0)

How = Literal["time", "below"]
TIME: Mapping[str, str | Promise] = {"season": _("历史季节"), "workdays": _("工作日"), "equal": _("平均")}
BELOW: Mapping[str, str | Promise] = {
    "history": _("历史业绩"),
    "potential": _("客户潜力（年营收）"),
    "equal": _("平均"),
    "own": _("自定权重"),
}


@dataclass(frozen=True)
class Asked:
    """How to split. `amount`: the year's total, None = what stands there; limits are shares of last year (0.9 … 1.2)."""

    how: How
    by: str
    amount: Decimal | None = None
    step: Decimal = Decimal(1)
    low: Decimal | None = None
    high: Decimal | None = None
    weights: Mapping[str, Decimal] = field(default_factory=dict)
    left_out: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Share:
    """One line of the preview. `locked`: some of it stays as it is; `out`: takes no part."""

    key: str
    name: str
    last: Decimal | None
    before: Decimal | None
    after: Decimal
    weight: Decimal
    locked: bool
    out: bool

    @property
    def change(self) -> Decimal:
        return self.after - (self.before or _ZERO)

    @property
    def growth(self) -> Decimal | None:
        """Against last year, a fraction."""
        return (self.after - self.last) / self.last if self.last else None


@dataclass(frozen=True)
class Plan:
    """What would be written, and the lines that say so. `season` is what the months were split by."""

    total: Decimal
    shares: tuple[Share, ...]
    values: Mapping[Key, Decimal | None]
    season: Season | None = None

    @property
    def after(self) -> Decimal:
        return sum((share.after for share in self.shares), _ZERO)


def children(sheet: Sheet, line: Line) -> list[Line]:
    """The rows directly below."""
    others = [other for other in sheet.lines.values() if other.key != line.key and not other.node.former]
    if line.node.kind == "company" and not sheet.by:
        return [other for other in others if not other.parents]
    return [other for other in others if other.parents[:1] == (line.key,)]


def plan(sheet: Sheet, line: Line, asked: Asked) -> Plan:
    """The plan of a split. UserError where there is nothing to split, nothing to split it by, or what is locked forbids it."""
    return _over_time(sheet, line, asked) if asked.how == "time" else _over_rows(sheet, line, asked)


def shares_of_months(sheet: Sheet, line: Line, by: str) -> Season:
    """How the year falls into its months. UserError where history cannot say."""
    periods = [sheet.columns[month] for month in sheet.months]
    if by == "equal":
        return equal_shares(periods)
    if by == "workdays":
        return workday_shares(periods)
    season = Outlook(sheet, line).season
    if season is None:
        raise UserError(_MESSAGES.message("no_history", name=row_name(sheet, line)))
    return season


def _over_time(sheet: Sheet, line: Line, asked: Asked) -> Plan:
    total = asked.amount if asked.amount is not None else year_target(sheet, line)
    if total is None:
        raise UserError(_MESSAGES.message("nothing_to_split", name=row_name(sheet, line), year=sheet.number))
    season = shares_of_months(sheet, line, asked.by)
    fixed = [_held(sheet, line, month) for month in sheet.months]
    parts = [Part(Decimal(repr(share)), cell) for share, cell in zip(season.shares, fixed, strict=True)]
    amounts = split(total, parts, asked.step)
    shares, values = [], dict[Key, Decimal | None]()
    for month, part, amount in zip(sheet.months, parts, amounts, strict=True):
        cell = line.cells[month]
        name = period_label(sheet.columns[month], sheet.page.calendar, sheet.page.lang)
        shares.append(Share(month, name, None, cell.target, amount, part.weight, part.fixed is not None, False))
        if part.fixed is None:
            values[sheet.key_of(line, month)] = amount
    values |= _cleared(sheet, line)
    return Plan(total, tuple(shares), values, season)


def _over_rows(sheet: Sheet, line: Line, asked: Asked) -> Plan:
    below = children(sheet, line)
    name = row_name(sheet, line)
    if not below:
        raise UserError(_MESSAGES.message("nobody_below", name=name))
    total = asked.amount if asked.amount is not None else year_target(sheet, line)
    if total is None:
        raise UserError(_MESSAGES.message("nothing_to_split", name=name, year=sheet.number))
    last = sums_by_row(sheet, last_year_days(sheet))
    weights = _weights(sheet, below, asked, last)
    out = {
        row.key
        for row in below
        if row.key in asked.left_out or not row.editable or not (weights[row.key] or year_target(sheet, row))
    }
    if not any(weights[row.key] for row in below if row.key not in out):
        raise UserError(_MESSAGES.message("no_weights", name=name))
    profile = [line.cells[month].target or _ZERO for month in sheet.months]
    months = apportion(total, profile, CENT)
    fixed = [
        [cell.target or _ZERO for cell in (row.cells[m] for m in sheet.months)]
        if row.key in out
        else [_held(sheet, row, month) for month in sheet.months]
        for row in below
    ]
    parts = [_part(row, weights[row.key], last.get(row.key), asked) for row in below]
    table = split_table(months, parts, fixed, asked.step)
    shares, values = [], dict[Key, Decimal | None]()
    for row, cells, held in zip(below, table, fixed, strict=True):
        locked = row.key not in out and any(cell is not None for cell in held)
        before = year_target(sheet, row)
        shares.append(
            Share(
                row.key,
                row_name(sheet, row),
                last.get(row.key),
                before,
                sum(cells, _ZERO),
                weights[row.key],
                locked,
                row.key in out,
            )
        )
        if row.key in out:
            continue
        for month, amount, cell in zip(sheet.months, cells, held, strict=True):
            if cell is None:
                values[sheet.key_of(row, month)] = amount
        values |= _cleared(sheet, row)
    return Plan(total, tuple(shares), values)


def _weights(sheet: Sheet, below: list[Line], asked: Asked, last: Mapping[str, Decimal]) -> Mapping[str, Decimal]:
    if asked.by == "own":
        return {row.key: asked.weights.get(row.key, _ZERO) for row in below}
    if asked.by == "equal":
        return {row.key: Decimal(1) for row in below}
    source = potential_by_row(sheet) if asked.by == "potential" else last
    return {row.key: max(source.get(row.key, _ZERO), _ZERO) for row in below}


def _part(row: Line, weight: Decimal, last: Decimal | None, asked: Asked) -> Part:
    if not last:
        return Part(weight)
    return Part(
        weight,
        low=None if asked.low is None else last * asked.low,
        high=None if asked.high is None else last * asked.high,
    )


def _held(sheet: Sheet, line: Line, month: str) -> Decimal | None:
    """What stands in a cell that must stay; None where it may be written."""
    if sheet.key_of(line, month) not in sheet.held:
        return None
    return line.cells[month].stated or _ZERO


def _cleared(sheet: Sheet, line: Line) -> dict[Key, Decimal | None]:
    """Quarters and years of the row that are stated as a whole make way for the months."""
    return {
        sheet.key_of(line, column): None
        for column, period in sheet.columns.items()
        if period.grain != "month" and line.cells[column].exact and sheet.key_of(line, column) not in sheet.held
    }
