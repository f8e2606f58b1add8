"""A delivery of 10,000 order lines into 20 million, until the overview shows it, roll-ups included.

Two deliveries: one of the last thirty days, as most are, and one spread over all five years, as corrections of a whole
history are. The clock stops when the twelve cards with two comparisons and their courses are there, answered by the process
that shows pages. The rival inserts the file as text into a table of as many lines and has counted nothing yet.
"""

from __future__ import annotations

import tempfile
import time
from decimal import Decimal
from pathlib import Path
from typing import Any

from benchmarks import Result
from benchmarks._apart import apart, cpu_seconds
from benchmarks._sales import CHANNELS, CUSTOMERS, EMPLOYEES, FIRST, NOW, PRODUCTS, REGIONS, TODAY, write_company
from benchmarks._stages import Stages
from benchmarks.metrics import Asked
from salesloop.engine.metrics import Query
from salesloop.engine.pipeline import ImportRequest, import_files
from salesloop.engine.pipeline.resolve import resolve
from salesloop.engine.pipeline.roll_up import roll_up
from salesloop.engine.store import Workspace
from salesloop.engine.store.engines.quiet import connect

LINES, NEW, SECONDS = 20_000_000, 10_000, 15.0
DELIVERIES = {"the last 30 days": 30, "all five years": (TODAY - FIRST).days + 1}


def run(rows: int | None) -> Result:
    lines = rows or LINES
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        filled = apart(fill, folder / "workspace", lines)
        for number, days in enumerate(DELIVERIES.values()):
            write_delivery(folder / f"{number}.csv", number, days)
        spent = apart(deliver_and_look, folder)
        apart(fill_rival, folder, lines)
        rival = apart(insert_as_text, folder)
    table: list[dict[str, Any]] = spent.found
    return Result(
        rows=lines,
        rival="DuckDB inserting the file as text",
        ratio=table[0]["CPU s"] / rival.cpu,
        table=table,
        budget=f"{NEW:,} lines into {lines:,} on the overview after {SECONDS:.0f} s (of the wall clock: on an idle machine)",
        met=max(line["seconds"] for line in table) <= SECONDS,
        figures={
            "seconds": {line["what"]: round(line["seconds"], 2) for line in table},
            "peak_mb": spent.peak_mb,
            "fill_cpu_seconds": round(filled.cpu, 1),
        },
    )


def deliver_and_look(folder: Path) -> list[dict[str, object]]:
    """One line of the table for each delivery."""
    asked = Asked(folder / "workspace")
    asked.overview(TODAY)
    out: list[dict[str, object]] = []
    before = _revenue(asked)
    for number, what in enumerate(DELIVERIES):
        stages, started, cpu = Stages(), time.perf_counter(), cpu_seconds()
        workspace, request = Workspace.open(folder / "workspace"), ImportRequest(folder / f"{number}.csv")
        report = import_files(workspace, [request], now=NOW, progress=stages)
        published = time.perf_counter()
        asked = Asked(folder / "workspace")
        asked.overview(TODAY)
        shown, spent = time.perf_counter(), cpu_seconds() - cpu
        line = {"what": what, "seconds": shown - started, "of it overview": shown - published}
        out.append(line | {"CPU s": spent, "of it roll-ups": stages.roll_ups})
        assert report.batches[0].entities["order_line"].inserted == NEW
        after = _revenue(asked)
        assert after > before
        before = after
    return out


def fill(folder: Path, lines: int) -> None:
    """The company, as if imports had brought it: names are looked up once, so that a delivery looks up its own only."""
    write_company(folder, lines)
    workspace = Workspace.open(folder)
    with workspace.writing(NOW, "resolve") as building:
        resolve(building.con, workspace.model, workspace.config.currency, {"order_line", "customer", "employee"})
        roll_up(workspace, building)


def write_delivery(path: Path, number: int, days: int) -> None:
    """New orders of four lines by customers that are known, on days that end with the last one."""
    con = connect()
    con.execute(
        f"COPY (SELECT 'NEU{number}-' || (n // 4) AS 订单号, n % 4 + 1 AS 行号, DATE '{TODAY}' - CAST(n // 4 * 7919 % {days} AS INTEGER) AS 订单日期, "
        f"'C' || who AS 客户编码, 'P' || (n * 31 % {PRODUCTS}) AS 产品编码, 'E' || (who * 31 % {EMPLOYEES}) AS 业务员编码, "
        f"'R' || (who * 7919 % {len(REGIONS)}) AS 地区编码, 'CH' || (who % {CHANNELS}) AS 渠道编码, n % 9 + 1 AS 数量, "
        f"5 + n % 999 AS 单价, (n % 9 + 1) * (5 + n % 999) AS 金额, 'completed' AS 订单状态 "
        f"FROM (SELECT n, n // 4 * 104729 % {CUSTOMERS} AS who FROM range({NEW}) t(n))) TO '{path}' (HEADER)"
    )
    con.close()


def fill_rival(folder: Path, lines: int) -> None:
    con = connect(str(folder / "rival.duckdb"))
    con.execute(
        f"CREATE TABLE orders AS SELECT lines.* FROM read_csv('{folder / '1.csv'}', all_varchar = true) lines, range({lines // NEW})"
    )
    con.close()


def insert_as_text(folder: Path) -> None:
    con = connect(str(folder / "rival.duckdb"))
    con.execute(f"INSERT INTO orders FROM read_csv('{folder / '1.csv'}', all_varchar = true)")
    con.close()


def _revenue(asked: Asked) -> Decimal:
    """Of all days, after it is the same from the lines."""
    query = Query(("revenue", "orders", "active_customers"), start=FIRST, end=TODAY)
    rolled = asked.ask(query).to_pylist()
    assert rolled == asked.rows_only(query).to_pylist()
    return Decimal(rolled[0]["revenue"])
