"""Ten checks over five million order lines, against one hand-written SQL pass; then with failing records; then after a delivery.

The hand-written pass is one SELECT of ten filtered counts (uniqueness as count − count distinct), with nothing else. Ours gives
per check what failed and of how many it spoke; "with failing records" also writes the key of each failing record with one bit a
check; "after a delivery" judges 10,000 new lines and carries the rest forward. Median of three rounds, CPU seconds.
"""

from __future__ import annotations

import datetime as dt
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import duckdb

from benchmarks import Result
from salesloop.engine.clean.quality import CheckBook, Circumstances, judge_delivery, run_checks
from salesloop.engine.clean.quality.definition import parse_check
from salesloop.engine.clean.quality.judge import columns_of_tables, count, judging_of, looked_up
from salesloop.engine.model.loader import load_model
from salesloop.engine.store.engines.quiet import connect
from salesloop.engine.store.schema import prepare

ROWS, CUSTOMERS, NEW, ROUNDS = 5_000_000, 60_000, 10_000, 3
COUNTS_BUDGET, FAILING_BUDGET = 1.5, 4.0
AT = Circumstances(dt.date(2026, 11, 21))
CHECKS = {
    "quantity_given": {"kind": "required", "field": "quantity"},
    "customer_given": {"kind": "required", "field": "customer_id"},
    "same_sign": {"kind": "rule", "holds": "sign(amount) * sign(quantity) >= 0"},
    "price_in_range": {"kind": "range", "field": "unit_price", "min": 0},
    "discount_in_range": {"kind": "range", "field": "discount", "min": 0, "max": 1},
    "shipped_after_order": {"kind": "order", "fields": ["order_date", "shipped_at"]},
    "status_known": {"kind": "set", "field": "status", "values": ["open", "shipped", "completed", "cancelled"]},
    "store_form": {"kind": "pattern", "field": "store", "pattern": "S[0-9]{3}-[A-Z]"},
    "customer_known": {"kind": "reference", "field": "customer_id"},
    "contact_unique": {"kind": "unique", "fields": ["contact_name"]},
}
BY_HAND = """
SELECT count(*) FILTER (WHERE quantity IS NULL), count(*) FILTER (WHERE t.customer_id IS NULL),
  count(*) FILTER (WHERE sign(amount) * sign(quantity) < 0), count(*) FILTER (WHERE unit_price < 0),
  count(*) FILTER (WHERE discount < 0 OR discount > 1), count(*) FILTER (WHERE CAST(shipped_at AS DATE) < order_date),
  count(*) FILTER (WHERE status NOT IN ('open', 'shipped', 'completed', 'cancelled')),
  count(*) FILTER (WHERE NOT regexp_full_match(store, 'S[0-9]{3}-[A-Z]')),
  count(*) FILTER (WHERE t.customer_id IS NOT NULL AND c.customer_id IS NULL),
  count(contact_name) - count(DISTINCT contact_name)
FROM order_line t LEFT JOIN (SELECT customer_id FROM customer) c ON c.customer_id = t.customer_id
"""


def run(rows: int | None) -> Result:
    wanted = rows or ROWS
    with tempfile.TemporaryDirectory() as folder, connect(str(Path(folder) / "warehouse.duckdb")) as con:
        con.execute("SET threads = 2")
        book = make(con, wanted)
        judging = judging_of(book.model.entity("order_line"), book, columns_of_tables(con), AT)
        found: dict[str, tuple[int, ...]] = {}

        def by_hand() -> None:
            found["hand"] = con.execute(BY_HAND).fetchall()[0]

        def counted() -> None:
            with looked_up(con, judging.rules):
                found["ours"] = tuple(failed for failed, _ in count(con, judging.rules, "order_line"))

        def listed() -> None:
            run_checks(con, book, AT, changed=["order_line"])

        costs = _cpu({"hand-written SQL": by_hand, "checks": counted, "checks with failing records": listed})
        assert found["ours"] == found["hand"], "both must count the same"
        failing = con.execute("SELECT count(*) FROM failing.order_line").fetchall()[0][0]
        delivery = _after_a_delivery(con, book, wanted)
    hand = costs["hand-written SQL"]
    counts, lists = costs["checks"] / hand, costs["checks with failing records"] / hand
    table = [{"what": name, "cpu s": round(cost, 2), "ratio": round(cost / hand, 2)} for name, cost in costs.items()]
    table.append({"what": f"after {NEW:,} new lines", "cpu s": round(delivery, 2), "ratio": round(delivery / hand, 2)})
    return Result(
        rows=wanted,
        rival="one hand-written SQL pass",
        ratio=round(counts, 2),
        table=table,
        budget=f"ten checks in ≤ {COUNTS_BUDGET} × the CPU of one hand-written pass, ≤ {FAILING_BUDGET} × with failing records",
        met=counts <= COUNTS_BUDGET and lists <= FAILING_BUDGET,
        figures={
            "ratio_with_failing": round(lists, 2),
            "failing": failing,
            "ratio_delivery": round(delivery / hand, 2),
        },
    )


def make(con: duckdb.DuckDBPyConnection, rows: int) -> CheckBook:
    """Order lines of which about one in ten fails something, seeded by arithmetic, and most of their customers."""
    model = load_model()
    prepare(con, model)
    con.execute(
        f"INSERT INTO customer (customer_id, name) SELECT 'C' || n, '客户' || n FROM range({CUSTOMERS - 10}) t(n)"
    )
    _lines(con, rows, 0, "old-1")
    con.execute("CHECKPOINT")
    words = {"label": {"zh-Hans": "试验", "en": "trial"}, "why": {"zh-Hans": "试验", "en": "trial"}}
    checks = {
        name: parse_check({"check": name, "entity": "order_line"} | words | dict(parts))  # type: ignore[call-overload]
        for name, parts in CHECKS.items()
    }
    return CheckBook(model, {"order_line": checks})


def _lines(con: duckdb.DuckDBPyConnection, rows: int, start: int, batch: str) -> None:
    con.execute(
        f"INSERT INTO order_line (order_id, line_no, order_date, customer_id, product_id, employee_id, quantity, unit_price, "
        f"discount, amount, status, shipped_at, store, contact_name, _batch, _row) "
        f"SELECT 'SO' || lpad((n // 4)::VARCHAR, 9, '0'), n % 4 + 1, DATE '2024-01-01' + (n * 1000 // {start + rows})::INT, "
        f"CASE WHEN n % 997 <> 0 THEN 'C' || (n * 7919 % {CUSTOMERS}) END, 'P' || (n * 31 % 3000), 'E' || (n % 400), "
        f"CASE WHEN n % 1009 <> 0 THEN n % 9 + 1 END, 10 + n % 5000 / 7, CASE WHEN n % 50 = 7 THEN 1.2 ELSE n % 10 / 10 END, "
        f"CASE WHEN n % 20 = 3 THEN -1 ELSE 1 END * (n % 9 + 1) * (10 + n % 5000 / 7), "
        f"['open', 'shipped', 'completed', 'cancelled', '?'][CASE WHEN n % 50021 = 0 THEN 5 ELSE n % 4 + 1 END], "
        f"TIMESTAMP '2024-01-01' + INTERVAL 1 DAY * ((n * 1000 // {start + rows}) + n % 5 - CASE WHEN n % 41 = 0 THEN 6 ELSE 0 END), "
        f"CASE WHEN n % 5003 = 0 THEN 'bad' ELSE 'S' || lpad((n % 300)::VARCHAR, 3, '0') || '-' || chr(65 + (n % 26)::INT) END, "
        f"'联系人' || CASE WHEN n % 1019 = 1 THEN n - 1 ELSE n END, '{batch}', n FROM range({start}, {start + rows}) t(n)"
    )


def _cpu(steps: dict[str, Callable[[], None]]) -> dict[str, float]:
    """Median CPU seconds of each step, in turns so that the machine's moods fall on all alike."""
    taken: dict[str, list[float]] = {name: [] for name in steps}
    for _ in range(ROUNDS):
        for name, step in steps.items():
            before = time.process_time()
            step()
            taken[name].append(time.process_time() - before)
    return {name: statistics.median(costs) for name, costs in taken.items()}


def _after_a_delivery(con: duckdb.DuckDBPyConnection, book: CheckBook, rows: int) -> float:
    """CPU seconds of judging a small delivery; the uniqueness of a field cannot be told without the whole column."""
    results = run_checks(con, book, AT, changed=["order_line"])
    listed = ", ".join(f"(now(), 'order_line', '{r.check}', 'warning', {r.failed}, {r.checked})" for r in results)
    con.execute(f"INSERT INTO ledger.quality VALUES {listed}")
    _lines(con, NEW, rows, "new-1")
    before = time.process_time()
    carried = judge_delivery(con, book, AT, batches=["new-1"], changed=["order_line"])
    taken = time.process_time() - before
    anew = run_checks(con, book, AT, changed=["order_line"])
    assert [(r.failed, r.checked) for r in carried] == [(r.failed, r.checked) for r in anew]
    return taken
