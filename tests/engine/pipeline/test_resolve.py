from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from itertools import permutations

import pytest

from tests.engine.pipeline.conftest import Company

START = dt.date(1900, 1, 1)


def order(order_id: str, day: dt.date, **more: object) -> dict[str, object]:
    return {"order_id": order_id, "line_no": 1, "order_date": day, "amount": 10, **more}


def employee(employee_id: str, name: str, unit: str | None, since: dt.date = START) -> dict[str, object]:
    return {"employee_id": employee_id, "valid_from": since, "name": name, "org_unit_id": unit}


def unit(unit_id: str, name: str, parent: str | None = None) -> dict[str, object]:
    return {"org_unit_id": unit_id, "valid_from": START, "name": name, "parent_id": parent}


def test_a_unique_name_becomes_its_id(company: Company) -> None:
    company.deliver("a-1", "employee", [employee("E1", "Ann Lee", None), employee("E2", "李强", None)])
    company.deliver(
        "b-1",
        "order_line",
        [order(str(n), START, employee_id=v) for n, v in enumerate(["E2", " ann lee", "李强", "王五"])],
    )
    assert company.rows("order_line", "order_id", "employee_id") == [
        ("0", "E2"),
        ("1", "E1"),
        ("2", "E2"),
        ("3", "王五"),
    ]


def test_a_name_that_two_share_stays_as_it_was_delivered(company: Company) -> None:
    company.deliver("a-1", "order_line", [order("1", START, employee_id="李强")])
    company.deliver("b-1", "employee", [employee("E1", "李强", None)])
    assert company.rows("order_line", "employee_id") == [("E1",)]
    company.deliver("c-1", "employee", [employee("E2", "李强", None)])
    assert company.rows("order_line", "employee_id") == [("李强",)]


def test_versions_of_one_employee_are_one_person(company: Company) -> None:
    company.deliver(
        "a-1", "employee", [employee("E1", "李强", None), employee("E1", "李强", None, dt.date(2026, 1, 1))]
    )
    company.deliver("b-1", "order_line", [order("1", START, employee_id="李强")])
    assert company.rows("order_line", "employee_id") == [("E1",)]


def test_an_id_is_never_taken_for_a_name(company: Company) -> None:
    company.deliver("a-1", "product", [{"product_id": "11", "name": "螺丝"}, {"product_id": "12", "name": "11"}])
    company.deliver("b-1", "order_line", [order("1", START, product_id="11")])
    assert company.rows("order_line", "product_id") == [("11",)]


def test_the_unit_is_the_employees_on_the_day_of_the_event(company: Company) -> None:
    company.deliver("a-1", "org_unit", [unit("U1", "华东"), unit("U2", "华南"), unit("U3", "总部")])
    moves = [employee("E1", "李强", "华东", dt.date(2025, 1, 1)), employee("E1", "李强", "U2", dt.date(2026, 3, 1))]
    company.deliver("b-1", "employee", moves)
    company.deliver(
        "c-1",
        "order_line",
        [
            order("before", dt.date(2024, 6, 1), employee_id="E1", org_unit_id=None),
            order("eve", dt.date(2026, 2, 28), employee_id="李强", org_unit_id=None),
            order("first", dt.date(2026, 3, 1), employee_id="E1", org_unit_id=None),
            order("given", dt.date(2026, 3, 1), employee_id="E1", org_unit_id="总部"),
            order("nobody", dt.date(2026, 3, 1), employee_id=None, org_unit_id=None),
        ],
    )
    assert company.rows("order_line", "order_id", "org_unit_id") == [
        ("before", "U1"),
        ("eve", "U1"),
        ("first", "U2"),
        ("given", "U3"),
        ("nobody", None),
    ]


def test_facts_without_a_unit_of_their_own_get_the_owners(company: Company) -> None:
    company.deliver("a-1", "employee", [employee("E1", "李强", "U1")])
    company.deliver(
        "b-1", "quote", [{"quote_id": "Q1", "line_no": 1, "quote_date": START, "employee_id": "李强", "amount": 5}]
    )
    assert company.rows("quote", "employee_id", "org_unit_id") == [("E1", "U1")]


def test_the_rate_is_the_last_one_known_on_the_day(company: Company) -> None:
    rates = [("2026-01-01", "7.1"), ("2026-07-01", "7.25")]
    company.deliver(
        "a-1",
        "exchange_rate",
        [{"currency": "USD", "valid_from": dt.date.fromisoformat(day), "rate": Decimal(rate)} for day, rate in rates],
    )
    days = ["2025-12-31", "2026-01-01", "2026-06-30", "2026-07-01"]
    company.deliver(
        "b-1",
        "order_line",
        [order(day, dt.date.fromisoformat(day), currency="USD") for day in days]
        + [
            order("base", START, currency="CNY"),
            order("none", START, currency=None),
            order("zzz", START, currency="JPY"),
        ],
    )
    assert company.rows("order_line", "order_id", "fx_rate") == [
        ("2025-12-31", None),
        ("2026-01-01", Decimal("7.1")),
        ("2026-06-30", Decimal("7.1")),
        ("2026-07-01", Decimal("7.25")),
        ("base", Decimal(1)),
        ("none", Decimal(1)),
        ("zzz", None),
    ]


def test_a_rate_that_comes_later_reaches_what_is_there(company: Company) -> None:
    company.deliver("a-1", "order_line", [order("1", dt.date(2026, 3, 1), currency="USD")])
    assert company.rows("order_line", "fx_rate") == [(None,)]
    company.deliver("b-1", "exchange_rate", [{"currency": "USD", "valid_from": START, "rate": Decimal("7.2")}])
    assert company.rows("order_line", "fx_rate") == [(Decimal("7.2"),)]


def lines(company: Company) -> None:
    company.deliver(
        "o-1",
        "order_line",
        [
            {
                "order_id": "O1",
                "line_no": no,
                "order_date": dt.date(2026, 2, 3),
                "customer_id": "C1",
                "product_id": product,
                "quantity": quantity,
                "amount": amount,
            }
            for no, product, quantity, amount in [(1, "P1", 4, 100), (2, "P2", 1, 30)]
        ],
    )


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"product_id": "扳手"}, (Decimal(100), Decimal(4), "P1")),
        ({"line_no": 2}, (Decimal(30), Decimal(1), "P2")),
        ({"product_id": "P1", "quantity": 1}, (Decimal(25), Decimal(1), "P1")),
        ({"line_no": 2, "amount": 12}, (Decimal(12), Decimal(1), "P2")),
    ],
)
def test_a_return_takes_what_it_lacks_from_the_lines_of_its_order(
    company: Company, given: dict[str, object], expected: tuple[object, ...]
) -> None:
    lines(company)
    company.deliver("p-1", "product", [{"product_id": "P1", "name": "扳手"}, {"product_id": "P2", "name": "钳子"}])
    company.deliver("r-1", "return_line", [{"return_id": "R1", "order_id": "O1", **given}])
    assert company.rows("return_line", "amount", "quantity", "product_id") == [expected]
    assert company.rows("return_line", "return_date", "customer_id", "fx_rate") == [
        (dt.date(2026, 2, 3), "C1", Decimal(1))
    ]


def test_a_return_that_came_before_its_order_is_filled_when_the_order_comes(company: Company) -> None:
    company.deliver("r-1", "return_line", [{"return_id": "R1", "order_id": "O1"}])
    assert company.rows("return_line", "amount", "return_date") == [(None, None)]
    lines(company)
    assert company.rows("return_line", "amount", "return_date") == [
        (Decimal(30), dt.date(2026, 2, 3)),
        (Decimal(100), dt.date(2026, 2, 3)),
    ]


DELIVERIES: dict[str, Callable[[Company], object]] = {
    "orders": lambda c: c.deliver("a-1", "order_line", [order("1", START, employee_id="李强", region_id="上海")]),
    "mentions": lambda c: c.deliver(
        "a-2", "employee", [{"employee_id": "李强", "valid_from": START, "name": "李强"}], primary=False
    ),
    "people": lambda c: c.deliver("b-1", "employee", [employee("E1", "李强", "销售部")]),
    "units": lambda c: c.deliver("c-1", "org_unit", [unit("U1", "销售部", "U0"), unit("U0", "公司")]),
    "regions": lambda c: c.deliver("d-1", "region", [{"region_id": "SH", "name": "上海", "parent_id": None}]),
}


@pytest.mark.parametrize("names", list(permutations(DELIVERIES))[::17], ids="-".join)
def test_the_order_of_deliveries_does_not_matter(company: Company, names: tuple[str, ...]) -> None:
    for name in names:
        DELIVERIES[name](company)
    assert company.rows("order_line", "employee_id", "org_unit_id", "region_id") == [("E1", "U1", "SH")]
    assert company.rows("employee", "employee_id", "name", "org_unit_id", "_primary") == [("E1", "李强", "U1", True)]
    assert company.rows("org_unit_flat", "id", "depth", "l1_name", "l2_name") == [
        ("U0", 1, "公司", None),
        ("U1", 2, "公司", "销售部"),
    ]


def test_trees_survive_circles_missing_parents_and_great_depth(company: Company) -> None:
    chain = [{"region_id": f"R{n}", "name": f"r{n}", "parent_id": f"R{n - 1}"} for n in range(1, 9)]
    odd = [
        {"region_id": "A", "name": "a", "parent_id": "B"},
        {"region_id": "B", "name": "b", "parent_id": "A"},
        {"region_id": "S", "name": "s", "parent_id": "S"},
    ]
    company.deliver("a-1", "region", chain + odd)
    assert company.rows("region_flat", "id", "depth", "l1_id", "l2_id", "l6_id") == [
        ("A", 1, "A", None, None),
        ("B", 1, "B", None, None),
        ("R1", 1, "R1", None, None),
        ("R2", 2, "R1", "R2", None),
        ("R3", 3, "R1", "R2", None),
        ("R4", 4, "R1", "R2", None),
        ("R5", 5, "R1", "R2", None),
        ("R6", 6, "R1", "R2", "R6"),
        ("R7", 7, "R1", "R2", "R6"),
        ("R8", 8, "R1", "R2", "R6"),
        ("S", 1, "S", None, None),
    ]
