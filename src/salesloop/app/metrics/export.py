"""Rows and tables as files. Text that a spreadsheet would run as a formula is made harmless."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import chain

import xlsxwriter
from django.http import HttpResponse, StreamingHttpResponse

from salesloop.app.ui.files import TYPES, attached, file_of
from salesloop.engine.model.guard import guarded


def csv_response(name: str, header: Sequence[str], rows: Iterable[Sequence[object]]) -> StreamingHttpResponse:
    """UTF-8 with a byte-order mark, which Excel needs to read Chinese; sent as it is read."""
    response = StreamingHttpResponse(_csv_lines(header, rows), content_type=TYPES["csv"])
    return attached(response, f"{name}.csv")


def _csv_lines(header: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    yield "\ufeff"
    for row in chain([header], rows):
        writer.writerow([guarded(cell) for cell in row])
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()


def xlsx_response(name: str, header: Sequence[str], rows: Iterable[Sequence[object]]) -> HttpResponse:
    """One sheet with typed cells; strings are written as strings, never as formulas or links."""
    buffer = io.BytesIO()
    options = {
        "in_memory": True,
        "constant_memory": False,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "default_date_format": "yyyy-mm-dd",
        "remove_timezone": True,
    }
    with xlsxwriter.Workbook(buffer, options) as book:
        sheet = book.add_worksheet()
        bold = book.add_format({"bold": True, "bottom": 1})
        moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        sheet.write_row(0, 0, header, bold)
        sheet.freeze_panes(1, 0)
        for number, row in enumerate(rows, 1):
            for column, cell in enumerate(row):
                if isinstance(cell, dt.datetime):
                    sheet.write_datetime(number, column, cell, moment)
                else:
                    sheet.write(number, column, float(cell) if isinstance(cell, Decimal) else cell)
        sheet.autofit()
    return file_of(buffer.getvalue(), name, "xlsx")
