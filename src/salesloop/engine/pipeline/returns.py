"""Returns that name only an order, told apart into the lines of that order.

`R1: order O1 came back` says nothing of products, so nothing could be told by product or category. As soon as the lines
of the order are known, the return is published as one row a line, and what was delivered is set aside like any other
stand-in (`pipeline.shadows`): it comes back before every change, so it does not matter which came first.
"""

from __future__ import annotations

import duckdb

from salesloop.engine.model.entity import Model
from salesloop.engine.pipeline.records import record_json, stored_columns
from salesloop.engine.store.insert import insert_rows
from salesloop.engine.store.schema import columns, given

_NAME = "return_line"
_LINES = f"SELECT order_id FROM order_line SEMI JOIN {_NAME} USING (order_id) GROUP BY order_id HAVING count(*) > 1"
_WHOLE = f"row.line_no IS NULL AND row.{given('product_id')} IS NULL AND row.order_id IN ({_LINES})"


def join(con: duckdb.DuckDBPyConnection) -> None:
    """Remove the parts of every return that was told apart; the delivered rows are still in `ledger.shadowed`."""
    con.execute(
        f"DELETE FROM {_NAME} WHERE (_batch, _row) IN (SELECT (record ->> '_batch', CAST(record ->> '_row' AS BIGINT)) "
        f"FROM ledger.shadowed WHERE entity = '{_NAME}')"
    )


def tell_apart(con: duckdb.DuckDBPyConnection, model: Model) -> bool:
    """Publish each return of a whole order as the returns of its lines; whether there is any.

    A stated amount or quantity is shared out by the lines' own, to the last digit; one that is not stated is taken from
    the lines by `resolve`.
    """
    entity = model.entity(_NAME)
    con.execute(
        f"INSERT INTO ledger.shadowed SELECT '{_NAME}', {record_json(stored_columns(entity, model, 'row'))} "
        f"FROM {_NAME} row WHERE {_WHOLE}"
    )
    con.execute(f"CREATE TEMP TABLE _parts AS {_parts(list(columns(entity, model)))}")
    con.execute(f"DELETE FROM {_NAME} AS row WHERE {_WHOLE}")
    insert_rows(con, _NAME, {name: f'"{name}"' for name in columns(entity, model)}, "_parts")
    told = bool(con.execute("SELECT EXISTS (FROM _parts)").fetchall()[0][0])
    con.execute("DROP TABLE _parts")
    return told


def _parts(names: list[str]) -> str:
    """SQL: one row for each line of the orders that came back as a whole, shares rounded so that they add up."""
    values = {name: f'row."{name}"' for name in names}
    values |= {"return_id": "row.return_id || '#' || line.line_no", "line_no": "line.line_no"}
    for name in ("amount", "quantity"):
        values[name] = values[given(name)] = _share(name)
    listed = ", ".join(f'{sql} AS "{name}"' for name, sql in values.items())
    return (
        f"SELECT {listed} "
        f"FROM {_NAME} row JOIN order_line line ON line.order_id = row.order_id WHERE {_WHOLE} "
        f"WINDOW whole AS (PARTITION BY row.rowid), so_far AS (PARTITION BY row.rowid ORDER BY line.line_no), "
        f"before AS (PARTITION BY row.rowid ORDER BY line.line_no ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)"
    )


def _share(name: str) -> str:
    """The difference between the rounded sums up to this line and up to the one before it."""
    stated = f"CAST(row.{given(name)} AS DOUBLE)"
    total = f"sum(coalesce(line.{name}, 0)) OVER whole"

    def up_to(window: str) -> str:
        weighed = f"CAST(sum(coalesce(line.{name}, 0)) OVER {window} AS DOUBLE) / CAST({total} AS DOUBLE)"
        counted = f"count(*) OVER {window} / count(*) OVER whole"
        share = f"CASE WHEN {total} = 0 THEN {counted} ELSE {weighed} END"
        return f"CAST(coalesce({stated} * ({share}), 0) AS DECIMAL(18,4))"

    return f"CASE WHEN row.{given(name)} IS NOT NULL THEN {up_to('so_far')} - {up_to('before')} END"
