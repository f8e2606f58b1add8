from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from salesloop.engine.pipeline.delivery import Counts
from tests.engine.pipeline.conftest import Company

DAY = dt.date(2026, 3, 1)


def line(order: str, no: int, amount: object, **more: object) -> dict[str, object]:
    return {"order_id": order, "line_no": no, "order_date": DAY, "amount": amount, **more}


def amounts(company: Company) -> list[tuple[object, ...]]:
    return company.rows("order_line", "order_id", "line_no", "amount", "_batch", "_row")


def test_new_rows_are_inserted_with_their_origin(company: Company) -> None:
    counts = company.deliver("a-1", "order_line", [line("O1", 1, 10), line("O1", 2, 20)])
    assert counts == Counts(received=2, inserted=2)
    assert amounts(company) == [("O1", 1, Decimal(10), "a-1", 1), ("O1", 2, Decimal(20), "a-1", 2)]


def test_a_corrected_row_replaces_and_the_old_one_is_kept_with_a_pointer(company: Company) -> None:
    company.deliver("a-1", "order_line", [line("O1", 1, 10), line("O1", 2, 20)])
    counts = company.deliver("b-1", "order_line", [line("O1", 1, 10), line("O1", 2, 25), line("O2", 1, 5)])
    assert counts == Counts(received=3, inserted=1, replaced=1, unchanged=1)
    assert amounts(company) == [
        ("O1", 1, Decimal(10), "a-1", 1),
        ("O1", 2, Decimal(25), "b-1", 2),
        ("O2", 1, Decimal(5), "b-1", 3),
    ]
    assert company.superseded() == [("order_line", "20.0000", "a-1", 2, "b-1")]


def test_the_last_row_of_a_key_in_one_delivery_wins(company: Company) -> None:
    counts = company.deliver("a-1", "order_line", [line("O1", 1, 10), line("O1", 1, 11), line("O1", 1, 12)])
    assert counts == Counts(received=3, inserted=1, superseded=2)
    assert amounts(company) == [("O1", 1, Decimal(12), "a-1", 3)]
    assert company.superseded() == [
        ("order_line", "10.0000", "a-1", 1, "a-1"),
        ("order_line", "11.0000", "a-1", 2, "a-1"),
    ]


def test_columns_that_were_not_delivered_keep_their_value(company: Company) -> None:
    company.deliver("a-1", "order_line", [line("O1", 1, 10, ship_mode="标准级", quantity=2)])
    company.deliver("b-1", "order_line", [{"order_id": "O1", "line_no": 1, "quantity": 3}])
    assert company.rows("order_line", "amount", "ship_mode", "quantity") == [(Decimal(10), "标准级", Decimal(3))]


def test_a_blank_cell_of_a_delivered_column_empties_the_value(company: Company) -> None:
    company.deliver("a-1", "order_line", [line("O1", 1, 10, ship_mode="标准级")])
    counts = company.deliver("b-1", "order_line", [line("O1", 1, 10, ship_mode=None)])
    assert counts == Counts(received=1, replaced=1)
    assert company.rows("order_line", "ship_mode") == [(None,)]


def test_rows_identical_to_what_is_there_change_nothing(company: Company) -> None:
    rows = [line("O1", 1, 10), line("O1", 2, 20), line("O1", 2, 20)]
    company.deliver("a-1", "order_line", rows)
    before, superseded = company.tables(), company.superseded()
    assert company.deliver("b-1", "order_line", rows) == Counts(received=3, unchanged=3)
    assert (company.tables(), company.superseded()) == (before, superseded)


def test_an_old_delivery_received_again_does_not_bring_back_what_was_corrected(company: Company) -> None:
    company.deliver("a-1", "order_line", [line("O1", 1, 10), line("O2", 1, 7)])
    company.deliver("b-1", "order_line", [line("O1", 1, 99)])
    before = company.tables()
    counts = company.deliver("a-1.2", "order_line", [line("O1", 1, 10), line("O2", 1, 7)])  # the same bytes again
    assert counts == Counts(received=2, unchanged=2)
    assert company.tables() == before
    # Other bytes that say the same are a correction of the correction.
    assert company.deliver("c-1", "order_line", [line("O1", 1, 10)]) == Counts(received=1, replaced=1)
    assert amounts(company)[0][:3] == ("O1", 1, Decimal(10))


def test_a_delivery_is_not_taken_for_one_whose_id_begins_alike(company: Company) -> None:
    company.deliver("a-1", "order_line", [line("O1", 1, 10)])
    company.deliver("b-1", "order_line", [line("O1", 1, 99)])
    assert company.deliver("a-10", "order_line", [line("O1", 1, 10)]) == Counts(received=1, replaced=1)


CUSTOMER = {"customer_id": "C1", "name": "东方机械"}


def test_a_secondary_record_adds_and_fills_but_never_overwrites_a_primary_value(company: Company) -> None:
    company.deliver("a-1", "customer", [{**CUSTOMER, "industry": "机械", "tier": None}])
    counts = company.deliver(
        "b-1",
        "customer",
        [
            {**CUSTOMER, "name": "东方", "industry": "制造", "tier": "A"},
            {"customer_id": "C2", "name": "新", "industry": None, "tier": None},
        ],
        primary=False,
    )
    assert counts == Counts(received=2, inserted=1, replaced=1)
    assert company.rows("customer", "customer_id", "name", "industry", "tier", "_primary") == [
        ("C1", "东方机械", "机械", "A", True),
        ("C2", "新", None, None, False),
    ]


def test_a_later_secondary_record_corrects_an_earlier_one(company: Company) -> None:
    company.deliver("a-1", "customer", [{**CUSTOMER, "tier": None}])
    company.deliver("b-1", "customer", [{**CUSTOMER, "tier": "A"}], primary=False)
    company.deliver("c-1", "customer", [{**CUSTOMER, "tier": "B"}], primary=False)
    company.deliver("d-1", "customer", [{**CUSTOMER, "tier": None}], primary=False)
    assert company.rows("customer", "name", "tier") == [("东方机械", "B")]


@pytest.mark.parametrize("names", [("C1", "东方机械"), ("东方机械", "C1")])
def test_a_sheet_that_knows_only_the_number_does_not_take_the_name_away(
    company: Company, names: tuple[str, str]
) -> None:
    for batch, name in zip(("a-1", "b-1"), names, strict=True):
        company.deliver(batch, "customer", [{"customer_id": "C1", "name": name}], primary=False)
    assert company.rows("customer", "customer_id", "name") == [("C1", "东方机械")]


def test_a_primary_list_that_leaves_a_cell_blank_does_not_fight_the_records_that_fill_it(company: Company) -> None:
    """The customer list comes every day without the tier, the order export every day with it."""
    listed, mentioned = [{**CUSTOMER, "tier": None}], [{**CUSTOMER, "tier": "A"}]
    company.deliver("a-1", "customer", listed)
    company.deliver("b-1", "customer", mentioned, primary=False)
    before = company.tables()
    assert company.deliver("c-1", "customer", listed) == Counts(received=1, unchanged=1)
    assert company.deliver("d-1", "customer", mentioned, primary=False) == Counts(received=1, unchanged=1)
    assert company.tables() == before
    company.deliver("e-1", "customer", [{**CUSTOMER, "tier": "C"}])  # but what it does say, it decides
    company.deliver("f-1", "customer", mentioned, primary=False)
    assert company.rows("customer", "tier") == [("C",)]


@pytest.mark.parametrize("primary_first", [True, False])
def test_the_order_of_primary_and_secondary_does_not_matter(company: Company, primary_first: bool) -> None:
    deliveries: list[tuple[str, list[dict[str, object]], bool]] = [
        ("a-1", [{**CUSTOMER, "industry": "机械", "tier": None}], True),
        ("b-1", [{**CUSTOMER, "name": "东方", "industry": "制造", "tier": "A"}], False),
    ]
    for batch, rows, primary in deliveries if primary_first else reversed(deliveries):
        company.deliver(batch, "customer", rows, primary=primary)
    assert company.rows("customer", "name", "industry", "tier", "_primary") == [("东方机械", "机械", "A", True)]


def test_records_of_one_sheet_complete_one_another(company: Company) -> None:
    counts = company.deliver(
        "a-1",
        "customer",
        [
            {**CUSTOMER, "industry": "机械", "tier": None},
            {**CUSTOMER, "industry": None, "tier": "A"},
            {**CUSTOMER, "industry": None, "tier": "B"},
        ],
        primary=False,
    )
    assert counts == Counts(received=3, inserted=1, superseded=2)
    assert company.rows("customer", "industry", "tier") == [("机械", "B")]


def test_a_key_that_was_delivered_as_a_name_is_still_the_same_key(company: Company) -> None:
    stock = [{"snapshot_date": DAY, "product_id": "扳手", "warehouse": "main", "quantity": 5}]
    company.deliver("a-1", "product", [{"product_id": "P1", "name": "扳手"}])
    company.deliver("b-1", "inventory_snapshot", stock)
    assert company.rows("inventory_snapshot", "product_id") == [("P1",)]
    assert company.deliver("c-1", "inventory_snapshot", stock) == Counts(received=1, unchanged=1)
    assert company.deliver("d-1", "inventory_snapshot", [{**stock[0], "quantity": 6}]) == Counts(received=1, replaced=1)
    assert company.rows("inventory_snapshot", "product_id", "quantity") == [("P1", Decimal(6))]
