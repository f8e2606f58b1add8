"""One example by hand for every metric about loyalty, service, marketing, the market and how visits were planned."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pytest

from salesloop.engine.metrics import load_registry
from tests.engine.metrics.world import LightWorld, World

NOVEMBER = "2026-11-01..2026-11-30"


@pytest.fixture(scope="module")
def world() -> World:
    """Today is 2026-11-21. Customers by the days of their orders:

    A 2026-03-01, 2026-11-02, 2026-11-03 (not active on 31 October: 244 days after its only order)
    B 2026-05-05 (active on 31 October, 179 days later; on 21 November 200 days have passed: lost)
    C 2026-10-01, referred; 2025-10-20 too (active at the start, and still)
    D 2026-11-05, referred, new
    E 2025-11-01 only (active a year before 21 November 2026, lost since)
    """

    def order(number: str, day: str, customer: str, amount: int, cost: int, **rest: object) -> dict[str, object]:
        return {"order_id": number, "line_no": 1, "order_date": day, "customer_id": customer, "amount": amount,
                "cost": cost, **rest}  # fmt: skip

    def ticket(number: str, kind: str, opened: str, reply: str | None, resolved: str | None) -> dict[str, object]:
        return {
            "ticket_id": number,
            "type": kind,
            "opened_at": opened,
            "first_reply_at": reply,
            "resolved_at": resolved,
        }

    def answer(number: str, question: str, score: int | None, most: int | None) -> dict[str, object]:
        return {"response_id": number, "answered_at": "2026-11-04 12:00", "question": question, "score": score,
                "max_score": most}  # fmt: skip

    return LightWorld(
        region=[{"region_id": "E", "name": "华东"}, {"region_id": "N", "name": "华北"}],
        customer=[
            {"customer_id": "A", "name": "甲", "region_id": "E"},
            {"customer_id": "B", "name": "乙", "region_id": "N"},
            {"customer_id": "C", "name": "丙", "region_id": "E", "source": "转介绍"},
            {"customer_id": "D", "name": "丁", "region_id": "N", "source": "转介绍"},
            {"customer_id": "E", "name": "戊", "region_id": "N"},
        ],
        order_line=[
            order("0", "2025-11-01", "E", 100, 60),
            order("1", "2025-10-20", "C", 100, 60),
            order("2", "2026-03-01", "A", 100, 60),
            order("3", "2026-05-05", "B", 200, 120),
            order("4", "2026-10-01", "C", 100, 60),
            order("5", "2026-11-02", "A", 120, 72, due_date="2026-11-05", shipped_at="2026-11-06 09:00"),
            order("6", "2026-11-03", "A", 80, 48, due_date="2026-11-05", shipped_at="2026-11-04 09:00"),
            order("7", "2026-11-05", "D", 100, 60, region_id="E"),
        ],
        marketing_spend=[
            {"spend_id": "1", "spend_date": "2026-11-01", "type": "展会", "amount": 30},
            {"spend_id": "2", "spend_date": "2026-11-02", "type": "搜索推广", "amount": 10, "impressions": 1000,
             "clicks": 50, "conversions": 4},
        ],
        selling_expense=[
            {"expense_id": "1", "expense_date": "2026-11-03", "type": "channel_fee", "channel_id": "x", "amount": 20},
        ],
        lead=[
            {"lead_id": "1", "created_date": "2026-11-02", "received_at": "2026-11-02 08:00", "first_response_at": "2026-11-02 14:00"},
            {"lead_id": "2", "created_date": "2026-11-03", "received_at": "2026-11-03 08:00", "first_response_at": "2026-11-03 20:00"},
            {"lead_id": "3", "created_date": "2026-11-04", "received_at": "2026-11-04 08:00"},
            {"lead_id": "4", "created_date": "2026-11-05"},
        ],
        opportunity=[
            {"opportunity_id": "1", "stage": "赢单", "status": "won", "created_date": "2026-10-01", "close_date": "2026-11-09"},
        ],
        ticket=[
            ticket("1", "complaint", "2026-11-02 09:00", "2026-11-02 15:00", "2026-11-03 09:00"),  # 1 day
            ticket("2", "complaint", "2026-11-03 09:00", "2026-11-03 21:00", "2026-11-08 09:00"),  # 5 days: too late
            ticket("3", "complaint", "2026-11-04 09:00", None, None),
            ticket("4", "service", "2026-11-05 09:00", "2026-11-06 09:00", None),
        ],
        receivable=[
            {"invoice_id": "1", "invoice_date": "2026-10-05", "due_date": "2026-11-05", "settled_date": "2026-11-05", "amount": 10},
            {"invoice_id": "2", "invoice_date": "2026-10-05", "due_date": "2026-11-05", "settled_date": "2026-11-09", "amount": 90},
            {"invoice_id": "3", "invoice_date": "2026-11-01", "due_date": "2026-12-01", "settled_date": "2026-11-10", "amount": 10},
            {"invoice_id": "4", "invoice_date": "2026-10-01", "due_date": "2026-11-01", "amount": 10},  # still open
            {"invoice_id": "5", "invoice_date": "2026-10-01", "settled_date": "2026-11-02", "amount": 10},  # due when?
        ],
        survey_response=[
            answer("1", "推荐意愿", 10, 10),
            answer("2", "推荐意愿", 9, 10),
            answer("3", "推荐意愿", 7, 10),
            answer("4", "推荐意愿", 6, 10),
            answer("5", "推荐意愿", 5, 5),  # not from 0 to 10: no answer on recommending
            answer("6", "品牌知名度", 1, 1),
            answer("7", "品牌知名度", 0, 1),
            answer("8", "品牌知名度", 1, 1),
            answer("9", "服务", None, 5),
        ],
        mention=[
            {"mention_id": "1", "published_at": "2026-11-02 10:00", "sentiment": "positive"},
            {"mention_id": "2", "published_at": "2026-11-03 10:00", "sentiment": "negative"},
            {"mention_id": "3", "published_at": "2026-11-04 10:00", "sentiment": "positive"},
            {"mention_id": "4", "published_at": "2026-11-04 10:00", "sentiment": "positive", "competitor_id": "K"},
        ],
        market_size=[
            # November has 30 of these 61 days, 21 of which have come; the year's figure has 365 days.
            {"period_start": "2026-11-01", "period_end": "2026-12-31", "region_id": "E", "category": "", "segment": "", "amount": 6100},
            {"period_start": "2026-01-01", "period_end": "2026-12-31", "region_id": "N", "category": "", "segment": "", "amount": 7300},
        ],
        market_observation=[
            {"observation_id": "1", "observed_on": "2026-11-03", "kind": "price", "text": "K 降价", "competitor_id": "K"},
            {"observation_id": "2", "observed_on": "2026-11-20", "kind": "policy", "text": "补贴到期"},
            {"observation_id": "3", "observed_on": "2026-10-31", "kind": "demand", "text": "小企业采购转淡"},
        ],
        activity=[
            {"activity_id": "1", "type": "visit", "event_time": "2026-11-02 10:00", "planned_date": "2026-11-02", "result": "已下单"},
            {"activity_id": "2", "type": "visit", "event_time": "2026-11-04 10:00", "planned_date": "2026-11-03"},
            {"activity_id": "3", "type": "visit", "event_time": "2026-11-05 10:00"},
            {"activity_id": "4", "type": "call", "event_time": "2026-11-05 11:00", "planned_date": "2026-11-05"},
        ],
    )  # fmt: skip


YEARLY_CHURN = 1 / 2  # on 21 November 2025 C and E were active; a year later C is, E is not
BY_HAND = {
    "customers_at_start": 2,  # B and C
    "customers_lost": 1,  # B
    "churn_rate": 0.5,
    "churn_rate_12m": YEARLY_CHURN,
    "repeat_purchase_rate_12m": 1 / 4,  # 22 November 2025 to 21 November 2026: A, B, C, D; only A twice
    # 700 of revenue from 4 customers, 40 % of it margin, half of the customers lost a year
    "customer_lifetime_value": 700 / 4 * 0.4 / YEARLY_CHURN,
    "value_to_cost": 140 / 60,
    "referred_customers": 1,  # D; C is not new
    "referral_rate": 1.0,  # D is the only new customer
    "net_promoter_score": (2 - 1) / 4,
    "satisfied_share": 5 / 8,  # of eight with a score: 10 and 9 of 10, 5 of 5, and twice 1 of 1
    "loyalty_index": ((1 - YEARLY_CHURN) + 1 / 4 + (0.25 + 1) / 2) / 3,
    "complaint_resolution_time": 3.0,  # between 1 and 5 days
    "complaint_sla_rate": 1 / 3,
    "ticket_response_time": 0.5,  # 6, 12 and 24 hours
    "lead_response_time": 9 / 24,  # 6 and 12 hours
    "marketing_spend": Decimal(40),
    "acquisition_spend": Decimal(60),
    "customer_acquisition_cost": 60.0,
    "ad_impressions": 1000,
    "ad_clicks": 50,
    "ad_conversions": 4,
    "click_through_rate": 0.05,
    "ad_conversion_rate": 0.08,
    "cost_per_lead": 10.0,
    "marketing_return": (120 - 40) / 40,  # revenue 300, cost 180
    "market_observations": 2,  # of 3 and 20 November
    "market_size": Decimal(6100) * 21 / 61 + Decimal(7300) * 21 / 365,  # 2,100 + 420
    "market_share": 300 / 2520,
    "mentions": 3,
    "net_sentiment": 1 / 3,  # two good, one bad
    "reputation": 2 / 3,
    "brand_awareness": 2 / 3,
    "channel_return": 100 / 20,  # profit 120 − 20
    "regions_covered": 1,  # A is in E; D's order says E itself
    "late_shipping_rate": 0.5,
    "paid_on_time_rate": 2 / 3,  # 1 on the day and 3 before it, of the three settled that say when they were due
    "activities": 4,
    "visits_planned": 2,
    "visit_plan_rate": 0.5,
    "planned_activities": 3,  # two visits and the call
    "planned_logged": 1,
    "logging_rate": 1 / 3,
    "activities_per_win": 4.0,
}


@pytest.mark.requirement(
    "D05", "D06", "D08", "D09", "D10", "D14", "D15", "D16", "D17", "D20", "D26", "D27", "E04", "E05", "E06", "E08"
)
@pytest.mark.parametrize("metric", BY_HAND)
def test_november_by_hand(world: World, metric: str) -> None:
    found = world.value(metric, period=NOVEMBER)
    assert found == (pytest.approx(BY_HAND[metric]) if isinstance(BY_HAND[metric], float) else BY_HAND[metric])


def test_together_they_answer_as_alone(world: World) -> None:
    # What measures of one table filter by stands side by side in one step; each must stay whole.
    (row,) = world.ask(",".join(("satisfaction", *BY_HAND)), period=NOVEMBER).to_pylist()
    assert {name: row[name] for name in BY_HAND} == {name: pytest.approx(value) for name, value in BY_HAND.items()}


@pytest.mark.requirement("D08")
def test_a_customer_is_lost_in_the_month_in_which_the_days_run_out(world: World) -> None:
    # E ordered on 1 November 2025 and stays active for 180 days, the last of them 29 April 2026. C's first order lasts to 17 April.
    lost = world.values("customers_lost", grain="month", period="2026-03-01..2026-05-31")
    assert lost == {dt.date(2026, 3, 1): 0, dt.date(2026, 4, 1): 2, dt.date(2026, 5, 1): 0}


@pytest.mark.requirement("D08")
def test_churn_by_region_takes_the_slice_of_the_start(world: World) -> None:
    rows = world.ask("customers_at_start,customers_lost,churn_rate", by="region", period=NOVEMBER).to_pylist()
    assert {(row["region"], row["customers_at_start"], row["customers_lost"], row["churn_rate"]) for row in rows} == {
        ("华东", 1, 0, 0.0),
        ("华北", 1, 1, 1.0),
    }


@pytest.mark.requirement("D09", "D10")
def test_the_market_is_spread_over_the_days_of_its_period(world: World) -> None:
    # January has 31 of the 365 days of the northern figure; the eastern one begins in November.
    sizes = world.values("market_size", grain="month", period="2026-01-01..2026-02-28")
    assert sizes == {dt.date(2026, 1, 1): Decimal(620), dt.date(2026, 2, 1): Decimal(560)}
    whole = world.values("market_size", "region", period="2026-01-01..2026-12-31", today=dt.date(2027, 1, 1))
    assert whole == {"华东": Decimal(6100), "华北": Decimal(7300)}


def test_a_metric_called_like_its_table_is_compared_too(world: World) -> None:
    (row,) = world.ask("market_size", period="2026-02-01..2026-02-28", compare="previous").to_pylist()
    assert (row["market_size"], row["market_size_previous"]) == (Decimal(560), Decimal(620))


@pytest.mark.requirement("D08")
def test_churn_of_contracts_by_their_end(tmp_path: Path) -> None:
    def contract(number: str, customer: str, start: str, end: str | None) -> dict[str, object]:
        return {
            "contract_id": number,
            "customer_id": customer,
            "sign_date": start,
            "start_date": start,
            "end_date": end,
            "amount": 1,
        }

    world = World(
        tmp_path / "w",
        contract=[
            contract("1", "A", "2025-01-01", "2026-11-10"),  # ends within the month
            contract("2", "B", "2025-01-01", "2026-11-10"),
            contract("3", "B", "2026-11-08", None),  # B goes on
            contract("4", "C", "2025-01-01", "2026-10-31"),  # ended before: on 31 October it is over
        ],
    )  # fmt: skip
    (world.workspace.path / "metrics" / "contracts.yaml").write_text(
        """
metric: contracts_ended
label: {zh-Hans: 合同客户流失率, en: Churn of contract customers}
description: {zh-Hans: 期初有合同而期末没有的客户。, en: Customers with a contract at the start and none at the end.}
formula: {zh-Hans: 流失 ÷ 期初, en: Lost ÷ at the start}
type: churn
entity: contract
subject: customer_id
date: start_date
until: end_date
unit: fraction
format: percent
favorable: down
owner: sales-ops
review_every: year
""",
        encoding="utf-8",
    )
    world.registry = load_registry(world.workspace.path)
    assert world.value("contracts_ended", period=NOVEMBER) == 0.5  # of A and B, A


def test_churn_before_anything_was_sold_is_unknown(world: World) -> None:
    assert world.value("churn_rate", period="2025-01-01..2025-01-31") is None


@pytest.mark.requirement("E10")
def test_what_customers_say_of_each_person() -> None:
    def answer(number: str, employee: str, score: int) -> dict[str, object]:
        return {
            "response_id": number,
            "answered_at": "2026-11-04 12:00",
            "employee_id": employee,
            "score": score,
            "max_score": 5,
        }

    world = LightWorld(
        survey_response=[answer("1", "E1", 5), answer("2", "E1", 4), answer("3", "E1", 1), answer("4", "E2", 3)],
    )
    assert world.values("satisfied_share", "employee", period=NOVEMBER) == pytest.approx({"E1": 2 / 3, "E2": 0.0})
    assert world.values("satisfaction", "employee", period=NOVEMBER) == pytest.approx({"E1": 10 / 15, "E2": 0.6})
