"""Importing order exports with their related files, against DuckDB reading the same CSV files as they are.

A wide export of order lines (20 columns, GB18030, one cell in a thousand unreadable), a customer list and a staff list.
Ours lands, recognises, cleans, checks, resolves and publishes; the rival only parses and stores.
"""

from __future__ import annotations

import datetime as dt
import multiprocessing
import resource
import tempfile
import time
from pathlib import Path

from benchmarks import Result
from salesloop.engine.pipeline import ImportRequest, import_files
from salesloop.engine.store import Workspace
from salesloop.engine.store.engines.quiet import connect

LINES = 200_000
SECONDS, MEGABYTES = 30, 1536  # for LINES; in proportion for more
NOW = dt.datetime(2026, 11, 21, 10, 0, tzinfo=dt.UTC)


def run(rows: int | None) -> Result:
    lines = rows or LINES
    with tempfile.TemporaryDirectory() as folder:
        files = write_files(Path(folder), lines)
        ours = _alone(import_ours, Path(folder), files)
        rival = _alone(import_rival, Path(folder), files)
    share = max(1.0, lines / LINES)
    seconds, megabytes = SECONDS * share, MEGABYTES * share
    table = [
        {
            "what": name,
            "seconds": round(took, 2),
            "cpu": round(cpu, 2),
            "lines/s": round(lines / took),
            "peak MB": peak,
        }
        for name, (took, cpu, peak) in (("salesloop import", ours), ("duckdb read_csv", rival))
    ]
    return Result(
        rows=lines,
        rival="duckdb read_csv (no cleaning)",
        ratio=round(ours[0] / rival[0], 2),
        table=table,
        budget=f"{lines:,} lines and their related files in {seconds:.0f} s and {megabytes:.0f} MB",
        met=ours[0] <= seconds and ours[2] <= megabytes,
        figures={"seconds": round(ours[0], 2), "cpu_seconds": round(ours[1], 2), "peak_mb": ours[2]},
    )


def write_files(folder: Path, lines: int) -> list[Path]:
    """Seeded by arithmetic: the same files on every machine."""
    con = connect()
    customers, staff = max(10, lines // 130), 60
    con.execute(
        f"CREATE TABLE orders AS SELECT 'SO' || lpad((n // 4)::VARCHAR, 8, '0') AS 订单号, n % 4 + 1 AS 行号, "
        f"strftime(DATE '2024-01-01' + (n * 1000 // {lines})::INT, '%Y/%m/%d') AS 订单日期, "
        f"'C' || lpad((n * 7919 % {customers})::VARCHAR, 5, '0') AS 客户编码, "
        f"'客户有限公司' || (n * 7919 % {customers}) AS 客户名称, "
        f"['华东', '华南', '华北', '西南'][n % 4 + 1] AS 地区, '省' || (n % 24) AS 省份, '市' || (n % 96) AS 城市, "
        f"['直销', '经销商', '电商'][n % 3 + 1] AS 渠道, 'P' || (n * 31 % 300) AS 产品编码, "
        f"'产品' || (n * 31 % 300) AS 产品名称, ['打印机', '耗材', '配件'][n * 31 % 300 % 3 + 1] AS 类别, "
        f"'员工' || (n % {staff}) AS 业务员, (n % 9 + 1)::VARCHAR AS 数量, "
        f"format('{{:,.2f}}', 10 + n % 5000 / 7) AS 单价, (n % 10) || '%' AS 折扣, "
        f"CASE WHEN n % 1000 = 999 THEN '待定' ELSE '￥' || format('{{:,.2f}}', (n % 9 + 1) * (10 + n % 5000 / 7)) END AS 金额, "
        f"format('{{:.2f}}', (n % 9 + 1) * 6.0::DOUBLE) AS 成本, ['已完成', '已发货'][n % 2 + 1] AS 订单状态, '' AS 备注 "
        f"FROM range({lines}) t(n)"
    )
    con.execute(
        f"CREATE TABLE customers AS SELECT 'C' || lpad(n::VARCHAR, 5, '0') AS 客户编码, '客户有限公司' || n AS 客户名称, "
        f"['制造', '教育', '医疗'][n % 3 + 1] AS 行业 FROM range({customers}) t(n)"
    )
    con.execute(
        f"CREATE TABLE staff AS SELECT 'E' || n AS 工号, '员工' || n AS 姓名, '销售' || (n % 6) || '部' AS 部门 "
        f"FROM range({staff}) t(n)"
    )
    out = []
    for name, table in (("销售订单明细", "orders"), ("客户档案", "customers"), ("员工花名册", "staff")):
        path = folder / f"{name}.csv"
        con.execute(f"COPY {table} TO '{path}' (HEADER)")
        path.write_bytes(path.read_text("utf-8").encode("gb18030"))
        out.append(path)
    return out


def import_ours(folder: Path, files: list[Path]) -> None:
    workspace = Workspace.create(folder / "workspace")
    report = import_files(workspace, [ImportRequest(path) for path in files], now=NOW)
    total = report.total()
    assert report.published
    assert total.reconciles
    assert not report.left_out


def import_rival(folder: Path, files: list[Path]) -> None:
    con = connect(str(folder / "rival.duckdb"))
    for number, path in enumerate(files):
        text = folder / f"{number}.csv"
        text.write_bytes(path.read_text("gb18030").encode())
        con.execute(f"CREATE TABLE t{number} AS FROM read_csv('{text}')")
    con.close()


def _alone(target: object, folder: Path, files: list[Path]) -> tuple[float, float, int]:
    """Seconds, CPU seconds and peak megabytes of a process of its own."""
    context = multiprocessing.get_context("spawn")
    answers = context.Queue()
    process = context.Process(target=_measured, args=(target, folder, files, answers))
    process.start()
    found = answers.get()
    process.join()
    if process.exitcode != 0:
        raise SystemExit(f"the measured process ended with {process.exitcode}")
    return found


def _measured(target: object, folder: Path, files: list[Path], answers: object) -> None:
    started, cpu = time.perf_counter(), time.process_time()
    target(folder, files)  # type: ignore[operator]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    answers.put((time.perf_counter() - started, time.process_time() - cpu, peak))  # type: ignore[attr-defined]
