"""Turns a grid of cells into a table: header found, rows that are no data counted, ragged rows settled."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from salesloop.engine.collect.cells import is_filled
from salesloop.engine.collect.continued import continue_documents
from salesloop.engine.collect.ditto import spell_dittos
from salesloop.engine.collect.header import Found, find_header
from salesloop.engine.collect.names import column_names, stated_unit
from salesloop.engine.collect.ragged import REPAIRED, settle
from salesloop.engine.collect.raw import ROW, Grid, RawTable, RefusedSheet
from salesloop.engine.collect.rows import DATA, REASONS, Counts, is_numbering, reasons_to_skip
from salesloop.engine.model.text import Message, Messages

_MESSAGES = Messages("salesloop.engine.collect")

_LOOKED_AT: Final = 60


def find_table(grid: Grid) -> RawTable | RefusedSheet:
    """The table of a sheet, or the reason why the sheet holds none."""
    names = [name for name in grid.cells.column_names if name != ROW]
    filled = _filled(grid.cells, names)
    positions = np.flatnonzero(filled)
    first = positions[:_LOOKED_AT]  # from a slice: `take` copies the whole of what it takes a few rows from
    looked = grid.cells.slice(0, int(first[-1]) + 1 if len(first) else 0).take(pa.array(first))
    rows = [list(row) for row in zip(*(looked[name].to_pylist() for name in names), strict=True)] if names else []
    found = find_header(rows)
    if not isinstance(found, Found):
        return RefusedSheet(grid.name, _MESSAGES.message(found, sheet=grid.name))
    if found.data >= len(positions):
        return RefusedSheet(grid.name, _MESSAGES.message("header_only", sheet=grid.name))
    return _assemble(grid, rows, positions, filled, found)


def _filled(cells: pa.Table, names: Sequence[str]) -> Counts:
    """How many cells of each row hold something."""
    total = np.zeros(cells.num_rows, dtype=np.int16)
    for name in names:
        total += is_filled(cells[name]).to_numpy()
    return total


def _assemble(
    grid: Grid, rows: Sequence[Sequence[str | None]], positions: Counts, filled: Counts, found: Found
) -> RawTable | RefusedSheet:
    cells = grid.cells
    all_names = [name for name in cells.column_names if name != ROW]
    header = [rows[i] for i in found.header]
    start = int(positions[found.data])
    body, body_filled = cells.slice(start), filled[start:]
    reasons = reasons_to_skip(body, body_filled, all_names, header[-1] if header else None)
    data = body.filter(pa.array(reasons == DATA)) if (reasons != DATA).any() else body
    if data.num_rows + grid.broken.num_rows == 0:
        return RefusedSheet(grid.name, _MESSAGES.message("header_only", sheet=grid.name))
    width = _width(data, all_names, header)
    broken, repaired = grid.broken, 0
    if grid.ragged and data.num_rows:
        settled = settle(data, width, grid.delimiter)
        data, repaired = settled.cells, settled.repaired
        broken = pa.concat_tables([broken, settled.broken]).sort_by(ROW)
    columns, units, given = column_names(header, width, merges=not grid.ragged)
    # Without a header a column is known by its position only: blank ones keep their place.
    kept = [i for i in range(width) if not header or given[i] or pc.any(is_filled(data[all_names[i]])).as_py()]
    told = [all_names[i] for i in kept if header and not is_numbering(header[-1][i])]
    spelt = spell_dittos(data, told)
    continued = continue_documents(spelt.cells, told)
    data = continued.cells
    titles = [_said(row) for row in rows[: found.header[0] if header else found.data]]
    skipped = {name: int((reasons == code).sum()) for code, name in REASONS.items()}
    skipped["blank"] += start - found.data
    skipped["title"] = len(titles)
    chosen = [columns[i] for i in kept]
    return RawTable(
        name=grid.name,
        columns=tuple(chosen),
        data=pa.table([data[ROW], *(data[all_names[i]] for i in kept)], names=[ROW, *chosen]),
        header_row=cells[ROW][int(positions[found.header[-1]])].as_py() if header else None,
        title_rows=tuple(titles),
        skipped={reason: count for reason, count in skipped.items() if count},
        units={name: unit for name, unit in units.items() if name in chosen},
        sheet_unit=stated_unit(titles),
        broken=broken,
        repaired={REPAIRED: repaired} if repaired else {},
        hidden=grid.hidden,
        notes=(*grid.notes, *_notes(grid, repaired, spelt.marks, continued.rows, bool(header))),
    )


def _notes(grid: Grid, repaired: int, dittos: int, continued: int, has_header: bool) -> list[Message]:
    """What a person should know about how the table was read."""
    notes = []
    if dittos:
        notes.append(_MESSAGES.message("dittos_spelt", cells=dittos))
    if continued:
        notes.append(_MESSAGES.message("rows_continued", rows=continued))
    if repaired:
        notes.append(_MESSAGES.message("rows_repaired", rows=repaired))
    if not has_header:
        notes.append(_MESSAGES.message("no_header"))
    if grid.hidden:
        notes.append(_MESSAGES.message("hidden_sheet", sheet=grid.name))
    return notes


def _said(row: Sequence[str | None]) -> str:
    """What a title row says, a merged title once."""
    return "  ".join(dict.fromkeys(cell.strip() for cell in row if cell and cell.strip()))


def _width(data: pa.Table, names: Sequence[str], header: Sequence[Sequence[str | None]]) -> int:
    """Number of columns: as many as the header names, or as most rows have where they have more."""
    last_named = max((i + 1 for row in header for i, cell in enumerate(row) if cell and cell.strip()), default=0)
    width = max(last_named, 1)
    for position in range(width, len(names)):
        if data.num_rows and pc.sum(is_filled(data[names[position]])).as_py() * 2 > data.num_rows:
            width = position + 1
    if not header:
        usual = [i + 1 for i, name in enumerate(names) if pc.any(is_filled(data[name])).as_py()]
        width = max(width, *usual) if usual else width
    return width
