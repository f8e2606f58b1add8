"""A firm whose customers buy exactly as the BG/NBD and gamma-gamma models say, so that what is learnt can be compared with the truth.

400 customers K000 … K399 first bought in the two years to 2026-11-21. K000 … K199 belong to 张伟 (E12) in 华东, the others to
刘洋 (E21) in 华南. Cost is 60 % of each amount, so the margin is 0.4. New customers cost 400,000 in the last 365 days.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np

from salesloop.engine.analyze.predict.lifetime.bgnbd import BgNbd
from salesloop.engine.analyze.predict.lifetime.gamma_gamma import GammaGamma
from salesloop.engine.store import Workspace
from tests.made_up import made_up

TODAY = dt.date(2026, 11, 21)
NOW = dt.datetime(2026, 11, 21, 9, 30, tzinfo=dt.timezone(dt.timedelta(hours=8)))
BUYING = BgNbd(r=1.2, alpha=8.0, a=0.8, b=4.0)
SPENDING = GammaGamma(p=6.0, q=4.0, gamma=1500.0)
CUSTOMERS = 400


def build_buyers(folder: Path) -> Workspace:
    """The firm's workspace, imported."""
    return made_up(folder, "回头客样例", _tables(), NOW)


def purchase_weeks(rng: np.random.Generator, age: float, model: BgNbd = BUYING) -> list[float]:
    """The weeks after the first purchase in which one customer buys again, by the story that the model tells."""
    rate, leaving = rng.gamma(model.r, 1 / model.alpha), rng.beta(model.a, model.b)
    weeks: list[float] = []
    now = 0.0
    while True:
        now += rng.exponential(1 / rate)
        if now > age:
            return weeks
        weeks.append(now)
        if rng.random() < leaving:
            return weeks


def _tables() -> dict[str, list[list[object]]]:
    rng = np.random.default_rng(20_050_101)
    customers: list[list[object]] = [["customer_id", "name", "segment", "region_id", "employee_id"]]
    orders: list[list[object]] = [
        ["order_id", "order_date", "customer_id", "employee_id", "region_id", "amount", "cost", "status"]
    ]
    for number in range(CUSTOMERS):
        east = number < CUSTOMERS // 2
        owner, region = ("E12", "R1") if east else ("E21", "R2")
        key = f"K{number:03}"
        customers.append([key, f"客户{number:03}", "大客户" if number % 4 == 0 else "小客户", region, owner])
        age = float(rng.uniform(1, 104))
        mean = rng.gamma(SPENDING.q, 1 / SPENDING.gamma)
        first = TODAY - dt.timedelta(days=int(age * 7))
        days = sorted(
            {first, *(first + dt.timedelta(days=int(week * 7) + 1) for week in purchase_weeks(rng, age - 0.3))}
        )
        for day in days:
            amount = round(float(rng.gamma(SPENDING.p, 1 / mean)), 2) + 1
            orders.append([f"SO{len(orders)}", day, key, owner, region, amount, round(amount * 0.6, 4), "completed"])
    return {
        "org_unit": [["org_unit_id", "name", "parent_id", "manager_id"], ["D1", "华东大区", "", "E10"], ["D2", "华南大区", "", "E20"]],
        "employee": [
            ["employee_id", "name", "org_unit_id", "manager_id"],
            ["E10", "李静", "D1", ""],
            ["E12", "张伟", "D1", "E10"],
            ["E20", "陈强", "D2", ""],
            ["E21", "刘洋", "D2", "E20"],
        ],
        "region": [["region_id", "name"], ["R1", "华东"], ["R2", "华南"]],
        "customer": customers,
        "order_line": orders,
        "marketing_spend": [
            ["spend_date", "region_id", "type", "amount"],
            ["2026-06-01", "R1", "广告", "200000"],
            ["2026-06-01", "R2", "广告", "100000"],
        ],
        "selling_expense": [
            ["expense_id", "expense_date", "region_id", "type", "amount"],
            ["F1", "2026-07-01", "R1", "travel", "100000"],
        ],
    }  # fmt: skip
