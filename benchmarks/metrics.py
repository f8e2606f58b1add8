"""Questions on order lines: the overview, distinct customers and plain lines, against SQL by hand and other metric layers.

The company is made up (see _sales.py): 100,000 customers in one region each, most orders by one channel, few customers with
many orders, 60 months. By hand: one statement a card for its three periods and one for its course, on the lines. Other layers
are asked in the same run, in their own words, over a copy of the same file (benchmarks/_rivals/*_speed.py), and must answer
with the same sums; of the overview they answer eleven cards, without new customers and without targets.
"""

from __future__ import annotations

import datetime as dt
import math
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa

from benchmarks import Result, rivals
from benchmarks._apart import apart
from benchmarks._overview_by_hand import ALL_CARDS, BY_HAND, COURSE_FROM, MONTH, TOGETHER
from benchmarks._rivals.world import TIME_SPINE
from benchmarks._sales import TODAY, write_company
from salesloop.engine.metrics import Query, load_registry
from salesloop.engine.metrics import run as ask
from salesloop.engine.metrics.plan.assemble import plan
from salesloop.engine.metrics.prepare import prepared
from salesloop.engine.metrics.query import check
from salesloop.engine.metrics.rollups.kept import NO_ROLLUPS
from salesloop.engine.metrics.warehouse import warehouse
from salesloop.engine.model.scope import Scope
from salesloop.engine.store import Workspace
from salesloop.engine.store.engines.quiet import connect

LINES = 20_000_000
RAW, OVERVIEW, P95_MS, CELLS, OTHER, MEGABYTES = 1.05, 0.03, 150.0, 0.05, 0.5, 4096
YEAR = (dt.date(2025, 12, 1), dt.date(2026, 11, 30))
ALL_MONTHS = (dt.date(2021, 12, 1), dt.date(2026, 11, 30))


def run(rows: int | None) -> Result:
    lines = rows or LINES
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "workspace"
        filled = apart(write_company, folder, lines)
        figures = Path(name) / "figures"
        measured = apart(measure, folder, figures)
        found: dict[str, Any] = dict(line.split("=") for line in figures.read_text("utf-8").splitlines())
        others = layers(folder, Path(name), found)
    table: list[dict[str, Any]] = []
    ratios: dict[str, float] = {}
    for what, budget in (("lines", RAW), ("overview", OVERVIEW), ("cells", CELLS), ("other slice", OTHER)):
        ours, by_hand = float(found[f"{what} ours"]), float(found[f"{what} by hand"])
        ratios[what] = ours / by_hand
        table.append(
            {"what": what, "ours CPU ms": ours, "by hand CPU ms": by_hand, "ratio": ours / by_hand, "promised": budget}
            | {f"{layer} CPU ms": times[what] for layer, times in others.items()}
        )
    p95, peak = float(found["p95"]), max(measured.peak_mb, filled.peak_mb)
    met = all(line["ratio"] <= line["promised"] for line in table) and p95 <= P95_MS and peak <= MEGABYTES
    return Result(
        rows=lines,
        rival="DuckDB SQL by hand on the lines",
        ratio=ratios["overview"],
        table=table,
        budget=f"ratios as promised; overview p95 ≤ {P95_MS:.0f} ms; memory ≤ {MEGABYTES} MB",
        met=met,
        figures={
            "p95_ms": round(p95, 1),
            "overview_cpu_ms": round(float(found["overview ours"]), 1),
            "overview_to_one_statement": round(
                float(found["overview ours"]) / float(found["overview in few statements"]), 3
            ),
            "peak_mb": peak,
            "fill_cpu_seconds": round(filled.cpu, 1),
            **{f"{name.replace(' ', '_')}_ratio": round(ratio, 4) for name, ratio in ratios.items()},
        },
    )


def layers(folder: Path, beside: Path, found: dict[str, Any]) -> dict[str, dict[str, float]]:
    """CPU milliseconds that other metric layers take for the same questions, by layer and question."""
    database = beside / "layers.duckdb"
    shutil.copyfile(Workspace.open(folder).current().path, database)
    with connect(str(database)) as con:
        con.execute("CREATE VIEW sales AS SELECT * FROM order_line WHERE status IS DISTINCT FROM 'cancelled'")
        con.execute(TIME_SPINE)
    out: dict[str, dict[str, float]] = {}
    for name in rivals.RIVALS:
        times = rivals.rival(name, database, beside, script="speed", project="speed")
        for what, one in times.items():
            assert math.isclose(one["sum"], float(found[f"{what} sum"]), rel_tol=1e-9), (
                f"{name} answers {what} otherwise"
            )
        out[f"{name} {rivals.version(name)}"] = {what: one["cpu ms"] for what, one in times.items()}
    return out


class Asked:
    """A workspace and the ways in which it is asked. What was answered before is not asked again: the days differ."""

    def __init__(self, folder: Path) -> None:
        self.workspace = Workspace.open(folder)
        self.registry = load_registry(self.workspace.path, self.workspace.model)
        self.data = warehouse(self.workspace)
        self._hand = self.data.snapshot.engine

    def rows_only(self, query: Query) -> pa.Table:
        """The planner's answer from the lines."""
        context = prepared(self.data, self.registry, check(query, self.registry), Scope.all(), TODAY)
        made = plan(replace(context, rollups=NO_ROLLUPS), "duckdb")
        return self.data.snapshot.engine.execute(made.sql, made.tables)

    def ask(self, query: Query, today: dt.date = TODAY) -> pa.Table:
        return ask(self.data, self.registry, query, Scope.all(), today=today).table

    def by_hand(self, sql: str) -> pa.Table:
        return self._hand.execute(sql)

    def overview(self, today: dt.date) -> tuple[pa.Table, pa.Table]:
        """As the page does: one question for the cards, one for their courses."""
        cards = Query(ALL_CARDS, start=MONTH[0], end=today, compare=("previous", "year", "target"))
        course = Query(ALL_CARDS, grain="month", start=COURSE_FROM, end=today)
        return self.ask(cards, today), self.ask(course, today)


def measure(folder: Path, figures: Path) -> None:
    asked = Asked(folder)
    sales = Query(("revenue",), by=("region",), grain="month", start=YEAR[0], end=YEAR[1], compare=("year",))
    cells = Query(
        ("active_customers",), by=("region", "channel"), grain="month", start=ALL_MONTHS[0], end=ALL_MONTHS[1]
    )
    other = Query(("active_customers",), by=("segment",), grain="quarter", start=ALL_MONTHS[0], end=ALL_MONTHS[1])
    out: dict[str, float] = {}
    days = iter(TODAY - dt.timedelta(days=n) for n in range(20))
    out |= _same(asked, sales, cells, other)
    out |= _pair("lines", lambda: asked.rows_only(sales), lambda: asked.by_hand(BY_HAND["lines"]), 7)
    out |= _pair("cells", lambda: _fresh(asked, cells), lambda: asked.by_hand(BY_HAND["cells"]), 3)
    out |= _pair("other slice", lambda: _fresh(asked, other), lambda: asked.by_hand(BY_HAND["other slice"]), 3)
    asked.overview(TODAY + dt.timedelta(days=1))  # what is asked of a snapshot once: first days, roll-ups, rates
    spent, took = [], []
    for day in days:
        wall, before = time.perf_counter(), time.process_time()
        asked.overview(day)
        spent.append((time.process_time() - before) * 1000)
        took.append((time.perf_counter() - wall) * 1000)
    out["overview ours"] = statistics.median(spent)
    out["p95"] = statistics.quantiles(took, n=20)[-1]
    out["overview by hand"] = statistics.median(
        _cpu(lambda: [asked.by_hand(sql) for sql in BY_HAND["overview"].split(";")]) for _ in range(3)
    )
    out["overview in few statements"] = statistics.median(
        _cpu(lambda: [asked.by_hand(sql) for sql in TOGETHER.split(";")]) for _ in range(3)
    )
    figures.write_text("\n".join(f"{name}={value}" for name, value in out.items()), "utf-8")


def _fresh(asked: Asked, query: Query) -> pa.Table:
    """Without the answers that are kept: planned and run."""
    context = prepared(asked.data, asked.registry, check(query, asked.registry), Scope.all(), TODAY)
    made = plan(context, "duckdb")
    return asked.data.snapshot.engine.execute(made.sql, made.tables)


def _same(asked: Asked, *queries: Query) -> dict[str, float]:
    """What is compared is equal: lines and roll-ups, and the statement by hand. The sum of each answer."""
    sums: dict[str, float] = {}
    for query, name in zip(queries, ("lines", "cells", "other slice"), strict=True):
        ours, rolled = asked.rows_only(query).to_pylist(), asked.ask(query).to_pylist()
        assert ours == rolled, name
        metric = query.metrics[0]
        by_hand = asked.by_hand(BY_HAND[name]).to_pylist()
        sums[f"{name} sum"] = float(sum(row[metric] or 0 for row in ours))
        assert sums[f"{name} sum"] == float(sum(row[metric] or 0 for row in by_hand)), name
    totals = asked.overview(TODAY)[0].to_pylist()[0]
    by_hand = {}
    for sql in BY_HAND["overview"].split(";"):
        found = asked.by_hand(sql)
        if "period" not in found.column_names:
            by_hand |= found.to_pylist()[0]
    for name in ALL_CARDS:
        for column in (name, f"{name}_previous", f"{name}_year"):
            assert abs(float(totals[column] or 0) - float(by_hand[column] or 0)) < 1e-6, column
    return sums | {"overview sum": float(totals["revenue"])}


def _pair(what: str, ours: Callable[[], object], by_hand: Callable[[], object], times: int) -> dict[str, float]:
    """CPU milliseconds of both, one after the other so that they meet the same machine."""
    spent: tuple[list[float], list[float]] = ([], [])
    for _ in range(times + 1):
        spent[0].append(_cpu(ours))
        spent[1].append(_cpu(by_hand))
    return {
        f"{what} {who}": statistics.median(values[1:]) for who, values in zip(("ours", "by hand"), spent, strict=True)
    }


def _cpu(call: Callable[[], object]) -> float:
    before = time.process_time()
    call()
    return (time.process_time() - before) * 1000
