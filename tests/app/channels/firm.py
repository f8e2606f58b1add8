"""A firm whose budgets were set freely each month, so that its history tells what more of them brings.

Two channels over the 36 months 2023-11 … 2026-10: gross profit of a month = 50,000 + slope × expense (+ up to 60 of noise), with
slope 0.5 for 分销 and 3 for 电商. 分销 sells in 华东 (even months) and 华南 (odd ones), 电商 only in 华东; 西北 has a market and
no sales. One invoice in two of 电商 was paid late, none of 分销.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from salesloop.engine.store import Workspace
from tests.app.company import NOW
from tests.made_up import made_up

SLOPES = {"CH1": 0.5, "CH2": 3.0}
STARTS = [dt.date(2023 + (10 + m) // 12, (10 + m) % 12 + 1, 1) for m in range(36)]


def budget(channel: str, month: int) -> int:
    """What somebody decided to spend: 6,000 to 14,000, in no step with sales."""
    return 10_000 + 800 * ((month * 7) % 11 - 5 if channel == "CH1" else (month * 5) % 13 - 6)


def revenue(month: int) -> int:
    return 200_000 + 5_000 * (month % 12)


def _orders() -> list[list[object]]:
    rows: list[list[object]] = [
        [
            "order_id",
            "order_date",
            "customer_id",
            "channel_id",
            "region_id",
            "amount",
            "cost",
            "status",
            "due_date",
            "shipped_at",
        ]
    ]
    for month, start in enumerate(STARTS):
        for channel, slope in SLOPES.items():
            profit = 50_000 + slope * budget(channel, month) + 20 * ((month * 3) % 7 - 3)
            region = "R2" if channel == "CH1" and month % 2 else "R1"
            day = start + dt.timedelta(days=9)
            late = dt.timedelta(days=3 if channel == "CH2" and month % 2 else 1)
            rows.append(
                [f"{channel}-{month}", day, f"K{channel[-1]}", channel, region, revenue(month), revenue(month) - profit,
                 "completed", day + dt.timedelta(days=2), day + late]
            )  # fmt: skip
    return rows


def _tables() -> dict[str, list[list[object]]]:
    expenses = [
        [f"F{channel}-{month}", start + dt.timedelta(days=4), channel, "channel_fee", budget(channel, month)]
        for month, start in enumerate(STARTS)
        for channel in SLOPES
    ]
    sizes: list[list[object]] = [["2025-11-22", "2026-11-21", region, 10_000_000] for region in ("R1", "R2", "R3")]
    return {
        "channel": [["channel_id", "name", "type", "partner_level"], ["CH1", "分销", "经销", "金牌"], ["CH2", "电商", "线上", ""]],
        "region": [["region_id", "name"], ["R1", "华东"], ["R2", "华南"], ["R3", "西北"]],
        "customer": [["customer_id", "name", "channel_id", "region_id"], ["K1", "华星电子", "CH1", "R1"], ["K2", "远大物流", "CH2", "R1"]],
        "order_line": _orders(),
        "selling_expense": [["expense_id", "expense_date", "channel_id", "type", "amount"], *expenses],
        "receivable": [
            ["invoice_id", "invoice_date", "due_date", "settled_date", "customer_id", "amount", "paid_amount"],
            ["I1", "2026-08-01", "2026-09-01", "2026-08-30", "K1", 100, 100],
            ["I2", "2026-08-01", "2026-09-01", "2026-09-01", "K2", 100, 100],
            ["I3", "2026-08-01", "2026-09-01", "2026-09-20", "K2", 100, 100],
        ],
        "ticket": [
            ["ticket_id", "type", "opened_at", "first_reply_at", "customer_id", "description"],
            ["T1", "complaint", "2026-10-02 09:00", "2026-10-03 09:00", "K1", "发货太慢，客户等了三天"],
        ],
        "market_size": [
            ["period_start", "period_end", "region_id", "amount"],
            *sizes,
        ],
    }  # fmt: skip


def build_firm(folder: Path) -> Workspace:
    """The firm's workspace, imported."""
    return made_up(folder, "渠道样例", _tables(), NOW)
