"""The rows behind a number are the rows that make it."""

from __future__ import annotations

from pathlib import Path

import pytest

from salesloop.engine.metrics import Query, RowsBehind, rows
from salesloop.engine.model.errors import UserError
from salesloop.engine.model.scope import Scope
from tests.engine.metrics.world import TODAY, World


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    def line(number: int, amount: int, day: str = "2026-11-01", **more: object) -> dict[str, object]:
        return {"order_id": str(number), "line_no": 1, "order_date": day, "amount": amount, "employee_id": "E1",
                "customer_id": "C1", **more}  # fmt: skip

    return World(
        Path(tmp_path_factory.mktemp("rows")) / "w",
        customer=[{"customer_id": "C1", "name": "甲"}],
        employee=[{"employee_id": "E1", "name": "旧名", "valid_to": "2025-12-31"}, {"employee_id": "E1", "name": "新名", "valid_from": "2026-01-01"}],
        order_line=[
            line(1, 1, cost=1), line(2, 2, "2026-11-05"), line(3, 4, "2026-10-05"), line(4, 8, status="cancelled"),
            line(5, 16, employee_id="E2"), line(6, 32, "2026-11-03", customer_id="C2"),
        ],
        opportunity=[
            {"opportunity_id": "1", "stage": "x", "status": "open", "amount": 5, "created_date": "2026-09-01"},
            {"opportunity_id": "2", "stage": "x", "status": "won", "amount": 7, "created_date": "2026-09-01", "close_date": "2026-10-01"},
        ],
        target=[{"period_start": "2026-11-01", "period": "month", "value": 5}],
    )  # fmt: skip


def behind(
    world: World, metric: str, where: tuple[str, ...] = (), scope: Scope | None = None, **how: object
) -> RowsBehind:
    entity = how.pop("entity", None)
    query = Query((metric,), where=where, start=TODAY.replace(day=1), end=TODAY)
    return rows(world.workspace, world.registry, entity, query, scope or Scope.all(), today=TODAY, **how)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("metric", "orders"),
    [
        ("revenue", ["2", "6", "1", "5"]),  # newest first; the cancelled one does not count
        ("gross_margin", ["2", "6", "1", "5"]),  # all that either side counts
        ("new_customers", ["6"]),  # C1 is known since October
        ("revenue_per_employee", ["2", "6", "1", "5"]),
    ],
)
def test_rows_are_those_that_count(world: World, metric: str, orders: list[str]) -> None:
    found = behind(world, metric)
    assert [row["order_id"] for row in found.table.to_pylist()] == orders
    assert found.total == len(orders)


def test_their_sum_is_the_number(world: World) -> None:
    for where in ((), ("customer=甲",), ("employee=E2",), ("customer!=甲",)):
        for scope in (Scope.all(), Scope(employees=frozenset({"E1"}))):
            total = sum(row["amount"] for row in behind(world, "revenue", where, scope).table.to_pylist())
            assert total == world.value("revenue", where=where, scope=scope, period=f"{TODAY:%Y-%m}-01..{TODAY}")


def test_references_show_their_names_once(world: World) -> None:
    row = behind(world, "revenue", ("employee=新名",)).table.to_pylist()[0]
    assert (row["customer"], row["customer_id"], row["employee"]) == ("甲", "C1", "新名")
    labels = {column.name: (column.label.en, column.type, column.format) for column in behind(world, "revenue").columns}
    assert labels["amount"][1:] == ("decimal", "money")
    assert labels["order_date"][1] == "date"


def test_pages(world: World) -> None:
    first, second = (behind(world, "revenue", limit=3, offset=offset) for offset in (0, 3))
    assert [row["order_id"] for page in (first, second) for row in page.table.to_pylist()] == ["2", "6", "1", "5"]
    assert first.total == second.total == 4


def test_states_are_the_rows_open_at_the_end(world: World) -> None:
    assert [row["opportunity_id"] for row in behind(world, "open_pipeline").table.to_pylist()] == ["1"]


def test_composed_metrics_have_several_kinds_of_rows(world: World) -> None:
    assert behind(world, "channel_profit").entities == ("order_line", "selling_expense")
    assert behind(world, "channel_profit", entity="selling_expense").total == 0
    with pytest.raises(UserError, match="payment"):
        behind(world, "channel_profit", entity="payment")
    with pytest.raises(UserError, match="目标"):
        behind(world, "target")
    assert behind(world, "attainment").entity == "order_line"
