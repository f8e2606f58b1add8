"""One example by hand for every metric about deals and leads."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pytest

from tests.engine.metrics.world import World

NOVEMBER = "2026-11-01..2026-11-30"


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    """Four deals decided in November, one in October, two open; the steps of three of them; five leads."""

    def deal(number: str, created: str, closed: str | None, status: str, amount: float) -> dict[str, object]:
        stage = {"won": "签约", "lost": "输单", "open": "报价"}[status]
        return {"opportunity_id": number, "stage": stage, "status": status, "amount": amount,
                "created_date": created, "close_date": closed}  # fmt: skip

    return World(
        Path(tmp_path_factory.mktemp("deals")) / "w",
        opportunity=[
            deal("D1", "2026-10-02", "2026-11-11", "won", 100),  # 40 days
            deal("D2", "2026-11-01", "2026-11-11", "won", 300),  # 10 days
            deal("D3", "2026-10-12", "2026-11-01", "won", 200),  # 20 days
            deal("D4", "2026-09-01", "2026-11-20", "lost", 50),  # 80 days
            deal("D5", "2026-09-01", "2026-10-31", "won", 70),
            deal("D6", "2026-11-05", None, "open", 500),
            deal("D7", "2026-10-05", None, "open", 40),
        ],
        stage_event=[
            # D1: 接触 → 报价 → 签约 (won); D4: 接触 → 报价 → 输单; D6: 接触 → 报价 and stays there
            {"opportunity_id": "D1", "stage": "接触", "entered_at": "2026-11-02 09:00", "left_at": "2026-11-06 09:00"},
            {"opportunity_id": "D1", "stage": "报价", "entered_at": "2026-11-06 09:00", "left_at": "2026-11-11 09:00"},
            {"opportunity_id": "D1", "stage": "签约", "entered_at": "2026-11-11 09:00"},
            {"opportunity_id": "D4", "stage": "接触", "entered_at": "2026-11-03 09:00"},
            {"opportunity_id": "D4", "stage": "报价", "entered_at": "2026-11-08 09:00"},
            {"opportunity_id": "D4", "stage": "输单", "entered_at": "2026-11-20 09:00"},
            {"opportunity_id": "D6", "stage": "接触", "entered_at": "2026-11-05 09:00"},
            {"opportunity_id": "D6", "stage": "报价", "entered_at": "2026-11-09 09:00"},
        ],
        lead=[
            {"lead_id": "L1", "created_date": "2026-11-01", "converted_date": "2026-12-05"},
            {"lead_id": "L2", "created_date": "2026-11-02"},
            {"lead_id": "L3", "created_date": "2026-11-03"},
            {"lead_id": "L4", "created_date": "2026-11-04"},
            {"lead_id": "L5", "created_date": "2026-10-04", "converted_date": "2026-11-04"},
        ],
    )


BY_HAND = {
    "deals_won": 3,
    "deals_lost": 1,
    "deals_closed": 4,
    "won_amount": Decimal(600),
    "average_deal_amount": 200.0,
    "win_rate": 0.75,
    "sales_cycle": 37.5,  # (40 + 10 + 20 + 80) / 4
    "sales_cycle_median": 30.0,  # between 20 and 40
    # 接触 3 → 3 moved on; 报价 3 → D1 moved on (D4 lost, D6 stays): 4 of 6. 签约 and 输单 are ends, not starts.
    "stage_conversion": 4 / 6,
    "stage_entries": 7,  # all but the one into 输单
    "stage_days": 4.5,  # D1: 4 days, then 5
    "deals_created": 2,
    "leads": 4,
    "leads_converted": 1,  # by the day of creation: L1, though it converted in December
    "lead_conversion": 0.25,
    "open_pipeline": Decimal(540),  # D6 500 + D7 40
    "open_deals": 2,
}


@pytest.mark.requirement("D07", "D11", "D12", "E09")
@pytest.mark.parametrize("metric", BY_HAND)
def test_november_by_hand(world: World, metric: str) -> None:
    found = world.value(metric, period=NOVEMBER)
    assert found == (pytest.approx(BY_HAND[metric]) if isinstance(BY_HAND[metric], float) else BY_HAND[metric])


@pytest.mark.requirement("D11")
def test_the_cycle_of_won_and_of_lost_deals(world: World) -> None:
    assert world.values("sales_cycle", by="outcome", period=NOVEMBER) == {
        "won": pytest.approx(70 / 3),  # 40, 10 and 20 days
        "lost": 80.0,
    }


@pytest.mark.requirement("D07")
def test_conversion_of_each_stage(world: World) -> None:
    assert world.values("stage_conversion", by="stage", period=NOVEMBER) == {"接触": 1.0, "报价": pytest.approx(1 / 3)}


def test_the_pipeline_at_the_end_of_each_month(world: World) -> None:
    # End of September: D4 50 + D5 70. End of October (D5 closes on the 31st itself, so it is out): D1 100, D3 200,
    # D4 50, D7 40. Today in November: D6 and D7.
    assert world.values("open_pipeline", grain="month", period="2026-09-01..2026-11-30") == {
        dt.date(2026, 9, 1): Decimal(120),
        dt.date(2026, 10, 1): Decimal(390),
        dt.date(2026, 11, 1): Decimal(540),
    }
