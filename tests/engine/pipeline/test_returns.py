"""A return of a whole order is told by product: its amount is that of the order's lines, or is shared out among them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from salesloop.engine.metrics import Query, load_registry, run
from salesloop.engine.model.scope import Scope
from salesloop.engine.pipeline import undo_import
from salesloop.engine.store import Workspace
from tests.engine.pipeline.conftest import NOW, Company

DAY = dt.date(2026, 2, 3)
LINES = [(1, "P1", 4, 100), (2, "P2", 1, 30), (3, "P1", 1, 20)]


def order(company: Company, lines: Sequence[tuple[int, str, object, object]] = LINES, batch: str = "o-1") -> None:
    rows = [
        {"order_id": "O1", "line_no": no, "order_date": DAY, "product_id": product, "quantity": many, "amount": much}
        for no, product, many, much in lines
    ]
    company.deliver(batch, "order_line", rows)


def came_back(company: Company, **more: object) -> None:
    company.deliver("r-1", "return_line", [{"return_id": "R1", "order_id": "O1", **more}])


def parts(company: Company) -> list[tuple[Any, ...]]:
    return company.rows("return_line", "return_id", "product_id", "quantity", "amount")


def test_the_amount_is_that_of_each_line(company: Company) -> None:
    order(company)
    came_back(company)
    assert parts(company) == [
        ("R1#1", "P1", Decimal(4), Decimal(100)),
        ("R1#2", "P2", Decimal(1), Decimal(30)),
        ("R1#3", "P1", Decimal(1), Decimal(20)),
    ]


def test_a_stated_amount_is_shared_out_and_adds_up(company: Company) -> None:
    order(company, [(n, f"P{n}", 1, 10) for n in (1, 2, 3)])
    came_back(company, amount=10)
    assert [row[3] for row in parts(company)] == [Decimal("3.3333"), Decimal("3.3334"), Decimal("3.3333")]


@pytest.mark.requirement("D04")
def test_categories_add_up_to_the_total(company: Company) -> None:
    company.deliver(
        "p-1", "product", [{"product_id": f"P{n}", "name": f"p{n}", "category": c} for n, c in ((1, "A"), (2, "B"))]
    )
    order(company)
    came_back(company)
    registry = load_registry(company.workspace.path)
    found = run(
        company.workspace, registry, Query(("returns_amount",), by=("category",)), Scope.all(), today=NOW.date()
    )
    assert {row["category"]: row["returns_amount"] for row in found.table.to_pylist()} == {"A": 120, "B": 30}


def test_lines_that_come_later_tell_the_return_apart_anew(company: Company) -> None:
    came_back(company)
    assert parts(company) == [("R1", None, None, None)]
    order(company, LINES[:1])
    assert parts(company) == [("R1", "P1", Decimal(4), Decimal(100))]
    order(company, LINES, "o-2")
    assert len(parts(company)) == 3


def test_undoing_the_order_leaves_the_return_as_it_was_delivered(company: Company) -> None:
    came_back(company)
    before = company.tables()
    order(company)
    undo_import(company.workspace, "o-1", NOW)
    assert company.tables() == before


def test_the_same_return_again_is_unchanged(company: Company) -> None:
    order(company)
    came_back(company)
    counts = company.deliver("r-1.2", "return_line", [{"return_id": "R1", "order_id": "O1"}])
    assert (counts.unchanged, len(parts(company))) == (1, 3)


money = st.decimals(min_value=-10_000, max_value=10_000, places=2)
orders = st.lists(
    st.tuples(st.lists(money, min_size=2, max_size=6), st.decimals(min_value=0, max_value=99_999, places=4)),
    min_size=20,
    max_size=40,
)


@settings(max_examples=3)
@given(orders=orders)
def test_shares_add_up_to_what_was_stated(
    orders: list[tuple[list[Decimal], Decimal]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    company = Company(Workspace.create(tmp_path_factory.mktemp("company") / "ws"))
    lines = [
        {"order_id": f"O{n}", "line_no": no, "order_date": DAY, "amount": amount}
        for n, (amounts, _) in enumerate(orders)
        for no, amount in enumerate(amounts, 1)
    ]
    back = [{"return_id": f"R{n}", "order_id": f"O{n}", "amount": stated} for n, (_, stated) in enumerate(orders)]
    company.deliver_all("a-1", {"order_line": lines, "return_line": back})
    found = company.workspace.current().rows("SELECT order_id, count(*), sum(amount) FROM return_line GROUP BY ALL")
    assert {tuple(row.values()) for row in found} == {
        (f"O{n}", len(amounts), stated) for n, (amounts, stated) in enumerate(orders)
    }
