"""A small company with numbers that can be checked by hand: two departments, four people, eighteen months of orders."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import Any

from tests.engine.metrics.world import World

NOW = dt.datetime(2026, 11, 18, 1, 30, tzinfo=dt.UTC)
"""Wednesday of week 47, 09:30 in Shanghai."""
FIRST_WEEK = dt.date(2025, 6, 2)
WEEKS = 77
"""Weeks with orders: 2025-W23 up to and with the running 2026-W47."""

ORG = [
    {"org_unit_id": "D0", "name": "销售中心"},
    {"org_unit_id": "D1", "name": "华东大区", "parent_id": "D0"},
    {"org_unit_id": "D2", "name": "华南大区", "parent_id": "D0"},
    {"org_unit_id": "T1", "name": "上海一部", "parent_id": "D1"},
    {"org_unit_id": "T2", "name": "杭州部", "parent_id": "D1"},
    {"org_unit_id": "T3", "name": "深圳部", "parent_id": "D2"},
]
PEOPLE = {"E1": ("张伟", "T1"), "E2": ("王芳", "T1"), "E3": ("李娜", "T2"), "E4": ("陈强", "T3"), "E5": ("赵敏", "T3")}
REGIONS = [
    {"region_id": "R0", "name": "中国"},
    {"region_id": "R1", "name": "华东", "parent_id": "R0"},
    {"region_id": "R2", "name": "华南", "parent_id": "R0"},
]
CHANNELS = [{"channel_id": "C1", "name": "直销"}, {"channel_id": "C2", "name": "分销"}]
PRODUCTS = [
    {"product_id": "P1", "name": "激光打印机 L200", "category": "打印设备"},
    {"product_id": "P2", "name": "机架服务器 R5", "category": "服务器"},
    {"product_id": "P3", "name": "=HYPERLINK(1)", "category": "配件"},
]


def amount(week: int, person: int) -> Decimal:
    """What a person sells in a week: growing, with a season, and cents."""
    season = (0, 3, 7, 4, -2, -6)[week % 6]
    return Decimal(40_000 + 600 * week + 2_000 * season + 9_000 * person) + Decimal("0.37") * (week + person)


def orders() -> list[dict[str, Any]]:
    rows = []
    for week in range(WEEKS):
        for number, (employee, (_, unit)) in enumerate(PEOPLE.items()):
            day = FIRST_WEEK + dt.timedelta(weeks=week, days=number % 3)
            total = amount(week, number)
            rows.append(
                {
                    "order_id": f"O{week:03d}{employee}", "line_no": 1, "order_date": day, "customer_id": f"K{number % 4}",
                    "product_id": f"P{number % 3 + 1}", "employee_id": employee, "org_unit_id": unit,
                    "channel_id": "C1" if number % 2 else "C2", "region_id": "R1" if number < 3 else "R2",
                    "quantity": 10 + number, "amount": total, "cost": (total * Decimal("0.68")).quantize(Decimal("0.01")),
                    "currency": "CNY",
                }
            )  # fmt: skip
    return rows


def payments() -> list[dict[str, Any]]:
    return [
        {
            "payment_id": f"Z{week:03d}", "paid_date": FIRST_WEEK + dt.timedelta(weeks=week, days=1), "customer_id": "K1",
            "employee_id": "E1", "org_unit_id": "T1", "amount": Decimal(150_000 + 500 * week), "currency": "CNY",
        }
        for week in range(WEEKS)
    ]  # fmt: skip


def opportunities() -> list[dict[str, Any]]:
    rows = []
    for week in range(WEEKS):
        for number, won in enumerate((True, True, week % 4 != 0)):
            closed = FIRST_WEEK + dt.timedelta(weeks=week, days=number % 2)
            rows.append(
                {
                    "opportunity_id": f"X{week:03d}{number}", "customer_id": "K1", "employee_id": "E1", "org_unit_id": "T1",
                    "stage": "won" if won else "lost", "status": "won" if won else "lost", "amount": Decimal(90_000),
                    "currency": "CNY", "created_date": closed - dt.timedelta(days=40), "close_date": closed,
                }
            )  # fmt: skip
    return rows


def targets() -> list[dict[str, Any]]:
    """Monthly, for both departments; the company's target is their sum."""
    first = [dt.date(year, month, 1) for year in (2025, 2026) for month in range(1, 13)]
    return [
        {"org_unit_id": unit, "period_start": day, "period": "month", "value": value, "currency": "CNY", "version": "1"}
        for day in first
        for unit, value in (("D1", Decimal(1_200_000)), ("D2", Decimal(900_000)))
    ]


def company(folder: Path, **settings: Any) -> World:
    employees = [{"employee_id": key, "name": name, "org_unit_id": unit} for key, (name, unit) in PEOPLE.items()]
    return World(
        folder,
        {"name": "示例科技", **settings},
        org_unit=ORG,
        employee=employees,
        region=REGIONS,
        channel=CHANNELS,
        product=PRODUCTS,
        customer=[{"customer_id": f"K{number}", "name": f"客户{number}", "region_id": "R1"} for number in range(4)],
        order_line=orders(),
        payment=payments(),
        opportunity=opportunities(),
        target=targets(),
    )
