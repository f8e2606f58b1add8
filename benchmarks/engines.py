"""Four questions on DuckDB, PostgreSQL, Sail (four workers), Spark and ClickHouse (chdb), each over tables of its own.

The order lines are written to each engine as `salesloop engine publish` does, and every answer must equal DuckDB's. An engine
that is not here is left out (SALESLOOP_TEST_POSTGRES; pysail; SALESLOOP_TEST_SPARK; chdb). Second of two rounds, seconds of
the wall clock; "filled" is what writing the tables took.
"""

from __future__ import annotations

import datetime as dt
import importlib.util
import math
import os
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks import Result
from salesloop.engine.metrics import Query, load_registry
from salesloop.engine.metrics import run as answer
from salesloop.engine.model.scope import Scope
from salesloop.engine.store import Workspace
from salesloop.engine.store.engines.address import parse_address
from salesloop.engine.store.remote.publish import publish, write_view

LINES = 1_000_000
NOW, TODAY = dt.datetime(2026, 11, 21, tzinfo=dt.UTC), dt.date(2026, 11, 21)
YEAR: dict[str, Any] = {"start": dt.date(2026, 1, 1), "end": TODAY}
QUESTIONS = {
    "total": Query(("revenue",)),
    "month × region, year ago": Query(
        ("revenue", "gross_profit"), by=("region",), grain="month", compare=("year",), **YEAR
    ),
    "one region": Query(("revenue", "orders"), where=("region=R1",), grain="month", **YEAR),
    "distinct customers": Query(("active_customers",), by=("region", "channel"), **YEAR),
}
SCHEMA = "salesloop_benchmark"


def run(rows: int | None) -> Result:
    lines = rows or LINES
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        started = time.perf_counter()
        own = made(folder / "duckdb", lines)
        seconds = {"DuckDB": {"filled": time.perf_counter() - started} | asked(own)}
        expected = {title: rows_of(own, query) for title, query in QUESTIONS.items()}
        for engine, url in elsewhere(folder):
            started = time.perf_counter()
            there = published(own, folder / engine.split()[0], url)
            seconds[engine] = {"filled": time.perf_counter() - started} | asked(there)
            for title, query in QUESTIONS.items():
                assert same(rows_of(there, query), expected[title]), f"{engine} answers {title} otherwise"
    table = [
        {"engine": engine, "filled, s": f"{took['filled']:.0f}", "look, s": f"{took['look']:.2f}"}
        | {title: f"{took[title]:.2f} s, {took[title] / seconds['DuckDB'][title]:.1f} ×" for title in QUESTIONS}
        for engine, took in seconds.items()
    ]
    asking = {engine: sum(took[title] for title in QUESTIONS) for engine, took in seconds.items()}
    return Result(
        rows=lines,
        rival="DuckDB",
        ratio=max(asking.values()) / asking["DuckDB"],
        table=table,
        budget="the same answers on every engine",
        met=True,
        figures={engine: {title: round(took[title], 3) for title in took} for engine, took in seconds.items()},
    )


def made(folder: Path, lines: int) -> Workspace:
    """60 months of order lines of 100,000 customers, each in one region; three lines an order."""
    workspace = Workspace.create(folder)
    with workspace.writing(NOW, "benchmark") as building:
        building.con.execute(
            "INSERT INTO region BY NAME SELECT 'R' || n AS region_id, 'R' || n AS name FROM range(8) t(n)"
        )
        building.con.execute(
            "INSERT INTO region_flat BY NAME SELECT region_id AS id, 1 AS depth, region_id AS l1_id FROM region"
        )
        building.con.execute(
            "INSERT INTO channel BY NAME SELECT 'C' || n AS channel_id, 'C' || n AS name FROM range(4) t(n)"
        )
        building.con.execute(
            "INSERT INTO order_line BY NAME SELECT 'O' || (n // 3) AS order_id, n % 3 + 1 AS line_no, "
            "DATE '2022-01-01' + CAST(hash(n // 3) % 1780 AS INTEGER) AS order_date, "
            "'K' || (hash(n // 3 + 7) % 100000) AS customer_id, 'R' || (hash(n // 3 + 7) % 100000 % 8) AS region_id, "
            "'C' || (n // 3 % 4) AS channel_id, CAST(hash(n) % 1000000 AS DECIMAL(18,4)) / 100 AS amount, "
            "CAST(hash(n) % 700000 AS DECIMAL(18,4)) / 100 AS cost, 'CNY' AS currency, 1 AS fx_rate, "
            f"'completed' AS status FROM range({lines}) t(n)"
        )
    return workspace


def elsewhere(folder: Path) -> Iterator[tuple[str, str]]:
    if url := os.environ.get("SALESLOOP_TEST_POSTGRES"):
        yield "PostgreSQL", url
    if importlib.util.find_spec("pysail"):
        os.environ.setdefault("SAIL_MODE", "local-cluster")
        os.environ.setdefault("RUST_LOG", "off")
        from pysail.spark import SparkConnectServer

        server = SparkConnectServer("127.0.0.1", 0)
        server.start(background=True)
        host, port = server.listening_address
        yield "Sail", f"spark://{host}:{port}"
        server.stop()
    if url := os.environ.get("SALESLOOP_TEST_SPARK"):
        yield "Spark", url
    if importlib.util.find_spec("chdb"):
        yield "ClickHouse (chdb)", f"chdb://{folder}/chdb"


def published(own: Workspace, folder: Path, url: str) -> Workspace:
    workspace = Workspace.create(folder, engine=url, engine_refresh=3600)
    zone = own.config.timezone
    files = folder / "files"
    for one in publish(own.current(), own.model, parse_address(url), zone, schema=SCHEMA, folder=files):
        write_view(workspace.path / "engine", one.view)
    return workspace


def asked(workspace: Workspace) -> dict[str, float]:
    """Seconds of each question the second time, and of the look at what has changed."""
    took: dict[str, float] = {}
    started = time.perf_counter()
    workspace.current().freshness()
    took["look"] = time.perf_counter() - started
    for title, query in QUESTIONS.items():
        for _ in range(2):
            started = time.perf_counter()
            rows_of(workspace, query)
            took[title] = time.perf_counter() - started
    return took


def rows_of(workspace: Workspace, query: Query) -> list[dict[str, Any]]:
    registry = load_registry(workspace.path, workspace.model)
    # Entries given with the question: an answer is then not kept for the next time.
    return answer(workspace, registry, query, Scope.all(), today=TODAY, entered={}).table.to_pylist()


def same(found: list[dict[str, Any]], expected: list[dict[str, Any]]) -> bool:
    return len(found) == len(expected) and all(
        math.isclose(value, row[name], rel_tol=1e-9) if isinstance(value, float) else value == row[name]
        for one, row in zip(found, expected, strict=True)
        for name, value in one.items()
    )
