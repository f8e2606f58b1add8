"""Reads files that name their columns (Parquet, JSON lines, JSON arrays) into tables of text."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from salesloop.engine.collect.delimited import MAX_COLUMNS
from salesloop.engine.collect.encoding import Detected, canonical, detect, read_text
from salesloop.engine.collect.names import column_names
from salesloop.engine.collect.raw import ROW, RawTable
from salesloop.engine.collect.stopping import Stop, go_on, heeding
from salesloop.engine.model.errors import UserError
from salesloop.engine.model.text import Message, Messages
from salesloop.engine.store.engines.quiet import connect

_MESSAGES = Messages("salesloop.engine.collect")

_MAX_UNPACKED: Final = 8 << 30


def read_parquet(path: Path, file: str) -> RawTable:
    """The rows of a Parquet file as text: dates in ISO form, whole floats without a fraction, nested values as JSON."""
    try:
        source = pq.ParquetFile(path)
        groups = (source.metadata.row_group(i) for i in range(source.metadata.num_row_groups))
        if sum(group.total_byte_size for group in groups) > _MAX_UNPACKED:
            raise UserError(_MESSAGES.message("workbook_bomb", file=file), file=file)
        _check_width(len(source.schema_arrow), file)
        readable = [f.name for f in source.schema_arrow if not _is_binary(f.type)]
        binary = [f.name for f in source.schema_arrow if _is_binary(f.type)]
        table = source.read(columns=readable)
    except (pa.ArrowException, OSError) as error:
        raise UserError(_MESSAGES.message("damaged_parquet", file=file), file=file) from error
    notes: tuple[Message, ...] = (_MESSAGES.message("binary_columns", columns=binary),) if binary else ()
    columns = [as_text(table.column(i)) for i in range(table.num_columns)]
    return _table(Path(file).stem, table.column_names, columns, table.num_rows, notes)


def read_json(path: Path, file: str, encoding: str | None = None, stop: Stop = go_on) -> tuple[RawTable, Detected]:
    """Objects of a JSON array, or one object per line; columns in order of first appearance, nested values as JSON.

    UserError with the row for what is no JSON.
    """
    detected = Detected(canonical(encoding)) if encoding else detect(path, file)
    text = "".join(heeding(read_text(path, detected.encoding, file, damaged=detected.damaged), stop)).strip()
    con = connect()
    try:
        _load(con, text, file)
        stop()
        keys = con.execute(
            "SELECT key FROM (SELECT _row, unnest(json_keys(item)) AS key, generate_subscripts(json_keys(item), 1) AS n"
            " FROM items) GROUP BY key ORDER BY min((_row, n))"
        ).fetchall()
        names = [key for (key,) in keys]
        _check_width(len(names), file)
        pointers = ", ".join(f"item ->> $p{i} AS c{i}" for i in range(len(names)))
        values = {f"p{i}": "/" + name.replace("~", "~0").replace("/", "~1") for i, name in enumerate(names)}
        query = f"SELECT {pointers or 'NULL AS c0'} FROM items ORDER BY _row"
        found = con.sql(query, params=values or None).to_arrow_table()
    finally:
        con.close()
    columns = [found.column(i) for i in range(len(names))]
    return _table(Path(file).stem, names, columns, found.num_rows, ()), detected


def _load(con: duckdb.DuckDBPyConnection, text: str, file: str) -> None:
    """Create the table `items` (`_row`, `item`), one JSON object a row. UserError names the first record that is none."""
    if text.startswith("["):
        texts, item = [text], "unnest(json_extract(text, '$[*]'))"
    else:
        texts, item = [line for line in text.split("\n") if line.strip()], "text"
    con.register("input", pa.table({"text": pa.array(texts, pa.large_string())}))
    _refuse_record(con, "SELECT row_number() OVER () AS n, json_valid(text) AS good FROM input", file)
    con.execute(
        f"CREATE TABLE items AS SELECT row_number() OVER () AS _row, x::JSON AS item FROM (SELECT {item} AS x FROM input)"
    )
    _refuse_record(con, "SELECT _row AS n, json_type(item) = 'OBJECT' AS good FROM items", file)


def _refuse_record(con: duckdb.DuckDBPyConnection, judged: str, file: str) -> None:
    row = con.execute(f"SELECT min(n) FROM ({judged}) WHERE NOT good").fetchall()[0][0]
    if row is not None:
        raise UserError(_MESSAGES.message("damaged_json", file=file, row=row), file=file, row=row)


def _check_width(columns: int, file: str) -> None:
    if columns > MAX_COLUMNS:
        message = _MESSAGES.message("too_many_columns", file=file, columns=columns, limit=MAX_COLUMNS)
        raise UserError(message, file=file)


def _table(
    name: str, names: list[str], columns: list[pa.ChunkedArray], rows: int, notes: tuple[Message, ...]
) -> RawTable:
    if rows == 0 or not names:
        raise UserError(_MESSAGES.message("header_only", sheet=name))
    numbers = pa.array(range(1, rows + 1), pa.int64())
    unique, units, _ = column_names([names], len(names))
    data = pa.table([numbers, *columns], names=[ROW, *unique])
    return RawTable(name, tuple(unique), data, header_row=None, units=units, notes=notes)


def _is_binary(kind: pa.DataType) -> bool:
    return pa.types.is_binary(kind) or pa.types.is_large_binary(kind) or pa.types.is_fixed_size_binary(kind)


def as_text(values: pa.ChunkedArray) -> pa.ChunkedArray:
    """Any Arrow column as text: what a careful person would type for each value; NULL stays NULL."""
    kind = values.type
    if pa.types.is_dictionary(kind):
        return as_text(values.cast(kind.value_type))
    if pa.types.is_timestamp(kind):
        naive = values.cast(pa.timestamp("us", kind.tz), safe=False)
        written = pc.strftime(naive, "%Y-%m-%d %H:%M:%S" if kind.tz is None else "%Y-%m-%d %H:%M:%S%z")
        whole_seconds = pc.replace_substring_regex(written, r"\.0+([+-]|$)", r"\1")
        return pc.replace_substring_regex(whole_seconds, " 00:00:00$", "")
    if pa.types.is_nested(kind):
        con = connect()
        try:
            con.register("input", pa.table({"v": values}))
            return con.sql("SELECT to_json(v)::VARCHAR AS v FROM input").to_arrow_table().column(0)
        finally:
            con.close()
    return values.cast(pa.string())
