"""Where a sheet says what its columns are: titles, headers of several rows, units, totals and notes."""

from __future__ import annotations

import pytest

from salesloop.engine.collect.raw import ROW, RawTable, RefusedSheet
from salesloop.engine.collect.table import find_table
from tests.engine.collect.sheets import Rows, grid, records


def table(rows: Rows, *, ragged: bool = False) -> RawTable:
    found = find_table(grid(rows, ragged=ragged))
    assert isinstance(found, RawTable)
    return found


def test_a_plain_sheet() -> None:
    found = table([["订单号", "金额"], ["A1", "10"], ["A2", "20"]])
    assert (found.columns, found.header_row, records(found)) == (("订单号", "金额"), 1, [["A1", "10"], ["A2", "20"]])
    assert found.data[ROW].to_pylist() == [2, 3]
    assert dict(found.skipped) == {}


@pytest.mark.requirement("B01")
def test_titles_above_and_totals_and_notes_below_are_no_data() -> None:
    found = table(
        [
            ["2024 年销售明细表", "", "", ""],
            ["单位：万元", "", "", "制表日期：2024-11-01"],
            ["", "", "", ""],
            ["地区", "产品", "数量", "销售额"],
            ["华东", "剪刀", "3", "12.5"],
            ["华东", "信封", "4", "2.5"],
            ["小计", "", "7", "15.0"],
            ["", "", "", ""],
            ["华北", "剪刀", "1", "4.0"],
            ["总 计", "", "8", "19.0"],
            ["注：不含税。", "", "", ""],
            ["数据来源：ERP", "", "", ""],
        ]
    )
    assert found.columns == ("地区", "产品", "数量", "销售额")
    assert (found.header_row, found.sheet_unit) == (4, "万元")
    assert [row[0:2] for row in records(found)] == [["华东", "剪刀"], ["华东", "信封"], ["华北", "剪刀"]]
    assert found.data[ROW].to_pylist() == [5, 6, 9]
    assert dict(found.skipped) == {"title": 2, "blank": 2, "total": 2, "note": 2}


def test_a_product_called_total_is_no_total() -> None:
    found = table(
        [
            ["产品", "类别", "数量", "金额"],
            ["Total 洗发水", "日化", "1", "9"],
            ["Total", "石油", "2", "8"],
            ["信封", "办公", "3", "7"],
        ]
    )
    assert [row[0] for row in records(found)] == ["Total 洗发水", "Total", "信封"]


def test_headers_of_two_rows_are_joined_and_merged_ones_reach_over_their_columns() -> None:
    merged = table(
        [
            ["地区", "2023 年", None, "2024 年", None],
            ["地区", "销售额（万元）", "利润率(%)", "销售额（万元）", "利润率(%)"],
            ["华东", "10", "5", "12", "6"],
            ["华北", "8", "4", "9", "5"],
        ]
    )
    blank = table(
        [
            ["", "2023 年", "", "2024 年", ""],
            ["地区", "销售额（万元）", "利润率(%)", "销售额（万元）", "利润率(%)"],
            ["华东", "10", "5", "12", "6"],
            ["华北", "8", "4", "9", "5"],
        ]
    )
    names = ("地区", "2023 年 / 销售额", "2023 年 / 利润率", "2024 年 / 销售额", "2024 年 / 利润率")
    assert merged.columns == blank.columns == names
    assert merged.header_row == 2
    assert merged.units == {names[1]: "万元", names[2]: "%", names[3]: "万元", names[4]: "%"}


def test_a_column_beside_a_merged_group_is_not_part_of_it() -> None:
    found = table(
        [
            ["地区", "2023 年", None, ""],
            ["地区", "销售额", "利润", "备注"],
            ["华东", "10", "5", "甲"],
            ["华北", "8", "4", "乙"],
        ]
    )
    assert found.columns == ("地区", "2023 年 / 销售额", "2023 年 / 利润", "备注")


def test_a_note_merged_over_the_whole_width_is_one_note() -> None:
    found = table([["编号", "金额", "数量"], ["1", "2.5", "5"], ["5", "5", "5"], ["注：不含税", None, None]])
    assert (found.data.num_rows, dict(found.skipped)) == (2, {"note": 1})


def test_years_side_by_side_are_a_header() -> None:
    found = table([["地区", "2022", "2021", "2020"], ["北京", "3.5", "3.1", "2.9"], ["上海", "4.5", "4.1", "3.9"]])
    assert found.columns == ("地区", "2022", "2021", "2020")


def test_months_side_by_side_are_a_header() -> None:
    found = table([["业务员", *range(1, 13)], ["张三", *range(100, 112)], ["李四", *range(200, 212)]])
    assert found.columns[1:] == tuple(str(month) for month in range(1, 13))


def test_a_table_without_a_header_has_columns_by_position() -> None:
    found = table(
        [["e1.jpg", "", "1", "2006-01-28"], ["e2.jpg", "", "2", "2006-08-26"], ["e3.jpg", "", "3", "2007-06-11"]]
    )
    assert (found.columns, found.header_row, found.is_headerless) == (("列1", "列2", "列3", "列4"), None, True)
    assert found.data.num_rows == 3
    assert [note.key for note in found.notes] == ["no_header"]


def test_words_that_recur_below_are_no_header() -> None:
    found = table([["牛奶", "面包"], ["面包", "黄油"], ["牛奶", "面包"], ["黄油", "牛奶"], ["面包", "牛奶"]])
    assert (found.is_headerless, found.data.num_rows) == (True, 5)


def test_a_sheet_of_words_only_has_its_first_row_as_header() -> None:
    found = table([["地区", "地区经理"], ["东北", "楚杰"], ["中南", "范彩"]])
    assert (found.columns, found.data.num_rows) == (("地区", "地区经理"), 2)


def test_repeated_unnamed_and_blank_columns() -> None:
    found = table([["编号", "金额 ", "金额", "", ""], ["1", "2", "3", "x", ""], ["2", "4", "6", "y", ""]])
    assert found.columns == ("编号", "金额", "金额 (2)", "列4")


def test_the_header_repeated_on_every_page_is_left_out() -> None:
    page = [["编号", "客户", "金额"], ["1", "甲", "2.5"], ["2", "乙", "3.5"]]
    found = table([*page, *page])
    assert (found.data.num_rows, dict(found.skipped)) == (4, {"header": 1})


@pytest.mark.parametrize("unreadable", [1, 2, 4])
@pytest.mark.parametrize("readable", [1, 2, 5])
def test_first_rows_that_cannot_be_read_are_data_not_a_second_header(unreadable: int, readable: int) -> None:
    rows = [["2024 年订单"], ["订单号", "日期", "金额"]]
    rows += [[f"A{i}", "待定", "面议"] for i in range(unreadable)]
    rows += [[f"B{i}", "2024-01-0" + str(i + 1), "5.5"] for i in range(readable)]
    found = table(rows)
    assert (found.columns, found.header_row) == (("订单号", "日期", "金额"), 2)
    assert found.data.num_rows == unreadable + readable


def test_the_systems_names_or_units_below_a_whole_header_belong_to_it() -> None:
    body = [["A1", "2024-01-01", "5"], ["A2", "2024-01-02", "6"], ["A3", "2024-01-03", "7"]]
    codes = table([["订单号", "日期", "金额"], ["order_no", "order_date", "amount"], *body])
    units = table([["订单号", "日期", "金额"], ["", "", "（万元）"], *body])
    assert codes.columns == ("订单号 / order_no", "日期 / order_date", "金额 / amount")
    assert (units.columns, units.units) == (("订单号", "日期", "金额"), {"金额": "万元"})
    assert codes.data.num_rows == units.data.num_rows == 3


def test_headers_of_three_rows() -> None:
    found = table(
        [
            ["地区", "2024 年", None, None, None],
            ["地区", "线上", None, "线下", None],
            ["地区", "收入", "成本", "收入", "成本"],
            ["华东", "1", "2", "3", "4.5"],
            ["华北", "5", "6", "7", "8.5"],
        ]
    )
    assert found.columns[1:3] == ("2024 年 / 线上 / 收入", "2024 年 / 线上 / 成本")
    assert (found.header_row, found.data.num_rows) == (3, 2)


def test_a_head_of_labels_above_a_table_is_title() -> None:
    found = table(
        [
            ["客户", "甲公司", "日期", "2024-01-01"],
            ["产品", "数量", "单价", "金额"],
            ["剪刀", "1", "2.5", "2.5"],
            ["信封", "2", "1.5", "3.0"],
        ]
    )
    assert (found.columns, found.title_rows) == (("产品", "数量", "单价", "金额"), ("客户  甲公司  日期  2024-01-01",))


@pytest.mark.requirement("B01")
def test_totals_that_fill_their_row_and_footers_of_captions_are_no_data() -> None:
    found = table(
        [
            ["地区", "数量", "金额", "成本"],
            ["华东", "1", "2", "3"],
            ["华东小计", "1", "2", "3"],
            ["华北", "4", "5", "6"],
            ["合计", "5", "7", "9"],
            ["制表人：张三", "审核：李四", "复核：王五", "日期：2024-11-01"],
            ["第 1 页 共 1 页", "", "", ""],
        ]
    )
    assert [row[0] for row in records(found)] == ["华东", "华北"]
    assert dict(found.skipped) == {"total": 2, "note": 2}


def test_a_unit_alone_is_a_name_and_other_brackets_stay() -> None:
    found = table([["%", "名称(全称)", "重量/kg"], ["5", "甲", "1.5"], ["6", "乙", "2.5"]])
    assert (found.columns, found.units) == (("%", "名称(全称)", "重量"), {"重量": "kg"})


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        ([["", ""], ["", ""]], "empty_sheet"),
        ([["公司年会安排", "", ""], ["内部资料", "", ""], ["", "", ""], ["2024 年 11 月", "", ""]], "only_titles"),
        ([["编号", "客户", "金额"]], "header_only"),
        (
            [["客户名称：", "", "联系人：", ""], ["电话：", "", "地址：", ""], ["拜访目的：", "", "日期：", ""]],
            "form_sheet",
        ),
    ],
)
def test_what_is_no_data_is_refused_with_the_reason(rows: Rows, reason: str) -> None:
    found = find_table(grid(rows))
    assert isinstance(found, RefusedSheet)
    assert found.message.key == reason
    for lang in ("zh-Hans", "zh-Hant", "en"):
        assert "表" in found.message.text(lang)  # the sheet's name
