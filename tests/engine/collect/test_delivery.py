"""Tables that come together complete one another, and only where one alone would not do."""

from __future__ import annotations

import pytest

from salesloop.engine.collect.delivery import TablePlan, propose_delivery
from salesloop.engine.collect.join import complete
from salesloop.engine.collect.mapping import JoinMapping, Mapping
from salesloop.engine.collect.raw import ROW, RawTable
from salesloop.engine.collect.table import find_table
from salesloop.engine.model.errors import UserError
from salesloop.engine.model.loader import load_model
from tests.engine.collect.sheets import Rows, grid, records

MODEL = load_model()
LINES = [
    ["orderID", "productID", "unitPrice", "quantity"],
    ["1", "11", "14.5", "12"],
    ["1", "42", "9.5", "10"],
    ["2", "11", "14.5", "5"],
    ["3", "42", "9.5", "1"],
]
HEADS = [
    ["orderID", "customerID", "orderDate", "freight"],
    ["1", "VINET", "1996-07-04", "32.38"],
    ["2", "TOMSP", "1996-07-05", "11.61"],
    ["3", "HANAR", "1996-07-08", "65.83"],
    ["4", "VINET", "1996-07-09", "41.34"],
]


def table(name: str, rows: Rows) -> RawTable:
    found = find_table(grid(rows, name=name))
    assert isinstance(found, RawTable)
    return found


def plans(**tables: Rows) -> dict[str, TablePlan]:
    found = propose_delivery([table(name, rows) for name, rows in tables.items()], MODEL)
    return {plan.table.name: plan for plan in found}


@pytest.mark.requirement("B04")
def test_order_lines_take_the_date_from_their_heads() -> None:
    found = plans(details=LINES, orders=HEADS)
    lines, heads = found["details"], found["orders"]
    assert (lines.role, heads.role) == ("import", "lookup")
    assert lines.proposal.mapping is not None
    assert lines.proposal.missing == ()
    assert lines.proposal.mapping.joins == (JoinMapping(table="orders", match={"orderID": "orderID"}),)
    assert lines.proposal.mapping.columns_of("order_line.order_date") == ("orderDate",)
    whole = complete(lines.table, lines.proposal.mapping, {"orders": heads.table})
    assert whole.columns == ("orderID", "productID", "unitPrice", "quantity", "customerID", "orderDate", "freight")
    assert records(whole)[2] == ["2", "11", "14.5", "5", "TOMSP", "1996-07-05", "11.61"]
    assert whole.data[ROW].to_pylist() == [2, 3, 4, 5]
    assert [(note.key, note.params["rows"]) for note in whole.notes] == [("join_rows_unused", 1)]


def test_the_freight_of_an_order_is_not_added_up_over_its_lines() -> None:
    mapping = plans(details=LINES, orders=HEADS)["details"].proposal.mapping
    assert mapping is not None
    assert mapping.columns_of("order_line.freight") == ()


def test_lines_alone_say_what_they_lack() -> None:
    found = plans(details=LINES)["details"]
    assert (found.role, found.proposal.missing) == ("import", ("order_date",))


def test_a_product_gets_the_name_of_its_category() -> None:
    found = plans(
        products=[
            ["productID", "productName", "categoryID"],
            ["1", "Chai", "1"],
            ["2", "Chang", "1"],
            ["3", "Tofu", "2"],
        ],
        categories=[
            ["categoryID", "categoryName", "description"],
            ["1", "Beverages", "Soft drinks"],
            ["2", "Produce", "Dried fruit"],
        ],
    )
    mapping = found["products"].proposal.mapping
    assert mapping is not None
    assert mapping.columns_of("product.category") == ("categoryName",)
    assert found["categories"].role == "lookup"


def test_leads_and_what_became_of_them() -> None:
    leads = [
        ["mql_id", "first_contact_date", "origin"],
        *([f"m{i}", f"2018-02-{i:02d}", "social"] for i in range(1, 9)),
    ]
    won = [["mql_id", "sr_id", "won_date"], ["m3", "s1", "2018-02-26"], ["m5", "s2", "2018-03-01"]]
    found = plans(leads=leads, deals=won)
    assert (found["leads"].role, found["deals"].role) == ("import", "import")
    mapping = found["deals"].proposal.mapping
    assert mapping is not None
    assert mapping.entity == "lead"
    assert mapping.columns_of("lead.converted_date") == ("won_date",)
    assert mapping.columns_of("lead.created_date") == ("first_contact_date",)


def test_a_table_that_can_be_referred_to_is_not_joined() -> None:
    found = plans(
        orders=[
            ["订单编号", "客户编码", "下单日期", "金额"],
            ["D1", "C1", "2024-01-01", "1.5"],
            ["D2", "C2", "2024-01-02", "2.5"],
        ],
        customers=[["客户编码", "客户名称", "行业"], ["C1", "甲公司", "医药"], ["C2", "乙公司", "汽车"]],
    )
    assert [plan.role for plan in found.values()] == ["import", "import"]
    assert all(plan.proposal.mapping and not plan.proposal.mapping.joins for plan in found.values())


def test_a_join_without_its_table_says_what_is_missing() -> None:
    mapping = Mapping(
        name="明细", entity="order_line", joins=(JoinMapping(table="orders", match={"orderID": "orderID"}),)
    )
    with pytest.raises(UserError) as caught:
        complete(table("details", LINES), mapping, {})
    assert caught.value.key == "join_table_missing"
    assert "orders" in str(caught.value)


def test_rows_without_a_partner_stay_and_are_counted() -> None:
    mapping = Mapping(
        name="明细", entity="order_line", joins=(JoinMapping(table="orders", match={"orderID": "orderID"}),)
    )
    whole = complete(table("details", LINES), mapping, {"orders": table("orders", HEADS[:3])})
    assert records(whole)[3] == ["3", "42", "9.5", "1", None, None, None]
    assert [(note.key, note.params["rows"]) for note in whole.notes] == [("join_rows_alone", 1)]
