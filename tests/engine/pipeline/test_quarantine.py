from __future__ import annotations

import csv
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from salesloop.engine.model.errors import UserError
from salesloop.engine.pipeline import Counts, drop_quarantine, retry_quarantine, undo_import
from salesloop.engine.pipeline.quarantine import export_waiting, read_corrections, waiting_groups, waiting_rows
from salesloop.engine.store import Workspace
from salesloop.engine.store.doctor import examine
from tests.engine.pipeline.files import NOW, ORDERS, bring, order, state, write_csv


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace.create(tmp_path / "company")


@pytest.fixture
def batch(workspace: Workspace, tmp_path: Path) -> str:
    """Five rows: two fine, three with a reason to wait."""
    rows = [
        order("A1", 1, 100),
        order("A1", 2, "很多"),
        order("A2", 1, 30),
        order("A3", 1, 40, day="2026-02-30"),
        order("", 1, 50),
    ]
    report = bring(workspace, write_csv(tmp_path / "订单.csv", ORDERS, rows))
    assert report.batches[0].entities["order_line"] == Counts(received=5, inserted=2, quarantined=3)
    assert report.batches[0].waiting == 3
    return report.batches[0].batch_id


def amounts(workspace: Workspace) -> dict[str, Decimal]:
    rows = workspace.current().rows("SELECT order_id || '/' || line_no AS id, amount FROM order_line ORDER BY id")
    return {row["id"]: row["amount"] for row in rows}


def test_every_waiting_row_has_its_reason_and_what_was_delivered(workspace: Workspace, batch: str) -> None:
    rows = waiting_rows(workspace.current(), batch)
    assert [(row.row, row.column, row.value) for row in rows] == [
        (3, "金额", "很多"),
        (5, "订单日期", "2026-02-30"),
        (6, "订单号", None),
    ]
    assert rows[0].raw["产品名称"] == "扳手"
    assert all("「" in row.message.text("zh-Hans") for row in rows)
    assert sum(group.rows for group in waiting_groups(workspace.current())) == 3


def test_exports_of_one_name_keep_their_own_mappings(workspace: Workspace, tmp_path: Path) -> None:
    """Two systems both call their export 订单: what waits of the second is retried by its own columns."""
    bring(workspace, write_csv(tmp_path / "订单.csv", ORDERS, [order(f"A{n}", 1, 100) for n in range(4)]))
    header = ("订单编号", "下单日期", "往来单位", "成交金额")
    rows = [[f"B{n}", "2026-03-02", "西部物流", "再议" if n == 2 else "100"] for n in range(8)]
    (tmp_path / "other").mkdir()
    report = bring(workspace, write_csv(tmp_path / "other" / "订单.csv", header, rows))
    assert (report.batches[0].mapping, report.batches[0].waiting) == ("订单 2", 1)
    retry_quarantine(workspace, report.batches[0].batch_id, now=NOW, corrections={4: {"成交金额": "70"}})
    assert amounts(workspace)["B2/1"] == 70


def test_the_same_delivery_again_does_not_fill_quarantine_twice(
    workspace: Workspace, batch: str, tmp_path: Path
) -> None:
    report = bring(workspace, tmp_path / "订单.csv")
    assert not report.published
    assert report.batches[0].entities["order_line"] == Counts(received=5, unchanged=5)
    assert report.batches[0].waiting == 3


@pytest.mark.parametrize("suffix", [".xlsx", ".csv"])
def test_rows_are_exported_corrected_and_let_in(workspace: Workspace, batch: str, tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"隔离{suffix}"
    assert export_waiting(workspace, batch, path, "zh-Hans") == 3
    if suffix == ".xlsx":
        book = openpyxl.load_workbook(path)
        sheet = book.active
        assert [cell.value for cell in sheet[1]][:3] == ["文件行号", "隔离原因", "订单号"]
        for cells in sheet.iter_rows(min_row=2):
            for cell in cells:
                cell.value = {"很多": "20", "2026-02-30": "2026-02-28"}.get(cell.value, cell.value)
        book.save(path)
    else:
        text = path.read_text("utf-8-sig").replace(",很多", ",20").replace(",2026-02-30,", ",2026-02-28,")
        path.write_text(text, "utf-8-sig")
    corrections = read_corrections(workspace, batch, path)
    assert corrections == {3: {"金额": "20"}, 5: {"订单日期": "2026-02-28"}}
    report = retry_quarantine(workspace, batch, corrections=corrections, now=NOW)
    assert report.batches[0].entities["order_line"] == Counts(received=5, inserted=2, unchanged=3)
    assert report.batches[0].waiting == 1
    assert amounts(workspace) == {"A1/1": 100, "A1/2": 20, "A2/1": 30, "A3/1": 40}
    statuses = workspace.current().rows("SELECT row, status, retried_by FROM ledger.quarantine ORDER BY row")
    again = report.batches[0].batch_id
    assert [tuple(row.values()) for row in statuses] == [
        (3, "retried", again),
        (5, "retried", again),
        (6, "open", None),
    ]
    repaired = workspace.current().rows(
        "SELECT row, column_name, before, after FROM ledger.repair WHERE rule = 'corrected'"
    )
    assert [tuple(row.values()) for row in repaired] == [
        (3, "金额", "很多", "20"),
        (5, "订单日期", "2026-02-30", "2026-02-28"),
    ]
    assert all(diagnosis.state == "ok" for diagnosis in examine(workspace))
    # The uncorrected file, received once more, does not undo the correction.
    assert not bring(workspace, tmp_path / "订单.csv").published
    assert amounts(workspace)["A1/2"] == 20


def test_undoing_a_retry_opens_the_rows_again(workspace: Workspace, batch: str) -> None:
    before = state(workspace)
    report = retry_quarantine(workspace, batch, corrections={3: {"金额": "20"}}, now=NOW)
    with pytest.raises(UserError):
        undo_import(workspace, batch, NOW)
    undo_import(workspace, report.batches[0].batch_id, NOW)
    assert state(workspace) == before
    assert [row.row for row in waiting_rows(workspace.current(), batch)] == [3, 5, 6]


def test_rows_pass_once_the_mapping_explains_their_values(workspace: Workspace, batch: str) -> None:
    path = next((workspace.path / "sources").glob("*.yaml"))
    path.write_text(path.read_text("utf-8") + "values:\n  order_line.amount: {很多: '999'}\n", "utf-8")
    report = retry_quarantine(workspace, batch, now=NOW)
    assert report.batches[0].entities["order_line"] == Counts(received=5, inserted=1, unchanged=4)
    assert amounts(workspace)["A1/2"] == 999


def test_a_retry_that_helps_nothing_changes_nothing(workspace: Workspace, batch: str) -> None:
    report = retry_quarantine(workspace, batch, now=NOW)
    assert not report.published
    assert report.batches[0].waiting == 3


def test_a_retried_row_keeps_its_place_in_its_order(workspace: Workspace, tmp_path: Path) -> None:
    """Line numbers that are counted in the file must not be counted anew among the retried rows."""
    header = ("订单号", "订单日期", "产品名称", "金额")
    rows = [["A1", "2026-03-01", "扳手", n] for n in (1, "?", 3, 4, 5, 6)]
    report = bring(workspace, write_csv(tmp_path / "销售明细.csv", header, rows))
    retry_quarantine(workspace, report.batches[0].batch_id, corrections={3: {"金额": "2"}}, now=NOW)
    assert amounts(workspace) == {f"A1/{n}": n for n in range(1, 7)}


def test_dropped_rows_stay_on_record(workspace: Workspace, batch: str) -> None:
    assert drop_quarantine(workspace, batch, NOW, rows=[6]) == 1
    assert [row.row for row in waiting_rows(workspace.current(), batch)] == [3, 5]
    assert [row.row for row in waiting_rows(workspace.current(), batch, status="dropped")] == [6]
    number = workspace.current().number
    assert drop_quarantine(workspace, batch, NOW, rows=[6]) == 0
    assert workspace.current().number == number
    assert all(diagnosis.state == "ok" for diagnosis in examine(workspace))


def test_a_wrong_correction_is_explained(workspace: Workspace, batch: str, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="价格"):
        retry_quarantine(workspace, batch, corrections={3: {"价格": "2"}}, now=NOW)
    with pytest.raises(UserError, match="99"):
        retry_quarantine(workspace, batch, corrections={99: {"金额": "2"}}, now=NOW)
    with pytest.raises(UserError, match="没有批次"):
        retry_quarantine(workspace, "nothing-1", now=NOW)
    with pytest.raises(UserError, match="xlsx"):
        export_waiting(workspace, batch, tmp_path / "x.txt", "en")
    with pytest.raises(UserError, match="产品名称"):
        read_corrections(workspace, batch, write_csv(tmp_path / "other.csv", ["订单号", "金额"], [["A1", "1"]]))


def test_an_export_holds_no_formula(workspace: Workspace, tmp_path: Path) -> None:
    rows: list[list[object]] = [
        ["A1", "2026-03-01", "=HYPERLINK(1)", "?"],
        *(["A2", "2026-03-01", f"客户{n}", n] for n in range(9)),
    ]
    report = bring(workspace, write_csv(tmp_path / "订单.csv", ("订单号", "订单日期", "客户名称", "金额"), rows))
    batch = report.batches[0].batch_id
    path = tmp_path / "隔离.csv"
    export_waiting(workspace, batch, path, "zh-Hans")
    assert "'=HYPERLINK(1)" in path.read_text("utf-8-sig")
    assert read_corrections(workspace, batch, path) == {}
    export_waiting(workspace, batch, path.with_suffix(".xlsx"), "zh-Hans")
    cells = [cell for row in openpyxl.load_workbook(path.with_suffix(".xlsx")).active.iter_rows() for cell in row]
    assert "=HYPERLINK(1)" in [cell.value for cell in cells]
    assert {cell.data_type for cell in cells} == {"s"}


def test_a_header_of_the_delivery_is_no_formula_either(workspace: Workspace, tmp_path: Path) -> None:
    head = "=HYPERLINK(2)"
    rows: list[list[object]] = [
        ["A1", "2026-03-01", "华信", "?", "x"],
        *(["A2", "2026-03-01", f"客户{n}", n, "y"] for n in range(9)),
    ]
    report = bring(workspace, write_csv(tmp_path / "订单.csv", ("订单号", "订单日期", "客户名称", "金额", head), rows))
    path = tmp_path / "隔离.csv"
    export_waiting(workspace, report.batches[0].batch_id, path, "zh-Hans")
    with path.open(encoding="utf-8-sig", newline="") as file:
        assert next(csv.reader(file))[-1] == "'" + head
    assert read_corrections(workspace, report.batches[0].batch_id, path) == {}
