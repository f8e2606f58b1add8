"""Several tables in one sheet, side by side or one below the other, are read one by one; rows keep their numbers."""

from __future__ import annotations

from pathlib import Path

import pytest

from salesloop.engine.collect.raw import ROW, RawTable
from salesloop.engine.collect.read import read_file
from salesloop.engine.collect.sheet import find_tables
from salesloop.engine.model.errors import UserError
from tests.engine.collect.sheets import Rows, grid, records, workbook

AREAS = [["地区", "销售额"], ["华东", 1], ["华北", 2], ["西南", 3]]
GOODS = [["产品", "数量", "单价"], ["剪刀", 1, 2.5], ["信封", 3, 4]]


def tables(rows: Rows) -> list[RawTable]:
    found, refused = find_tables(grid(rows), "f.xlsx")
    assert not refused
    return found


def beside(left: Rows, right: Rows, gap: int = 1) -> list[list[object]]:
    blank = [[""] * len(left[0]), [""] * len(right[0])]
    height = max(len(left), len(right))
    padded = [[*block, *[blank[n]] * (height - len(block))] for n, block in enumerate((left, right))]
    return [[*a, *[""] * gap, *b] for a, b in zip(*padded, strict=True)]


@pytest.mark.requirement("B01")
@pytest.mark.parametrize("gap", [1, 3])
def test_tables_side_by_side(gap: int) -> None:
    left, right = tables(beside(AREAS, GOODS, gap))
    assert (left.name, left.columns, left.data[ROW].to_pylist()) == ("表", ("地区", "销售额"), [2, 3, 4])
    assert (right.name, right.columns, right.data[ROW].to_pylist()) == ("表 #2", ("产品", "数量", "单价"), [2, 3])
    assert records(right) == [["剪刀", "1", "2.5"], ["信封", "3", "4"]]
    assert [note.key for note in left.notes] == [note.key for note in right.notes] == ["several_tables"]


def test_each_table_has_the_title_above_it() -> None:
    left, right = tables(beside([["区域销售", ""], *AREAS], [["产品销售", "", ""], *GOODS, ["尺子", 1, 1]]))
    assert (left.title_rows, right.title_rows) == (("区域销售",), ("产品销售",))


def test_the_same_header_twice_is_two_tables() -> None:
    assert [found.columns for found in tables(beside(AREAS, AREAS))] == [("地区", "销售额")] * 2


@pytest.mark.parametrize(
    "rows",
    [
        # A blank column divides what each row is about from its amounts.
        [["订单号", "客户", "", "金额", "数量"], ["A1", "甲", "", 1, 2], ["A2", "乙", "", 3, 4], ["A3", "丙", "", 5, 6]],
        # Groups of columns with a title each.
        [["地区", "", "上半年", "", "", "下半年", ""], ["地区", "", "收入", "成本", "", "收入", "成本"], ["华东", "", 1, 2, "", 3, 4], ["华北", "", 1, 2, "", 3, 4]],
        # Remarks that most rows do not have.
        [["编号", "金额", "", "经手人", "备注"], [1, 2.5, "", "", ""], [2, 3.5, "", "张三", "急"], [3, 4.5, "", "", ""]],
    ],
)  # fmt: skip
def test_a_blank_column_inside_a_table_divides_nothing(rows: Rows) -> None:
    found = tables(rows)
    assert len(found) == 1
    assert found[0].data.num_rows == len(rows) - found[0].header_row  # type: ignore[operator]


@pytest.mark.requirement("B01")
def test_tables_one_below_the_other() -> None:
    first, second = tables([*AREAS, ["合计", 6], [""], ["产品清单"], *GOODS, ["注：不含税"]])
    assert (first.columns, first.data[ROW].to_pylist(), dict(first.skipped)) == (
        ("地区", "销售额"), [2, 3, 4], {"blank": 1, "total": 1},
    )  # fmt: skip
    assert (second.columns, second.data[ROW].to_pylist()) == (("产品", "数量", "单价"), [9, 10])
    assert (second.title_rows, dict(second.skipped)) == (("产品清单",), {"title": 1, "note": 1})


def test_the_same_header_below_another_title_is_another_table() -> None:
    first, second = tables([["华东"], *AREAS, [""], ["华南"], *AREAS])
    assert (first.title_rows, second.title_rows) == (("华东",), ("华南",))
    assert [found.data.num_rows for found in (first, second)] == [3, 3]


def test_the_header_repeated_on_every_page_starts_no_table() -> None:
    (found,) = tables([*AREAS, [""], *AREAS])
    assert (found.data.num_rows, dict(found.skipped)) == (6, {"blank": 1, "header": 1})


def test_a_row_that_cannot_be_read_after_a_blank_one_starts_no_table() -> None:
    rows = [["订单号", "日期", "金额"], ["A1", "2024-01-01", 5], ["A2", "2024-01-02", 5], [""]]
    (found,) = tables([*rows, ["A3", "待定", "待定"], ["A4", "2024-01-04", 5]])
    assert [row[0] for row in records(found)] == ["A1", "A2", "A3", "A4"]


def test_a_workbook_with_two_tables_in_a_sheet(tmp_path: Path) -> None:
    rows = [[None if cell == "" else cell for cell in row] for row in beside(AREAS, GOODS)]
    content = read_file(workbook(tmp_path / "f.xlsx", {"汇总": rows, "明细": GOODS}))
    assert [found.name for found in content.tables] == ["汇总", "汇总 #2", "明细"]
    by_sheet = {name: read_file(tmp_path / "f.xlsx", sheet=name).tables for name in ("汇总", "汇总 #2")}
    assert {name: [found.name for found in found_tables] for name, found_tables in by_sheet.items()} == {
        "汇总": ["汇总", "汇总 #2"],
        "汇总 #2": ["汇总 #2"],
    }
    with pytest.raises(UserError) as caught:
        read_file(tmp_path / "f.xlsx", sheet="汇总 #3")
    assert caught.value.key == "no_such_sheet"
