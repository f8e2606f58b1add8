"""Single cells of a delivery that a person has put right."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

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


BLANKED: Final = (
    "SELECT split_part(batch_id, '.', 1) AS delivery, row, column_name FROM ledger.repair JOIN ledger.batch USING (batch_id) "
    "WHERE undone IS NULL AND rule = 'corrected' AND after = ''"
)
"""SQL: cells of deliveries of which a person said that they are to be blank. What could not be read there is no doubt any more."""


def blanks_a_doubt(con: duckdb.DuckDBPyConnection, corrections: Corrections, origin: Origin) -> bool:
    """Whether a cell is blanked that could not be read: the record stays as it is, and yet something new was said of it."""
    blank = [
        {"row": row, "column_name": column}
        for row, cells in corrections.items()
        for column, to in cells.items()
        if not to
    ]
    if not blank:
        return False
    con.register("_blank", pa.Table.from_pylist(blank))
    found = con.execute(
        f"SELECT EXISTS (FROM ledger.cell cell SEMI JOIN _blank USING (row, column_name) ANTI JOIN ({BLANKED}) blanked "
        f"ON blanked.delivery = $delivery AND blanked.row = cell.row AND blanked.column_name = cell.column_name "
        f"WHERE split_part(cell.batch_id, '.', 1) = $delivery)",
        {"delivery": origin.delivery},
    ).fetchall()[0][0]
    con.unregister("_blank")
    return bool(found)


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
