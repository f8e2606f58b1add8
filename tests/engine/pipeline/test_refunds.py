"""A shop's orders with a column of refunds: what came back is a return, 0 and a blank are none."""

from __future__ import annotations

import csv
import datetime as dt
from decimal import Decimal
from pathlib import Path

import pytest

from salesloop.engine.pipeline import ImportRequest, import_files
from salesloop.engine.store import Workspace

NOW = dt.datetime(2026, 11, 21, tzinfo=dt.UTC)
HEAD = ["订单编号", "总金额", "买家实际支付金额", "订单创建时间", "订单付款时间", "退款金额"]
ROWS = [
    ["T1", "178.8", "0.0", "2026-11-01 10:00:00", "", "0.0"],
    ["T2", "21.0", "21.0", "2026-11-01 11:00:00", "2026-11-01 11:05:00", ""],
    ["T3", "129.9", "129.9", "2026-11-02 09:00:00", "2026-11-02 09:01:00", "59.9"],
    ["T4", "60", "60", "2026-11-02 10:00:00", "2026-11-02 10:02:00", "0"],
]


@pytest.mark.requirement("B03")
def test_refunds_beside_orders_become_returns(tmp_path: Path) -> None:
    workspace = Workspace.create(tmp_path / "shop")
    file = tmp_path / "订单报表.csv"
    with file.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows([HEAD, *ROWS])
    (batch,) = import_files(workspace, [ImportRequest(file)], now=NOW).batches
    assert batch.entities["order_line"].inserted == 4
    assert workspace.current().rows("SELECT order_id, amount, return_date FROM return_line") == [
        {"order_id": "T3", "amount": Decimal("59.9"), "return_date": dt.date(2026, 11, 2)}
    ]
