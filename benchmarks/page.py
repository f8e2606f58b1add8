"""The overview on the demo company with ten readers at once: server time of its page and blocks, 150 ms at p95.

Every reader asks for the overview and each of its blocks, as a browser does, waits a second and asks again. The rival
is DuckDB by hand: the five cards with both comparisons, as SQL on the order lines, without anything kept.
"""

from __future__ import annotations

import datetime as dt
import http.cookiejar
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse
import urllib.request
from pathlib import Path

import duckdb

from benchmarks import Result

TODAY = "2026-11-21"
READERS, ROUNDS, BUDGET_MS = 10, 12, 150.0
BLOCKS = ("", *(f"overview/{name}/" for name in ("attention", "kpis", "trend", "change", "teams", "funnel", "loop")))

CARDS = """
    SELECT sum(amount) FILTER (order_date BETWEEN '{start}' AND '{end}'),
        1 - sum(cost) FILTER (order_date BETWEEN '{start}' AND '{end}') / sum(amount) FILTER (order_date BETWEEN '{start}' AND '{end}')
    FROM order_line WHERE status IS DISTINCT FROM 'cancelled';
    SELECT count(*) FILTER (status = 'won') / count(*) FROM opportunity
    WHERE close_date BETWEEN '{start}' AND '{end}' AND status <> 'open';
    SELECT count(*) FROM (SELECT customer_id FROM order_line WHERE status IS DISTINCT FROM 'cancelled'
        GROUP BY customer_id HAVING min(order_date) BETWEEN '{start}' AND '{end}');
    SELECT sum(amount) FROM payment WHERE paid_date BETWEEN '{start}' AND '{end}'
"""
WINDOWS = (("2026-11-01", "2026-11-21"), ("2026-10-01", "2026-10-21"), ("2025-11-01", "2025-11-21"))


def run(rows: int | None) -> Result:  # noqa: ARG001 - the demo has its own size
    with tempfile.TemporaryDirectory() as folder:
        workspace = Path(folder) / "demo"
        environment = {**os.environ, "SALESLOOP_TODAY": TODAY}
        command = [sys.executable, "-m", "salesloop"]
        subprocess.run([*command, "demo", str(workspace), "--no-serve", "--today", TODAY], check=True, env=environment)
        server = subprocess.Popen(
            [*command, "-w", str(workspace), "serve", "--port", "0"], stdout=subprocess.PIPE, text=True, env=environment
        )
        try:
            address = _address(server)
            times = _read(address, json.loads((workspace / "demo-logins.json").read_text("utf-8")))
        finally:
            server.terminate()
            server.wait(20)
        lines, by_hand = _by_hand(workspace)
    every = sorted(value for values in times.values() for value in values)
    table = [_line(block or "page", values) for block, values in times.items()] + [_line("all", every)]
    p95 = _p95(every)
    return Result(
        rows=lines,
        rival="DuckDB by hand, five cards with two comparisons, nothing kept",
        ratio=statistics.median(times["overview/kpis/"]) / by_hand,
        table=table,
        budget=f"page and blocks of the overview ≤ {BUDGET_MS:.0f} ms at p95 with {READERS} readers at once",
        met=p95 <= BUDGET_MS,
        figures={
            "p95_ms": round(p95, 1),
            "by_hand_ms": round(by_hand, 1),
            "readers": READERS,
            "day": str(dt.date.fromisoformat(TODAY)),
        },
    )


def _address(server: subprocess.Popen[str]) -> str:
    assert server.stdout is not None
    for line in server.stdout:
        if found := re.search(r"http://localhost:\d+/", line):
            return found.group()
    raise RuntimeError("the server did not start")


def _read(address: str, logins: dict[str, object]) -> dict[str, list[float]]:
    """Milliseconds of every request, by block; the first round warms up and is not counted."""
    people = [person["login"] for person in logins["people"]]  # type: ignore[attr-defined]
    readers = [_login(address, people[place % len(people)], str(logins["password"])) for place in range(READERS)]
    times: dict[str, list[float]] = {block: [] for block in BLOCKS}

    def read(reader: urllib.request.OpenerDirector, rounds: int, keep: bool) -> None:
        for _ in range(rounds):
            for block in BLOCKS:
                start = time.perf_counter()
                reader.open(address + block).read()
                if keep:
                    times[block].append((time.perf_counter() - start) * 1000)
            time.sleep(1)

    for rounds, keep in ((1, False), (ROUNDS, True)):
        threads = [threading.Thread(target=read, args=(reader, rounds, keep)) for reader in readers]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    return times


def _login(address: str, login: str, password: str) -> urllib.request.OpenerDirector:
    reader = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))
    page = reader.open(f"{address}account/login/").read().decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    assert token is not None
    name = "username" if 'name="username"' in page else "login"
    form = {"csrfmiddlewaretoken": token.group(1), name: login, "password": password}
    reader.open(f"{address}account/login/", urllib.parse.urlencode(form).encode()).read()
    return reader


def _by_hand(workspace: Path) -> tuple[int, float]:
    """Order lines in the warehouse, and the median milliseconds of the rival."""
    folder = workspace / ".salesloop" / "snapshots"
    with duckdb.connect(str(max(folder.glob("*.duckdb"))), read_only=True) as con:
        lines = con.execute("SELECT count(*) FROM order_line").fetchall()[0][0]
        times = []
        for _ in range(9):
            start = time.perf_counter()
            for first, last in WINDOWS:
                for statement in CARDS.format(start=first, end=last).split(";"):
                    con.execute(statement).fetchall()
            times.append((time.perf_counter() - start) * 1000)
    return lines, statistics.median(times)


def _line(name: str, values: list[float]) -> dict[str, object]:
    return {"request": name, "requests": len(values), "median ms": statistics.median(values), "p95 ms": _p95(values)}


def _p95(values: list[float]) -> float:
    return statistics.quantiles(values, n=20)[-1]
