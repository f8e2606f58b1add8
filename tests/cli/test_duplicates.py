"""`salesloop duplicates`: from the import that finds them to the export of the crosswalk."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.run import Answer, salesloop
from tests.engine.pipeline.files import write_csv

CUSTOMERS = [
    ["C1", "上海华信机械设备有限公司", "021-58881234"],
    ["C2", "上海華信机械设备有限公司", "021-58881234"],
    ["C3", "北京东方电子有限公司", ""],
]
ORDERS = [["A1", 1, "2026-03-01", "C1", 100], ["A2", 1, "2026-03-02", "C2", 50], ["A3", 1, "2026-03-03", "C3", 7]]


def imported(folder: Path) -> tuple[Path, Answer]:
    """A workspace with three customers, one of them twice, and what the import of the customers answered."""
    workspace = folder / "公司"
    customers = write_csv(folder / "客户.csv", ["客户编码", "客户名称", "电话"], CUSTOMERS)
    orders = write_csv(folder / "订单.csv", ["订单号", "行号", "订单日期", "客户编码", "金额"], ORDERS)
    assert salesloop("init", workspace).code == 0
    first = salesloop("-w", workspace, "import", customers, "--yes", "--format", "json")
    assert salesloop("-w", workspace, "import", orders, "--yes", "--format", "json").code == 0
    return workspace, first


@pytest.fixture(scope="module")
def untouched(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """For what changes nothing."""
    return imported(tmp_path_factory.mktemp("duplicates"))[0]


@pytest.mark.requirement("C02", "B20")
def test_found_merged_exported_and_taken_back(tmp_path: Path) -> None:
    workspace, first = imported(tmp_path)
    assert first.json["duplicates"]["entities"]["customer"] == {"records": 3, "sure": 1, "ask": 0, "too_many": False}
    (waiting,) = salesloop("-w", workspace, "duplicates", "list", "--format", "json", "--lang", "en").json
    assert (waiting["entity"], waiting["ids"], waiting["sure"]) == ("customer", ["C1", "C2"], True)
    assert any("58881234" in reason for reason in waiting["evidence"])

    def asked() -> dict[str, object]:
        answer = salesloop("-w", workspace, "query", "revenue,active_customers", "--format", "json")
        (row,) = answer.json["rows"]
        return dict(row)

    before = asked()
    merged = salesloop(
        "-w", workspace, "duplicates", "merge", "customer", "C1", "C2", "--why", "同一电话", "--format", "json"
    )
    assert merged.code == 0, merged.err
    assert (before["active_customers"], asked()["active_customers"]) == (3, 2)
    assert asked()["revenue"] == before["revenue"]
    assert salesloop("-w", workspace, "duplicates", "list", "--format", "json").json == []
    shown = salesloop("-w", workspace, "duplicates", "show", "customer", "C1", "--format", "json").json
    assert [(side["id"], side["canonical_id"]) for side in shown] == [("C1", "C1"), ("C2", "C1")]
    assert salesloop("-w", workspace, "duplicates", "export", tmp_path / "对照.csv", "--lang", "en").code == 0
    lines = (tmp_path / "对照.csv").read_text("utf-8-sig").splitlines()
    assert [line.split(",")[2:5] for line in lines] == [
        ["ID", "Name", "Merged into (ID)"],
        ["C2", CUSTOMERS[1][1], "C1"],
    ]
    taken_back = salesloop("-w", workspace, "duplicates", "split", merged.json["decision"], "--format", "json")
    assert taken_back.code == 0, taken_back.err
    assert asked() == before
    (decision,) = salesloop("-w", workspace, "duplicates", "history", "--format", "json").json
    assert (decision["verdict"], decision["why"], decision["undone"]) == ("same", "同一电话", True)
    assert salesloop("-w", workspace, "duplicates", "reject", "customer", "C1", "C2").code == 0
    assert salesloop("-w", workspace, "duplicates", "find", "--all", "--lang", "en").code == 0
    assert "Nothing waits" in salesloop("-w", workspace, "duplicates", "list", "--lang", "en").out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["merge", "customer", "C1", "C9"], "C9"),
        (["merge", "customer", "C1"], "two"),
        (["merge", "order_line", "A1", "A2"], "merged"),
        (["merge", "customer", "C1", "C2", "--keep", "C3"], "C3"),
        (["split", "nothing"], "nothing"),
        (["export", "crosswalk.pdf"], "xlsx"),
    ],
)
def test_a_mistake_is_named(untouched: Path, arguments: list[str], said: str) -> None:
    answer = salesloop("-w", untouched, "--lang", "en", "duplicates", *arguments)
    assert (answer.code, answer.out) == (2, "")
    assert said in answer.err
