"""Work that is stopped ends its own statement on the engine, and nobody else's."""

from __future__ import annotations

import os
import signal
import threading
import time
from pathlib import Path
from types import FrameType
from typing import NoReturn

import pytest

from salesloop.engine.store import Workspace
from salesloop.engine.store.engines import Engine
from salesloop.engine.store.engines.address import parse_address
from salesloop.engine.store.engines.opening import open_engine
from salesloop.engine.store.engines.stopping import Stop, Stopped
from tests.conftest import missing
from tests.metrics_suite.elsewhere import spark_address

ENGINES = ["duckdb", "postgresql", "spark"]
MINUTES = {
    "duckdb": "SELECT count(*) AS n FROM range(10000000) a, range(10000000) b WHERE (a.range + b.range) % 3 = 1",
    "postgresql": "SELECT pg_sleep(300)",
    "spark": "SELECT id % 1000 AS k, count(DISTINCT md5(CAST(id AS STRING))) AS n FROM range(4000000000) GROUP BY 1",
}
A_MOMENT = {
    "duckdb": "SELECT count(*) AS n FROM range(10000) a, range(10000) b WHERE (a.range + b.range) % 3 = 1",
    "postgresql": "SELECT pg_sleep(2)",
    "spark": "SELECT id % 1000 AS k, count(DISTINCT md5(CAST(id AS STRING))) AS n FROM range(2000000) GROUP BY 1",
}


@pytest.fixture
def engine(kind: str, tmp_path: Path) -> Engine:
    if kind == "duckdb":
        return Workspace.create(tmp_path / "own").current().engine
    url = spark_address() if kind == "spark" else os.environ.get("SALESLOOP_TEST_POSTGRES")
    if not url:
        missing("no PostgreSQL: set SALESLOOP_TEST_POSTGRES to postgresql://user@host:port/database")
    return open_engine(parse_address(url), "UTC")


@pytest.mark.parametrize("kind", ENGINES)
@pytest.mark.requirement("I15")
def test_a_request_to_stop_ends_the_statement_of_that_work_only(engine: Engine, kind: str) -> None:
    stop, others = Stop(), []

    def somebody_else() -> None:
        with Stop().here():
            others.append(engine.execute(A_MOMENT[kind]).num_rows)

    beside = threading.Thread(target=somebody_else)
    beside.start()
    _asking(stop, after=1.0)
    with pytest.raises(Stopped, match="已停止"), stop.here():
        engine.execute(MINUTES[kind])
    beside.join()
    assert len(others) == 1
    assert engine.execute("SELECT 1 AS one").to_pylist() == [{"one": 1}], "the engine answers the next question"


@pytest.mark.parametrize("kind", ENGINES)
def test_work_that_was_stopped_begins_no_other_statement(engine: Engine, kind: str) -> None:
    stop = Stop()
    stop.ask()
    began = time.monotonic()
    with pytest.raises(Stopped), stop.here():
        engine.execute(MINUTES[kind])
    assert time.monotonic() - began < 30, "connecting included"


def test_a_mistake_that_nobody_asked_for_is_no_stop(tmp_path: Path) -> None:
    engine = Workspace.create(tmp_path / "own").current().engine
    with pytest.raises(Exception, match="nowhere") as mistake, Stop().here():
        engine.execute("SELECT * FROM nowhere")
    assert not isinstance(mistake.value, Stopped)


def test_the_end_of_the_process_ends_the_statement() -> None:
    """As the worker's signals do: SystemExit in the thread that waits, of which the engine's library knows nothing."""
    url = os.environ.get("SALESLOOP_TEST_POSTGRES")
    if not url:
        missing("no PostgreSQL: set SALESLOOP_TEST_POSTGRES to postgresql://user@host:port/database")
    before = signal.signal(signal.SIGUSR1, _exit)
    try:
        engine = open_engine(parse_address(url), "UTC")
        threading.Timer(1.0, signal.pthread_kill, (threading.get_ident(), signal.SIGUSR1)).start()
        with pytest.raises(SystemExit):
            engine.execute("SELECT pg_sleep(301)")
        busy = "SELECT pid FROM pg_stat_activity WHERE state = 'active' AND query = 'SELECT pg_sleep(301)'"
        assert engine.execute(busy).num_rows == 0
    finally:
        signal.signal(signal.SIGUSR1, before)


def _exit(number: int, frame: FrameType | None) -> NoReturn:
    raise SystemExit(0)


def _asking(stop: Stop, after: float) -> None:
    def ask() -> None:
        time.sleep(after)
        for _ in range(60):
            stop.ask()
            time.sleep(0.5)

    threading.Thread(target=ask, daemon=True).start()
