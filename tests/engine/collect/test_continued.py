"""Lines of a document get what its first line says; what merely looks like that is left alone."""

from __future__ import annotations

import pytest

from salesloop.engine.collect.raw import RawTable
from salesloop.engine.collect.sheet import find_tables
from tests.engine.collect.sheets import Rows, grid, records

HEAD = ["序号", "日期", "单号", "客户", "品名", "数量", "单据金额", "备注"]


def table(rows: Rows, name: str = "表") -> RawTable:
    (found,), refused = find_tables(grid(rows, name=name), "f.xlsx")
    assert not refused
    return found


def notes(found: RawTable) -> list[str]:
    return [note.key for note in found.notes]


@pytest.mark.requirement("B01")
def test_lines_get_the_document_but_not_its_sum() -> None:
    rows = [
        ["1", "2026-03-01", "A1", "甲", "阀", "2", "900.00", "急"],
        ["2", "", "", "", "泵", "3", "", ""],
        ["3", "2026-03-02", "A2", "乙", "阀", "1", "150.50", ""],
        ["4", "", "", "", "管", "9", "", ""],
    ]
    found = table([HEAD, *rows])
    assert records(found) == [
        rows[0],
        ["2", "2026-03-01", "A1", "甲", "泵", "3", "", "急"],
        rows[2],
        ["4", "2026-03-02", "A2", "乙", "管", "9", "", ""],
    ]
    assert notes(found) == ["rows_continued"]


@pytest.mark.parametrize(
    "rows",
    [
        # Sales to people without a card: the day is there, so each row is a document of its own.
        [["K1", "张三", "2026-03-01", "茶", "1"], ["", "", "2026-03-01", "茶", "2"], ["", "", "2026-03-02", "米", "3"]],
        # The first row itself lacks it: there is nothing to continue.
        [["", "", "", "茶", "1"], ["", "", "", "茶", "2"], ["K1", "张三", "2026-03-02", "米", "3"]],
        # One row that lacks it is a row that lacks it.
        [["K1", "张三", "2026-03-01", "茶", "1"], ["", "", "", "茶", "2"], ["K2", "李四", "2026-03-02", "米", "3"]],
    ],
)
def test_what_lacks_something_is_not_continued(rows: Rows) -> None:
    found = table([["卡号", "会员", "日期", "品名", "数量"], *rows])
    assert records(found) == rows
    assert not notes(found)


def test_marks_for_the_same_say_what_stands_above() -> None:
    found = table(
        [["客户", "品名", "数量"], ["甲", "阀", "1"], ["〃", "泵", "2"], ["同上", "同上", "3"], ["乙", "〃", "4"]]
    )
    assert records(found) == [["甲", "阀", "1"], ["甲", "泵", "2"], ["甲", "泵", "3"], ["乙", "泵", "4"]]
    assert notes(found) == ["dittos_spelt"]
    assert records(table([["客户", "品名"], ["〃", "1"], ["甲", "2"]]))[0] == ["〃", "1"]


def test_month_and_day_below_a_year_are_a_date() -> None:
    rows = [
        ["2026年", "", "摘要", "金额"],
        ["月", "日", "摘要", "金额"],
        ["3", "8", "销售", "100"],
        ["11", "21", "销售", "50"],
    ]
    found = table(rows)
    assert (found.columns, [row[0] for row in records(found)]) == (
        ("日期", "摘要", "金额"),
        ["2026-03-08", "2026-11-21"],
    )
    titled = table([["2025年销售账", "", "", ""], ["月", "日", "摘要", "金额"], *rows[2:]])
    assert [row[0] for row in records(titled)] == ["2025-03-08", "2025-11-21"]
    unknown = table([["月", "日", "摘要", "金额"], *rows[2:]])
    assert unknown.columns[:2] == ("月", "日")


def test_a_span_of_days_is_two_columns() -> None:
    found = table([["编号", "合同期限"], ["A", "2026-01-15至2027-01-14"], ["B", "2026年2月3日 ~ 2026年12月31日"]])
    assert found.columns == ("编号", "合同期限 / 开始日期", "合同期限 / 结束日期")
    assert records(found) == [["A", "2026-01-15", "2027-01-14"], ["B", "2026年2月3日", "2026年12月31日"]]


def test_rows_prepared_with_a_running_number_are_blank() -> None:
    found = table([["序号", "客户", "金额"], ["1", "甲", "5"], ["2", "乙", "6"], ["3", "", ""], ["4", "", ""]])
    assert (records(found), dict(found.skipped)) == ([["1", "甲", "5"], ["2", "乙", "6"]], {"blank": 2})
    coded = table([["编号", "客户", "金额"], ["1", "甲", "5"], ["2", "乙", "6"], ["3", "", ""]])
    assert coded.data.num_rows == 3


def test_what_a_ledger_carries_is_no_entry() -> None:
    rows = [
        ["月", "凭证", "对方", "摘要", "数量", "金额"],
        ["3", "1", "甲", "销售", "2", "100"],
        ["3", "2", "乙", "销售", "1", "50"],
    ]
    found = table(
        [
            *rows,
            ["3", "", "", "本月合计", "", "150"],
            ["", "", "", "本年累计", "", "900"],
            ["", "", "", "过次页", "", "900"],
        ]
    )
    assert (found.data.num_rows, dict(found.skipped)) == (2, {"total": 3})


def test_a_unit_in_an_upper_row_of_the_header_counts_below() -> None:
    found = table([["客户", "金额（万元）", None], ["客户", "合同", "回款"], ["甲", "12", "3"], ["乙", "5", "1"]])
    assert (found.columns, dict(found.units)) == (
        ("客户", "金额 / 合同", "金额 / 回款"),
        {"金额 / 合同": "万元", "金额 / 回款": "万元"},
    )
