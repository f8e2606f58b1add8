from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from salesloop.engine.model.errors import UserError
from salesloop.engine.pipeline.undo import undo_import
from salesloop.engine.store import Workspace
from tests.engine.pipeline.conftest import NOW, Company

DAY = dt.date(2026, 3, 1)


def line(order: str, amount: object, **more: object) -> dict[str, object]:
    return {"order_id": order, "line_no": 1, "order_date": DAY, "amount": amount, **more}


def test_undo_brings_back_what_the_batch_replaced(company: Company) -> None:
    company.deliver("a-1", "order_line", [line("O1", 10, ship_mode="快递"), line("O2", 20, ship_mode=None)])
    before = company.tables()
    company.deliver("b-1", "order_line", [line("O1", 11), line("O3", 30)])
    report = undo_import(company.workspace, "b-1", NOW)
    assert (report.removed, report.restored) == ({"order_line": 2}, {"order_line": 1})
    assert report.snapshot == company.workspace.current().number
    assert company.tables() == before
    assert company.superseded() == []


def test_undo_takes_back_names_that_the_batch_explained(company: Company) -> None:
    company.deliver("a-1", "order_line", [line("O1", 10, employee_id="李强")])
    company.deliver("a-2", "employee", [{"employee_id": "李强", "valid_from": DAY, "name": "李强"}], primary=False)
    before = company.tables()
    company.deliver("b-1", "employee", [{"employee_id": "E1", "valid_from": DAY, "name": "李强"}])
    assert company.rows("order_line", "employee_id") == [("E1",)]
    undo_import(company.workspace, "b-1", NOW)
    assert company.tables() == before


def test_undo_is_refused_while_a_later_batch_builds_on_it(company: Company) -> None:
    company.deliver("a-1", "order_line", [line("O1", 10), line("O2", 20)])
    company.deliver("b-1", "order_line", [line("O1", 11)])
    company.deliver("c-1", "order_line", [line("O2", 20)])
    with pytest.raises(UserError) as caught:
        undo_import(company.workspace, "a-1", NOW)
    assert "b-1 (b-1.csv), c-1 (c-1.csv)" in caught.value.text("en")
    number = company.workspace.current().number
    undo_import(company.workspace, "c-1", NOW)
    undo_import(company.workspace, "b-1", NOW)
    undo_import(company.workspace, "a-1", NOW)
    assert company.rows("order_line", "order_id") == []
    assert company.workspace.current().number == number + 3


def test_undo_of_what_is_not_there_is_explained(company: Company) -> None:
    company.deliver("a-1", "order_line", [line("O1", 10)])
    undo_import(company.workspace, "a-1", NOW)
    number = company.workspace.current().number
    with pytest.raises(UserError, match="已经撤销"):
        undo_import(company.workspace, "a-1", NOW)
    with pytest.raises(UserError, match="没有批次"):
        undo_import(company.workspace, "z-1", NOW)
    assert company.workspace.current().number == number


def test_an_undone_delivery_can_be_imported_again(company: Company) -> None:
    company.deliver("a-1", "order_line", [line("O1", 10)])
    undo_import(company.workspace, "a-1", NOW)
    company.deliver("a-1.2", "order_line", [line("O1", 10)])
    assert company.rows("order_line", "order_id", "amount", "_batch") == [("O1", Decimal(10), "a-1.2")]


CUSTOMERS = st.lists(
    st.fixed_dictionaries(
        {
            "customer_id": st.sampled_from(["C1", "C2", "甲"]),
            "name": st.sampled_from(["甲", "乙"]),
            "tier": st.sampled_from([None, "A", "B"]),
        }
    ),
    min_size=1,
    max_size=4,
)
STEPS = st.lists(st.tuples(CUSTOMERS, st.booleans()), min_size=1, max_size=4)


@settings(max_examples=8)
@given(steps=STEPS)
def test_undoing_backwards_is_the_exact_inverse(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[list[dict[str, object]], bool]]
) -> None:
    company = Company(Workspace.create(tmp_path_factory.mktemp("w") / "company"))
    states = [company.tables()]
    for number, (rows, primary) in enumerate(steps):
        company.deliver(f"b{number}-1", "customer", rows, primary=primary)
        states.append(company.tables())
    for number in reversed(range(len(steps))):
        undo_import(company.workspace, f"b{number}-1", NOW)
        assert company.tables() == states[number]
