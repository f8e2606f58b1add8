"""The sheet as the page shows it: texts, marks and classes ready for the template."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from salesloop.app.pages.services import period_label, tick_label
from salesloop.app.targets.editing import row_name, stated_of
from salesloop.app.targets.people import BottomUp, bottom_up
from salesloop.app.targets.progress import Progress, month_elapsed, progress, running_month
from salesloop.app.targets.sheet import Line, Sheet
from salesloop.engine.metrics.definition import Format
from salesloop.engine.metrics.targets import TargetCell
from salesloop.engine.model.text import Lang
from salesloop.engine.report.number import Number, Scale, format_number, own_unit

MANY = 30
"""From so many rows on, people are folded under their unit."""


@dataclass(frozen=True, slots=True)
class Unit:
    """In what the numbers of the sheet are shown, typed and pasted."""

    factor: int
    label: str
    decimals: int
    foreign: str = ""

    @property
    def key(self) -> str:
        """For the address."""
        return f"{self.factor}{self.foreign}"


@dataclass(frozen=True, slots=True)
class Head:
    """A column. `now` is the running month."""

    key: str
    label: str
    name: str
    grain: str
    now: bool


@dataclass(frozen=True, slots=True)
class Cell:
    """`text` as shown, `exact` as edited; `mark`: entered, imported, or worked out from what is below or from longer periods."""

    column: str
    grain: str
    text: str
    exact: str
    mark: str
    gap: str
    short: bool
    editable: bool
    held: str
    title: str
    foreign: str
    said: str


@dataclass(frozen=True, slots=True)
class Row:
    key: str
    name: str
    depth: int
    kind: str
    parent: str
    branch: bool
    open: bool
    hidden: bool
    editable: bool
    cells: tuple[Cell, ...]
    progress: Progress | None
    now: Cell | None
    bottom_up: BottomUp | None
    committed: str


@dataclass(frozen=True, slots=True)
class Grid:
    heads: tuple[Head, ...]
    rows: tuple[Row, ...]
    unit: Unit
    has_progress: bool
    elapsed: float | None
    now_label: str
    adds_up: bool
    has_bottom_up: bool


def units_for(format: Format, lang: Lang, currency: str, foreign: str = "") -> tuple[Unit, ...]:
    """The units to choose from, the usual one first. `foreign`: the currency where it is not the base one."""
    if format in ("percent", "points"):
        return (Unit(1, "%", 1),)
    if format != "money":
        return (Unit(1, own_unit(format, lang, currency), 0 if format == "count" else 2),)
    if lang == "en":
        return (
            Unit(1_000, f"{currency} k", 1, foreign),
            Unit(1, currency, 0, foreign),
            Unit(1_000_000, f"{currency} M", 2, foreign),
        )
    money = own_unit("money", lang, currency)
    myriad, squared = ("萬", "億") if lang == "zh-Hant" else ("万", "亿")
    return (
        Unit(10_000, myriad + money, 1, foreign),
        Unit(1, money, 0, foreign),
        Unit(100_000_000, squared + money, 2, foreign),
    )


def unit_of(sheet: Sheet) -> Unit:
    """The unit that the address names, else the usual one."""
    known = units_for(sheet.metric.format, sheet.page.lang, sheet.money, sheet.currency)
    return next((unit for unit in known if unit.key == sheet.page.view.tab), known[0])


def grid(sheet: Sheet) -> Grid:
    """Everything that the table needs."""
    page, unit, month = sheet.page, unit_of(sheet), running_month(sheet)
    reached = progress(sheet)
    now = next((key for key in sheet.months if month and sheet.columns[key] == month), "")
    drawer = _Drawer(sheet, unit)
    shown = _shown(sheet)
    parents = {line.parents[0] for line in shown if line.parents}
    folded = {
        line.key for line in shown if len(shown) > MANY and line.key in parents and _leads_people_only(line, shown)
    }
    rows = tuple(
        drawer.row(line, reached.get(line.key), now, branch=line.key in parents, folded=folded) for line in shown
    )
    return Grid(
        tuple(drawer.head(key, now) for key in sheet.columns),
        rows,
        unit,
        bool(reached),
        month_elapsed(sheet, month) if month and page.registry.sums_up(sheet.metric.metric) else None,
        drawer.head(now, now).label if now else "",
        page.registry.sums_up(sheet.metric.metric),
        bool(drawer.bottom_up),
    )


def _shown(sheet: Sheet) -> list[Line]:
    """All rows but a company that is nothing beside its only top unit."""
    lines = list(sheet.lines.values())
    roots = [line for line in lines if line.node.kind == "org_unit" and not line.parents]
    if len(roots) == 1:
        lines = [
            line for line in lines if line.node.kind != "company" or any(cell.exact for cell in line.cells.values())
        ]
    return lines


def _leads_people_only(line: Line, lines: Iterable[Line]) -> bool:
    return all(other.node.kind == "employee" for other in lines if other.parents[:1] == (line.key,))


class _Drawer:
    def __init__(self, sheet: Sheet, unit: Unit) -> None:
        self.sheet = sheet
        self.unit = unit
        self.scale = Scale(unit.factor, unit.decimals, "")
        self.bottom_up = bottom_up(sheet)
        self.top = min((line.node.depth for line in _shown(sheet)), default=0)

    def head(self, key: str, now: str) -> Head:
        page, period = self.sheet.page, self.sheet.columns[key]
        short = (
            _("全年")
            if period.grain == "year"
            else tick_label(period.start, period.grain, page.calendar, page.lang, years=False)
        )
        return Head(key, short, period_label(period, page.calendar, page.lang), period.grain, key == now)

    def row(self, line: Line, reached: Progress | None, now: str, *, branch: bool, folded: set[str]) -> Row:
        cells = {column: self.cell(line, column) for column in self.sheet.columns}
        return Row(
            line.key,
            row_name(self.sheet, line),
            line.node.depth - self.top,
            line.node.kind,
            line.parents[0] if line.parents else "",
            branch,
            line.key not in folded,
            any(parent in folded for parent in line.parents),
            line.editable,
            tuple(cells.values()),
            reached,
            cells.get(now),
            self.bottom_up.get(line.key),
            self.text(self.bottom_up[line.key].committed) if line.key in self.bottom_up else "",
        )

    def cell(self, line: Line, column: str) -> Cell:
        cell, period = line.cells[column], self.sheet.columns[column]
        key = self.sheet.key_of(line, column)
        entered = key in self.sheet.entered
        held = self.sheet.held.get(key, "")
        gap = cell.gap or Decimal(0)
        return Cell(
            column,
            period.grain,
            self.text(cell.target),
            self.plain(stated_of(cell) if cell.exact else cell.target),
            ("entered" if entered else "imported") if cell.exact else "derived" if cell.target is not None else "",
            self.text(gap, signed=True) if round(gap / self.unit.factor, self.unit.decimals) else "",
            gap < 0,
            line.editable
            and not held
            and (period.grain == "month" or cell.exact)
            and not self.sheet.elsewhere(line, column),
            held,
            self.title(cell, entered=entered, held=held),
            cell.foreign.currency if cell.foreign and cell.foreign.currency != self.sheet.currency else "",
            self.stated_in(cell),
        )

    def title(self, cell: TargetCell, *, entered: bool, held: str) -> str:
        if cell.target is None:
            return ""
        origin = (_("手工填写") if entered else _("导入")) if cell.exact else _("由下级或更长期间得出")
        words = {"locked": _("已锁定"), "decided": _("已批准，要改请新建草稿")}
        part = ""
        if cell.whole is not None:
            part = _("期间内调岗：全部 %(whole)s，按天分到本部门") % {
                "whole": self.exactly(cell.whole, self.sheet.money)
            }
        said = [self.exactly(cell.target, self.sheet.money), self.stated_in(cell), origin, part, words.get(held, "")]
        return " · ".join(filter(None, said))

    def stated_in(self, cell: TargetCell) -> str:
        """What was said in another currency, and by which rate it counts in the base one."""
        foreign, base = cell.foreign, self.sheet.page.workspace.config.currency
        if foreign is None:
            return ""
        return _("%(amount)s × %(rate)s（%(kind)s）= %(base)s") % {
            "amount": self.exactly(foreign.amount, foreign.currency),
            "rate": f"{foreign.rate.normalize():f}",
            "kind": _("计划汇率") if foreign.planned else _("当期汇率"),
            "base": self.exactly(foreign.in_base, base),
        }

    def exactly(self, value: Decimal, currency: str) -> str:
        format, lang = self.sheet.metric.format, self.sheet.page.lang
        return str(format_number(value, format, lang, style="exact", currency=currency))

    def text(self, value: Number, *, signed: bool = False) -> str:
        if value is None:
            return ""
        page, form = self.sheet.page, self.sheet.metric.format
        return format_number(value, form, page.lang, scale=self.scale, signed=signed).text

    def plain(self, value: Decimal | None) -> str:
        """All digits in the unit of the sheet, as one would type them."""
        if value is None:
            return ""
        divisor = Decimal(1) / 100 if self.unit.label == "%" else Decimal(self.unit.factor)
        text = f"{value / divisor:f}"
        return text.rstrip("0").rstrip(".") if "." in text else text
