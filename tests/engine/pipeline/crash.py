"""What the processes of test_crash do; apart, so that a child need not load the tests."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from salesloop.engine.collect.mapping import ColumnMapping, Mapping
from salesloop.engine.store import Workspace
from tests.engine.pipeline.files import ORDERS, bring, order, write_csv

LINES = 30
BREATH = 0.03  # seconds


def delivery(folder: Path, number: int) -> Path:
    """The same orders with other amounts: each delivery replaces every line of the one before."""
    rows = [order(f"A{n}", 1, (number + 1) * 1000 + n) for n in range(LINES)]
    return write_csv(folder / f"订单{number}.csv", ORDERS, rows)


FIELDS = ["order_id", "line_no", "order_date", "customer_id", "employee_id", "product_id", "quantity", "amount"]
MAPPING = Mapping(
    name="订单",
    entity="order_line",
    header=ORDERS,
    columns=tuple(ColumnMapping(column=c, field=f"order_line.{f}") for c, f in zip(ORDERS, FIELDS, strict=True)),
)


def import_one(workspace: Path, file: Path) -> None:
    """With a mapping, so that nearly all of the time is that of landing, cleaning, building and publishing."""
    bring(Workspace.open(workspace), file, mapping=MAPPING)


def check_whole(workspace: Path) -> tuple[int, int]:
    """The current snapshot, which holds exactly one delivery with all its lines: (snapshot, delivery; −1 for none)."""
    snapshot = Workspace.open(workspace).current()
    (row,) = snapshot.rows("SELECT count(*) AS n, min(amount) AS low, max(amount) AS high FROM order_line")
    if snapshot.number == 0:
        assert row["n"] == 0
        return 0, -1
    number = int(row["low"]) // 1000 - 1
    assert (row["n"], row["low"], row["high"]) == (LINES, (number + 1) * 1000, (number + 1) * 1000 + LINES - 1)
    (said,) = snapshot.rows(
        "SELECT count(*) AS batches, sum(received)::INT AS rows FROM ledger.counts WHERE entity = 'order_line'"
    )
    assert said["rows"] == said["batches"] * LINES
    return snapshot.number, number


def read_until_told(workspace: Path, stop: Any, reads: Any, answers: Any) -> None:
    """Read the current snapshot again and again and count on `reads`; the last one seen, or what went wrong.

    With a breath between two, so that the one that imports has a core too.
    """
    last = 0
    try:
        while not stop.wait(BREATH):
            number, _ = check_whole(workspace)
            assert number >= last
            last = number
            reads.value += 1
        answers.put((last, None))
    except Exception as error:  # noqa: BLE001 - whatever it was, the test must show it
        answers.put((last, repr(error)))
