"""Real exports come in through the command line with nothing lost; sums are those of the data's README."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from salesloop.engine.store import Workspace
from salesloop.engine.store.doctor import examine
from tests.real.conftest import Imports

WORKSPACES = [
    "ws_crm",
    "ws_superstore_cn",
    "ws_superstore_en",
    "ws_northwind",
    "ws_cn_orders",
    "ws_cn_logistics",
    "ws_adventureworks",
]


def one(workspace: Path, sql: str) -> tuple[Any, ...]:
    (row,) = Workspace.open(workspace).current().rows(sql)
    return tuple(row.values())


def table(workspace: Path, sql: str) -> list[tuple[Any, ...]]:
    return [tuple(row.values()) for row in Workspace.open(workspace).current().rows(sql)]


@pytest.mark.requirement("AC03")
@pytest.mark.parametrize("name", WORKSPACES)
def test_every_received_row_is_accounted_for(name: str, imports: Imports, request: pytest.FixtureRequest) -> None:
    path = request.getfixturevalue(name)
    workspace = Workspace.open(path)
    for answer in imports.answers[path]:
        for batch in answer["batches"]:
            for counts in batch["entities"]:
                assert counts["received"] == counts["accepted"] + counts["quarantined"] + counts["unchanged"]
                assert counts["accepted"] == counts["inserted"] + counts["replaced"] + counts["superseded"]
    for entity in workspace.model.entities:
        received = f"SELECT coalesce(sum(inserted), 0)::BIGINT FROM ledger.counts WHERE entity = '{entity.name}'"
        # A return of a whole order is published line by line, and set aside as it was delivered.
        apart = "WHERE (_batch, _row) NOT IN (SELECT (record ->> '_batch', CAST(record ->> '_row' AS BIGINT)) FROM ledger.shadowed WHERE entity = 'return_line')"
        here = f'SELECT count(*) FROM "{entity.name}" {apart if entity.name == "return_line" else ""}'
        aside = f"SELECT count(*) FROM ledger.shadowed WHERE entity = '{entity.name}'"
        assert one(path, f"SELECT ({here}) + ({aside})") == one(path, received)
    assert {diagnosis.state for diagnosis in examine(workspace)} == {"ok"}


def test_crm(ws_crm: Path) -> None:
    assert table(ws_crm, "SELECT stage, count(*) FROM opportunity GROUP BY ALL ORDER BY ALL") == [
        ("Engaging", 1589),
        ("Lost", 2473),
        ("Prospecting", 500),
        ("Won", 4238),
    ]
    assert one(ws_crm, "SELECT sum(amount) FROM opportunity WHERE status = 'won'") == (Decimal(10_005_534),)
    assert one(ws_crm, "SELECT count(*) FROM opportunity WHERE customer_id IS NULL") == (1425,)
    assert one(ws_crm, "SELECT count(*) FROM opportunity WHERE created_date IS NULL") == (500,)
    # GTXPro is not GTX Pro: it stays visible as a product of its own until a person says otherwise.
    assert one(ws_crm, "SELECT count(*) FROM opportunity WHERE product_id = 'GTXPro'") == (1480,)
    assert one(ws_crm, "SELECT count(*) FROM employee WHERE _primary") == (35,)
    assert one(ws_crm, "SELECT count(*) FROM customer") == (85,)
    # Every deal has the office of its agent.
    assert table(ws_crm, "SELECT org_unit_id, count(*) FROM opportunity GROUP BY ALL ORDER BY ALL") == [
        ("Central", 3512),
        ("East", 2291),
        ("West", 2997),
    ]


def test_superstore_cn(ws_superstore_cn: Path) -> None:
    sums = "SELECT sum(amount), sum(profit), sum(quantity)::INT, count(DISTINCT order_id), count(DISTINCT customer_id), count(DISTINCT product_id)"
    assert one(ws_superstore_cn, f"{sums} FROM order_line") == (
        Decimal("16117548.237"),
        Decimal("2156559.517"),
        37675,
        2773,
        790,
        1955,
    )
    assert one(ws_superstore_cn, "SELECT count(DISTINCT order_id), sum(amount) FROM return_line") == (
        296,
        Decimal("1961954.995"),
    )
    by_region = "SELECT l2_name, round(sum(amount), 2) FROM order_line JOIN region_flat ON id = region_id GROUP BY ALL ORDER BY 2 DESC"
    assert table(ws_superstore_cn, by_region) == [
        ("华东", Decimal("4692464.99")),
        ("中南", Decimal("4147884.01")),
        ("东北", Decimal("2711223.39")),
        ("华北", Decimal("2447301.02")),
        ("西南", Decimal("1303124.51")),
        ("西北", Decimal("815550.32")),
    ]
    assert one(ws_superstore_cn, "SELECT count(*) FROM employee") == (6,)


def test_superstore_en(ws_superstore_en: Path) -> None:
    assert one(
        ws_superstore_en, "SELECT sum(amount), sum(profit), count(DISTINCT order_id), count(*) FROM order_line"
    ) == (
        Decimal("2297200.8603"),
        Decimal("286397.0217"),
        5009,
        9994,
    )
    assert one(ws_superstore_en, "SELECT sum(amount) FROM return_line") == (Decimal("180504.2779"),)
    by_year = "SELECT year(order_date), round(sum(amount), 2) FROM order_line GROUP BY ALL ORDER BY ALL"
    assert table(ws_superstore_en, by_year) == [
        (2014, Decimal("484247.50")),
        (2015, Decimal("470532.51")),
        (2016, Decimal("609205.60")),
        (2017, Decimal("733215.26")),
    ]


def test_northwind(ws_northwind: Path) -> None:
    assert one(
        ws_northwind,
        "SELECT sum(quantity * unit_price), sum(amount), count(DISTINCT order_id), "
        "count(DISTINCT order_id) FILTER (shipped_at IS NULL), "
        "count(DISTINCT order_id) FILTER (shipped_at::DATE > due_date) FROM order_line",
    ) == (Decimal("1354458.59"), Decimal("1265793.0395"), 830, 21, 37)
    assert one(ws_northwind, "SELECT count(*) FROM product WHERE category = 'Beverages'") == (12,)
    assert one(ws_northwind, "SELECT name FROM customer WHERE customer_id = 'ANATR'") == (
        "Ana Trujillo Emparedados y helados",
    )


def test_cn_orders(ws_cn_orders: Path, imports: Imports) -> None:
    assert imports.answers[ws_cn_orders][0]["batches"][0]["skipped"] == {"blank": 266}
    assert one(ws_cn_orders, "SELECT count(*), count(DISTINCT order_id), count(DISTINCT store) FROM order_line") == (
        3478,
        918,
        3,
    )


def test_cn_logistics(ws_cn_logistics: Path, imports: Imports) -> None:
    (batch,) = imports.answers[ws_cn_logistics][0]["batches"]
    (lines,) = [counts for counts in batch["entities"] if counts["entity"] == "order_line"]
    # 26 lines stand twice under one order and line number; two have no order number in their cell.
    assert (lines["received"], lines["inserted"], lines["superseded"], lines["quarantined"]) == (1161, 1133, 26, 2)
    assert one(ws_cn_logistics, "SELECT amount FROM order_line WHERE order_id = 'P096311'") == (Decimal("1052.75"),)
    assert one(ws_cn_logistics, "SELECT amount FROM order_line WHERE order_id = 'P096826'") == (Decimal(115000),)
    assert one(ws_cn_logistics, "SELECT count(*) FROM order_line WHERE quantity IS NULL")[0] >= 1


def test_adventureworks(ws_adventureworks: Path) -> None:
    by_kind = (
        "SELECT employee_id IS NOT NULL AS reseller, round(sum(amount), 2) FROM order_line GROUP BY ALL ORDER BY ALL"
    )
    assert table(ws_adventureworks, by_kind) == [(False, Decimal("29358677.22")), (True, Decimal("80450596.98"))]
    assert one(ws_adventureworks, "SELECT count(*), sum(value) FROM target") == (163, Decimal(95_714_000))
    assert one(ws_adventureworks, "SELECT count(*) FROM employee") == (296,)
    assert one(ws_adventureworks, "SELECT name, manager_id, org_unit_id FROM employee WHERE employee_id = '272'") == (
        "Stephen Jiang",
        "277",
        "Sales",
    )
    assert one(ws_adventureworks, "SELECT count(DISTINCT category) FROM product") == (4,)
    # Every reseller line belongs to the unit of its salesperson.
    assert one(
        ws_adventureworks, "SELECT count(*) FROM order_line WHERE employee_id IS NOT NULL AND org_unit_id <> 'Sales'"
    ) == (0,)
