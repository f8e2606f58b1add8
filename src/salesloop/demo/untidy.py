"""Workbooks as people keep them: a title over the table, merged cells down a column, a total at the foot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import pyarrow as pa
import xlsxwriter


@dataclass(frozen=True)
class Sheet:
    """One sheet; `merged` names a column whose runs of equal values are merged into one cell (it must be the first)."""

    name: str
    table: pa.Table
    title: str = ""
    merged: str = ""
    footer: str = ""


def write_workbook(path: Path, sheets: Sequence[Sheet]) -> Path:
    """Write the sheets; dates are real Excel dates, everything else as it comes."""
    with xlsxwriter.Workbook(
        str(path), {"strings_to_formulas": False, "strings_to_urls": False, "default_date_format": "yyyy-mm-dd"}
    ) as book:
        heading = book.add_format({"bold": True, "bg_color": "#E6E8EC", "border": 1})
        title = book.add_format({"bold": True, "font_size": 14, "align": "center"})
        middle = book.add_format({"valign": "vcenter"})
        for sheet in sheets:
            page = book.add_worksheet(sheet.name)
            top = 0
            if sheet.title:
                page.merge_range(0, 0, 0, sheet.table.num_columns - 1, sheet.title, title)
                top = 2
            for column, name in enumerate(sheet.table.column_names):
                page.write_string(top, column, name, heading)
                values = sheet.table[name].to_pylist()
                if name == sheet.merged:
                    _write_merged(page, top + 1, values, middle)
                else:
                    page.write_column(top + 1, column, values)
            if sheet.footer:
                page.write_string(top + 1 + sheet.table.num_rows, 0, sheet.footer)
    return path


def _write_merged(
    page: xlsxwriter.worksheet.Worksheet, row: int, values: Sequence[object], style: xlsxwriter.format.Format
) -> None:
    for value, run in groupby(values):
        length = len(list(run))
        if length > 1:
            page.merge_range(row, 0, row + length - 1, 0, value, style)
        else:
            page.write(row, 0, value, style)
        row += length
