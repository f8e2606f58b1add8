"""What a person may see: applied inside each step, to each fact."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from salesloop.engine.model.scope import Scope
from tests.engine.metrics.world import World


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    """Units A and B; E1 in A, E2 in B, E3 nowhere. Amounts are powers of two."""

    def line(
        number: str, amount: int, employee: str | None, unit: str | None, customer: str = "C1", day: str = "2026-11-01"
    ) -> dict[str, Any]:
        return {"order_id": number, "line_no": 1, "order_date": day, "amount": amount, "employee_id": employee,
                "org_unit_id": unit, "customer_id": customer}  # fmt: skip

    return World(
        Path(tmp_path_factory.mktemp("scope")) / "w",
        org_unit=[{"org_unit_id": "R", "name": "公司"}, {"org_unit_id": "A", "name": "甲", "parent_id": "R"}, {"org_unit_id": "B", "name": "乙", "parent_id": "R"}],
        employee=[{"employee_id": e, "name": e, "org_unit_id": u} for e, u in (("E1", "A"), ("E2", "B"), ("E3", None))],
        order_line=[
            line("1", 1, "E1", "A"),
            line("2", 2, "E2", "B"),
            line("3", 4, "E2", "A"),  # by E2, booked on A: both see it
            line("4", 8, "E3", None),
            line("5", 16, None, "A"),
            line("6", 32, None, None),  # nobody's: only for those who see everything
            line("7", 64, "E1", "A", "C9", "2026-10-01"),
            line("8", 128, "E2", "B", "C9", "2026-11-05"),  # C9 is an old customer, though E2 never sold to them before
        ],
        activity=[
            {"activity_id": "1", "type": "visit", "event_time": "2026-11-01 10:00", "employee_id": "E1", "org_unit_id": "A"},
            {"activity_id": "2", "type": "visit", "event_time": "2026-11-01 10:00", "employee_id": "E2", "org_unit_id": "B"},
        ],
        inventory_snapshot=[{"snapshot_date": "2026-11-01", "product_id": "P", "warehouse": "main", "quantity": 7}],
    )  # fmt: skip


REP = Scope(employees=frozenset({"E1"}))
MANAGER = Scope(org_units=frozenset({"A"}), employees=frozenset({"E1"}))
OTHER = Scope(employees=frozenset({"E2"}))
NOVEMBER = "2026-11-01..2026-11-30"


@pytest.mark.parametrize(
    ("scope", "expected"),
    [
        (REP, 1),
        (MANAGER, 21),
        (OTHER, 134),
        (Scope(employees=frozenset({"E3"})), 8),
        (Scope.none(), 0),
        (Scope.all(), 191),
    ],
)
def test_rows_by_their_owners(world: World, scope: Scope, expected: int) -> None:
    assert world.value("revenue", period=NOVEMBER, scope=scope) == expected


def test_every_fact_of_a_question_is_cut(world: World) -> None:
    (row,) = world.ask("revenue,visits,revenue_per_visit", period=NOVEMBER, scope=REP).to_pylist()
    assert row == {"revenue": Decimal(1), "visits": 1, "revenue_per_visit": 1.0}


def test_comparisons_and_slices_are_cut_too(world: World) -> None:
    rows = world.ask("revenue", by="employee", compare="previous", period=NOVEMBER, scope=MANAGER).to_pylist()
    # October is compared up to the 21st: E1's order of the 1st.
    assert {r["employee_id"]: (r["revenue"], r["revenue_previous"]) for r in rows} == {
        "E1": (1, 64),
        "E2": (4, 0),
        None: (16, 0),
    }


def test_stock_belongs_to_everybody(world: World) -> None:
    assert world.value("stock_quantity", scope=Scope.none()) == 7


def test_new_means_new_to_the_company(world: World) -> None:
    # Within E2's own rows the order of 5 November is the first of C9; for the company it is not. C1 is new to both.
    assert world.value("new_customers", period=NOVEMBER, scope=OTHER) == 1
    assert world.value("new_customers", period=NOVEMBER) == 1


def test_the_sql_names_nobody(world: World) -> None:
    result = world.ask("revenue", scope=REP)
    assert "E1" not in result.sql
    assert "scope_employees" in result.sql
    assert result.meta.scope == "limited"
