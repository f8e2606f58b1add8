"""Reading a workbook of order lines (10 columns), against python-calamine alone giving the same cells to Python.

Ours also limits the reader in a process of its own, keeps error cells, renders every cell as text, finds the header and
gives Arrow columns. CPU seconds count the reader's process; both have read a small workbook before.
"""

from __future__ import annotations

import datetime as dt
import multiprocessing
import resource
import statistics
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import xlsxwriter
from python_calamine import CalamineWorkbook

from benchmarks import Result
from salesloop.engine.collect.read import read_file

ROWS = 100_000
RUNS = 3
MOST = 2.0
HEADER = ["订单号", "日期", "客户名称", "产品", "数量", "单价", "金额", "地区", "业务员", "备注"]


def run(rows: int | None) -> Result:
    lines = rows or ROWS
    with tempfile.TemporaryDirectory() as folder:
        path, small = Path(folder, "订单.xlsx"), Path(folder, "小.xlsx")
        write_workbook(path, lines)
        write_workbook(small, 10)
        contestants = {
            "salesloop read_file": read_ours,
            "python-calamine to_python": read_at_once,
            "python-calamine iter_rows": read_by_row,
        }
        runs = [{name: _alone(read, path, small) for name, read in contestants.items()} for _ in range(RUNS)]
    cpu = {name: statistics.median(one[name][0] for one in runs) for name in contestants}
    peak = {name: max(one[name][1] for one in runs) for name in contestants}
    table = [
        {"what": name, "cpu s": round(cpu[name], 2), "rows/cpu s": round(lines / cpu[name]), "peak MB": peak[name]}
        for name in contestants
    ]
    ours, rival = cpu["salesloop read_file"], cpu["python-calamine to_python"]
    return Result(
        rows=lines,
        rival="python-calamine to_python",
        ratio=round(ours / rival, 2),
        table=table,
        budget=f"at most {MOST} × the CPU seconds of python-calamine alone",
        met=ours <= MOST * rival,
        figures={
            "cpu_seconds": round(ours, 2),
            "ratio_to_iter_rows": round(ours / cpu["python-calamine iter_rows"], 2),
            "peak_mb": peak["salesloop read_file"],
        },
    )


def write_workbook(path: Path, lines: int) -> None:
    """Order lines by arithmetic: the same on every machine."""
    book = xlsxwriter.Workbook(str(path), {"constant_memory": True})
    sheet = book.add_worksheet("订单")
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    sheet.write_row(0, 0, HEADER)
    for n in range(1, lines + 1):
        quantity, price = n % 9 + 1, round(10 + n % 5000 / 7, 2)
        sheet.write_string(n, 0, f"SO{n:08d}")
        sheet.write_datetime(n, 1, dt.datetime(2024, 1, 1) + dt.timedelta(days=n % 700), day)
        sheet.write_row(
            n, 2, [f"客户有限公司{n % 3000}", f"产品{n % 300}", quantity, price, round(quantity * price, 2)]
        )
        sheet.write_row(n, 7, [["华东", "华南"][n % 2], f"员工{n % 60}", "" if n % 3 else "加急"])
    book.close()


def read_ours(path: Path) -> int:
    return read_file(path).tables[0].received


def read_at_once(path: Path) -> int:
    return len(CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()) - 1


def read_by_row(path: Path) -> int:
    return sum(1 for _ in CalamineWorkbook.from_path(path).get_sheet_by_index(0).iter_rows()) - 1


def _alone(read: Callable[[Path], int], path: Path, small: Path) -> tuple[float, int]:
    """CPU seconds and peak megabytes of reading in a process of its own (with those that it starts)."""
    context = multiprocessing.get_context("spawn")
    answers: Any = context.Queue()
    process = context.Process(target=_measured, args=(read, path, small, answers))
    process.start()
    found: tuple[float, int] = answers.get()
    process.join()
    return found


def _measured(read: Callable[[Path], int], path: Path, small: Path, answers: Any) -> None:
    read(small)
    before = _cpu()
    read(path)
    own, started = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    answers.put((_cpu() - before, max(own.ru_maxrss, started.ru_maxrss) // 1024))


def _cpu() -> float:
    usages = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)
