"""Columns of spans of days (合同期限: 2026-01-15至2027-01-14) are two columns: the day on which they begin, and the last."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from salesloop.engine.collect.cells import trimmed
from salesloop.engine.collect.names import SEPARATOR
from salesloop.engine.collect.raw import ROW, RawTable

_DAY: Final = r"\d{4}\s?[-/.年]\s?\d{1,2}\s?[-/.月]\s?\d{1,2}\s?日?"
_SPAN: Final = rf"^(?P<first>{_DAY})\s*(?:至|到|~|～|-|–|—+)\s*(?P<last>{_DAY})$"
_ENDS: Final = {"first": "开始日期", "last": "结束日期"}
_LOOKED_AT: Final = 200
_MOST: Final = 0.8


def split_spans(table: RawTable) -> RawTable:
    """The table with two columns for each that holds spans nearly throughout; what is no span stays in the first."""
    spans = [name for name in table.columns if _holds_spans(table.data[name])]
    if not spans:
        return table
    data = table.data
    for name in spans:
        position = data.schema.get_field_index(name)
        values = trimmed(data[name])
        found = pc.extract_regex(values, _SPAN)
        first = pc.coalesce(pc.struct_field(found, "first"), values)
        last = pc.fill_null(pc.struct_field(found, "last"), "")
        data = data.set_column(position, f"{name}{SEPARATOR}{_ENDS['first']}", first)
        data = data.add_column(position + 1, f"{name}{SEPARATOR}{_ENDS['last']}", last)
    return replace(table, data=data, columns=tuple(name for name in data.column_names if name != ROW))


def _holds_spans(values: pa.ChunkedArray) -> bool:
    looked = trimmed(values.slice(0, _LOOKED_AT))
    filled = looked.filter(pc.not_equal(looked, ""))
    return len(filled) > 0 and pc.sum(pc.match_substring_regex(filled, _SPAN)).as_py() >= _MOST * len(filled)
