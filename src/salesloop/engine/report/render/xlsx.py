"""A report as a workbook: exact numbers in cells, one sheet a block, native charts, nothing that Excel could run."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import xlsxwriter

from salesloop.engine.model.text import Messages
from salesloop.engine.report import document as doc
from salesloop.engine.report.chart import ChartSpec
from salesloop.engine.report.chart_text import table_of
from salesloop.engine.report.number import Number, own_unit, scale_for
from salesloop.engine.report.render.words import action_line, finding_line, stamp_lines
from salesloop.engine.report.render.xlsx_cells import Cells
from salesloop.engine.report.render.xlsx_chart import add_native_chart
from salesloop.engine.report.render.xlsx_formats import number_format
from salesloop.engine.report.table import Cell, Column, Table, column_scale, right_aligned
from salesloop.engine.report.tokens import LIGHT

_MESSAGES = Messages("salesloop.engine.report")
_HEADER_ROW = 3
_FIRST_ROW = _HEADER_ROW + 1
_FORBIDDEN_IN_NAMES = re.compile(r"[\[\]:*?/\\']")
_NARROWEST, _WIDEST = 9, 60
_BARS = {
    "type": "data_bar", "bar_solid": True, "bar_color": LIGHT.accent_soft,
    "min_type": "num", "min_value": 0, "max_type": "num", "max_value": 1,
}  # fmt: skip


def render_xlsx(report: doc.Report) -> bytes:
    """The workbook. Text is always written as text: a cell that begins with = stays a sentence."""
    target = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(target, options) as book:
        _Book(report, book).write()
    return target.getvalue()


@dataclass(frozen=True, slots=True)
class _Part:
    """One sheet to be: its table and the chart drawn from it."""

    table: Table
    spec: ChartSpec | None = None


class _Book:
    """One workbook being written."""

    def __init__(self, report: doc.Report, book: Any) -> None:
        self.report = report
        self.lang = report.lang
        self.book = book
        self.cells = Cells(book, report.lang, red_up=report.red_up)
        self.names: set[str] = set()

    def say(self, key: str, **params: object) -> str:
        return _MESSAGES.say(key, self.lang, **params)

    def write(self) -> None:
        report = self.report
        stamp = "\n".join(stamp_lines(report))
        self.book.set_properties(
            {
                "title": report.title,
                "subject": report.subtitle,
                "author": report.company,
                "comments": stamp,
                "created": report.stamp.created_at.replace(tzinfo=None),
            }
        )
        self.overview()
        for part in self.parts():
            self.part(part)

    def parts(self) -> Iterator[_Part]:
        for block in self.report.blocks:
            for piece in block.blocks if isinstance(block, doc.Columns) else (block,):
                match piece:
                    case doc.Chart(spec=spec):
                        yield _Part(table_of(spec, self.lang), spec)
                    case Table():
                        yield _Part(piece)
                    case doc.FindingList():
                        yield _Part(self.findings(piece))
                    case doc.ActionList():
                        yield _Part(self.actions(piece))
                        yield from (_Part(table_of(row.chart, self.lang), row.chart) for row in piece.rows if row.chart)

    def sheet(self, title: str, note: str) -> Any:
        """A new sheet with its heading and print set-up."""
        sheet = self.book.add_worksheet(self.sheet_name(title))
        sheet.hide_gridlines(2)
        sheet.write_string(0, 0, title, self.cells.style(bold=True, font_size=14, font_color=LIGHT.ink))
        sheet.write_string(1, 0, note, self.cells.style(font_color=LIGHT.ink3, font_size=9))
        sheet.set_row(0, 24)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.set_footer(f"&L&8{' · '.join(stamp_lines(self.report)).replace('&', '&&')}&R&8&P / &N")
        return sheet

    def sheet_name(self, title: str) -> str:
        """Excel's rules: 31 characters, none of the characters of addresses, and no name twice."""
        clean = _FORBIDDEN_IN_NAMES.sub(" ", title).strip() or "-"
        name, number = clean[:31], 2
        while name.lower() in self.names:
            name, number = f"{clean[:27]} ({number})", number + 1
        self.names.add(name.lower())
        return name

    def overview(self) -> None:
        """Headline numbers with their courses, and the summary."""
        report = self.report
        sheet = self.sheet(report.title, f"{report.company} · {report.subtitle} · {' · '.join(stamp_lines(report))}")
        sheet.set_column(0, 0, 22)
        sheet.set_column(1, 12, 14)
        row = 3
        for block in report.blocks:
            if isinstance(block, doc.Text):
                for paragraph in block.paragraphs:
                    sheet.write_string(row, 0, paragraph, self.cells.style(font_color=LIGHT.ink2))
                    row += 1
                row += 1
            elif isinstance(block, doc.KpiStrip):
                row = self.kpis(sheet, row, block.cards) + 1

    def kpis(self, sheet: Any, row: int, cards: Sequence[doc.KpiCard]) -> int:
        labels = list(dict.fromkeys(change.label for card in cards for change in card.changes))
        heads = [self.say("metric"), self.say("value"), *labels]
        heads += [self.say(key) for key in ("target", "attainment", "elapsed", "course")]
        for column, head in enumerate(heads):
            self.cells.head(sheet, row, column, head, right=0 < column < len(heads) - 1)
        for card in cards:
            row += 1
            sheet.set_row(row, 24)
            self.cells.text(sheet, row, 0, card.label)
            self.cells.number(sheet, row, 1, card.value, self.kpi_format(card, card.value), bold=True)
            by_label = {change.label: change.change for change in card.changes}
            for column, label in enumerate(labels, 2):
                self.cells.change(sheet, row, column, by_label.get(label), card.format)
            at = 2 + len(labels)
            goal = card.attainment
            self.cells.number(
                sheet, row, at, goal.target if goal else None, self.kpi_format(card, goal.target if goal else None)
            )
            self.cells.number(sheet, row, at + 1, goal.share if goal else None, "0.0%")
            self.cells.number(sheet, row, at + 2, goal.pace if goal else None, "0.0%")
            self.spark(sheet, row, at + 3, card.spark)
        return row + 1

    def kpi_format(self, card: doc.KpiCard, value: Number) -> str:
        scale = scale_for([value], card.format, self.lang, currency=card.currency, unit=card.unit)
        return number_format(card.format, scale, self.lang)

    def spark(self, sheet: Any, row: int, column: int, spec: ChartSpec | None) -> None:
        """The course as a native sparkline over values written further right."""
        self.cells.text(sheet, row, column, "")
        if spec is None:
            return
        first = column + 2
        for index, value in enumerate(spec.main.values):
            self.cells.number(sheet, row, first + index, value, "General", font_color=LIGHT.ink3)
        cells = xlsxwriter.utility.xl_range_abs(row, first, row, first + len(spec.main.values) - 1)
        name = sheet.get_name().replace("'", "''")
        look = {"range": f"'{name}'!{cells}", "series_color": LIGHT.accent, "show_hidden": True}
        sheet.add_sparkline(row, column, look)
        sheet.set_column(first, first + len(spec.main.values) - 1, None, None, {"hidden": True})

    def part(self, part: _Part) -> None:
        table = part.table
        sheet = self.sheet(table.title, table.note or (part.spec.note if part.spec else ""))
        for index, column in enumerate(table.columns):
            scale = column_scale(table, index, self.lang)
            self.cells.head(sheet, _HEADER_ROW, index, self.head_text(column), right=right_aligned(column))
            form = "0.0%" if column.kind == "progress" else number_format(column.format, scale, self.lang)
            for row, cell in enumerate(table.column(index), _FIRST_ROW):
                self.cells.cell(sheet, row, index, column, cell, form, bold=row - _FIRST_ROW in table.strong_rows)
            sheet.set_column(index, index, self.width(column, table.column(index)))
            if column.kind == "progress" and table.rows:
                sheet.conditional_format(_FIRST_ROW, index, _FIRST_ROW + len(table.rows) - 1, index, _BARS)
        sheet.freeze_panes(_FIRST_ROW, 1)
        sheet.repeat_rows(_HEADER_ROW)
        if part.spec:
            add_native_chart(self.book, sheet, part.spec, self.lang, _HEADER_ROW)

    def head_text(self, column: Column) -> str:
        """The name with the unit of the value in the cell, which is exact whatever its format shows."""
        name = column.name or self.say("category")
        unit = own_unit(column.format, self.lang, column.currency, column.unit) if column.kind == "number" else ""
        if column.format == "money" and self.lang == "en" and column.kind == "number":
            unit = column.currency
        if not unit or unit == "%":
            return name
        return f"{name} ({unit})" if self.lang == "en" else f"{name}（{unit}）"

    def width(self, column: Column, cells: Sequence[Cell]) -> float:
        """About as wide as the text; a Chinese character takes two places."""
        words = [column.name, *(str(cell) for cell in cells if isinstance(cell, str))]
        widest = max(sum(2 if ord(char) > 0x2E80 else 1 for char in word) for word in words)
        least = 13 if column.kind != "text" else _NARROWEST
        return float(min(max(widest + 2, least), _WIDEST))

    def findings(self, block: doc.FindingList) -> Table:
        names = ("kind", "finding", "causes", "state", "owner", "raised", "next")
        rows = tuple(
            (
                row.kind,
                row.sentence,
                finding_line(row, self.lang).causes,
                row.state,
                row.owner,
                row.raised,
                row.next_step,
            )
            for row in block.rows
        )
        return Table(
            block.title, tuple(Column(self.say(f"head_{name}")) for name in names), rows, "" if rows else block.empty
        )

    def actions(self, block: doc.ActionList) -> Table:
        names = ("action", "state", "owner", "due", "expectation", "verdict", "effect")
        rows = tuple(
            (row.title, row.state, row.owner, row.due, row.expected, action_line(row, self.lang).tag, row.effect)
            for row in block.rows
        )
        return Table(
            block.title, tuple(Column(self.say(f"head_{name}")) for name in names), rows, "" if rows else block.empty
        )
