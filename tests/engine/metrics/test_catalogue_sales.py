"""One example by hand for every metric about orders, money and stock. The numbers are worked out beside each."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pytest

from tests.engine.metrics.world import World

NOVEMBER = "2026-11-01..2026-11-30"


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    """Orders of October and November, one of them cancelled, with returns, payments, invoices and stock.

    order  date        customer product qty price amount cost  status     placed   completed
    O1 (2) 2026-11-02  C1       P1      2   50    100    60    completed  11-02    11-04 12:00
                       C1       P2      1   80    80     -     completed  11-02    11-04 12:00
    O2     2026-11-10  C2       P1      3   50    120    90    shipped    -        shipped 11-11
    O3     2026-11-12  C2       P2      1   70    70     50    cancelled
    O4     2026-10-20  C1       P1      1   50    50     30    completed
    O5     2026-11-15  C3       P1      4   50    200    -     open (due 11-20)
    """
    p = {"customer_id": "C1", "order_date": dt.date(2026, 11, 2)}
    o1 = p | {
        "order_id": "O1",
        "status": "completed",
        "placed_at": "2026-11-02 00:00",
        "completed_at": "2026-11-04 12:00",
    }
    return World(
        Path(tmp_path_factory.mktemp("sales")) / "w",
        product=[
            {"product_id": "P1", "name": "热水壶", "category": "厨房", "standard_cost": 5},
            {"product_id": "P2", "name": "台灯", "category": "照明", "standard_cost": 10},
        ],
        customer=[{"customer_id": c, "name": n} for c, n in (("C1", "甲"), ("C2", "乙"), ("C3", "丙"))],
        order_line=[
            o1 | {"line_no": 1, "product_id": "P1", "quantity": 2, "unit_price": 50, "amount": 100, "cost": 60},
            o1 | {"line_no": 2, "product_id": "P2", "quantity": 1, "unit_price": 80, "amount": 80},
            {"order_id": "O2", "line_no": 1, "order_date": "2026-11-10", "customer_id": "C2", "product_id": "P1",
             "quantity": 3, "unit_price": 50, "amount": 120, "cost": 90, "status": "shipped", "feedback": "拒货",
             "shipped_at": "2026-11-11 00:00", "due_date": "2026-11-10"},
            {"order_id": "O3", "line_no": 1, "order_date": "2026-11-12", "customer_id": "C2", "product_id": "P2",
             "quantity": 1, "unit_price": 70, "amount": 70, "cost": 50, "status": "cancelled"},
            {"order_id": "O4", "line_no": 1, "order_date": "2026-10-20", "customer_id": "C1", "product_id": "P1",
             "quantity": 1, "unit_price": 50, "amount": 50, "cost": 30, "status": "completed",
             "shipped_at": "2026-10-25 00:00"},
            {"order_id": "O5", "line_no": 1, "order_date": "2026-11-15", "customer_id": "C3", "product_id": "P1",
             "quantity": 4, "unit_price": 50, "amount": 200, "status": "open", "due_date": "2026-11-20"},
        ],
        return_line=[
            {"return_id": "R1", "return_date": "2026-11-08", "order_id": "O4", "amount": 50, "reason": "破损"},
            {"return_id": "R2", "return_date": "2026-10-30", "order_id": "O4", "amount": 7},
        ],
        payment=[
            {"payment_id": "Z1", "paid_date": "2026-11-05", "customer_id": "C1", "amount": 30},
            {"payment_id": "Z2", "paid_date": "2026-11-25", "customer_id": "C2", "amount": 12.5},
        ],
        receivable=[
            # open at the end of October and November, 40 of 100 paid so far
            {"invoice_id": "I1", "invoice_date": "2026-10-01", "amount": 100, "paid_amount": 40},
            # settled in November: open in October only, then with its full amount
            {"invoice_id": "I2", "invoice_date": "2026-10-15", "settled_date": "2026-11-03", "amount": 70, "paid_amount": 70},
            # begins in November
            {"invoice_id": "I3", "invoice_date": "2026-11-10", "amount": 25},
        ],
        inventory_snapshot=[
            # P1 in the main warehouse: 10 pieces (value 100), then 6 (value 60); P2: 2 pieces, value not stated → 2 × 10
            {"snapshot_date": "2026-11-07", "product_id": "P1", "warehouse": "main", "quantity": 10, "value": 100},
            {"snapshot_date": "2026-11-14", "product_id": "P1", "warehouse": "main", "quantity": 6, "value": 60},
            {"snapshot_date": "2026-11-07", "product_id": "P2", "warehouse": "main", "quantity": 2},
            # the second warehouse was counted once
            {"snapshot_date": "2026-11-07", "product_id": "P1", "warehouse": "north", "quantity": 1, "value": 10},
        ],
    )  # fmt: skip


# November without O3, which is cancelled: O1 (100 + 80), O2 (120), O5 (200).
BY_HAND = {
    "revenue": Decimal(500),
    "quantity": Decimal(10),  # 2 + 1 + 3 + 4
    "gross_sales": Decimal(530),  # 2×50 + 1×80 + 3×50 + 4×50
    "cogs": Decimal(150),  # 60 + 90; two lines have no cost
    "gross_profit": Decimal(70),  # (100 − 60) + (120 − 90)
    "gross_margin": 70 / 220,  # over the lines with a cost: 100 + 120
    "orders": 3,
    "order_lines": 4,  # O1 has two
    "average_order_value": 500 / 3,
    "returns_amount": Decimal(50),
    "net_revenue": Decimal(450),
    "return_rate": 0.1,
    "payments": Decimal("42.5"),
    # O1 2.5 days (placed to completed), O2 1 day (order day to shipped), O5 not shipped: median of 2.5 and 1
    "order_processing_time": 1.75,
    "orders_unshipped": 1,  # O5; O1 is completed, O2 shipped
    "orders_late": 1,  # O2, due on the 10th and shipped on the 11th
    "stock_value": Decimal(90),  # 60 + 20 + 10: the last state of each product and warehouse
    "stock_quantity": Decimal(9),  # 6 + 2 + 1
    "average_stock_value": 110.0,  # (100 + 60) / 2 + 20 + 10
    "inventory_turnover": 150 / 110,
    "inventory_days": 21 * 110 / 150,  # 21 days of November have passed
    "revenue_ytd": Decimal(550),  # with the 50 of October
}


@pytest.mark.requirement("D01", "D02", "D03", "D04", "D18", "D19")
@pytest.mark.parametrize("metric", BY_HAND)
def test_november_by_hand(world: World, metric: str) -> None:
    found = world.value(metric, period=NOVEMBER)
    if isinstance(BY_HAND[metric], float):
        assert found == pytest.approx(BY_HAND[metric], rel=1e-12)
    else:
        assert found == BY_HAND[metric]


def test_an_invoice_counts_until_the_day_it_is_settled(world: World) -> None:
    # End of October: I1 (100 − 40 paid) and I2, later settled, in full. Today in November: I1 and I3.
    assert world.values("receivables_balance", grain="month", period="2026-10-01..2026-11-30") == {
        dt.date(2026, 10, 1): Decimal(130),
        dt.date(2026, 11, 1): Decimal(85),
    }


def test_returns_count_by_reason(world: World) -> None:
    assert world.values("returns_amount", by="return_reason", period=NOVEMBER) == {"破损": Decimal(50)}


def test_lines_count_by_what_the_customer_made_of_them(world: World) -> None:
    assert world.values("order_lines", by="delivery_feedback", period=NOVEMBER) == {None: 3, "拒货": 1}


def test_margin_of_a_category_without_any_cost_is_unknown(world: World) -> None:
    assert world.values("gross_margin", by="category", period=NOVEMBER) == {
        "厨房": 70 / 220,
        "照明": None,  # its only line has no cost
    }


def test_profit_where_nothing_was_sold_is_unknown_and_revenue_is_zero(world: World) -> None:
    (row,) = world.ask("revenue,gross_profit", period="2026-11-29..2026-11-30").to_pylist()
    assert row == {"revenue": Decimal(0), "gross_profit": None}
