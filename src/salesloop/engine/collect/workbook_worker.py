"""Turns a workbook into one Arrow file per sheet. Run as a program of its own, because a crafted sheet aborts its process.

    python workbook_worker.py WORKBOOK FOLDER MEMORY_BYTES CPU_SECONDS MAX_COLUMNS [SKIPPED_SHEET …]

Imports nothing of ours, so it starts fast. `FOLDER/sheets.json` says what the sheets are.
"""

from __future__ import annotations

import datetime as dt
import json
import sys
from collections.abc import Callable, Iterable, Sequence
from importlib.abc import MetaPathFinder
from itertools import islice
from pathlib import Path
from typing import Any, Final

_BATCH: Final = 8192
EXIT_MEMORY: Final = 3
EXIT_PASSWORD: Final = 4
EXIT_DAMAGED: Final = 5


def main(arguments: list[str]) -> None:
    """Read the workbook as the arguments (see above) say; raises what calamine raises."""
    workbook, folder, memory, seconds, max_columns = arguments[:5]
    _limit(int(memory), int(seconds))
    sys.meta_path.insert(0, _NoPandas())
    from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

    book = CalamineWorkbook.from_path(workbook)
    sheets = []
    for number, meta in enumerate(book.sheets_metadata):
        sheet = {"name": meta.name, "hidden": meta.visible != SheetVisibleEnum.Visible, "state": "read"}
        sheets.append(sheet)
        if meta.typ != SheetTypeEnum.WorkSheet:
            sheet["state"] = "not_worksheet"
        elif meta.name in arguments[5:]:
            sheet["state"] = "skipped"
        else:
            cells = book.get_sheet_by_name(meta.name)
            sheet["left"] = (cells.start or (0, 0))[1]
            sheet["columns"] = columns = _write(cells, Path(folder, f"{number}.arrow"), int(max_columns))
            if columns > int(max_columns):
                sheet["state"] = "too_many_columns"
    Path(folder, "sheets.json").write_text(json.dumps(sheets, ensure_ascii=False), encoding="utf-8")


class _NoPandas(MetaPathFinder):
    """Arrow looks whether a list is a pandas column and imports pandas for it, where there is one: half of our time."""

    def find_spec(self, fullname: str, *_: object) -> None:
        if fullname == "pandas":
            raise ModuleNotFoundError(fullname)


def _limit(memory: int, seconds: int) -> None:
    """Let the system end this process before a workbook takes the machine; where there is no such limit, time ends it."""
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _write(sheet: Any, target: Path, max_columns: int) -> int:
    """Write `_row` and `c0` … as text; gives the number of columns. Nothing is written where there are too many."""
    import pyarrow as pa

    left = (sheet.start or (0, 0))[1]
    width = sheet.width
    if width > max_columns:
        return int(width)
    schema = pa.schema([("_row", pa.int64()), *((f"c{i}", pa.string()) for i in range(width))])
    merged = _merged(sheet.merged_cell_ranges or (), left, width)
    kept: dict[tuple[int, int], Any] = {}
    rows = iter(sheet.iter_rows())
    with pa.OSFile(str(target), "wb") as sink, pa.ipc.new_file(sink, schema) as writer:
        first = 0
        while batch := list(islice(rows, _BATCH)):
            _fill(batch, first, merged, kept)
            numbers = pa.array(range(first + 1, first + 1 + len(batch)), pa.int64())
            # The head of a sheet holds titles and headers above numbers: kept apart, it does not spoil whole columns.
            cut = min(len(batch), 64) if first == 0 else 0
            arrays = [_column(values, cut) for values in zip(*batch, strict=True)]
            writer.write_batch(pa.record_batch([numbers, *arrays], schema=schema))
            first += len(batch)
    return int(width)


def _merged(
    ranges: Iterable[tuple[tuple[int, int], tuple[int, int]]], offset: int, width: int
) -> dict[int, list[tuple[tuple[int, int], int, int]]]:
    """Row → merged cells that cover it: their top left cell, first and last column. Columns count from `offset`."""
    found: dict[int, list[tuple[tuple[int, int], int, int]]] = {}
    rows = 0
    for (top, first), (bottom, last) in ranges:
        rows += bottom - top + 1
        if rows > 2_000_000:  # more merged rows than a sheet can have: a bomb or a mistake, not a table
            break
        left, right = first - offset, min(last - offset, width - 1)
        for row in range(top, bottom + 1):
            found.setdefault(row, []).append(((top, left), left, right))
    return found


def _fill(
    batch: list[list[Any]],
    first: int,
    merged: dict[int, list[tuple[tuple[int, int], int, int]]],
    kept: dict[tuple[int, int], Any],
) -> None:
    """Give a merged cell its value in every row, in its first column; the columns right of it are None. In place."""
    if not merged:
        return
    for offset, row in enumerate(batch):
        for corner, left, right in merged.get(first + offset, ()):
            if corner[0] == first + offset and 0 <= corner[1] < len(row):
                kept[corner] = row[corner[1]]
            if 0 <= left < len(row):
                row[left] = kept.get(corner, "")
            for column in range(max(left + 1, 0), right + 1):
                row[column] = None


def _column(values: Sequence[Any], cut: int) -> Any:
    import pyarrow as pa

    if not cut:
        return _text(values)
    return pa.concat_arrays([pa.array([_render(v) for v in values[:cut]], pa.string()), _text(values[cut:])])


def _text(values: Sequence[Any]) -> Any:
    """Cells of one column as text. Pure columns, which nearly all are, are rendered by Arrow."""
    import pyarrow as pa

    kinds = set(map(type, values))
    if kinds <= {str, type(None)}:
        return pa.array(values, pa.string())
    if kinds <= {float, int, str} and float in kinds:
        numbers = [None if v == "" else v for v in values] if str in kinds else values
        if str not in kinds or not any(type(v) is str for v in numbers):
            return _numbers(pa.array(numbers, pa.float64()))
    if kinds == {dt.date}:
        return pa.array(values, pa.date32()).cast(pa.string())
    return pa.array([_render(v) for v in values], pa.string())


def _numbers(values: Any) -> Any:
    """Whole numbers without a fraction, others in the shortest form that reads back to the same double."""
    import pyarrow as pa
    import pyarrow.compute as pc

    greatest = pc.max(pc.abs(values)).as_py()
    if greatest is not None and greatest >= 1e15:  # Arrow would write them with an exponent
        return pa.array(["" if v is None else _number(v) for v in values.to_pylist()], pa.string())
    return pc.fill_null(values.cast(pa.string()), "")


def _number(value: float) -> str:
    return str(int(value)) if value.is_integer() and abs(value) < 1e18 else repr(value)


def _duration(value: dt.timedelta) -> str:
    minutes, seconds = divmod(round(value.total_seconds()), 60)
    return f"{minutes // 60}:{minutes % 60:02d}:{seconds:02d}"


_RENDER: Final[dict[type, Callable[[Any], str]]] = {
    str: str,
    float: _number,
    bool: lambda value: "TRUE" if value else "FALSE",
    dt.datetime: lambda value: value.isoformat(" "),
    dt.timedelta: _duration,
}


def _render(value: Any) -> str | None:
    return None if value is None else _RENDER.get(type(value), str)(value)


if __name__ == "__main__":
    from python_calamine import CalamineError, PasswordError

    try:
        main(sys.argv[1:])
    except (MemoryError, ImportError):  # a library that cannot be mapped is memory, too
        sys.exit(EXIT_MEMORY)
    except PasswordError:
        sys.exit(EXIT_PASSWORD)
    except (CalamineError, OSError, ValueError):
        sys.exit(EXIT_DAMAGED)
