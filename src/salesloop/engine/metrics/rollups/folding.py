"""Takes rows into a table of a roll-up that has one row for each key."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import duckdb

_ROWS = "rollup_folded_rows"
_MET = "rollup_met_rows"


def fold(
    con: duckdb.DuckDBPyConnection, table: str, rows: str, keys: Sequence[str], together: Mapping[str, str]
) -> None:
    """Add `rows` (a query) to the table; those of one key become one row with what the table has of it.

    `keys` are quoted columns, NULL a value like any other. `together`: column → the aggregate that makes one of several.
    """
    con.execute(f"CREATE OR REPLACE TEMP TABLE {_ROWS} AS {rows}")
    same = " AND ".join(f"held.{key} IS NOT DISTINCT FROM more.{key}" for key in keys)
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE {_MET} AS SELECT held.rowid AS _id, held.* FROM {table} held "
        f"SEMI JOIN {_ROWS} more ON {same}"
    )
    con.execute(f"DELETE FROM {table} WHERE rowid IN (SELECT _id FROM {_MET})")
    columns = ", ".join([*keys, *(f"{how}({column}) AS {column}" for column, how in together.items())])
    con.execute(
        f"INSERT INTO {table} BY NAME SELECT {columns} FROM "
        f"(FROM {_ROWS} UNION ALL BY NAME SELECT * EXCLUDE (_id) FROM {_MET}) GROUP BY {', '.join(keys)}"
    )
    con.execute(f"DROP TABLE {_ROWS}; DROP TABLE {_MET}")
