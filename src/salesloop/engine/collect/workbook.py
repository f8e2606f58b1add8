"""Reads workbooks (.xlsx, .xls, .xlsb, .ods) into grids, in a process limited in memory and time.

A crafted sheet of 5 kB makes the reader ask for 512 GB and abort; the program that reads is therefore never this one.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from salesloop.engine.collect import workbook_worker
from salesloop.engine.collect.delimited import MAX_COLUMNS
from salesloop.engine.collect.raw import ROW, Grid, RefusedSheet
from salesloop.engine.collect.stopping import Stop, go_on
from salesloop.engine.collect.workbook_biff import lost_cells_of_xls
from salesloop.engine.collect.workbook_checks import OLE, check_container
from salesloop.engine.collect.workbook_xml import Giant, Lost, column_letters, giant_sheets, lost_cells
from salesloop.engine.model.errors import UserError
from salesloop.engine.model.text import Message, Messages

_MESSAGES = Messages("salesloop.engine.collect")


# So many cells are named in a note.
_NAMED: Final = 5
_LISTENED_EVERY: Final = 0.25  # seconds


@dataclass(frozen=True)
class Limits:
    """What reading one workbook may take: bytes of address space, seconds of processor and of wall time."""

    memory: int = 3 << 30
    cpu_seconds: int = 300
    wall_seconds: int = 900


_LIMITS: Final = Limits()


def read_workbook(
    path: Path, file: str, limits: Limits = _LIMITS, stop: Stop = go_on
) -> tuple[list[Grid], list[RefusedSheet]]:
    """All sheets of a workbook, called `file` in messages; merged cells are filled.

    Hidden sheets are flagged; a sheet that is too sparse or too wide to be a table is refused, the others are read.
    UserError for what is encrypted, damaged or a bomb.
    """
    check_container(path, file)
    with TemporaryDirectory(prefix="salesloop-") as name:
        folder = Path(name)
        giants: dict[str, Giant] = {}
        code = _run(path, folder, limits, (), stop)
        if code != 0:
            giants = giant_sheets(path)
            if not giants or code == workbook_worker.EXIT_PASSWORD:
                raise _failure(code, file)
            code = _run(path, folder, limits, tuple(giants), stop)
        if code != 0:
            raise _failure(code, file)
        return _collect(path, folder, file, giants)


def _run(path: Path, folder: Path, limits: Limits, skipped: tuple[str, ...], stop: Stop) -> int:
    """Exit code of the reader; negative for a signal that ended it, `EXIT_MEMORY` where it took too long."""
    command = [sys.executable, "-I", workbook_worker.__file__, str(path), str(folder)]
    command += [str(limits.memory), str(limits.cpu_seconds), str(MAX_COLUMNS), *skipped]
    until = time.monotonic() + limits.wall_seconds
    reader = subprocess.Popen(  # noqa: S603 - our own interpreter and program; the paths are arguments, no shell
        command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        while time.monotonic() < until:
            try:
                return reader.wait(_LISTENED_EVERY)
            except subprocess.TimeoutExpired:
                stop()
        return workbook_worker.EXIT_MEMORY
    finally:
        reader.kill()
        reader.wait()


def _failure(code: int, file: str) -> UserError:
    if code == workbook_worker.EXIT_PASSWORD:
        key = "encrypted_workbook"
    elif code < 0 or code == workbook_worker.EXIT_MEMORY:
        key = "workbook_too_large"
    else:
        key = "damaged_workbook"
    return UserError(_MESSAGES.message(key, file=file), file=file)


def _collect(path: Path, folder: Path, file: str, giants: dict[str, Giant]) -> tuple[list[Grid], list[RefusedSheet]]:
    grids: list[Grid] = []
    refused: list[RefusedSheet] = []
    with path.open("rb") as stream:
        is_old = stream.read(len(OLE)) == OLE
    lost = lost_cells_of_xls(path) if is_old else lost_cells(path)
    for number, sheet in enumerate(json.loads((folder / "sheets.json").read_text(encoding="utf-8"))):
        name = sheet["name"]
        if sheet["state"] == "read":
            with pa.OSFile(str(folder / f"{number}.arrow")) as source:
                cells = pa.ipc.open_file(source).read_all()
            found = lost.get(name, Lost())
            cells = _with_errors(cells, found, sheet["left"])
            grids.append(Grid(name, cells, hidden=sheet["hidden"], notes=_notes(name, found)))
        elif sheet["state"] == "skipped":
            giant = giants[name]
            message = _MESSAGES.message("sparse_sheet", sheet=name, cell=giant.last_cell, cells=giant.cells)
            refused.append(RefusedSheet(name, message))
        elif sheet["state"] == "too_many_columns":
            message = _MESSAGES.message("too_many_columns", file=name, columns=sheet["columns"], limit=MAX_COLUMNS)
            refused.append(RefusedSheet(name, message))
        else:
            refused.append(RefusedSheet(name, _MESSAGES.message("not_worksheet", sheet=name)))
    if not grids and not refused:
        raise UserError(_MESSAGES.message("empty_file", file=file), file=file)
    return grids, refused


def _with_errors(cells: pa.Table, lost: Lost, left: int) -> pa.Table:
    """The cells with #N/A, #DIV/0! … where they stand; the sheet's columns count from `left`."""
    for column in sorted({column for _, column, _ in lost.errors}):
        position = cells.schema.get_field_index(f"c{column - left}")
        texts = {row: text for row, place, text in lost.errors if place == column}
        if position < 0:
            continue
        here = pc.is_in(cells[ROW], pa.array(texts, pa.int64()))
        told = pa.array([texts[row] for row in cells[ROW].filter(here).to_pylist()], pa.string())
        mended = pc.replace_with_mask(cells.column(position).combine_chunks(), here.combine_chunks(), told)
        cells = cells.set_column(position, cells.field(position), mended)
    return cells


def _notes(sheet: str, lost: Lost) -> tuple[Message, ...]:
    errors = [f"{column_letters(column + 1)}{row}" for row, column, _ in lost.errors]
    counted = (("excel_errors", errors), ("uncomputed_formulas", lost.uncomputed))
    return tuple(
        _MESSAGES.message(key, sheet=sheet, cells=len(places), places=places[:_NAMED])
        for key, places in counted
        if places
    )
