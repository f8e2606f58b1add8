"""Ten thousand new order lines into a warehouse of twenty million, to published, against DuckDB inserting them as text.

Roll-ups are among what is published; their part of the CPU seconds is shown.

The warehouse is made from one imported delivery, repeated under other order numbers. The rival appends the same file to a
table of as many lines in a database of its own, without copy, keys, cleaning or checks.
"""

from __future__ import annotations

import datetime as dt
import tempfile
from dataclasses import replace
from pathlib import Path

from benchmarks import Result
from benchmarks._apart import apart
from benchmarks._orders import write_orders
from benchmarks._stages import Stages
from salesloop.engine.pipeline import ImportRequest, import_files
from salesloop.engine.pipeline.roll_up import roll_up
from salesloop.engine.store import Workspace
from salesloop.engine.store.engines.quiet import connect
from salesloop.engine.store.insert import insert_rows
from salesloop.engine.store.schema import columns

LINES, NEW, REPEATED = 20_000_000, 10_000, 200_000
SECONDS = 10.0
NOW = dt.datetime(2026, 11, 21, 10, 0, tzinfo=dt.UTC)


def run(rows: int | None) -> Result:
    lines = rows or LINES
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        seed, new = folder / "销售订单明细.csv", folder / "销售订单明细 新增.csv"
        write_orders(seed, min(lines, REPEATED))
        write_orders(new, NEW, first=lines * 4)
        apart(fill, folder, seed, lines)
        ours, rival = apart(append, folder, new), apart(append_as_text, folder, new)
    costs = {
        "salesloop import, to published": ours,
        "of it: roll-ups brought up to date": replace(ours, cpu=ours.found),
        "duckdb insert": rival,
    }
    return Result(
        rows=lines,
        rival="DuckDB inserting the file as text",
        ratio=ours.cpu / rival.cpu,
        table=[cost.line(name, rival) for name, cost in costs.items()],
        budget=f"{NEW:,} new rows into {lines:,} published in {SECONDS:.0f} s (of the wall clock: on an idle machine)",
        met=ours.seconds <= SECONDS,
        figures={
            "seconds": round(ours.seconds, 2),
            "cpu_seconds": round(ours.cpu, 2),
            "peak_mb": ours.peak_mb,
            "roll_ups_cpu_seconds": round(ours.found, 2),
        },
    )


def fill(folder: Path, seed: Path, lines: int) -> None:
    workspace = Workspace.create(folder / "workspace")
    import_files(workspace, [ImportRequest(seed)], now=NOW)
    with workspace.writing(NOW, "repeat") as building:
        ((seeded,),) = building.con.execute("SELECT count(*) FROM order_line").fetchall()
        values = {name: f'"{name}"' for name in columns(workspace.model.entity("order_line"), workspace.model)}
        values["order_id"] = "order_id || '-' || n"
        again = f"(FROM order_line, range(1, {max(1, -(-lines // seeded))}) t(n))"
        insert_rows(building.con, "order_line", values, again)
        roll_up(workspace, building)
    con = connect(str(folder / "rival.duckdb"))
    con.execute(
        f"CREATE TABLE orders AS SELECT seed.* FROM read_csv('{seed}', all_varchar = true) seed, range({lines // min(lines, REPEATED)})"
    )
    con.close()


def append(folder: Path, new: Path) -> float:
    """CPU seconds of the roll-ups."""
    workspace, stages = Workspace.open(folder / "workspace"), Stages()
    report = import_files(workspace, [ImportRequest(new)], now=NOW + dt.timedelta(days=1), progress=stages)
    counts = report.batches[0].entities["order_line"]
    assert report.published
    assert counts.reconciles
    assert counts.inserted > 0.9 * NEW
    return stages.roll_ups


def append_as_text(folder: Path, new: Path) -> None:
    con = connect(str(folder / "rival.duckdb"))
    con.execute(f"INSERT INTO orders FROM read_csv('{new}', all_varchar = true)")
    con.close()
