"""Scores against colleagues, by hand; and deals that were won together."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from salesloop.engine.analyze.team.scores import Cases, Scored, comparable, score, together
from salesloop.engine.analyze.team.shared import SharedDeals, shared_deals
from tests.engine.metrics.world import World

PEERS = ("A", "B", "C", "D", "E")
VISITS = {"A": Cases(400, 10), "B": Cases(100, 10), "C": Cases(200, 10), "D": Cases(200, 10), "E": Cases(100, 10)}
"""Revenue ÷ visits: usual 1000 ÷ 50 = 20, a typical colleague has 10 visits."""


@pytest.mark.requirement("E15")
def test_more_is_better() -> None:
    # (400 + 10 × 20) ÷ (10 + 10) = 30; 50 × 30 ÷ 20 = 75
    assert score("A", VISITS, PEERS, "up") == Scored(40.0, 20.0, 30.0, 75.0, few=False)
    assert score("C", VISITS, PEERS, "up").score == 50.0


@pytest.mark.requirement("E15")
def test_less_is_better() -> None:
    # (100 + 200) ÷ 20 = 15; 50 × 20 ÷ 15 = 66.7
    assert score("B", VISITS, PEERS, "down").score == pytest.approx(200 / 3)


@pytest.mark.requirement("E15")
def test_one_lucky_visit_makes_nobody_the_best() -> None:
    lucky = score("F", {**VISITS, "F": Cases(100, 1)}, PEERS, "up")
    assert lucky.value == 100.0
    assert lucky.score == pytest.approx(50 * (100 + 200) / 11 / 20)  # 68.2, not 100
    assert lucky.few


@pytest.mark.requirement("E15")
def test_what_nobody_recorded_is_missing_and_no_zero() -> None:
    missing = score("X", VISITS, PEERS, "up")
    assert (missing.value, missing.score) == (None, None)
    assert together([missing, score("A", VISITS, PEERS, "up")]) == 75.0
    assert together([missing]) is None


@pytest.mark.requirement("E15")
def test_work_without_a_win_counts_although_the_ratio_does_not_exist() -> None:
    found = score("F", {**VISITS, "F": Cases(200, 0)}, PEERS, "down")
    assert found.value is None
    assert found.score == pytest.approx(50 * 20 / 40)  # (200 + 200) ÷ 10


@pytest.mark.requirement("E15")
def test_below_five_colleagues_nothing_is_usual() -> None:
    found = score("A", VISITS, PEERS[:4], "up")
    assert (found.value, found.usual, found.score) == (40.0, None, None)


def test_a_score_ends_at_a_hundred() -> None:
    assert score("A", {**VISITS, "A": Cases(9000, 10)}, ("B", "C", "D", "E", "A"), "up").score == 100.0


@pytest.mark.requirement("E15")
def test_territories_are_compared_within_their_third() -> None:
    potential = {f"p{number:02d}": float(number) for number in range(16)}
    thirds = [comparable(one, potential, tuple(potential)) for one in ("p00", "p06", "p15")]
    assert [third and (third[0], third[-1]) for third in thirds] == [("p00", "p05"), ("p06", "p10"), ("p11", "p15")]
    assert comparable("p00", potential, tuple(potential)[:12]) is None  # thirds of four are too few
    assert comparable("unknown", potential, tuple(potential)) is None


@pytest.fixture(scope="module")
def deals(tmp_path_factory: pytest.TempPathFactory) -> World:
    """E1 wins three deals in November: on 1 both E1 and E2 worked, on 2 only E1, on 3 nobody by the records. E2 wins 4, on
    which only E1 has an activity. Deal 5 was lost, 6 won in October."""

    def deal(number: str, employee: str, closed: str, status: str = "won") -> dict[str, object]:
        return {"opportunity_id": number, "employee_id": employee, "stage": "x", "status": status, "close_date": closed}

    def met(number: int, employee: str, deal: str | None) -> dict[str, object]:
        return {"activity_id": str(number), "type": "visit", "event_time": "2026-11-02 10:00", "employee_id": employee,
                "opportunity_id": deal}  # fmt: skip

    return World(
        Path(tmp_path_factory.mktemp("deals")) / "w",
        opportunity=[
            deal("1", "E1", "2026-11-03"), deal("2", "E1", "2026-11-04"), deal("3", "E1", "2026-11-05"),
            deal("4", "E2", "2026-11-06"), deal("5", "E1", "2026-11-07", "lost"), deal("6", "E1", "2026-10-31"),
        ],
        activity=[
            met(1, "E1", "1"), met(2, "E1", "1"), met(3, "E2", "1"), met(4, "E1", "2"), met(5, "E1", "4"),
            met(6, "E1", "5"), met(7, "E2", "5"), met(8, "E1", None),
        ],
    )  # fmt: skip


@pytest.mark.requirement("E13")
def test_deals_won_together_by_owner(deals: World) -> None:
    found = shared_deals(deals.workspace.current(), dt.date(2026, 11, 1), dt.date(2026, 11, 30))
    assert found == {"E1": SharedDeals(3, 2, 1), "E2": SharedDeals(1, 1, 1)}
    assert (found["E1"].rate, SharedDeals(2, 0, 0).rate) == (0.5, None)


@pytest.mark.requirement("E13")
def test_the_metric_of_deals_won_together(deals: World) -> None:
    # won deals with activities: 1, 2, 4; with activities of two people: 1 (5 was lost)
    values = {
        name: deals.value(name, period="2026-11-01..2026-11-30")
        for name in ("won_deals_worked", "won_deals_shared", "shared_deal_rate")
    }
    assert values == {"won_deals_worked": 3, "won_deals_shared": 1, "shared_deal_rate": pytest.approx(1 / 3)}
