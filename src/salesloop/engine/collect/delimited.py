"""Reads text with delimiters (CSV, TSV and kin) into a grid of cells; no row and no cell is lost on the way.

The text is decoded here. What is plainly CSV is split by `regular`, at once. Anything else goes to DuckDB as clean UTF-8,
which splits strictly: a row that breaks the rules is named, not bent. A file with stray quotes is split by `tolerant`,
line by line.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import numpy as np
import pyarrow as pa

from salesloop.engine.collect.encoding import Detected, canonical, detect, read_text
from salesloop.engine.collect.raw import BROKEN_SCHEMA, ROW, Grid
from salesloop.engine.collect.regular import split_regular
from salesloop.engine.collect.stopping import Stop, go_on, heeding
from salesloop.engine.collect.tolerant import split_lines
from salesloop.engine.model.errors import UserError
from salesloop.engine.model.text import Messages
from salesloop.engine.store.engines.quiet import connect

_MESSAGES = Messages("salesloop.engine.collect")

MAX_COLUMNS: Final = 2000
# Rows may be wider than the sample showed (a comma in an address): so many more cells are kept apart for repair.
SPARE_CELLS: Final = 8
_DELIMITERS: Final = ("\t", "|", "^", ";", ",")
_SAMPLE_LINES: Final = 1000
_SAMPLE_CHARACTERS: Final = 1 << 20
_MAX_LINE: Final = 1 << 23
_QUOTED: Final = re.compile(r'"(?:[^"]|"")*"')

# Control characters that no text holds: DuckDB leaves empty lines out (row numbers would shift), calls missing cells
# NULL, and swallows the rest of a file after a quote that is never closed (then the end mark is gone).
_BLANK: Final = "\x1eblank\x1e"
_END: Final = "\x1eend\x1e"
_NULL: Final = "\x1enull\x1e"


@dataclass(frozen=True)
class _Prepared:
    """The file as clean UTF-8 text, and what its beginning tells. `marked_cells`: a quoted cell may hold a mark."""

    path: Path
    delimiter: str
    width: int
    marked_cells: bool


def read_delimited(path: Path, file: str, encoding: str | None = None, stop: Stop = go_on) -> tuple[Grid, Detected]:
    """Read the text file `path`, called `file` in messages.

    Gives its grid (every cell text, `_row` = record number counting blank lines) and how its encoding was told;
    `encoding` overrides detection. UserError for what is no readable text.
    """
    detected = Detected(canonical(encoding)) if encoding else detect(path, file)
    with TemporaryDirectory(prefix="salesloop-") as folder:
        # What was detected was checked byte by byte, what is written anew is right by itself.
        checked = encoding is None or detected.encoding != "utf-8"
        grid = _read_plain(path, file, detected, Path(folder) / "plain.csv", stop, checked=checked)
        if grid is not None:
            return grid, detected
        text = heeding(read_text(path, detected.encoding, file, damaged=detected.damaged), stop)
        prepared = _prepare(text, Path(folder) / "text.csv", file)
        split = _split_strict(prepared)
        stop()
        if split is None:
            split = split_lines(prepared.path, prepared.delimiter, prepared.width, SPARE_CELLS, _BLANK, _END, stop)
    cells, broken = split
    name = Path(file).stem
    return Grid(name, cells, broken, ragged=True, delimiter=prepared.delimiter), detected


def _read_plain(path: Path, file: str, detected: Detected, scratch: Path, stop: Stop, *, checked: bool) -> Grid | None:
    """The grid of a file that is plainly CSV; None of any other. `checked`: what is detected is so."""
    if detected.encoding != "utf-8":
        with scratch.open("w", encoding="utf-8", newline="\n") as out:
            out.writelines(heeding(read_text(path, detected.encoding, file, damaged=detected.damaged), stop))
        path = scratch
    with path.open(encoding="utf-8-sig", errors="replace") as stream:
        sample = stream.read(_SAMPLE_CHARACTERS)
    if not sample.strip():
        return None
    delimiter, width = sniff(sample)
    cells = split_regular(path, delimiter, width, checked=checked) if width <= MAX_COLUMNS else None
    return None if cells is None else Grid(Path(file).stem, cells, ragged=True, delimiter=delimiter)


def _prepare(text: Iterable[str], target: Path, file: str) -> _Prepared:
    """Write the text with blank lines and its end marked."""
    sample = ""
    quotes = marked = False
    line_start = True
    with target.open("w", encoding="utf-8", newline="\n") as out:
        for piece in text:
            if len(sample) < _SAMPLE_CHARACTERS:
                sample += piece[: _SAMPLE_CHARACTERS - len(sample)]
            quotes = quotes or '"' in piece
            out.write(said := _mark_blank_lines(piece, line_start))
            marked = marked or len(said) > len(piece)
            line_start = piece.endswith("\n")
        out.write(("" if line_start else "\n") + _END + "\n")
    if not sample.strip():
        raise UserError(_MESSAGES.message("empty_file", file=file), file=file)
    delimiter, width = sniff(sample)
    if width > MAX_COLUMNS:
        message = _MESSAGES.message("too_many_columns", file=file, columns=width, limit=MAX_COLUMNS)
        raise UserError(message, file=file)
    return _Prepared(target, delimiter, width, quotes and marked)


def _mark_blank_lines(text: str, line_start: bool) -> str:
    if line_start and text.startswith("\n"):
        text = _BLANK + text
    while "\n\n" in text:
        text = text.replace("\n\n", f"\n{_BLANK}\n")
    return text


def sniff(sample: str) -> tuple[str, int]:
    """The delimiter of a text and the greatest number of cells in a row of this sample.

    The delimiter is the one that most rows hold equally often, outside quotes.
    """
    bare = _QUOTED.sub('""', sample)
    lines = [line for line in bare.split("\n", _SAMPLE_LINES)[:_SAMPLE_LINES] if line.strip()]
    best = (0.0, ",", 0)
    for delimiter in _DELIMITERS:
        counts = Counter(line.count(delimiter) for line in lines)
        usual, rows = max(counts.items(), key=lambda item: (item[1] * (item[0] > 0), item[0]))
        if usual > 0 and round(rows / len(lines), 2) > best[0]:
            best = (round(rows / len(lines), 2), delimiter, max(counts))
    return best[1], best[2] + 1


def _split_strict(prepared: _Prepared) -> tuple[pa.Table, pa.Table] | None:
    """Cells and broken rows, or None where quotes are not in order."""
    width = min(prepared.width + SPARE_CELLS, MAX_COLUMNS + SPARE_CELLS)
    names = [f"c{i}" for i in range(width)]
    inside = f"replace({{}}, '{_BLANK}', '')" if prepared.marked_cells else "{}"
    first = f"CASE WHEN c0 = '{_BLANK}' THEN NULL ELSE {inside.format('c0')} END AS c0"
    selected = ", ".join([first, *(f"{inside.format(name)} AS {name}" for name in names[1:])])
    columns = ", ".join(f"'{name}': 'VARCHAR'" for name in names)
    con = connect()
    try:
        cells = con.sql(
            f"SELECT {selected} FROM read_csv($path, header = false, auto_detect = false, delim = $delimiter,"
            f" quote = '\"', escape = '\"', columns = {{{columns}}},"
            " null_padding = true, strict_mode = true, parallel = false, store_rejects = true, new_line = '\\n',"
            f" nullstr = '{_NULL}', max_line_size = {_MAX_LINE})",
            params={"path": str(prepared.path), "delimiter": prepared.delimiter},
        ).to_arrow_table()
        rejected = con.execute(
            "SELECT line, any_value(csv_line), bool_and(error_type = 'TOO MANY COLUMNS')"
            " FROM reject_errors GROUP BY line ORDER BY line"
        ).fetchall()
    finally:
        con.close()
    ended = cells.num_rows > 0 and cells["c0"][cells.num_rows - 1].as_py() == _END
    if not ended or not all(only_wide for _, _, only_wide in rejected):
        return None
    cells = cells.slice(0, cells.num_rows - 1)
    lines = np.array([line for line, _, _ in rejected], dtype=np.int64)
    rows = np.setdiff1d(np.arange(1, cells.num_rows + len(lines) + 1), lines, assume_unique=True)
    broken = pa.table(
        [lines, [raw for _, raw, _ in rejected], ["ragged_row"] * len(lines)],
        schema=BROKEN_SCHEMA,
    )
    return cells.add_column(0, ROW, pa.array(rows)), broken
