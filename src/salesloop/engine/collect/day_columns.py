"""The date of a ledger: its month and its day stand in two columns, its year above them or in the title."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from salesloop.engine.collect.cells import trimmed
from salesloop.engine.collect.names import SEPARATOR
from salesloop.engine.collect.period_names import year_in
from salesloop.engine.collect.raw import RawTable
from salesloop.engine.model.text import Messages

_MESSAGES = Messages("salesloop.engine.collect")
_DATE: Final = "日期"
_PLACE: Final = r"^\d{1,2}$"


def join_days(table: RawTable, file: str) -> RawTable:
    """The table with one column 日期 for 月 and 日 beside one another; without a year nothing is done."""
    found = _columns(table.columns)
    if found is None or _DATE in table.columns:
        return table
    month, day = found
    said = (month.rpartition(SEPARATOR)[0], *table.title_rows, table.name, file)
    year = next((year for text in said if (year := year_in(text))), None)
    months, days = trimmed(table.data[month]), trimmed(table.data[day])
    good = pc.and_(pc.match_substring_regex(months, _PLACE), pc.match_substring_regex(days, _PLACE))
    if year is None or not pc.any(good).as_py():
        return table
    whole = pc.binary_join_element_wise(str(year), _two(months), _two(days), "-")
    as_found = pc.binary_join_element_wise(months, days, "-")
    dates = pc.if_else(good, whole, pc.if_else(pc.equal(as_found, "-"), "", as_found))
    position = table.data.schema.get_field_index(month)
    data = table.data.set_column(position, _DATE, dates).drop_columns([day])
    note = _MESSAGES.message("days_joined", month=month, day=day, year=str(year))
    return replace(table, data=data, columns=tuple(data.column_names[1:]), notes=(*table.notes, note))


def _columns(names: Sequence[str]) -> tuple[str, str] | None:
    """The columns of the month and of the day."""
    for left, right in pairwise(names):
        above, _, last = left.rpartition(SEPARATOR)
        if last == "月" and right == (f"{above}{SEPARATOR}日" if above else "日"):
            return left, right
    return None


def _two(digits: pa.ChunkedArray) -> pa.ChunkedArray:
    return pc.utf8_lpad(digits, 2, "0")
