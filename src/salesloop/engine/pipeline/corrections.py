"""Single cells of a delivery that a person has put right."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import duckdb
import pyarrow as pa

from salesloop.engine.collect.raw import RawTable
from salesloop.engine.model.errors import UserError
from salesloop.engine.model.text import Messages
from salesloop.engine.pipeline.delivery import Origin
from salesloop.engine.store.engines.quiet import connect

_MESSAGES = Messages("salesloop.engine.pipeline")

Corrections = Mapping[int, Mapping[str, str]]
"""Row of the file → column → text to read instead."""


def corrected(table: RawTable, corrections: Corrections) -> RawTable:
    """The table with single cells replaced; a row that could not be split into cells may be given whole."""
    if not corrections:
        return table
    unknown = {column for cells in corrections.values() for column in cells} - set(table.columns)
    if unknown:
        message = _MESSAGES.message("no_such_column", columns=sorted(unknown), known=list(table.columns))
        raise UserError(message, sheet=table.name)
    present = set(table.data["_row"].to_pylist()) | set(table.broken["_row"].to_pylist())
    if missing := sorted(set(corrections) - present):
        raise UserError(_MESSAGES.message("no_such_row", rows=missing), sheet=table.name)
    patch = pa.Table.from_pylist(
        [
            {"_row": row, **{column: cells.get(column) for column in table.columns}}
            for row, cells in corrections.items()
        ],
        schema=pa.schema([("_row", pa.int64()), *((column, pa.string()) for column in table.columns)]),
    )
    con = connect()
    try:
        con.register("data", table.data)
        con.register("patch", patch)
        con.register("broken", table.broken)
        cells = ", ".join(f"coalesce(patch.{_quoted(c)}, data.{_quoted(c)}) AS {_quoted(c)}" for c in table.columns)
        data = con.sql(
            f"SELECT _row, {cells} FROM data LEFT JOIN patch USING (_row) UNION ALL "
            f"SELECT patch.* FROM patch WHERE _row IN (SELECT _row FROM broken) ORDER BY _row"
        ).to_arrow_table()
        broken = con.sql("SELECT * FROM broken WHERE _row NOT IN (SELECT _row FROM patch)").to_arrow_table()
    finally:
        con.close()
    return replace(table, data=data, broken=broken.cast(table.broken.schema))


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def record_corrections(
    con: duckdb.DuckDBPyConnection, entity: str, table: RawTable, corrections: Corrections, origin: Origin
) -> None:
    """Keep what stood in the cells before somebody corrected them."""
    con.register("_uncorrected", table.data)
    for row, cells in corrections.items():
        for column, after in cells.items():
            con.execute(
                f"INSERT INTO ledger.repair SELECT $batch, $entity, $row, $column, NULL, 'corrected', "
                f"(SELECT {_quoted(column)} FROM _uncorrected WHERE _row = $row), $after",
                {"batch": origin.batch_id, "entity": entity, "row": row, "column": column, "after": after},
            )
    con.unregister("_uncorrected")
