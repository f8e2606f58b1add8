"""Cells that nobody could read come to the steward, who corrects them; the numbers follow."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.test import Client

from salesloop.app.jobs.worker import work_off
from salesloop.engine.collect.read import read_file
from salesloop.engine.pipeline import ImportRequest, import_files
from salesloop.engine.store import Workspace
from tests.app.company import NOW
from tests.app.html import read

Window = Callable[[str], Client]
HEADER = ["订单编号", "订单日期", "客户编码", "业务员工号", "金额", "成本金额"]
ROWS = [[f"SO-20{n}", "2026-11-18", "C1", "E12", "1000", "待定" if n == 3 else "600"] for n in range(9)]


@pytest.fixture
def doubtful(company: Workspace, tmp_path: Path, settings: LazySettings, transactional_db: None) -> Workspace:
    """The company after nine orders more; what the fourth cost, in row 5 of its file, cannot be read."""
    shutil.copytree(company.path, tmp_path / "own", ignore=shutil.ignore_patterns("writer.lock"))
    with (tmp_path / "订单.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([HEADER, *ROWS])
    store = Workspace.open(tmp_path / "own")
    import_files(store, [ImportRequest(tmp_path / "订单.csv")], now=NOW)
    settings.WORKSPACE = store.path
    return store


def cost(store: Workspace) -> object:
    return store.current().rows("SELECT cost FROM order_line WHERE order_id = 'SO-203'")[0]["cost"]


@pytest.mark.requirement("C01", "C03")
def test_a_cell_is_corrected_where_it_stands(as_: Window, doubtful: Workspace) -> None:
    window = as_("steward")
    page = read(window.get("/quality/cells/"))
    (doubt,) = page.one("ul", class_="mend").all("li")
    assert "成本金额 待定" in doubt.text
    assert "订单.csv · 第 5 行" in doubt.text
    assert "毛利" in doubt.text
    assert cost(doubtful) is None
    form = {one.attributes["name"]: one.attributes.get("value", "") for one in doubt.all("input")}
    answer = window.post("/quality/cells/correct/", form | {"value": "600 元"})
    assert answer.status_code == 302
    work_off()
    assert window.get(answer["Location"])["Location"] == "/quality/cells/"
    assert cost(doubtful) == 600
    assert read(window.get("/quality/cells/")).all("ul", class_="mend") == []


@pytest.mark.requirement("C03")
def test_a_cell_that_should_be_blank_is_cleared(as_: Window, doubtful: Workspace) -> None:
    window = as_("steward")
    (doubt,) = read(window.get("/quality/cells/")).one("ul", class_="mend").all("li")
    form = {one.attributes["name"]: one.attributes.get("value", "") for one in doubt.all("input")}
    assert window.post("/quality/cells/correct/", form | {"clear": "1"}).status_code == 302
    work_off()
    assert cost(doubtful) is None
    assert read(window.get("/quality/cells/")).all("ul", class_="mend") == [], "a blank is no doubt"
    repairs = doubtful.current().rows("SELECT before, after FROM ledger.repair WHERE rule = 'corrected'")
    assert repairs == [{"before": "待定", "after": ""}]


@pytest.mark.parametrize(
    "changes", [{"row": "4"}, {"row": "x"}, {"column": "金额"}, {"batch": "no' OR '1'='1"}, {"value": " "}]
)
def test_nothing_else_can_be_changed_this_way(as_: Window, doubtful: Workspace, changes: dict[str, str]) -> None:
    (batch,) = {row["batch_id"] for row in doubtful.current().rows("SELECT batch_id FROM ledger.cell")}
    form = {"batch": batch, "row": "5", "column": "成本金额", "value": "600"}
    assert as_("steward").post("/quality/cells/correct/", form | changes).status_code == 422


@pytest.mark.requirement("C03", "AF01")
def test_the_correction_file_names_the_cell_in_the_words_of_its_source(
    as_: Window, doubtful: Workspace, tmp_path: Path
) -> None:
    answer = as_("steward").get("/quality/corrections.xlsx")
    path = tmp_path / "corrections.xlsx"
    path.write_bytes(answer.content)
    lines = read_file(path).tables[0].data.to_pylist()
    assert any({"成本金额", "待定", "5"} <= {str(cell) for cell in line.values()} for line in lines)
