"""Read one column of texts with one value type, the way `clean` does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import duckdb
import pyarrow as pa

from salesloop.engine.clean.columns import prepare
from salesloop.engine.clean.values.recipe import ColumnRule, ValueType


@dataclass(frozen=True)
class Read:
    values: list[Any]
    states: list[str | None]
    currencies: list[str | None]
    column_rules: tuple[ColumnRule, ...]


def read(kind: ValueType, texts: list[str | None]) -> Read:
    with duckdb.connect() as con:
        con.register("raw", pa.table({"_row": list(range(len(texts))), "c": pa.array(texts, pa.string())}))
        columns = prepare(con, "raw", {"c": kind}, "scratch")
        recipe = columns.recipes["c"]
        wanted = f"{recipe.value}, {recipe.state or 'NULL'}, {recipe.currency or 'NULL'}"
        rows = con.execute(f"SELECT {wanted} FROM ({columns.query}) ORDER BY _row").fetchall()
    return Read([r[0] for r in rows], [r[1] for r in rows], [r[2] for r in rows], recipe.column_rules)
