"""A sheet that is no data is refused with the reason; lists that look a little like one are not."""

from __future__ import annotations

from pathlib import Path

import pytest

from salesloop.engine.collect.read import read_file
from salesloop.engine.collect.sheet import find_tables
from salesloop.engine.model.errors import UserError
from tests.engine.collect.sheets import Rows, grid, workbook

EXPENSES = [
    ["差旅费报销单", None, None, None],
    ["姓名", "张三", "部门", "销售一部"],
    ["日期", "2025-03-01", "金额", "1200"],
    ["事由", "拜访客户", "", ""],
    ["审批人", "", "签字", ""],
]
APPROVAL = [
    ["合同审批表", None, None, None],
    ["合同编号", "HT001", "客户", "甲公司"],
    ["金额", "12000", "日期", "2025-03-01"],
    ["部门意见", "同意", "", ""],
    ["财务意见", "同意", "", ""],
]
FIELDS = [["字段名", "类型", "说明"], ["order_id", "varchar", "订单号"], ["amount", "decimal", "金额"]]
ENGLISH_FIELDS = [["Field", "Data Type", "Description"], ["order_id", "text", "Number"], ["amount", "decimal", "Net"]]
INSTRUCTIONS = [["填写说明", ""], ["1、请勿修改表头", ""], ["2、日期格式为 2025-01-01", ""], ["3、金额单位为元", ""]]
PROSE = [["本报告统计口径为含税销售额。"], ["退货在退货当月扣减；跨月退货不追溯。"], ["如有疑问请联系销售运营部。"]]
COVER = [["2025 年销售分析报告"], ["销售部"], ["2025 年 3 月"]]


@pytest.mark.requirement("B01")
@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        (EXPENSES, "form_sheet"),
        (APPROVAL, "form_sheet"),
        (FIELDS, "dictionary_sheet"),
        (ENGLISH_FIELDS, "dictionary_sheet"),
        (INSTRUCTIONS, "text_sheet"),
        (PROSE, "text_sheet"),
        (COVER, "only_titles"),
    ],
)
def test_what_is_no_data_is_refused_with_the_reason(rows: Rows, reason: str) -> None:
    tables, refused = find_tables(grid(rows), "f.xlsx")
    assert not tables
    assert [(sheet.name, sheet.message.key) for sheet in refused] == [("表", reason)]
    assert len({refused[0].message.text(lang) for lang in ("zh-Hans", "zh-Hant", "en")}) == 3


@pytest.mark.parametrize(
    "rows",
    [
        [["报销明细表"], ["姓名", "部门", "日期", "金额"], *(["张三", "销售", f"2025-03-0{i}", "100"] for i in range(1, 9))],
        [["审批登记表"], ["申请人", "审批人", "日期", "结果"], *(["张三", "李四", f"2025-03-0{i}", "同意"] for i in range(1, 9))],
        [["类型", "说明", "金额"], ["差旅", "上海往返", "500"], ["招待", "午餐", "300"]],
        [["姓名", "电话"], ["张三", "13800000000"], ["李四", "13900000000"]],
        [["客户名称"], *([f"客户{i}有限公司"] for i in range(8))],
        [["编号", "投诉内容", "日期"], *([str(i), "包装破损。要求退货！", f"2025-03-0{i}"] for i in range(1, 6))],
        [["字段", "客户", "金额"], ["A", "甲", "1"], ["B", "乙", "2"]],
    ],
)  # fmt: skip
def test_lists_are_read(rows: Rows) -> None:
    tables, refused = find_tables(grid(rows), "f.xlsx")
    assert not refused
    assert len(tables) == 1


def test_the_other_sheets_of_a_workbook_are_read(tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "f.xlsx", {"说明": INSTRUCTIONS, "字典": FIELDS, "订单": [["编号", "金额"], [1, 2], [3, 4]]}
    )
    content = read_file(path)
    assert [found.name for found in content.tables] == ["订单"]
    assert [(sheet.name, sheet.message.key) for sheet in content.refused] == [
        ("说明", "text_sheet"), ("字典", "dictionary_sheet"),
    ]  # fmt: skip


def test_a_workbook_of_one_form_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(UserError) as caught:
        read_file(workbook(tmp_path / "f.xlsx", {"报销单": EXPENSES}))
    assert caught.value.key == "form_sheet"


def test_no_real_file_is_refused(real_data: Path) -> None:
    """Every data set of the folder up to 4 MB (the large ones are read by the tests of their own)."""
    files = [path for path in sorted(real_data.rglob("*")) if path.suffix in (".csv", ".xls", ".xlsx")]
    small = [path for path in files if path.stat().st_size < 4 << 20 and path.parent.name != "root_cause_rs"]
    assert len(small) > 30
    refused = {path.name: read_file(path).refused for path in small}
    assert {name: sheets for name, sheets in refused.items() if sheets} == {}
