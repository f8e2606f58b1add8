"""Writing single cells: text that can never run, numbers that stay exact, the look of both."""

from __future__ import annotations

import datetime as dt
from typing import Any

from salesloop.engine.model.text import Lang
from salesloop.engine.report.number import Format, Number, format_change, to_decimal
from salesloop.engine.report.render.xlsx_formats import change_format
from salesloop.engine.report.table import Cell, Column, number_of
from salesloop.engine.report.tokens import LIGHT, direction_colour

_COULD_RUN = ("=", "+", "-", "@", "\t", "\r")
_LONG = 60
"""Longer texts are wrapped."""


class Cells:
    """Writes cells of one workbook. Rows and columns count from 0."""

    def __init__(self, book: Any, lang: Lang, *, red_up: bool) -> None:
        self.book = book
        self.lang = lang
        self.red_up = red_up
        self._styles: dict[tuple[tuple[str, Any], ...], Any] = {}

    def style(self, **rules: Any) -> Any:
        """One format object for each look: Excel has a limit of different ones."""
        key = tuple(sorted(rules.items()))
        if key not in self._styles:
            font = "Calibri" if self.lang == "en" else "Microsoft YaHei"
            self._styles[key] = self.book.add_format({"font_name": font, "font_size": 10, "valign": "vcenter"} | rules)
        return self._styles[key]

    def head(self, sheet: Any, row: int, column: int, text: str, *, right: bool) -> None:
        rules = {"align": "right"} if right else {"align": "left", "indent": 1 if column else 0}
        look = self._ruled(bold=True, font_color=LIGHT.ink2, bg_color=LIGHT.ground, text_wrap=True, **rules)
        sheet.write_string(row, column, text, look)

    def cell(self, sheet: Any, row: int, index: int, column: Column, value: Cell, form: str, *, bold: bool) -> None:
        """A cell of a table, by the kind of its column; ``form`` is the Excel format of its numbers."""
        if isinstance(value, dt.date):
            look = self._ruled(num_format="yyyy-mm-dd", align="left", indent=1, bold=bold)
            sheet.write_datetime(row, index, dt.datetime.combine(value, dt.time()), look)
        elif column.kind == "text":
            self.text(sheet, row, index, "" if value is None else str(value), bold=bold)
        elif column.kind == "change":
            self.change(sheet, row, index, number_of(value), column.format, bold=bold)
        else:
            self.number(sheet, row, index, number_of(value), form, bold=bold)

    def text(self, sheet: Any, row: int, column: int, text: str, **rules: Any) -> None:
        """Text as text; what could run in a spreadsheet also keeps Excel's quote mark when somebody edits it."""
        if text.startswith(_COULD_RUN):
            rules["quote_prefix"] = True
        look = self._ruled(text_wrap=len(text) > _LONG, indent=1 if column else 0, **rules)
        sheet.write_string(row, column, text, look)

    def number(self, sheet: Any, row: int, column: int, value: Number, form: str, **rules: Any) -> None:
        look = self._ruled(num_format=form, align="right", **rules)
        exact = to_decimal(value)
        if exact is None:
            sheet.write_blank(row, column, None, look)
        else:
            sheet.write_number(row, column, float(exact), look)

    def change(self, sheet: Any, row: int, column: int, value: Number, format: Format, **rules: Any) -> None:
        """A change with its arrow, in the colour of its direction (as a cell colour: programs differ in [Color10])."""
        direction = format_change(value, format, self.lang).direction
        colour = direction_colour(direction, LIGHT, red_up=self.red_up)
        self.number(sheet, row, column, value, change_format(format), font_color=colour, **rules)

    def _ruled(self, **rules: Any) -> Any:
        return self.style(bottom=1, bottom_color=LIGHT.line, **rules)
