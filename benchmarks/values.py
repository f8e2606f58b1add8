"""Reading cells: accuracy on the labelled table by family, and the cost for a million rows of ten mixed columns.

The table is `tests/engine/clean/labelled`: hand-made cells, labelled before the readers ever saw them. The rival in accuracy
is DuckDB alone (TRY_CAST, TRY_STRPTIME with the usual formats, trim), for which "no value" counts as right wherever a cell
has none. The rival in cost is `read_csv(all_varchar)` into a table in memory; ours reads the same file and then every cell
of it by itself. That is the dearest case: an import reads texts that repeat (names, dates, states) only once.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

import pyarrow as pa

from benchmarks import Result
from benchmarks._apart import apart
from salesloop.engine.clean.columns import prepare
from salesloop.engine.clean.values import value_type
from salesloop.engine.clean.values.cells import literal
from salesloop.engine.model.loader import load_model
from salesloop.engine.store.engines.quiet import connect
from tests.engine.clean.labelled import ZONE, Column, columns
from tests.engine.clean.labelled.score import Outcome, read_column, scores

ROWS: Final = 1_000_000
COST: Final = 20.0
FIRST_RUN: Final = (1580, 2005)
"""Cells whose value was right, of all, when the readers met the table for the first time (no places of addresses yet:
of the 1,827 other cells 1,559). What they did not read was then mended, so the figures of today are no forecast."""
SECOND_LOOK: Final = (120, 136)
"""The same for the cells of `second.txt`, labelled after that mending and read once before anything was changed: how new
cells fare."""

_FORMATS: Final = (
    *("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y%m%d", "%Y年%m月%d日", "%d-%b-%y", "%d-%b-%Y", "%b %d, %Y", "%m/%d/%Y"),
    *("%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S", "%Y/%m/%d %H:%M", "%Y/%m/%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S%z", "%d/%m/%Y"),
)
_TARGETS: Final = {
    "money": "DECIMAL(18,4)",
    "quantity": "DECIMAL(18,4)",
    "decimal": "DECIMAL(28,8)",
    "integer": "BIGINT",
    "percent": "DOUBLE",
    "boolean": "BOOLEAN",
}


def run(rows: int | None) -> Result:
    outcomes = [outcome for column in columns() for outcome in read_column(column).outcomes]
    plain = {score.family: score.read for score in scores(_without_us())}
    table: list[Mapping[str, object]] = [
        {
            "family": score.family,
            "cells": score.cells,
            "value right %": round(100 * score.read / score.cells, 1),
            "repairs right %": round(100 * score.right / score.cells, 1),
            "DuckDB alone %": round(100 * plain[score.family] / score.cells, 1),
        }
        for score in scores(outcomes)
    ]
    read = sum(outcome.read for outcome in outcomes)
    right = sum(outcome.right for outcome in outcomes)
    limits = sum(outcome.cell.limit is not None for outcome in outcomes)
    lines = rows or ROWS
    ours, rival = _costs(lines)
    ratio = ours / rival
    return Result(
        rows=lines,
        rival="duckdb read_csv(all_varchar) into a table",
        ratio=round(ratio, 2),
        table=table,
        budget=f"every labelled cell but {limits} known limits right; reading a million rows ≤ {COST} × the CPU of read_csv",
        met=right >= len(outcomes) - limits and ratio <= COST,
        figures={
            "cells": len(outcomes),
            "value_right": round(read / len(outcomes), 4),
            "repairs_right": round(right / len(outcomes), 4),
            "first_run": round(FIRST_RUN[0] / FIRST_RUN[1], 4),
            "second_look_first_run": round(SECOND_LOOK[0] / SECOND_LOOK[1], 4),
            "duckdb_alone": round(sum(plain.values()) / len(outcomes), 4),
            "cpu_s": round(ours, 1),
            "rival_cpu_s": round(rival, 1),
            "million_cells_per_cpu_s": round(lines * len(_MIXED) / ours / 1e6, 2),
        },
    )


def _without_us() -> Iterator[Outcome]:
    """What DuckDB makes of the cells by itself."""
    for column in columns():
        with connect() as con:
            texts = pa.array([None if text == "" else text for text in column.texts], pa.string())
            con.register("raw", pa.table({"n": list(range(len(texts))), "c": texts}))
            values = con.execute(f"SELECT {_cast(column)} FROM raw ORDER BY n").fetchall()
        for cell, (value,) in zip(column.cells, values, strict=True):
            # It has no reasons: a cell without a value is unreadable or blank, whichever it should be.
            state = "!" + cell.reason if value is None and cell.reason else None
            yield Outcome(column, cell, value, state)


def _cast(column: Column) -> str:
    if column.type in _TARGETS:
        return f"try_cast(c AS {_TARGETS[column.type]})"
    if column.type in ("date", "datetime"):
        formats = ", ".join(map(literal, _FORMATS))
        target = "DATE" if column.type == "date" else "TIMESTAMP"
        return f"CAST(coalesce(try_cast(c AS TIMESTAMP), try_strptime(c, [{formats}])) AS {target})"
    return "CAST(NULL AS VARCHAR)" if column.type == "place" else "nullif(trim(c), '')"


# Header → field and SQL of its cells over the number n of the row: usual cells among those that people write.
_MIXED: Final = {
    "订单号": ("order_line.order_id", "'SO' || lpad(n::VARCHAR, 9, '0')"),
    "客户": ("customer.name", "'客户' || n * 7919 % 20000 || ['有限公司', '（上海）公司', '  集团'][n % 3 + 1]"),
    "日期": (
        "order_line.order_date",
        "replace(strftime(DATE '2024-01-01' + (n % 700)::INT, '%Y-%m-%d'), '-', ['-', '/', '.', ''][n % 4 + 1])",
    ),
    "时间": (
        "order_line.placed_at",
        "strftime(TIMESTAMP '2024-01-01' + to_seconds(n * 61 % 60000000), '%Y-%m-%d %H:%M:%S')",
    ),
    "金额": (
        "order_line.amount",
        "CASE n % 5 WHEN 0 THEN format('{:,.2f}', n % 99991 / 7) WHEN 1 THEN format('￥{:,.2f}', n % 9999 / 3) "  # noqa: ISC004
        "WHEN 2 THEN n % 977 / 10 || '万' ELSE (n % 99991)::VARCHAR END",
    ),
    "数量": ("order_line.quantity", "n % 97 || ['', '', '箱', ' kg'][n % 4 + 1]"),
    "折扣": ("order_line.discount", "CASE WHEN n % 3 = 0 THEN n % 20 || '%' ELSE (n % 20 / 100)::VARCHAR END"),
    "状态": ("order_line.status", "['已完成', '已发货', '待发货', '取消 '][n % 4 + 1]"),
    "电话": ("customer.phone", "['', '+86-', '86 '][n % 3 + 1] || (13800000000 + n * 7919 % 99999999)"),
    "税号": ("customer.credit_code", "CASE WHEN n % 10 = 0 THEN '无' ELSE '91310115MA1K3X2Y4J' END"),
}


def _costs(lines: int) -> tuple[float, float]:
    """CPU seconds of ours and of the rival, each in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "mixed.csv"
        cells = ", ".join(f"{sql} AS {header}" for header, (_, sql) in _MIXED.items())
        with connect() as con:
            con.execute(f"COPY (SELECT {cells} FROM range({lines}) t(n)) TO '{path}' (HEADER)")
        return apart(read_ours, path).cpu, apart(read_rival, path).cpu


def read_rival(path: Path) -> None:
    with connect() as con:
        con.execute(
            f"CREATE TABLE raw AS SELECT row_number() OVER () AS _row, * FROM read_csv('{path}', all_varchar=true)"
        )


def read_ours(path: Path) -> None:
    model = load_model()
    fields = [field.split(".") for field, _ in _MIXED.values()]
    kinds = {f"_c{n}": value_type(model.entity(e).field(f), ZONE) for n, (e, f) in enumerate(fields)}
    named = ", ".join(f"{header} AS _c{n}" for n, header in enumerate(_MIXED))
    with connect() as con:
        con.execute(
            f"CREATE TABLE raw AS SELECT row_number() OVER () AS _row, {named} FROM read_csv('{path}', all_varchar=true)"
        )
        read = prepare(con, "raw", kinds, "scratch")
        typed = ", ".join(
            f"{recipe.value} AS v{x}, {recipe.state or 'NULL'} AS s{x}" for x, recipe in read.recipes.items()
        )
        con.execute(f"CREATE TABLE typed AS SELECT _row, {typed} FROM ({read.query})")
        ((unread,),) = con.execute("SELECT count(*) FROM typed WHERE v_c4 IS NULL OR v_c2 IS NULL").fetchall()
    if unread:
        raise SystemExit(f"{unread} rows were not read")
