"""Tables handed to people to be filled in and handed back: as a workbook or CSV, in which nothing can run."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path

import xlsxwriter

from salesloop.engine.model.errors import UserError
from salesloop.engine.model.guard import guarded
from salesloop.engine.model.text import Messages
from salesloop.engine.store.failure import said

_MESSAGES = Messages("salesloop.engine.pipeline")


def write_table(path: Path, heads: Sequence[str], lines: Iterable[Sequence[str]]) -> None:
    """Write texts to `path` (.xlsx or .csv), so that no spreadsheet takes one of them for a formula. UserError for others."""
    write = {".xlsx": _write_xlsx, ".csv": _write_csv}.get(path.suffix.lower())
    if write is None:
        raise UserError(_MESSAGES.message("export_format"), file=path.name)
    with said(path.parent):
        write(path, heads, lines)


def _write_xlsx(path: Path, heads: Sequence[str], lines: Iterable[Sequence[str]]) -> None:
    with xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        sheet = book.add_worksheet()
        bold = book.add_format({"bold": True})
        for column, head in enumerate(heads):
            sheet.write_string(0, column, head, bold)
        for number, line in enumerate(lines, 1):
            for column, cell in enumerate(line):
                sheet.write_string(number, column, cell)
        sheet.freeze_panes(1, 2)
        sheet.set_column(1, 1, 48)


def _write_csv(path: Path, heads: Sequence[str], lines: Iterable[Sequence[str]]) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([guarded(head) for head in heads])
        writer.writerows([guarded(cell) for cell in line] for line in lines)
