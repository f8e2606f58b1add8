"""Splits text whose quotes are not in order, line by line: slower than DuckDB, but a stray quote costs one row at most."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from itertools import islice, zip_longest
from pathlib import Path
from typing import Final

import pyarrow as pa

from salesloop.engine.collect.raw import BROKEN_SCHEMA, ROW
from salesloop.engine.collect.stopping import Stop, go_on

_BATCH: Final = 50_000
# A quoted cell may go over so many lines; a quote still open after them is taken for a character like any other.
_MAX_LINES_OF_CELL: Final = 50


def split_lines(
    path: Path, delimiter: str, width: int, spare: int, blank: str, end: str, stop: Stop = go_on
) -> tuple[pa.Table, pa.Table]:
    """Cells (`_row`, `c0` … up to `width + spare`) and broken rows (`BROKEN_SCHEMA`) of the UTF-8 text `path`.

    `blank` marks a blank line, `end` the last one.
    """
    names = [f"c{i}" for i in range(width + spare)]
    schema = pa.schema([(ROW, pa.int64()), *((name, pa.string()) for name in names)])
    batches: list[pa.Table] = []
    broken: list[tuple[int, str, str]] = []
    rows: list[tuple[int, list[str]]] = []
    # csv refuses cells over 128 kB unless told otherwise, for the whole process.
    csv.field_size_limit(1 << 30)
    with path.open(encoding="utf-8", newline="\n") as stream:
        for row, (cells, raw) in enumerate(_records(stream, delimiter, width, blank, end), start=1):
            if cells is None or len(cells) > len(names):
                broken.append((row, raw, "broken_quotes" if cells is None else "ragged_row"))
                continue
            rows.append((row, cells))
            if len(rows) == _BATCH:
                stop()
                batches.append(_table(rows, schema))
                rows = []
    batches.append(_table(rows, schema))
    columns = list(zip(*broken, strict=True)) or [(), (), ()]
    return pa.concat_tables(batches), pa.table([list(c) for c in columns], schema=BROKEN_SCHEMA)


def _table(rows: list[tuple[int, list[str]]], schema: pa.Schema) -> pa.Table:
    columns = list(zip_longest(*(cells for _, cells in rows)))
    columns += [(None,) * len(rows)] * (len(schema) - 1 - len(columns))
    arrays = [pa.array([row for row, _ in rows], pa.int64()), *(pa.array(c, pa.string()) for c in columns)]
    return pa.table(arrays, schema=schema)


def _records(
    stream: Iterator[str], delimiter: str, width: int, blank: str, end: str
) -> Iterator[tuple[list[str] | None, str]]:
    """Each record's cells (None: they cannot be told apart) and its raw text."""
    waiting: list[str] = []
    while True:
        line = waiting.pop(0) if waiting else next(stream).rstrip("\n")
        if line == end:
            return
        if line == blank:
            yield [], ""
        elif '"' not in line:
            yield line.split(delimiter), line
        else:
            ahead = waiting + [text.rstrip("\n") for text in islice(stream, _MAX_LINES_OF_CELL - len(waiting))]
            cells, used = _quoted(line, ahead, delimiter, width, blank, end)
            yield cells, "\n".join([line, *ahead[:used]]).replace(blank, "")
            waiting = ahead[used:]


def _quoted(
    line: str, ahead: list[str], delimiter: str, width: int, blank: str, end: str
) -> tuple[list[str] | None, int]:
    """Cells of a record that starts with `line`, and how many of the lines `ahead` belong to it."""
    strict = _parse(line, delimiter, strict=True)
    if strict is not None:
        return strict, 0
    text = line
    for used, more in enumerate(ahead, start=1):
        if more == end:
            break
        text += "\n" + ("" if more == blank else more)
        if '"' in more and (cells := _parse(text, delimiter, strict=True)) is not None and len(cells) == width:
            return cells, used
    literal = line.split(delimiter)
    if len(literal) == width:
        return literal, 0
    lenient = _parse(line, delimiter, strict=False)
    return (lenient, 0) if lenient is not None and len(lenient) == width else (None, 0)


def _parse(text: str, delimiter: str, *, strict: bool) -> list[str] | None:
    try:
        records = list(csv.reader(text.splitlines(keepends=True), delimiter=delimiter, strict=strict))
    except csv.Error:
        return None
    return records[0] if len(records) == 1 else None
