"""What is wrong in a delivery leaves as a file in the source's own words, and comes back as corrections."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from salesloop.engine.model.errors import UserError
from salesloop.engine.pipeline.correction_file import (
    correction_lines,
    deliver_correction_file,
    read_correction_file,
    write_correction_file,
)
from salesloop.engine.store import Workspace
from tests.engine.pipeline.files import NOW, ORDERS, bring, order, write_csv


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """Row 3 has amount and quantity of different signs, row 4 an amount that is none, row 5 a formula for a customer."""
    workspace = Workspace.create(tmp_path / "company")
    rows = [
        order("A1", 1, 100),
        order("A2", 1, -30),
        order("A3", 1, "待定"),
        order("A4", 1, -5, customer="=1+1"),
    ]
    bring(workspace, write_csv(tmp_path / "销售订单.csv", ORDERS, rows))
    return workspace


def test_every_cell_says_where_it_stands_and_why(workspace: Workspace) -> None:
    lines = {(line.row, line.column): line for line in correction_lines(workspace)}
    signs = lines[3, "金额"]
    assert (signs.record, signs.current, signs.proposed) == ("A2 1", "-30", "")
    assert [reason.text() if hasattr(reason, "text") else reason.get("zh-Hans") for reason in signs.reasons] == [
        "金额与数量的正负一致"
    ]
    assert lines[3, "数量"].current == "2"
    waiting = lines[4, "金额"]
    assert waiting.current == "待定"
    assert "待定" in str(waiting.reasons[0])
    assert not any(row == 2 for row, _ in lines)


@pytest.mark.requirement("C03")
@pytest.mark.parametrize("name", ["更正.xlsx", "更正.csv"])
def test_corrections_come_back_and_rows_keep_their_place(workspace: Workspace, tmp_path: Path, name: str) -> None:
    written = tmp_path / name
    assert write_correction_file(workspace, written, "zh-Hans") == len(correction_lines(workspace))
    assert read_correction_file(written) == {}  # nobody has filled anything in
    with pytest.raises(UserError, match="应改为"):
        deliver_correction_file(workspace, written, now=NOW)
    _fill(written, {("3", "金额"): "30", ("4", "金额"): "1.2万"})
    (report,) = deliver_correction_file(workspace, written, now=NOW)
    assert report.published
    rows = workspace.current().rows("SELECT order_id, amount, _row FROM order_line ORDER BY order_id")
    assert [(row["order_id"], row["amount"], row["_row"]) for row in rows] == [
        ("A1", Decimal(100), 2),
        ("A2", Decimal(30), 3),
        ("A3", Decimal(12000), 4),
        ("A4", Decimal(-5), 5),
    ]
    assert {line.row for line in correction_lines(workspace)} == {5}  # what was put right is no longer wrong


@pytest.mark.requirement("C03")
@pytest.mark.parametrize("word", ["清空", " clear "])
def test_a_cell_can_be_blanked(workspace: Workspace, tmp_path: Path, word: str) -> None:
    written = tmp_path / "更正.csv"
    write_correction_file(workspace, written, "zh-Hans")
    _fill(written, {("3", "数量"): word})
    assert [cells for rows in read_correction_file(written).values() for cells in rows.values()] == [{"数量": ""}]
    deliver_correction_file(workspace, written, now=NOW)
    rows = workspace.current().rows("SELECT quantity FROM order_line WHERE order_id = 'A2'")
    assert rows == [{"quantity": None}]


def test_nothing_in_the_file_can_run(workspace: Workspace, tmp_path: Path) -> None:
    csv_file, workbook = tmp_path / "更正.csv", tmp_path / "更正.xlsx"
    for path in (csv_file, workbook):
        write_correction_file(workspace, path, "en")
    for row in openpyxl.load_workbook(workbook).active.iter_rows():
        assert all(cell.data_type != "f" for cell in row)
    for line in csv_file.read_text("utf-8-sig").splitlines():
        assert not any(cell.startswith(("=", "+", "@")) for cell in line.split(","))


def test_repairs_are_told_where_they_are_asked_for(tmp_path: Path) -> None:
    workspace = Workspace.create(tmp_path / "company")
    bring(workspace, write_csv(tmp_path / "销售订单.csv", ORDERS, [order("A1", 1, "1.2万")]))
    assert correction_lines(workspace, repaired=False) == []
    with pytest.raises(UserError, match="没有需要更正"):
        write_correction_file(workspace, tmp_path / "更正.csv", "zh-Hans")
    (line,) = [line for line in correction_lines(workspace, repaired=True) if line.column == "金额"]
    assert (line.row, line.current, Decimal(line.proposed)) == (2, "1.2万", Decimal(12000))


def test_other_files_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="更正清单"):
        read_correction_file(write_csv(tmp_path / "orders.csv", ORDERS, [order("A1", 1, 1)]))


def _fill(path: Path, cells: dict[tuple[str, str], str]) -> None:
    """As a person fills in the last column."""
    if path.suffix == ".xlsx":
        book = openpyxl.load_workbook(path)
        for row in book.active.iter_rows(min_row=2):
            row[6].value = cells.get((row[2].value, row[4].value), row[6].value)
        book.save(path)
        return
    import csv

    with path.open(encoding="utf-8-sig", newline="") as file:
        head, *rows = list(csv.reader(file))
    for row in rows:
        row[6] = cells.get((row[2], row[4]), row[6])
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows([head, *rows])
