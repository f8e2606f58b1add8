"""Everything that one sheet holds: its tables, turned around where months are columns, or why it is no data."""

from __future__ import annotations

from dataclasses import replace

from salesloop.engine.collect.blocks import blocks
from salesloop.engine.collect.day_columns import join_days
from salesloop.engine.collect.melt import melt
from salesloop.engine.collect.no_data import reason_against
from salesloop.engine.collect.raw import Grid, RawTable, RefusedSheet
from salesloop.engine.collect.spans import split_spans
from salesloop.engine.collect.table import find_table
from salesloop.engine.model.text import Messages

_MESSAGES = Messages("salesloop.engine.collect")


def find_tables(grid: Grid, file: str) -> tuple[list[RawTable], list[RefusedSheet]]:
    """The tables of a sheet of `file`, and what was refused of it.

    Where there are several, the first has the name of the sheet and the others this name with " #2", " #3" …
    """
    reason = reason_against(grid)
    if reason is not None:
        return [], [RefusedSheet(grid.name, _MESSAGES.message(reason, sheet=grid.name))]
    tables: list[RawTable] = []
    refused: list[RefusedSheet] = []
    for block in blocks(grid):
        name = grid.name if not tables else f"{grid.name} #{len(tables) + 1}"
        found = find_table(replace(block, name=name))
        if isinstance(found, RawTable):
            tables.append(found)
        else:
            refused.append(found)
    if len(tables) > 1:
        note = _MESSAGES.message("several_tables", sheet=grid.name, tables=len(tables))
        tables = [replace(table, notes=(note, *table.notes)) for table in tables]
    return [melt(join_days(split_spans(table), file), file) for table in tables], refused
