"""Columns that are periods become rows: each cell is a received row that can be found again, totals are no periods."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pytest

from salesloop.engine.collect.period_names import period_name, year_in
from salesloop.engine.collect.raw import CELLS_A_ROW, ROW, RawTable
from salesloop.engine.collect.sheet import find_tables
from salesloop.engine.collect.value_name import value_name
from salesloop.engine.pipeline import ImportRequest, import_files
from salesloop.engine.store import Workspace
from tests.engine.collect.sheets import Rows, delimited, grid, records, workbook

MONTHS = [f"{month}月" for month in range(1, 13)]


def table(rows: Rows, name: str = "表", file: str = "f.xlsx") -> RawTable:
    tables, refused = find_tables(grid(rows, name=name), file)
    assert not refused
    assert len(tables) == 1
    return tables[0]


def keys(found: RawTable) -> list[str]:
    return [note.key for note in found.notes]


@pytest.mark.requirement("B01")
def test_months_become_rows_with_the_year_of_the_title() -> None:
    found = table(
        [
            ["2025年销售目标（万元）", *[None] * 13],
            ["姓名", *MONTHS, "合计"],
            ["张三", *range(10, 22), 186],
            ["李四", *range(20, 31), "", 275],
            ["合计", *range(30, 42), 461],
        ]
    )
    assert found.columns == ("姓名", "月份", "销售目标")
    rows = records(found)
    assert rows[:2] == [["张三", "2025-01-01", "10"], ["张三", "2025-02-01", "11"]]
    assert rows[-1] == ["李四", "2025-11-01", "30"]
    assert found.units == {"销售目标": "万元"}
    assert (found.received, found.melted_from) == (23, 2)
    assert dict(found.skipped) == {"title": 1, "total": 1, "empty_cell": 1}
    assert keys(found) == ["melted", "total_columns"]


def test_every_cell_has_a_number_by_which_it_is_found_again() -> None:
    found = table([["地区", "2022年", "2021年", "2020年"], ["北京", "3.5", "3.1", "2.9"], ["上海", "4.5", "-", "3.9"]])
    assert [divmod(number, CELLS_A_ROW) for number in found.data[ROW].to_pylist()] == [
        (2, 2), (2, 3), (2, 4), (3, 2), (3, 4),
    ]  # fmt: skip
    note = next(note for note in found.notes if note.key == "melted")
    assert (note.params["number"], note.params["row"], note.params["place"]) == (20002, 2, 2)


def test_plan_and_actual_of_each_month_stay_side_by_side() -> None:
    found = table(
        [
            ["姓名", "1月", None, "2月", None, "合计", None],
            ["姓名", "计划（万元）", "实际（万元）", "计划（万元）", "实际（万元）", "计划（万元）", "实际（万元）"],
            ["张三", "10", "9", "11", "12", "21", "21"],
            ["李四", "20", "", "21", "22", "41", "22"],
        ],
        name="2025年",
    )
    assert (found.columns, found.units) == (("姓名", "月份", "计划", "实际"), {"计划": "万元", "实际": "万元"})
    assert records(found) == [
        ["张三", "2025-01-01", "10", "9"],
        ["张三", "2025-02-01", "11", "12"],
        ["李四", "2025-01-01", "20", ""],
        ["李四", "2025-02-01", "21", "22"],
    ]


def test_a_year_over_its_months_and_quarters_between_months() -> None:
    header = [
        ["门店", "2024年", None, None, None, "2025年", None, None, None],
        ["门店", "1月", "2月", "3月", "一季度", "1月", "2月", "3月", "一季度"],
    ]
    found = table([*header, ["A", *"1236", *"2349"], ["B", *"1236", *"2349"]])
    assert records(found)[:4] == [
        ["A", "2024-01-01", "1"], ["A", "2024-02-01", "2"], ["A", "2024-03-01", "3"], ["A", "2025-01-01", "2"],
    ]  # fmt: skip
    totals = next(note for note in found.notes if note.key == "total_columns")
    assert totals.params["columns"] == ["2024年 / 一季度", "2025年 / 一季度"]


def test_a_column_of_years_gives_each_row_its_own() -> None:
    found = table(
        [["年份", "门店", "Jan", "Feb", "Mar"], ["2024", "A", "1.5", "2.5", "3.5"], ["2025", "A", "4", "5", "6"]]
    )
    assert found.columns == ("门店", "月份", "数值")
    assert [row[1] for row in records(found)][::3] == ["2024-01-01", "2025-01-01"]


def test_the_file_name_may_say_the_year(tmp_path: Path) -> None:
    text = "区域," + ",".join(MONTHS) + "\n" + "".join(f"{area},{','.join(map(str, range(12)))}\n" for area in "甲乙丙")
    found = delimited(tmp_path, text, name="各区域销售额2024.csv")
    assert found.columns == ("区域", "月份", "销售额")
    assert (found.received, records(found)[0]) == (36, ["甲", "2024-01-01", "0"])


def test_a_row_that_cannot_be_split_stays_one_row(tmp_path: Path) -> None:
    text = "区域,1月,2月,3月\n甲,1,2,3\n乙,1,2,3,4,5\n丙,4,5,6\n丁,7,8,9\n"
    found = delimited(tmp_path, text, name="销售额2024.csv")
    assert (found.data.num_rows, found.received) == (9, 10)
    assert [divmod(number, CELLS_A_ROW) for number in found.broken[ROW].to_pylist()] == [(3, 0)]


def test_months_without_any_year_are_told() -> None:
    found = table([["姓名", *MONTHS], ["张三", *range(12)], ["李四", *range(12)]])
    assert records(found)[0] == ["张三", "1月", "0"]
    assert keys(found) == ["melted", "no_year"]


@pytest.mark.parametrize(
    "rows",
    [
        # Questions of a survey, not quarters.
        [["编号", "Q1", "Q2", "Q3", "Q4"], ["1", "5", "4", "3", "5"], ["2", "5", "4", "3", "5"]],
        # Words below the months: a calendar of events.
        [["事项", "1月", "2月", "3月"], ["展会", "广州", "上海", "待定"], ["培训", "线上", "线上", "线下"]],
        # Two years among many attributes of a customer.
        [
            ["客户", "行业", "省份", "等级", "电话", "2023年销售额", "2024年销售额"],
            *([f"客户{i}", "制造", "江苏", "A", "-", str(i * 10), str(i * 11)] for i in range(1, 5)),
        ],
        # Steps of a discount, not months.
        [["款式", "1档", "2档", "3档"], ["甲", "5", "4", "3"], ["乙", "5", "4", "3"]],
    ],
)
def test_columns_that_only_look_like_periods_stay(rows: Rows) -> None:
    found = table(rows)
    assert found.melted_from is None
    assert found.columns == tuple(rows[0])


@pytest.mark.parametrize(
    ("text", "start"),
    [
        ("3月", "2024-03-01"), ("03月", "2024-03-01"), ("三月", "2024-03-01"), ("十二月份", "2024-12-01"), ("2025年3月", "2025-03-01"),
        ("2025-03", "2025-03-01"), ("202503", "2025-03-01"), ("2025/3", "2025-03-01"), ("25年3月", "2025-03-01"), ("Mar-25", "2025-03-01"),
        ("March", "2024-03-01"), ("Sept.", "2024-09-01"), ("第三季度", "2024-07-01"), ("2025Q3", "2025-07-01"), ("Q3-2025", "2025-07-01"),
        ("2025年", "2025-01-01"), ("2025年度", "2025-01-01"), ("FY2025", "2025-01-01"), ("第1周", "2024-01-01"), ("2026W53", "2026-12-28"),
        ("2025-03-14", "2025-03-14"), ("3月计划", "2024-03-01"), ("销售额（2025年）", "2025-01-01"),
    ],
)  # fmt: skip
def test_names_of_periods(text: str, start: str) -> None:
    found = period_name(text)
    assert found is not None
    assert found.start(2024) == start


@pytest.mark.parametrize(
    "text", ["合计", "13月", "月份", "季度", "周一", "Q5", "1月1日", "2025W53", "2025-02-30", "金额", "Marketing"]
)
def test_other_words_are_no_periods(text: str) -> None:
    assert period_name(text) is None


@pytest.mark.parametrize(
    ("context", "name"),
    [
        (("2025年销售目标（万元）",), "销售目标"),
        (("2024年各地区销售额统计表",), "销售额"),
        (("数据库：分省年度数据", "指标：地区生产总值(亿元)"), "地区生产总值"),
        (("单位：万元", "Sheet1", "各部门月度回款情况.xlsx"), "回款"),
        (("表1",), "数值"),
    ],
)
def test_what_the_values_are_called(context: tuple[str, ...], name: str) -> None:
    assert value_name(context) == name


def test_the_year_of_a_title() -> None:
    texts = ("2025年目标", "sales_2025.csv", "报表20250301", "2024-2025", "12025")
    assert [year_in(text) for text in texts] == [2025, 2025, 2025, None, None]


@pytest.mark.requirement("B01")
def test_monthly_targets_by_person_are_imported_and_reconcile(tmp_path: Path) -> None:
    rows = [
        ["2025年销售目标（万元）"],
        ["姓名", *MONTHS, "合计"],
        ["张三", *range(10, 22), 186],
        ["李四", *range(20, 30), "待定", None, 245],
    ]
    workspace = Workspace.create(tmp_path / "workspace")
    path = workbook(tmp_path / "目标.xlsx", {"目标": rows}, {"目标": ["A1:N1"]})
    report = import_files(workspace, [ImportRequest(path)], now=dt.datetime(2026, 11, 21, tzinfo=dt.UTC))
    counts = report.batches[0].entities["target"]
    assert (counts.received, counts.accepted, counts.quarantined) == (23, 22, 1)
    assert counts.reconciles
    assert report.batches[0].skipped == {"title": 1, "empty_cell": 1}
    stored = workspace.current().rows("SELECT period, sum(value) AS value, count(*) AS n FROM target GROUP BY period")
    assert stored == [{"period": "month", "value": Decimal(4_310_000), "n": 22}]
    waiting = workspace.current().rows("SELECT row, value FROM ledger.quarantine")
    assert waiting == [{"row": 40012, "value": "待定"}]
