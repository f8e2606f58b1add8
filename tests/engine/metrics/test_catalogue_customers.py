"""One example by hand for every metric about customers, channels and the team."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pytest

from tests.engine.metrics.world import World

NOVEMBER = "2026-11-01..2026-11-30"


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    """Customers: A bought in July, August and twice in November; B twice in November; C once in November; D in July only.

    Channels: 直销 (direct) and 经销 (dealers). People: E1 and E2.
    """

    def order(number: str, day: str, customer: str, channel: str, amount: int, cost: int, employee: str, product: str,
              entered: str | None = None) -> dict[str, object]:  # fmt: skip
        return {"order_id": number, "line_no": 1, "order_date": day, "customer_id": customer, "channel_id": channel,
                "amount": amount, "cost": cost, "employee_id": employee, "product_id": product, "entered_at": entered}  # fmt: skip

    return World(
        Path(tmp_path_factory.mktemp("customers")) / "w",
        channel=[{"channel_id": "d", "name": "直销"}, {"channel_id": "j", "name": "经销"}],
        product=[{"product_id": "P1", "name": "壶", "category": "厨房"}, {"product_id": "P2", "name": "灯", "category": "照明"}],
        order_line=[
            order("1", "2026-07-01", "A", "d", 10, 5, "E1", "P1"),
            order("2", "2026-08-15", "A", "d", 10, 5, "E1", "P1"),  # 45 days after A's first
            order("3", "2026-07-20", "D", "j", 10, 5, "E2", "P1"),
            order("4", "2026-11-02", "A", "d", 100, 40, "E1", "P1", "2026-11-03 23:00"),  # within 24 h of the day's end
            order("5", "2026-11-03", "A", "d", 60, 30, "E1", "P2", "2026-11-05 00:00"),  # exactly 24 h after it
            order("6", "2026-11-04", "B", "j", 80, 50, "E2", "P1", "2026-11-06 00:01"),  # a minute too late
            order("7", "2026-11-05", "B", "j", 20, 10, "E2", "P1"),  # no time of entry
            order("8", "2026-11-06", "C", "j", 40, 30, "E2", "P1"),
        ],
        activity=[
            {"activity_id": "1", "type": "visit", "event_time": "2026-11-02 10:00", "entry_time": "2026-11-03 09:59",
             "employee_id": "E1", "customer_id": "A"},
            {"activity_id": "2", "type": "visit", "event_time": "2026-11-03 10:00", "entry_time": "2026-11-04 10:01",
             "employee_id": "E1", "customer_id": "B"},
            {"activity_id": "3", "type": "visit", "event_time": "2026-11-04 10:00", "employee_id": "E2", "customer_id": "B"},
            {"activity_id": "4", "type": "call", "event_time": "2026-11-04 10:00", "entry_time": "2026-11-04 10:00",
             "employee_id": "E2", "customer_id": "C"},
        ],
        opportunity=[
            {"opportunity_id": "1", "stage": "x", "status": "open", "created_date": "2026-11-09", "entered_at": "2026-11-09 08:00"},
        ],
        selling_expense=[
            {"expense_id": "1", "expense_date": "2026-11-01", "type": "channel_fee", "channel_id": "j", "amount": 15},
            {"expense_id": "2", "expense_date": "2026-11-02", "type": "promotion", "channel_id": "d", "amount": 5},
            {"expense_id": "3", "expense_date": "2026-11-03", "type": "travel", "employee_id": "E1", "amount": 7},
        ],
        ticket=[
            {"ticket_id": "1", "type": "complaint", "opened_at": "2026-11-04 12:00"},
            {"ticket_id": "2", "type": "service", "opened_at": "2026-11-05 12:00"},
        ],
        survey_response=[
            {"response_id": "1", "answered_at": "2026-11-04 12:00", "survey": "年度", "score": 8, "max_score": 10},
            {"response_id": "2", "answered_at": "2026-11-05 12:00", "survey": "年度", "score": 3, "max_score": 5},
            {"response_id": "3", "answered_at": "2026-11-05 12:00", "survey": "年度", "score": 4},  # no maximum: left out
        ],
    )  # fmt: skip


BY_HAND = {
    "active_customers": 3,  # A, B, C
    "new_customers": 2,  # B and C; A is known since July
    "repeat_customers": 2,  # A and B have two orders each
    "repeat_purchase_rate": 2 / 3,
    "cross_category_customers": 1,  # A bought 厨房 and 照明
    "cross_sell_rate": 1 / 3,
    "tickets": 2,
    "complaints": 1,
    "complaint_rate": 0.2,  # 1 complaint, 5 orders
    "satisfaction": 11 / 15,  # (8 + 3) / (10 + 5)
    "selling_expense": Decimal(27),
    "sales_cost": Decimal(187),  # cost 40 + 30 + 50 + 10 + 30 = 160, and 27
    "channel_expense": Decimal(20),  # the travel has no channel
    "channel_expense_ratio": 20 / 300,
    "channel_profit": Decimal(120),  # 300 − 160 − 20
    "visits": 3,
    "visiting_employees": 2,
    "visit_frequency": 3 / 2 / (21 / 7),  # 21 days of November have passed
    "customers_visited": 2,
    "selling_employees": 2,
    "revenue_per_employee": 150.0,
    "revenue_per_visit": 100.0,
    # with a time of entry: activities 1, 2, 4; the deal; orders 4, 5, 6
    "entries": 7,
    # in time: activities 1 and 4, the deal, orders 4 and 5
    "entries_timely": 5,
    "data_entry_timeliness": 5 / 7,
}


@pytest.mark.requirement("D13", "D22", "D25", "E01", "E02", "E03", "E07", "E08", "Z01")
@pytest.mark.parametrize("metric", BY_HAND)
def test_november_by_hand(world: World, metric: str) -> None:
    found = world.value(metric, period=NOVEMBER)
    assert found == (pytest.approx(BY_HAND[metric]) if isinstance(BY_HAND[metric], float) else BY_HAND[metric])


@pytest.mark.requirement("E01", "E02", "E03")
def test_channels_from_revenue_to_profit(world: World) -> None:
    rows = world.ask("revenue,cogs,channel_expense,channel_profit", by="channel", period=NOVEMBER).to_pylist()
    assert [tuple(row.values()) for row in rows] == [
        ("直销", "d", Decimal(160), Decimal(70), Decimal(5), Decimal(85)),
        ("经销", "j", Decimal(140), Decimal(90), Decimal(15), Decimal(35)),
    ]


@pytest.mark.requirement("Z01")
def test_the_time_allowed_is_a_setting(tmp_path: Path) -> None:
    visit = {"activity_id": "1", "type": "visit", "event_time": "2026-11-02 10:00", "entry_time": "2026-11-04 09:00"}
    strict = World(tmp_path / "a", activity=[visit])
    patient = World(tmp_path / "b", settings={"entry_sla_hours": 48}, activity=[visit])
    assert (strict.value("data_entry_timeliness"), patient.value("data_entry_timeliness")) == (0.0, 1.0)


def test_customers_who_came_back_within_90_days(world: World) -> None:
    # July: A (again after 45 days) and D (never again). November: B and C, whose 90 days have not passed by the 21st.
    assert world.values("repurchase_90_days", grain="month", period="2026-07-01..2026-11-30") == {
        dt.date(2026, 7, 1): 0.5
    }
    later = world.values(
        "repurchase_90_days", grain="month", period="2026-11-01..2026-11-30", today=dt.date(2027, 3, 1)
    )
    assert later == {dt.date(2026, 11, 1): 0.5}  # B again after one day, C not


def test_every_metric_of_the_catalogue_has_an_example() -> None:
    from salesloop.engine.metrics.registry import built_in
    from tests.engine.metrics import test_catalogue_deals, test_catalogue_market, test_catalogue_sales

    named = {*BY_HAND, *test_catalogue_deals.BY_HAND, *test_catalogue_market.BY_HAND, *test_catalogue_sales.BY_HAND}
    named |= {"repurchase_90_days", "receivables_balance", "target", "attainment", "pace"}  # in tests of their own
    named |= {"won_deals_worked", "won_deals_shared", "shared_deal_rate"}  # in tests/engine/analyze/test_team.py
    parts = {metric.metric for metric in built_in()[0].values() if metric.hidden}
    assert set(built_in()[0]) - named - parts == set()
