"""Turns wide tables around: columns that are periods (1月 … 12月) become rows with a period and a value."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from salesloop.engine.collect.cells import trimmed
from salesloop.engine.collect.period_names import Grain, PeriodName, year_in
from salesloop.engine.collect.raw import CELLS_A_ROW, ROW, RawTable
from salesloop.engine.collect.value_name import value_name
from salesloop.engine.collect.wide import Wide, period_columns
from salesloop.engine.model.text import Message, Messages

_MESSAGES = Messages("salesloop.engine.collect")

_PERIOD_COLUMN: Final[Mapping[Grain, str]] = {
    "day": "日期",
    "week": "周",
    "month": "月份",
    "quarter": "季度",
    "year": "年份",
}
_YEAR_COLUMNS: Final = frozenset({"年", "年份", "年度", "财年", "year", "fiscal year"})
_YEAR: Final = r"^\s*(?:FY)?((?:19|20)\d{2})\s*(?:年度?|财年)?(?:\.0)?\s*$"
# What a blank cell of a grid of numbers looks like; an error (#N/A) is no blank.
_EMPTY: Final = r"^(?i:null|none|nan|nil|无|空|[-—–/\\]+)?$"


@dataclass(frozen=True)
class _Years:
    """Where periods without a year take it from: the `values` of a `column` of the table, else what a title, the sheet or
    the file says."""

    column: str | None
    values: pa.ChunkedArray | None
    stated: int | None

    @property
    def is_known(self) -> bool:
        return self.column is not None or self.stated is not None


def melt(table: RawTable, file: str = "") -> RawTable:
    """The table with one row for each period where its columns are periods, else the table as it is.

    Other columns are repeated; the new ones are 月份 (年份, 季度, 周, 日期: its first day as an ISO date) and one for each
    measure. `_row` becomes row × 10,000 + position of the column, so that every cell is a received row of its own that can
    be found again (a row that cannot be split is at position 0); blank cells are skipped as `empty_cell`. Columns that sum others up are left out and named in a note.
    """
    wide = period_columns(table)
    if wide is None:
        return table
    kept = [c for c in table.columns if c not in {cell.column for cell in wide.cells} and c not in wide.totals]
    context = (*table.title_rows, table.name, file)
    years = _years(table, kept, context) if any(p.year is None for p in wide.periods) else _Years(None, None, None)
    kept = [column for column in kept if column != years.column]  # the period says it
    if not years.is_known and any(p.bare and p.year is None for p in wide.periods):
        return table  # Q1 … Q4 are as likely the questions of a survey
    names = _names(wide, kept, context)
    period = _unused(_PERIOD_COLUMN[wide.grain], (*kept, *names.values()))
    melted = pa.concat_tables([_rows_of(table, wide, one, kept, period, names, years) for one in wide.periods])
    filled = _is_filled(melted, list(names.values()))
    data = melted.filter(filled).sort_by(ROW)
    if data.num_rows == 0:
        return table
    empty = melted.num_rows - data.num_rows
    units = {column: unit for column, unit in table.units.items() if column in kept}
    if "" in names and table.sheet_unit:
        units[names[""]] = table.sheet_unit  # the title that names the values says what they are counted in
    units |= {names[cell.measure]: table.units[cell.column] for cell in wide.cells if cell.column in table.units}
    return replace(
        table,
        columns=tuple(data.column_names[1:]),
        data=data,
        broken=table.broken.set_column(0, ROW, pc.multiply(table.broken[ROW], CELLS_A_ROW)),
        units=units,
        skipped={**table.skipped, **({"empty_cell": empty} if empty else {})},
        melted_from=table.data.num_rows,
        notes=(*table.notes, *_notes(table, wide, data, period, years)),
    )


def _years(table: RawTable, kept: Sequence[str], context: Sequence[str]) -> _Years:
    stated = next((year for text in context if (year := year_in(text))), None)
    for column in kept:
        values = trimmed(table.data[column])
        if column.strip().casefold() in _YEAR_COLUMNS and pc.all(pc.match_substring_regex(values, _YEAR)).as_py():
            return _Years(column, pc.replace_substring_regex(values, _YEAR, r"\1"), stated)
    return _Years(None, None, stated)


def _names(wide: Wide, kept: Sequence[str], context: Sequence[str]) -> dict[str, str]:
    """Measure → name of its column."""
    names: dict[str, str] = {}
    for measure in wide.measures:
        names[measure] = _unused(measure or value_name(context), (*kept, *names.values()))
    return names


def _unused(name: str, taken: Sequence[str]) -> str:
    number = 2
    unused = name
    while unused in (ROW, *taken):
        unused, number = f"{name} ({number})", number + 1
    return unused


def _rows_of(
    table: RawTable,
    wide: Wide,
    period: PeriodName,
    kept: Sequence[str],
    column: str,
    names: Mapping[str, str],
    years: _Years,
) -> pa.Table:
    """All rows of the table for one period."""
    rows, data = table.data.num_rows, table.data
    cells = {cell.measure: cell for cell in wide.cells if cell.period == period}
    place = min(cell.position for cell in cells.values())
    numbers = pc.add(pc.multiply(data[ROW], CELLS_A_ROW), place)
    absent = pa.nulls(rows, pa.string())
    values = [data[cells[measure].column] if measure in cells else absent for measure in names]
    arrays = [numbers, *(data[name] for name in kept), _starts(period, years, rows), *values]
    return pa.table(arrays, names=[ROW, *kept, column, *names.values()])


def _starts(period: PeriodName, years: _Years, rows: int) -> pa.Array | pa.ChunkedArray:
    """The first day of the period in each row; the period as it is called where no year is known."""
    if period.year is None and years.values is not None:
        distinct = pc.unique(years.values)
        texts = pa.array([period.start(int(year)) for year in distinct.to_pylist()], pa.string())
        return texts.take(pc.index_in(years.values, distinct))
    return pa.repeat(period.start(years.stated) or period.label, rows)


def _is_filled(rows: pa.Table, names: Sequence[str]) -> pa.ChunkedArray:
    filled = pa.chunked_array([pa.repeat(False, rows.num_rows)])
    for name in names:
        filled = pc.or_(filled, pc.invert(pc.match_substring_regex(trimmed(rows[name]), _EMPTY)))
    return filled


def _notes(table: RawTable, wide: Wide, data: pa.Table, period: str, years: _Years) -> list[Message]:
    first = data[ROW][0].as_py()
    row, column = divmod(first, CELLS_A_ROW)
    found = {"cells": data.num_rows, "rows": table.data.num_rows, "periods": len(wide.periods), "column": period}
    notes = [_MESSAGES.message("melted", **found, number=first, row=row, place=column)]
    if wide.totals:
        notes.append(_MESSAGES.message("total_columns", columns=list(wide.totals)))
    if not years.is_known and any(one.year is None for one in wide.periods):
        notes.append(_MESSAGES.message("no_year", column=period))
    return notes
