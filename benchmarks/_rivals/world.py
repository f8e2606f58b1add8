"""The tables of the traps as a DuckDB file, with the calendar that MetricFlow wants beside them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pyarrow as pa

from salesloop.engine.store.engines.quiet import connect

TIME_SPINE = """
    CREATE TABLE time_spine AS
    SELECT date_day, isoyear(date_day) AS retail_year,
        -- weeks 1-4, 5-8 and 9-13 of each quarter, a 53rd week with the last month
        min(date_day) OVER (PARTITION BY isoyear(date_day), CASE
            WHEN week >= 53 THEN 12
            ELSE (week - 1) // 13 * 3 + CASE WHEN (week - 1) % 13 < 4 THEN 1 WHEN (week - 1) % 13 < 8 THEN 2 ELSE 3 END
        END) AS retail_month
    FROM (SELECT range::DATE AS date_day, weekofyear(range::DATE) AS week
          FROM range(DATE '2018-01-01', DATE '2029-01-01', INTERVAL 1 DAY))
"""


def write_world(tables: Mapping[str, pa.Table], path: Path) -> None:
    with connect(str(path)) as con:
        for name, table in tables.items():
            con.register("rows", table)
            con.execute(f'CREATE TABLE "{name}" AS SELECT * FROM rows')
            con.unregister("rows")
        con.execute(TIME_SPINE)
