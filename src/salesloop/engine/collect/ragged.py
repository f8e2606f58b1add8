"""Rows of a text file that have more or fewer cells than the header: put right where that is certain, else set apart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from salesloop.engine.collect.cells import DATE, NOTHING, NUMBER, is_filled
from salesloop.engine.collect.raw import BROKEN_SCHEMA, ROW
from salesloop.engine.store.engines.quiet import connect

REPAIRED: Final = "delimiter_in_text"
# Share of the cells of a column that must be numbers (or dates) for the column to testify.
_TYPED_SHARE: Final = 0.98
_LOOKED_AT: Final = 5_000
_JOINT: Final = "\x1f"


@dataclass(frozen=True)
class Settled:
    """Rows of exactly the wanted width, rows that stay broken (`BROKEN_SCHEMA`), and how many were put right."""

    cells: pa.Table
    broken: pa.Table
    repaired: int


def settle(cells: pa.Table, width: int, delimiter: str) -> Settled:
    """Bring rows without blank ones (`_row`, `c0` …; NULL: the row has no such cell) to `width` cells.

    Surplus cells that are blank are trailing delimiters and fall away. A row that is too long is repaired only where one
    reading is possible: no cell of a regular row of this file begins with a blank, and this row has exactly as many
    such cells as it has too many (`Rua do Paço, 67` without quotes). A row that is too short is filled up only where the
    file leaves out trailing blanks throughout: no regular row ends in a blank cell. Either way the result must hold
    numbers and dates in every column where the regular rows do.
    """
    names = [name for name in cells.column_names if name != ROW]
    wanted = names[:width]
    long = pa.chunked_array([pa.array(np.zeros(cells.num_rows, dtype=bool))])
    for name in names[width:]:
        long = pc.or_(long, is_filled(cells[name]))
    irregular = pc.or_(long, pc.is_null(cells[wanted[-1]]))
    if not pc.any(irregular).as_py():
        return Settled(cells.select([ROW, *wanted]), BROKEN_SCHEMA.empty_table(), 0)
    regular = cells.filter(pc.invert(irregular)).select([ROW, *wanted])
    con = connect()
    try:
        con.register("irregular", cells.append_column("long", long).filter(irregular))
        con.register("looked_at", regular.take(_spread(regular.num_rows)))
        conforms = _conforms(_types(con, wanted))
        con.execute(f"CREATE TABLE good AS SELECT {ROW}, {', '.join(wanted)} FROM irregular LIMIT 0")
        if regular.num_rows and not _any_like(regular, wanted[-1:], r"^\s*$"):
            con.execute(
                f"INSERT INTO good SELECT {ROW}, {', '.join(wanted)} FROM irregular WHERE NOT long AND {conforms}"
            )
        repaired = 0
        if regular.num_rows and not _any_like(regular, wanted, r"^ "):
            mended = _mended(wanted, names, delimiter)
            con.execute(f"INSERT INTO good SELECT * FROM ({mended}) WHERE {conforms}")
            repaired = con.execute(f"SELECT count(*) FROM good JOIN irregular USING ({ROW}) WHERE long").fetchall()[0][
                0
            ]
        good = con.sql("SELECT * FROM good").to_arrow_table().cast(regular.schema)
        raw = f"array_to_string(list_filter([{', '.join(names)}], lambda cell: cell IS NOT NULL), '{delimiter}')"
        broken = con.sql(
            f"SELECT {ROW}, {raw} AS raw, 'ragged_row' AS reason FROM irregular ANTI JOIN good USING ({ROW}) ORDER BY {ROW}"
        ).to_arrow_table()
    finally:
        con.close()
    settled = pa.concat_tables([regular, good]).sort_by(ROW) if good.num_rows else regular
    return Settled(settled, broken.cast(BROKEN_SCHEMA), repaired)


def _spread(rows: int) -> pa.Array:
    """Positions of some thousands of rows over the whole table."""
    return pa.array(np.arange(0, rows, max(1, rows // _LOOKED_AT)))


def _any_like(rows: pa.Table, names: Sequence[str], pattern: str) -> bool:
    return any(pc.any(pc.match_substring_regex(rows[name], pattern)).as_py() for name in names)


def _mended(wanted: Sequence[str], names: Sequence[str], delimiter: str) -> str:
    """The long rows with every cell that begins with a blank joined to the one before it, where the width is then right."""
    joined = f"array_to_string(list_filter([{', '.join(names)}], lambda cell: cell IS NOT NULL), '{_JOINT}')"
    parts = f"string_split(replace(rtrim({joined}, '{_JOINT}'), '{_JOINT} ', '{delimiter} '), '{_JOINT}')"
    columns = ", ".join(f"parts[{i + 1}] AS {name}" for i, name in enumerate(wanted))
    inner = f"SELECT {ROW}, {parts} AS parts FROM irregular WHERE long"
    return f"SELECT {ROW}, {columns} FROM ({inner}) WHERE len(parts) = {len(wanted)}"


def _types(con: duckdb.DuckDBPyConnection, wanted: Sequence[str]) -> Mapping[str, str]:
    """Column → the pattern that its cells follow in regular rows."""
    found = {}
    for name in wanted:
        for pattern in (NUMBER, DATE):
            share = con.execute(
                f"SELECT avg(CAST(regexp_matches(trim({name}), $kind) AS DOUBLE)) FROM looked_at"
                f" WHERE NOT regexp_matches(trim({name}), $nothing)",
                {"kind": pattern, "nothing": NOTHING},
            ).fetchall()[0][0]
            if share is not None and share >= _TYPED_SHARE:
                found[name] = pattern
    return found


def _conforms(types: Mapping[str, str]) -> str:
    """Every typed column holds its type or nothing."""
    tests = [
        f"regexp_matches(coalesce(trim({name}), ''), '{_quoted(pattern)}|{_quoted(NOTHING)}')"
        for name, pattern in types.items()
    ]
    return " AND ".join(tests) or "true"


def _quoted(text: str) -> str:
    return text.replace("'", "''")
