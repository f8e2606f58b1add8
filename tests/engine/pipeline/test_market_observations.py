"""What a company sees on its market comes in as a list like any other, and is counted by kind and competitor."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from salesloop.engine.metrics import Query, load_registry, run
from salesloop.engine.metrics.warehouse import warehouse
from salesloop.engine.model.scope import Scope
from salesloop.engine.pipeline import ImportRequest, import_files
from salesloop.engine.store import Workspace

NOW = dt.datetime(2026, 11, 21, 10, 0, tzinfo=dt.UTC)
LIST = """观察日期,情报类型,竞争对手,地区,观察内容,观察值,可信度,失效日期,信息来源
2026/11/3,降价,远航,华东,远航 X3 下调到 1.2 万元,1.2万,80%,2027-02-01,经销商
11月5日,政策,,,数字化补贴延长到年底,,95%,2026-12-31,政府网站
2026-11-12,新品,远航,,远航发布 A3 机型,,60%,,行业媒体
2026-11-20,需求,,华南,小企业采购转淡,-5.5,很高,,客户访谈
2026-11-20,促销,联创,,联创买一送一,,70%,2026-11-01,门店
"""


@pytest.mark.requirement("B06")
def test_observations_are_recognised_read_and_counted(tmp_path: Path) -> None:
    """Three lines are read as they stand. One states a day without a year and one expires before it was seen: both wait.

    A credibility that cannot be read is emptied and shown; nobody guesses how much 很高 is.
    """
    file = tmp_path / "市场观察.csv"
    file.write_text(LIST, "utf-8")
    workspace = Workspace.create(tmp_path / "workspace")
    report = import_files(workspace, [ImportRequest(file)], now=NOW)
    counts = report.batches[0].entities["market_observation"]
    assert counts.reconciles
    assert (counts.received, counts.inserted, counts.quarantined) == (5, 3, 2)
    snapshot = workspace.current()
    (price,) = snapshot.rows("SELECT * FROM market_observation WHERE kind = 'price'")
    assert (price["value"], price["credibility"], price["expires_on"]) == (12000, 0.8, dt.date(2027, 2, 1))
    assert snapshot.rows("SELECT value, reason FROM ledger.cell") == [{"value": "很高", "reason": "unreadable_percent"}]
    registry = load_registry(workspace.path, workspace.model)
    query = Query(("market_observations",), by=("observation_kind",), start=dt.date(2026, 11, 1), end=NOW.date())
    answer = run(warehouse(workspace), registry, query, Scope.all(), today=NOW.date()).table.to_pylist()
    assert {row["observation_kind"]: row["market_observations"] for row in answer} == {
        "price": 1,
        "product": 1,
        "demand": 1,
    }
