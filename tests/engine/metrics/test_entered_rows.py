"""Rows that people enter count beside the published ones, made complete in the same way."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from salesloop.engine.metrics import Query
from salesloop.engine.metrics.behind import rows
from salesloop.engine.metrics.warehouse import warehouse
from salesloop.engine.model.scope import Scope
from tests.engine.metrics.world import TODAY, World

UNITS = [
    {"org_unit_id": "HQ", "name": "公司"},
    {"org_unit_id": "N", "name": "北区", "parent_id": "HQ"},
    {"org_unit_id": "S", "name": "南区", "parent_id": "HQ"},
]
PEOPLE = [
    {"employee_id": "E1", "name": "甲", "org_unit_id": "N", "valid_from": "2020-01-01"},
    {"employee_id": "E1", "name": "甲", "org_unit_id": "S", "valid_from": "2026-11-01"},
    {"employee_id": "E2", "name": "乙", "org_unit_id": "N"},
]


def visit(key: str, day: str, who: str = "E1", **more: Any) -> dict[str, Any]:
    return {"activity_id": key, "type": "visit", "event_time": f"{day} 10:00:00", "employee_id": who} | more


def typed(rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """As the app hands them over."""
    moment = lambda text: dt.datetime.fromisoformat(text) if isinstance(text, str) else text  # noqa: E731
    return [{name: moment(value) if name.endswith("_time") else value for name, value in row.items()} for row in rows]


@pytest.fixture
def field(tmp_path: Path) -> World:
    """Two visits are published, of October and of November."""
    return World(
        tmp_path / "w",
        org_unit=UNITS,
        employee=PEOPLE,
        customer=[
            {"customer_id": "C1", "name": "客户一", "employee_id": "E1"},
            {"customer_id": "C2", "name": "客户二"},
        ],
        exchange_rate=[{"currency": "USD", "valid_from": "2026-01-01", "rate": 7}],
        activity=[
            visit("A1", "2026-10-05", org_unit_id="N", customer_id="C1", result="旧"),
            visit("A2", "2026-11-05", org_unit_id="S", customer_id="C1"),
        ],
    )


@pytest.mark.requirement("B15")
def test_an_entered_row_counts_at_once_in_the_unit_of_that_day(field: World) -> None:
    before = field.values("visits", by="org_unit:2", period="2026-10-01..2026-11-30")
    field.enter("activity", typed([visit("N1", "2026-10-20"), visit("N2", "2026-11-20"), visit("N3", "2026-11-20")]))
    assert before == {"北区": 1, "南区": 1}
    assert field.values("visits", by="org_unit:2", period="2026-10-01..2026-11-30") == {"北区": 2, "南区": 3}


def test_it_wins_over_the_published_row_of_the_same_key_and_gives_way_when_taken_back(field: World) -> None:
    field.enter("activity", typed([visit("A1", "2026-11-07", "E2", result="新")]))
    assert field.values("visits", grain="month", period="2026-10-01..2026-11-30") == {dt.date(2026, 11, 1): 2}
    assert field.values("visits", by="employee", period="2026-11-01..2026-11-30") == {"甲": 1, "乙": 1}
    field.workspace.entered.write("activity", pa.table({"activity_id": pa.array([], pa.string())}))
    assert field.value("visits", period="2026-10-01..2026-10-31") == 1
    assert not warehouse(field.workspace).has_entered("activity")


def test_rows_behind_the_number_are_the_entered_ones_too(field: World) -> None:
    field.enter(
        "activity", typed([visit("N1", "2026-11-20", customer_id="C2", feedback="嫌贵"), visit("A2", "2026-11-06")])
    )
    query = Query(("visits",), start=dt.date(2026, 11, 1), end=dt.date(2026, 11, 30))
    found = rows(field.workspace, field.registry, "activity", query, Scope.all(), today=TODAY)
    assert [(row["activity_id"], row["customer"], row["feedback"]) for row in found.table.to_pylist()] == [
        ("N1", "客户二", "嫌贵"),
        ("A2", None, None),
    ]
    assert found.total == 2


def test_a_scope_shows_entered_rows_by_their_owner_and_unit(field: World) -> None:
    field.enter(
        "activity", typed([visit("N1", "2026-11-20"), visit("N2", "2026-11-20", "E2"), visit("N3", "2026-10-20")])
    )
    asked = {"period": "2026-10-01..2026-11-30"}
    assert field.value("visits", scope=Scope(False, frozenset(), frozenset({"E2"})), **asked) == 1
    assert (
        field.value("visits", scope=Scope(False, frozenset({"S"}), frozenset()), **asked) == 2
    )  # A2, N1: S since November
    assert field.value("visits", scope=Scope.none(), **asked) in (0, None)


def test_amounts_are_converted_at_the_rate_of_the_day_and_an_unknown_rate_is_said(field: World) -> None:
    deal = {"stage": "初步接触", "status": "open", "employee_id": "E1", "created_date": dt.date(2026, 11, 3)}
    field.enter(
        "opportunity",
        [
            deal | {"opportunity_id": "O1", "amount": Decimal(100), "currency": "USD"},
            deal | {"opportunity_id": "O2", "amount": Decimal(50), "currency": None},
        ],
    )
    assert field.value("open_pipeline", period="2026-11-01..2026-11-30") == 750
    field.enter("opportunity", [deal | {"opportunity_id": "O1", "amount": Decimal(100), "currency": "XAU"}])
    answer = field.ask("open_pipeline", period="2026-11-01..2026-11-30")
    assert [note.key for note in answer.meta.notes] == ["rate_missing"]


def test_entered_rows_count_in_freshness_and_first_days(field: World) -> None:
    when = dt.datetime(2026, 11, 20, 18, 30)
    field.enter("activity", typed([visit("N1", "2026-11-20", entry_time=when), visit("N0", "2026-08-01")]))
    answer = field.ask("visits", period="2026-09-01..2026-09-30")
    assert answer.one("visits") == 0  # August is data now, so September is zero, not unknown
    assert answer.meta.freshness["activity"] == (
        dt.date(2026, 11, 20),
        dt.datetime(2026, 11, 20, 10, 30, tzinfo=dt.UTC),
    )


def test_a_merged_customer_is_still_known_by_the_id_that_was_entered(field: World) -> None:
    field.enter("activity", typed([visit("N1", "2026-11-20", customer_id="C2")]))
    with field.workspace.writing(dt.datetime(2026, 11, 21, tzinfo=dt.UTC), "test") as building:
        building.con.execute("INSERT INTO ledger.crosswalk (entity, id, canonical_id) VALUES ('customer', 'C2', 'C1')")
    assert field.values("visits", by="customer", period="2026-11-01..2026-11-30") == {"客户一": 2}


def test_published_columns_that_an_entry_does_not_have_stay_readable(field: World) -> None:
    field.enter("activity", typed([visit("N1", "2026-11-20")]))
    found = warehouse(field.workspace).snapshot.rows("SELECT * FROM activity ORDER BY activity_id")
    assert [row["activity_id"] for row in found] == ["A1", "A2", "N1"]
    assert found[2]["_batch"] is None


def test_what_is_entered_of_one_entity_leaves_the_others_remembered(field: World) -> None:
    data = warehouse(field.workspace)
    data.remembered("probe", lambda: "before")
    field.enter("activity", typed([visit("N1", "2026-11-20")]))
    now = warehouse(field.workspace)
    assert now.has_entered("activity")
    assert not now.has_entered("order_line")
    assert now.remembered("probe", lambda: "after") == "before"
    assert now.snapshot is warehouse(field.workspace).snapshot  # made complete once
    assert now.bounds("activity", "event_time") == (dt.date(2026, 10, 5), dt.date(2026, 11, 20))


@pytest.mark.requirement("B13")
def test_a_record_of_a_planned_activity_raises_the_share_recorded(tmp_path: Path) -> None:
    world = World(
        tmp_path / "planned",
        activity=[
            visit("P1", "2026-11-10", planned_date="2026-11-10"),
            visit("P2", "2026-11-11", planned_date="2026-11-11", result="已谈"),
        ],
    )
    assert world.value("logging_rate", period="2026-11-01..2026-11-30") == 0.5
    written = visit("P1", "2026-11-10", planned_date=dt.date(2026, 11, 10), feedback="嫌贵")
    world.enter("activity", typed([written]))
    assert world.value("logging_rate", period="2026-11-01..2026-11-30") == 1.0
