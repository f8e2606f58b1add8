"""A request to stop ends the statement under way; nothing of the import stays."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import duckdb
import pytest

from salesloop.engine.pipeline import Cancel, Cancelled, ImportRequest, import_files
from salesloop.engine.pipeline.progress import Stage
from salesloop.engine.store import Workspace
from salesloop.engine.store.engines.quiet import connect
from tests.engine.pipeline.files import NOW, ORDERS, order, write_csv

FOR_EVER = "SELECT count(*) FROM range(1_000_000_000_000) a WHERE hash(a.range) = 42"
SECONDS = 20


def asking(cancel: Cancel, after: float) -> threading.Thread:
    """Somebody who asks again and again, from `after` seconds on."""

    def ask() -> None:
        time.sleep(after)
        for _ in range(SECONDS * 20):
            cancel.ask()
            time.sleep(0.05)

    thread = threading.Thread(target=ask, daemon=True)
    thread.start()
    return thread


def test_a_statement_under_way_is_ended() -> None:
    con, cancel = connect(), Cancel()
    asking(cancel, 0.1)
    began = time.monotonic()
    with pytest.raises(Cancelled, match="停止"), cancel.interrupting(con):
        con.execute(FOR_EVER)
    assert time.monotonic() - began < SECONDS
    assert con.execute("SELECT 1").fetchone() == (1,), "the connection lives on"


def test_an_interrupt_that_nobody_asked_for_is_no_stop() -> None:
    con = connect()
    threading.Timer(0.2, con.interrupt).start()
    with pytest.raises(duckdb.InterruptException), Cancel().interrupting(con):
        con.execute(FOR_EVER)


class InTheMiddle:
    """Asks to stop while the first table is being cleaned, from another thread."""

    def __init__(self, cancel: Cancel) -> None:
        self._cancel = cancel
        self.seen: list[Stage] = []

    def stage(self, name: Stage, done: int, total: int, rows: int) -> None:
        self.seen.append(name)
        if name == "clean":
            asking(self._cancel, 0.05)


def test_an_import_stops_inside_a_long_step_and_leaves_nothing(tmp_path: Path) -> None:
    workspace = Workspace.create(tmp_path / "company")
    rows = [order(f"A{n}", 1, f"1.{n % 10}万", customer=f"客户{n % 5000}") for n in range(120_000)]
    cancel = Cancel()
    watching = InTheMiddle(cancel)
    path = write_csv(tmp_path / "订单.csv", ORDERS, rows)
    with pytest.raises(Cancelled):
        import_files(workspace, [ImportRequest(path)], now=NOW, progress=watching, cancel=cancel)
    assert watching.seen[-1] == "clean", "not only at the next step"
    assert workspace.current().number == 0
    assert workspace.landed.batches() == []
    assert list(workspace.landed.folder.iterdir()) == []
    assert sorted(path.name for path in workspace.snapshot_files.folder.iterdir()) == ["CURRENT", "warehouse-0.duckdb"]
