"""`salesloop.open(DIR)`: what programs and notebooks use."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pytest

import salesloop
from salesloop.engine.metrics import Query, load_registry, run
from salesloop.engine.model.errors import UserError
from salesloop.engine.model.scope import Scope
from salesloop.engine.store import Workspace
from tests.engine.pipeline.files import ORDERS, bring, order, write_csv

TODAY = dt.date(2026, 11, 21)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    workspace = Workspace.create(tmp_path / "company")
    days = [("A1", 100, "2026-01-05"), ("A2", 50, "2026-01-20"), ("A3", 70, "2026-02-03"), ("A4", 9, "2025-12-31")]
    rows = [order(number, 1, amount, day=day) for number, amount, day in days]
    bring(workspace, write_csv(tmp_path / "订单.csv", ORDERS, rows))
    return workspace.path


def test_a_question_gives_an_arrow_table(folder: Path) -> None:
    table = salesloop.open(folder).query("revenue", grain="month", start="2026-Q1", end="2026-Q1", today=TODAY)
    assert isinstance(table, pa.Table)
    assert table.select(["period", "revenue"]).to_pylist() == [
        {"period": dt.date(2026, 1, 1), "revenue": Decimal(150)},
        {"period": dt.date(2026, 2, 1), "revenue": Decimal(70)},
    ]


def test_it_is_the_answer_of_the_planner(folder: Path) -> None:
    asked = salesloop.open(str(folder)).ask(
        ["revenue", "orders"], by=["customer"], start="2026", where=["customer=东方机械"], compare=["year"], today=TODAY
    )
    workspace = Workspace.open(folder)
    question = Query(
        ("revenue", "orders"),
        by=("customer",),
        start=dt.date(2026, 1, 1),
        end=TODAY,
        where=("customer=东方机械",),
        compare=("year",),
    )
    registry = load_registry(workspace.path, workspace.model)
    assert asked.table.equals(run(workspace, registry, question, Scope.all(), today=TODAY).table)
    assert asked.meta.snapshot == 1


def test_a_scope_limits_the_answer(folder: Path) -> None:
    company = salesloop.open(folder)
    own = Scope(employees=frozenset({"李强"}))
    assert company.query("revenue", scope=own, today=TODAY).column("revenue").to_pylist() == [Decimal(229)]
    nobody = company.query("revenue", scope=Scope.none(), today=TODAY).column("revenue").to_pylist()
    assert [value or 0 for value in nobody] == [0]


def test_the_next_question_sees_the_next_snapshot(folder: Path, tmp_path: Path) -> None:
    company = salesloop.open(folder)
    before = company.query("revenue", today=TODAY).column("revenue").to_pylist()
    bring(Workspace.open(folder), write_csv(tmp_path / "更多.csv", ORDERS, [order("A9", 1, 1000)]))
    after = company.query("revenue", today=TODAY).column("revenue").to_pylist()
    assert after[0] - before[0] == 1000


def test_a_folder_that_is_no_workspace_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="salesloop init"):
        salesloop.open(tmp_path)
