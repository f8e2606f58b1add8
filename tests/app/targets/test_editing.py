"""Typing and pasting: what is written, what is refused, and that both are seen at once everywhere."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

import salesloop
from salesloop.app.audit.services import entries
from salesloop.app.targets.keys import Entry, Key
from salesloop.app.targets.models import Target
from salesloop.app.targets.store import enter
from tests.app.company import NOW
from tests.app.html import read
from tests.app.targets.conftest import NOVEMBER

JANUARY = "month:2026-01-01"


@pytest.mark.requirement("G01", "G06")
def test_an_edit_is_seen_at_once_in_the_grid_and_in_every_query(sheet, own):
    grid = sheet()
    answer = grid.save(("org_unit:D1", NOVEMBER, "6"))
    assert answer.status_code == 200
    assert "已保存 1 个目标" in answer["HX-Trigger"].encode().decode("unicode_escape")
    assert grid.text("org_unit:D1") == "6.0 与下级之和相差 +1.5"  # 60,000 − (20,000 + 25,000)
    assert "entered" in grid.cell("org_unit:D1").attributes["class"]
    assert grid.text("org_unit:D0") == "7.0"  # 60,000 + 10,000: what is stated counts, not what is below
    found = salesloop.open(own.path).query("revenue", start="2026-11-01", end="2026-11-30", compare=["target"])
    assert found.column("revenue_target").to_pylist() == [Decimal(70_000)]


@pytest.mark.requirement("G01")
def test_a_pasted_block_is_read_like_an_imported_file(sheet, own):
    block = [("employee:E12", "1.2万", "1,234元"), ("employee:E13", "￥3.5万元", "２")]
    cells = [
        (row, c, text) for row, *texts in block for c, text in zip((JANUARY, "month:2026-02-01"), texts, strict=True)
    ]
    assert sheet().save(*cells).status_code == 200
    values = {
        (row["employee_id"], row["period_start"].month): row["value"] for row in own.entered.read("target").to_pylist()
    }
    assert values == {("E12", 1): 12_000, ("E12", 2): 1_234, ("E13", 1): 35_000, ("E13", 2): 20_000}
    assert sheet().text("org_unit:D11", JANUARY) == "4.7"


def test_one_unreadable_cell_refuses_all_and_is_named(sheet, own):
    grid = sheet()
    answer = grid.save(
        ("employee:E12", JANUARY, "5"), ("employee:E13", JANUARY, "待定"), ("employee:E21", JANUARY, "-1")
    )
    assert answer.status_code == 422
    problems = [item.text for item in read(answer).all("li")]
    assert problems == [
        "王芳 · 2026年1月：“待定”读不成数字。可以写 1200、1,200 或 1.2万。",
        "刘洋 · 2026年1月：目标不能是负数（-1）。",
    ]
    assert own.entered.read("target").num_rows == Target.objects.count() == 0
    assert grid.text("employee:E12", JANUARY) == ""


def test_an_emptied_cell_takes_an_imported_target_back_and_forgets_an_entered_one(sheet, own):
    grid = sheet()
    grid.save(("employee:E12", NOVEMBER, ""))
    assert grid.text("employee:E12") == ""
    assert grid.text("org_unit:D11") == "2.5"
    grid.save(("employee:E12", JANUARY, "3"))
    grid.save(("employee:E12", JANUARY, ""))
    assert [(row.period_start.month, row.value) for row in Target.objects.all()] == [(11, None)]


def test_typing_what_stands_there_changes_nothing(sheet):
    answer = sheet().save(("employee:E12", NOVEMBER, "2"))
    assert answer.status_code == 200
    assert "HX-Trigger" not in answer
    assert Target.objects.count() == 0


def test_sums_are_not_typed_over(sheet):
    answer = sheet().save(("org_unit:D0", "quarter:2026-10-01", "9"))
    assert [item.text for item in read(answer).all("li")] == [
        "全国 · 2026年4季度：这一格由各月相加得出，请改月份的格。"
    ]


def test_a_month_inside_a_stated_quarter_is_refused_until_that_is_cleared(sheet, people):
    quarter = Key("revenue", "D2", "", dt.date(2026, 7, 1), "quarter")
    enter(people.analyst, "revenue", 2026, {quarter: Entry(True, Decimal(900_000))}, NOW)
    grid = sheet()
    assert grid.text("org_unit:D2", "quarter:2026-07-01").startswith("90.0")
    answer = grid.save(("org_unit:D2", "month:2026-08-01", "30"))
    (problem,) = [item.text for item in read(answer).all("li")]
    assert problem.startswith("华南大区 · 2026年8月：2026年3季度已有一个整体目标 90.0 万元。")
    assert grid.save(("org_unit:D2", "quarter:2026-07-01", "")).status_code == 200
    assert grid.save(("org_unit:D2", "month:2026-08-01", "30")).status_code == 200


@pytest.mark.parametrize(
    ("who", "row", "status", "words"),
    [
        ("manager", "org_unit:D11", 200, ""),
        ("manager", "employee:E12", 200, ""),
        ("manager", "org_unit:D1", 422, "您不能修改这一行的目标"),
        ("manager", "employee:E10", 422, "您不能修改这一行的目标"),
        ("manager", "org_unit:D2", 422, "不在您的数据范围内"),
        ("manager", "employee:E21", 422, "不在您的数据范围内"),
        ("admin", "org_unit:D1", 200, ""),
        ("rep", "employee:E12", 403, ""),
        ("executive", "org_unit:D1", 403, ""),
        ("steward", "org_unit:D1", 403, ""),
    ],
)
def test_who_may_change_which_row(sheet, who, row, status, words):
    answer = sheet(who).save((row, NOVEMBER, "9"))
    assert answer.status_code == status
    assert words in answer.content.decode()
    assert Target.objects.count() == (1 if status == 200 else 0)


@pytest.mark.parametrize("body", ["", "[]", '{"cells": 3}', '{"cells": [{"row": 1}]}', "{"])
def test_nonsense_is_refused_in_words(as_, body):
    answer = as_("analyst").post("/targets/cells/", body, content_type="application/json")
    assert answer.status_code == 422
    assert "提交的内容无法理解" in answer.content.decode()


def test_unknown_columns_and_too_many_cells_are_refused(sheet):
    assert "没有“month:1999-01-01”这一列" in sheet().save(("org_unit:D1", "month:1999-01-01", "1")).content.decode()
    many = [("org_unit:D1", NOVEMBER, "1")] * 5001
    assert "一次最多修改 5,000 格" in sheet().save(*many).content.decode()


def test_a_change_is_in_the_audit_log_with_old_and_new_values(sheet):
    sheet().save(("employee:E12", JANUARY, "3"))
    sheet().save(("employee:E12", JANUARY, "4"))
    newest, first = entries(code="target.changed")
    assert (first.data["cells"][0]["before"], first.data["cells"][0]["after"]) == ([False, None], [True, "30000.0000"])
    assert newest.data["cells"][0]["before"] == [True, "30000.00000000"]
    assert str(newest.actor) == "林晓"


def test_without_a_login_nothing_is_shown_or_written(as_):
    for address in ("/targets/", "/targets/grid/", "/targets/row/?row=org_unit:D1", "/targets/year/"):
        assert as_("nobody").get(address)["Location"].startswith("/account/login/")
    for address in ("/targets/cells/", "/targets/changes/1/undo/"):
        assert as_("nobody").post(address)["Location"].startswith("/account/login/")
        assert as_("analyst").get(address).status_code == 405
