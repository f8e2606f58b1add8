"""After a delivery only what can have changed is resolved again."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from salesloop.engine.store import Workspace
from salesloop.engine.store.insert import make_room
from tests.engine.pipeline.conftest import NOW, Company

DAY = dt.date(2026, 11, 2)
START = dt.date(1900, 1, 1)


def order(order_id: str, **more: object) -> dict[str, object]:
    return {"order_id": order_id, "line_no": 1, "order_date": DAY, "amount": 10, **more}


def tamper(company: Company) -> None:
    """A published value that resolving would put right if it looked at the row."""
    with company.workspace.writing(NOW, "tamper") as building:
        make_room(building.con, "order_line", ["employee_id"])
        building.con.execute("UPDATE order_line SET employee_id = 'nobody' WHERE order_id = 'O1'")


def test_rows_are_left_alone_where_nothing_that_they_depend_on_changed(company: Company) -> None:
    company.deliver(
        "a-1", "employee", [{"employee_id": "E1", "valid_from": START, "name": "李强", "org_unit_id": "U1"}]
    )
    company.deliver("b-1", "order_line", [order("O1", employee_id="李强")])
    tamper(company)
    company.deliver("c-1", "order_line", [order("O2", employee_id="李强")])
    assert company.rows("order_line", "order_id", "employee_id", "org_unit_id") == [
        ("O1", "nobody", "U1"),
        ("O2", "E1", "U1"),
    ]


def test_all_rows_are_resolved_when_the_people_change(company: Company) -> None:
    company.deliver("b-1", "order_line", [order("O1", employee_id="李强")])
    tamper(company)
    company.deliver(
        "c-1", "employee", [{"employee_id": "E1", "valid_from": START, "name": "李强", "org_unit_id": "U1"}]
    )
    assert company.rows("order_line", "employee_id", "org_unit_id") == [("E1", "U1")]


def test_a_replaced_row_is_resolved(company: Company) -> None:
    company.deliver(
        "a-1",
        "employee",
        [
            {"employee_id": "E1", "valid_from": START, "name": "李强"},
            {"employee_id": "E2", "valid_from": START, "name": "王芳"},
        ],
    )
    company.deliver("b-1", "order_line", [order("O1", employee_id="李强"), order("O2", employee_id="李强")])
    company.deliver("c-1", "order_line", [order("O1", employee_id="王芳")])
    assert company.rows("order_line", "order_id", "employee_id") == [("O1", "E2"), ("O2", "E1")]


def test_all_rows_are_resolved_under_another_base_currency(company: Company) -> None:
    company.deliver("a-1", "exchange_rate", [{"currency": "USD", "valid_from": DAY, "rate": 7}])
    company.deliver("b-1", "order_line", [order("O1", currency="USD"), order("O2", currency="CNY")])
    assert company.rows("order_line", "order_id", "fx_rate") == [("O1", 7), ("O2", 1)]
    settings = company.workspace.path / "salesloop.toml"
    settings.write_text(settings.read_text("utf-8").replace('currency = "CNY"', 'currency = "USD"'), "utf-8")
    abroad = replace(company, workspace=Workspace.open(company.workspace.path))
    assert abroad.workspace.config.currency == "USD"
    abroad.deliver("c-1", "order_line", [order("O3", currency="USD")])
    assert abroad.rows("order_line", "order_id", "fx_rate") == [("O1", 1), ("O2", None), ("O3", 1)]
