"""Targets: one level counts, finer periods add up, coarser ones are split by days, what people enter wins."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from salesloop.engine.metrics.targets import target_tree
from salesloop.engine.model.errors import UserError
from salesloop.engine.model.scope import Scope
from tests.engine.metrics.world import TODAY, World

Make = Callable[..., World]

# 公司 → 华东部 (E1, E2), 华北部 (E3); E4 sits at the top, E5 nowhere.
ORG: dict[str, Any] = {
    "org_unit": [
        {"org_unit_id": "R", "name": "公司"},
        {"org_unit_id": "E", "name": "华东部", "parent_id": "R"},
        {"org_unit_id": "N", "name": "华北部", "parent_id": "R"},
    ],
    "employee": [
        {"employee_id": person, "name": person, "org_unit_id": unit}
        for person, unit in (("E1", "E"), ("E2", "E"), ("E3", "N"), ("E4", "R"), ("E5", None))
    ],
}


def month(value: float, start: str = "2026-11-01", **of: Any) -> dict[str, Any]:
    return {"period_start": start, "period": "month", "value": value, **of}


def sold(amount: float, employee: str, unit: str | None, day: str = "2026-11-10", **more: Any) -> dict[str, Any]:
    return {"order_id": f"{employee}{day}{amount}", "line_no": 1, "order_date": day, "amount": amount,
            "employee_id": employee, "org_unit_id": unit, **more}  # fmt: skip


NOVEMBER = "2026-11-01..2026-11-30"


@pytest.mark.requirement("E11", "G01", "G05")
def test_the_company_is_the_sum_of_people_where_nothing_else_is_stated(world: Make) -> None:
    people = world(
        **ORG,
        target=[
            month(100, employee_id="E1"),
            month(50, employee_id="E3"),
            month(7, employee_id="E4"),
            month(3, employee_id="E5"),
        ],
    )
    assert people.value("target", period=NOVEMBER) == 160
    assert people.values("target", by="org_unit", period=NOVEMBER) == {
        "华东部": 100,
        "华北部": 50,
        "公司": 7,  # E4 sits at the top
        None: 3,  # E5 sits nowhere
    }
    assert people.values("target", by="employee", period=NOVEMBER) == {"E1": 100, "E3": 50, "E4": 7, "E5": 3}


@pytest.mark.requirement("G05")
def test_a_level_that_states_its_target_counts_alone(world: Make) -> None:
    # 华东部 states 120 although its people sum to 100: never both. The company states nothing.
    stated = world(
        **ORG, target=[month(100, employee_id="E1"), month(120, org_unit_id="E"), month(50, employee_id="E3")]
    )
    assert stated.value("target", period=NOVEMBER) == 170
    assert stated.values("target", by="org_unit", period=NOVEMBER) == {"华东部": 120, "华北部": 50}
    company = world(**ORG, target=[month(200), month(120, org_unit_id="E"), month(50, employee_id="E3")])
    assert company.value("target", period=NOVEMBER) == 200


@pytest.mark.requirement("G06")
def test_finer_periods_add_up_and_coarser_ones_are_split_by_days(world: Make) -> None:
    rows = [month(31, "2026-10-01"), month(60), {"period_start": "2026-01-01", "period": "year", "value": 3650}]
    small = world(**ORG, target=rows)
    # A year of 3650 is 10 a day; October and November are stated themselves.
    assert small.value("target", period="2026-01-01..2026-12-31") == 3650
    assert small.value("target", period=NOVEMBER) == 60
    assert small.value("target", period="2026-12-01..2026-12-31") == 310
    assert small.value("target", period="2026-10-01..2026-11-30") == 91
    # October 31 and November 60 are stated, December's share of the year is 310.
    assert small.value("target", period="2026-10-01..2026-12-31") == 401
    assert small.value("target", period="2026-11-01..2026-11-15") == 30  # half of November
    assert small.values("target", grain="month", period="2026-09-01..2026-11-30") == {
        dt.date(2026, 9, 1): 300,
        dt.date(2026, 10, 1): 31,
        dt.date(2026, 11, 1): 60,
    }


def test_days_about_which_a_level_says_nothing_come_from_below(world: Make) -> None:
    # The unit states November only; October is its people's.
    small = world(
        **ORG,
        target=[month(100, org_unit_id="E"), month(5, "2026-10-01", employee_id="E1"), month(9, employee_id="E1")],
    )
    assert small.value("target", period="2026-10-01..2026-11-30") == 105


def test_a_person_who_moves_brings_the_target_to_the_unit_of_that_time(world: Make) -> None:
    moved = {
        "org_unit": ORG["org_unit"],
        "employee": [
            {"employee_id": "E1", "name": "E1", "org_unit_id": "E", "valid_to": "2026-10-31"},
            {"employee_id": "E1", "name": "E1", "org_unit_id": "N", "valid_from": "2026-11-01"},
        ],
    }
    small = world(**moved, target=[month(10, "2026-10-01", employee_id="E1"), month(20, employee_id="E1")])
    rows = small.ask("target", by="org_unit", grain="month", period="2026-10-01..2026-11-30").to_pylist()
    assert [(r["period"].month, r["org_unit"], r["target"]) for r in rows] == [(10, "华东部", 10), (11, "华北部", 20)]


@pytest.mark.requirement("E11")
def test_attainment_and_pace(world: Make) -> None:
    small = world(**ORG, target=[month(300, employee_id="E1")], order_line=[sold(105, "E1", "E")])
    (row,) = small.ask("target,attainment,pace,revenue", period=NOVEMBER).to_pylist()
    # 21 of 30 days have passed: 210 are due so far.
    assert (row["target"], row["attainment"], row["pace"]) == (300, 0.35, 0.5)
    (compared,) = small.ask("revenue", period=NOVEMBER, compare="target").to_pylist()
    assert (compared["revenue_target"], compared["revenue_attainment"]) == (300, 0.35)
    before = small.ask("pace,attainment", period=NOVEMBER, today=dt.date(2026, 10, 31)).to_pylist()[0]
    assert before == {"pace": None, "attainment": 0.35}  # nothing is due yet


def test_pace_uses_the_finest_targets_for_the_days_passed(world: Make) -> None:
    # A year of 1200 in which November carries 900 and every other month nearly nothing.
    months = [month(900 if m == 11 else 27, f"2026-{m:02d}-01") for m in range(1, 13)]
    small = world(**ORG, target=months, order_line=[sold(450, "E1", "E")])
    # Due by the 21st: ten months of 27, and 21/30 of 900.
    assert small.value("pace", period="2026-01-01..2026-12-31") == pytest.approx(450 / (270 + 630))


def test_targets_of_other_metrics(world: Make) -> None:
    small = world(
        **ORG,
        target=[month(300), month(4, metric="orders"), month(6, metric="订单数", employee_id="E1"), month(0.5, metric="win_rate")],
        order_line=[sold(105, "E1", "E"), sold(1, "E2", "E")],
    )  # fmt: skip
    assert small.value("target", where=["metric=orders"], period=NOVEMBER) == 4
    assert small.value("attainment", where=["metric=orders"], period=NOVEMBER) == 0.5
    assert small.values("target", by="employee", where=["metric=orders"], period=NOVEMBER) == {
        "E1": 6
    }  # named by its label
    (row,) = small.ask("revenue,orders,win_rate", compare="target", period=NOVEMBER).to_pylist()
    assert (row["revenue_target"], row["orders_target"], row["win_rate_target"]) == (300, 4, Decimal("0.5"))
    with pytest.raises(UserError, match="metric"):
        small.value("target", where=["metric!=orders"], period=NOVEMBER)


def test_rates_hold_for_everything_below_and_are_not_added(world: Make) -> None:
    small = world(
        **ORG,
        target=[
            month(0.4, metric="win_rate"),
            month(0.6, metric="win_rate", org_unit_id="E"),
            month(0.2, "2026-10-01", metric="win_rate"),
        ],
    )
    how = {"where": ["metric=win_rate"]}
    assert small.value("target", period=NOVEMBER, **how) == Decimal("0.4")
    assert small.values("target", by="org_unit:2", period=NOVEMBER, **how) == {
        "华东部": Decimal("0.6"),
        "华北部": Decimal("0.4"),
        "公司": Decimal("0.4"),
    }
    # A part of a month has the month's rate; two months have the mean over their days: (31 × 0.2 + 30 × 0.4) / 61.
    assert small.value("target", period="2026-11-01..2026-11-10", **how) == Decimal("0.4")
    assert small.value("target", period="2026-10-01..2026-11-30", **how) == Decimal("0.2984")


def test_what_is_entered_wins_over_what_was_imported(world: Make) -> None:
    small = world(**ORG, target=[month(100, employee_id="E1"), month(50, employee_id="E2")])
    assert small.value("target", period=NOVEMBER) == 150
    entered = {"metric": "revenue", "org_unit_id": "", "employee_id": "E1", "dimension": "", "dimension_value": ""}
    small.enter("target", [entered | {"period_start": dt.date(2026, 11, 1), "period": "month", "value": Decimal(80)}])
    assert small.value("target", period=NOVEMBER) == 130  # at once, without a new snapshot


def test_targets_in_other_currencies_are_converted(world: Make) -> None:
    rows = [
        month(100, currency="USD", fx_rate=7, employee_id="E1"),
        month(9, currency="XAU", fx_rate=None, employee_id="E2"),
    ]
    assert world(**ORG, target=rows).value("target", period=NOVEMBER) == 700


@pytest.mark.parametrize(
    ("scope", "expected"),
    [
        (Scope(employees=frozenset({"E1"})), 10),
        (Scope(org_units=frozenset({"E"}), employees=frozenset({"E1", "E2"})), 100),  # the unit's own target
        (Scope(org_units=frozenset({"R", "E", "N"}), employees=frozenset({"E1", "E2", "E3", "E4"})), 145),
        (Scope(employees=frozenset({"E1", "E3"})), 50),
        (Scope.none(), None),
        (Scope.all(), 1000),
    ],
)
def test_people_see_the_targets_of_their_scope(world: Make, scope: Scope, expected: int | None) -> None:
    small = world(
        **ORG,
        target=[month(1000), month(100, org_unit_id="E"), month(10, employee_id="E1"), month(20, employee_id="E2"),
                month(40, employee_id="E3"), month(5, employee_id="E4")],
    )  # fmt: skip
    assert small.value("target", period=NOVEMBER, scope=scope) == expected


def test_filters_on_units_and_people(world: Make) -> None:
    small = world(
        **ORG,
        target=[month(1000), month(100, org_unit_id="E"), month(10, employee_id="E1"), month(40, employee_id="E3")],
    )
    assert small.value("target", period=NOVEMBER, where=["org_unit=华东部"]) == 100
    assert small.value("target", period=NOVEMBER, where=["org_unit!=华东部"]) == 40
    assert small.value("target", period=NOVEMBER, where=["employee=E1|E3"]) == 50
    assert small.value("target", period=NOVEMBER, where=["org_unit=公司"]) == 140  # not the company's: 公司 states none


@pytest.mark.requirement("G01")
def test_targets_by_a_further_dimension(world: Make) -> None:
    regions = [
        {"region_id": i, "name": n, "parent_id": p}
        for i, n, p in (
            ("cn", "全国", None),
            ("e", "华东", "cn"),
            ("sh", "上海", "e"),
            ("js", "江苏", "e"),
            ("n", "华北", "cn"),
        )
    ]
    small = world(
        **ORG,
        region=regions,
        target=[
            month(60, dimension="region", dimension_value="上海"), month(30, dimension="region", dimension_value="js"),
            month(50, dimension="region", dimension_value="华北"), month(5, "2026-10-01", dimension="region", dimension_value="华东"),
        ],
        order_line=[sold(45, "E1", "E", region_id="sh")],
    )  # fmt: skip
    assert small.values("target", by="region", period=NOVEMBER) == {"华东": 90, "华北": 50}
    assert small.values("target", by="region:3", period=NOVEMBER) == {"上海": 60, "江苏": 30, "华北": 50}
    assert small.value("target", where=["region=华东"], period=NOVEMBER) == 90
    assert small.value("target", where=["region=华东"], period="2026-10-01..2026-11-30") == 95
    rows = small.ask("revenue", by="region", compare="target", period=NOVEMBER).to_pylist()
    assert [(r["region"], r["revenue_attainment"]) for r in rows] == [("华东", 0.5), ("华北", 0.0)]
    # The company states nothing and neither does anybody in it: the sum along the only dimension with targets.
    assert small.value("target", period=NOVEMBER) == 140
    # No targets by category or by two dimensions at once.
    assert (
        small.ask("revenue", by="category", compare="target", period=NOVEMBER).to_pylist()[0]["revenue_target"] is None
    )
    with pytest.raises(UserError, match="目标按部门或人员"):
        small.ask("revenue", by="region,category", compare="target", period=NOVEMBER)


def test_targets_against_actuals_and_last_year_in_one_question(world: Make) -> None:
    """Actual, target and last year are three facts of different grain: the case that multiplies rows elsewhere."""
    small = world(
        **ORG,
        target=[month(100, employee_id="E1"), month(100, "2026-10-01", employee_id="E1")],
        order_line=[sold(30, "E1", "E"), sold(20, "E1", "E", "2026-11-11"), sold(40, "E1", "E", "2025-11-11"), sold(1, "E1", "E", "2025-01-01")],
    )  # fmt: skip
    rows = small.ask(
        "revenue", by="employee", grain="month", compare="year,target", period="2026-10-01..2026-11-30"
    ).to_pylist()
    assert [(r["period"].month, r["revenue"], r["revenue_year"], r["revenue_target"], r["revenue_attainment"]) for r in rows] == [
        (10, 0, 0, 100, 0.0),
        (11, 50, 40, 100, 0.5),
    ]  # fmt: skip


@pytest.mark.requirement("G05")
def test_the_tree_shows_what_parts_leave_open(world: Make) -> None:
    small = world(
        **ORG,
        target=[
            month(200),
            month(120, org_unit_id="E"),
            month(60, employee_id="E1"),
            month(45, employee_id="E2"),
            month(50, employee_id="E3"),
        ],
    )
    periods, nodes = target_tree(small.source, small.registry, "revenue", "month", TODAY, TODAY, Scope.all())
    assert [period.start for period in periods] == [dt.date(2026, 11, 1)]
    found = {
        (node.kind, node.name): (node.depth, cell.stated, cell.below, cell.gap, cell.target)
        for node in nodes
        for cell in node.cells
    }
    assert found == {
        ("company", ""): (0, 200, 170, 30, 200),
        ("org_unit", "公司"): (1, None, 170, None, 170),
        ("org_unit", "华东部"): (2, 120, 105, 15, 120),
        ("employee", "E1"): (3, 60, None, None, 60),
        ("employee", "E2"): (3, 45, None, None, 45),
        ("org_unit", "华北部"): (2, None, 50, None, 50),
        ("employee", "E3"): (3, 50, None, None, 50),
        ("employee", "E4"): (2, None, None, None, None),
        ("employee", "E5"): (1, None, None, None, None),
    }
    _, nodes = target_tree(small.source, small.registry, "revenue", "quarter", TODAY, TODAY, Scope.all())
    assert [cell.exact for cell in nodes[0].cells] == [False]  # worked out, not stated for the quarter
    mine = Scope(org_units=frozenset({"E"}), employees=frozenset({"E1", "E2"}))
    _, seen = target_tree(small.source, small.registry, "revenue", "month", TODAY, TODAY, mine)
    assert [(node.kind, node.name, node.depth) for node in seen] == [
        ("org_unit", "华东部", 1),
        ("employee", "E1", 2),
        ("employee", "E2", 2),
    ]


@pytest.mark.requirement("G05", "G11")
def test_attainment_is_right_on_both_sides_of_a_move_within_a_month(world: Make) -> None:
    # E1 is asked for 300 in April and moves on the 16th: 150 count in the east, 150 in the north, with what was sold there.
    moved = {
        "org_unit": ORG["org_unit"],
        "employee": [
            {"employee_id": "E1", "name": "E1", "org_unit_id": "E", "valid_to": "2026-04-15"},
            {"employee_id": "E1", "name": "E1", "org_unit_id": "N", "valid_from": "2026-04-16"},
            {"employee_id": "E3", "name": "E3", "org_unit_id": "N"},
        ],
    }
    small = world(
        **moved,
        order_line=[
            sold(90, "E1", "E", "2026-04-10"),
            sold(60, "E1", "N", "2026-04-20"),
            sold(75, "E3", "N", "2026-04-20"),
        ],
        target=[month(300, "2026-04-01", employee_id="E1"), month(100, "2026-04-01", employee_id="E3")],
    )
    april = "2026-04-01..2026-04-30"
    assert small.values("target", by="org_unit", period=april) == {"华东部": 150, "华北部": 250}
    assert small.values("attainment", by="org_unit", period=april) == {"华东部": 0.6, "华北部": 0.54}
    assert small.values("target", by="employee", period=april) == {"E1": 300, "E3": 100}
    assert small.value("target", period=april) == 400
    nodes = {(n.id, n.former): n.cells[0] for n in target_tree(
        small.source, small.registry, "revenue", "month", dt.date(2026, 4, 1), dt.date(2026, 4, 30), Scope.all()
    )[1]}  # fmt: skip
    for unit in ("E", ""):
        cell = nodes["E1", unit]
        assert (cell.target, cell.whole, cell.exact) == (Decimal(150), Decimal(300), True)


@pytest.mark.requirement("G06")
def test_working_days_of_october_2025_where_the_company_says_so(world: Make) -> None:
    # 1 to 8 October 2025 are holidays (six of them weekdays), Saturday the 11th makes up: 31 days, 18 working days.
    of = {"target": [month(1800, "2025-10-01")], "settings": {"target_days": "working"}}
    working, plain = world(**ORG, **of), world(**ORG, target=of["target"])
    week = {"国庆": "2025-10-01..2025-10-08", "补班": "2025-10-09..2025-10-12", "一周": "2025-10-13..2025-10-19"}
    assert [working.value("target", period=days) for days in week.values()] == [0, 300, 500]
    assert [round(plain.value("target", period=days), 2) for days in week.values()] == [
        Decimal("464.52"),
        Decimal("232.26"),
        Decimal("406.45"),
    ]
    october = "2025-10-01..2025-10-31"
    assert working.value("target", period=october) == plain.value("target", period=october) == 1800
    # By the end of the 11th three of eighteen working days are over: 300 of 1800 were due.
    sales = [sold(300, "E1", "E", "2025-10-10")]
    selling = world(**ORG, **of, order_line=sales)
    assert selling.value("pace", period=october, today=dt.date(2025, 10, 11)) == 1
