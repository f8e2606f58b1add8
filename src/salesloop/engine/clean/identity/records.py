"""The records that are matched: one row each with the normal forms of the fields that are compared."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import duckdb
import pyarrow as pa

from salesloop.engine.clean.identity.comparison import Comparison
from salesloop.engine.clean.values.cells import ident
from salesloop.engine.model.entity import Entity


def prepare_records(
    con: duckdb.DuckDBPyConnection, entity: Entity, comparisons: Sequence[Comparison], new_only: Iterable[str] | None
) -> None:
    """Creates the temporary table `identity_record` (i, id, fresh, <field>_<column> …).

    `i` numbers the records in the order of their keys, so that pairs come out in one order. `fresh`: the record is
    among `new_only`, or there is no such list.
    """
    (key,) = entity.key
    fresh = "true"
    if new_only is not None:
        con.register("identity_new", pa.table({"id": pa.array(list(new_only), pa.string())}))
        fresh = f"{ident(key)} IN (SELECT id FROM identity_new)"
    texts = "".join(
        f", nullif(trim(CAST({ident(one.field)} AS VARCHAR)), '') AS {ident(one.field)}" for one in comparisons
    )
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE identity_text AS SELECT CAST(row_number() OVER (ORDER BY {ident(key)}) AS INTEGER) AS i, "
        f"{ident(key)} AS id, {fresh} AS fresh{texts} FROM {ident(entity.name)}"
    )
    columns, joins = "", ""
    for number, one in enumerate(comparisons):
        field, table = ident(one.field), f"identity_field_{number}"
        con.execute(f"CREATE OR REPLACE TEMP VIEW identity_raw AS SELECT {field} AS raw FROM identity_text")
        one.prepare(con, "identity_raw", table)
        for (name,) in con.execute(f"SELECT column_name FROM (DESCRIBE {table})").fetchall():
            columns += f", {table}.{ident(name)} AS {ident(f'{one.field}_{name}')}"
        joins += f" LEFT JOIN {table} ON {table}.raw = identity_text.{field}"
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE identity_record AS SELECT i, id, fresh{columns} FROM identity_text{joins}"
    )
