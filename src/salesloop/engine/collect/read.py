"""Reads one file, whatever it is, into tables of text."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from salesloop.engine.collect.columnar import read_json, read_parquet
from salesloop.engine.collect.delimited import read_delimited
from salesloop.engine.collect.encoding import Detected
from salesloop.engine.collect.formats import kind_of_file, safe_name
from salesloop.engine.collect.raw import FileContent, Format, Grid, RawTable, RefusedSheet
from salesloop.engine.collect.sheet import find_tables
from salesloop.engine.collect.stopping import Stop, go_on, heeding
from salesloop.engine.collect.unpack import is_packed, unpacked
from salesloop.engine.collect.workbook import read_workbook
from salesloop.engine.collect.workbook_checks import macro_note
from salesloop.engine.model.errors import UserError
from salesloop.engine.model.text import Message, Messages

_MESSAGES = Messages("salesloop.engine.collect")


def read_file(
    path: Path,
    *,
    sheet: str | None = None,
    encoding: str | None = None,
    name: str | None = None,
    stop: Stop = go_on,
) -> FileContent:
    """All tables of the file `path`, or those of `sheet` (`sheet #2`: its second table).

    `name` is what people call the file (an upload has another name on disk); only its last part is used. `encoding`
    overrides detection for text; `stop` raises where the reading should end early. Sheets that hold no data are in `refused`, each with the reason; UserError where the
    file has no table at all or cannot be read.
    """
    file = safe_name(name or path.name)
    if is_packed(path):
        with unpacked(path, file, stop) as (inside, inner):
            return replace(read_file(inside, sheet=sheet, encoding=encoding, name=inner, stop=stop), file=file)
    kind = kind_of_file(path, file)
    if kind == "workbook":
        grids, refused = read_workbook(path, file, stop=stop)
        content = _content(file, "workbook", heeding(_only(grids, sheet, file), stop), refused, None, macro_note(path))
        return content if sheet in (None, *(grid.name for grid in grids)) else _only_table(content, sheet or "")
    if kind == "text":
        grid, detected = read_delimited(path, file, encoding, stop)
        notes = (_MESSAGES.message("damaged_characters", file=file),) if detected.damaged else ()
        return _content(file, "delimited", [grid], [], detected, notes)
    if kind == "parquet":
        return FileContent(file, "parquet", (read_parquet(path, file),))
    table, detected = read_json(path, file, encoding, stop)
    return FileContent(file, "json", (table,), (), detected.encoding, detected.doubt, detected.readings)


def _only(grids: list[Grid], sheet: str | None, file: str) -> list[Grid]:
    if sheet is None:
        return grids
    chosen = [grid for grid in grids if grid.name == sheet or sheet.startswith(f"{grid.name} #")]
    if not chosen:
        raise _no_such_sheet(file, sheet, [grid.name for grid in grids])
    return chosen


def _only_table(content: FileContent, name: str) -> FileContent:
    chosen = tuple(table for table in content.tables if table.name == name)
    if not chosen:
        raise _no_such_sheet(content.file, name, [table.name for table in content.tables])
    return replace(content, tables=chosen)


def _no_such_sheet(file: str, sheet: str, known: list[str]) -> UserError:
    return UserError(_MESSAGES.message("no_such_sheet", file=file, sheet=sheet, known=known), file=file)


def _content(
    file: str,
    kind: Format,
    grids: Iterable[Grid],
    refused: list[RefusedSheet],
    detected: Detected | None,
    notes: tuple[Message, ...] = (),
) -> FileContent:
    tables: list[RawTable] = []
    for grid in grids:
        found, against = find_tables(grid, file)
        tables += found
        refused = [*refused, *against]
    if not tables:
        message = (
            refused[0].message
            if len(refused) == 1
            else _MESSAGES.message("no_table", file=file, reasons=[item.message for item in refused])
        )
        raise UserError(message, file=file)
    encoding = detected or Detected("")
    return FileContent(
        file, kind, tuple(tables), tuple(refused), encoding.encoding or None, encoding.doubt, encoding.readings, notes
    )
