"""Unreadable cells that a metric needs come to the steward, the ones that most metrics need first."""

from __future__ import annotations

from pathlib import Path

import pytest

from salesloop.engine.metrics.registry import load_registry
from salesloop.engine.pipeline.doubts import needed_cells
from salesloop.engine.pipeline.undo import undo_import
from salesloop.engine.store import Workspace
from tests.engine.pipeline.files import NOW, bring, write_csv

HEADER = ("订单号", "行号", "订单日期", "客户名称", "产品名称", "数量", "金额", "成本", "发货时间", "配送方式")
SOUND = [[f"S{n}", 1, "2026-03-01", "东方机械", "扳手", "2", "100", "60", "2026-03-02", "顺丰"] for n in range(3, 9)]
ROWS = [
    ["S1", 1, "2026-03-01", "东方机械", "扳手", "若干", "100", "60", "2026-03-02", "顺丰"],
    ["S2", 1, "2026-03-01", "东方机械", "扳手", "2", "200", "待定", "2026-02-30", "#REF!"],
    *SOUND,
]


@pytest.mark.requirement("C01", "B16")
def test_cells_that_metrics_need_are_listed_until_they_are_settled(tmp_path: Path) -> None:
    workspace = Workspace.create(tmp_path / "w")
    registry = load_registry(None, workspace.model)
    report = bring(workspace, write_csv(tmp_path / "销售订单.csv", HEADER, ROWS))
    found = needed_cells(workspace.current(), registry)
    by_field = {cell.field: cell for cell in found}
    assert set(by_field) == {"quantity", "cost", "shipped_at"}  # nothing is computed from the way of shipping
    assert (by_field["cost"].row, by_field["cost"].column, by_field["cost"].value) == (3, "成本", "待定")
    assert by_field["cost"].reason == "unreadable_money"
    assert {"gross_margin", "gross_profit"} <= set(by_field["cost"].metrics)
    assert [len(cell.metrics) for cell in found] == sorted((len(cell.metrics) for cell in found), reverse=True)
    assert needed_cells(workspace.current(), registry, limit=1, offset=1) == found[1:2]

    undo_import(workspace, report.batches[0].batch_id, now=NOW)
    assert needed_cells(workspace.current(), registry) == []
    mended = [[*row[:7], "120", *row[8:]] if row[0] == "S2" else row for row in ROWS]
    bring(workspace, write_csv(tmp_path / "销售订单2.csv", HEADER, mended))
    assert {cell.field for cell in needed_cells(workspace.current(), registry)} == {"quantity", "shipped_at"}
