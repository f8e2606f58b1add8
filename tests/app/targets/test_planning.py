"""Split, proposal, file, hand-over and check on the pages: shown first, written on request, exact."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Sequence
from decimal import Decimal
from urllib.parse import urlencode

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile

from salesloop.app.targets import versions
from salesloop.app.targets.keys import Entry, Key
from salesloop.app.targets.models import Target
from salesloop.app.targets.store import enter, lock
from salesloop.engine.model.calendar import Calendar
from tests.app.company import NOW
from tests.app.html import read

Y2027 = Calendar().period_of(dt.date(2027, 1, 1), "year")


def split_of(**given: str) -> str:
    return "/targets/split/?" + urlencode({"period": "2027", **given})


def values(**of: str) -> dict[int, Decimal]:
    return {t.period_start.month: t.value or Decimal(0) for t in Target.objects.filter(**of)}


@pytest.mark.requirement("G06")
def test_a_year_is_split_over_its_months_to_the_cent(as_, sheet):
    address = split_of(row="org_unit:D0", how="time", by="equal", amount="100", step="0.01")
    page = read(as_("analyst").get(address))
    assert "合计 1,000,000.00 元 · 与总额一致" in page.text
    assert "83,333.34" in page.text
    assert Target.objects.count() == 0
    assert as_("analyst").post(address).status_code == 302
    months = values(org_unit_id="D0")
    assert sum(months.values()) == 1_000_000
    assert (months[1], months[12]) == (Decimal("83333.34"), Decimal("83333.33"))


@pytest.mark.requirement("G06")
def test_working_days_and_a_locked_month(as_, people):
    january = Key("revenue", "D0", "", dt.date(2027, 1, 1), "month")
    enter(people.analyst, "revenue", 2027, {january: Entry(True, Decimal(50_000))}, NOW)
    lock(people.analyst, [january], None, locked=True)
    as_("analyst").post(split_of(row="org_unit:D0", how="time", by="workdays", amount="100", step="1"))
    months = values(org_unit_id="D0")
    # 2027 has 261 weekdays, January 21: the other 240 share 950,000; February has 20.
    assert months[1] == 50_000
    assert abs(months[2] - Decimal(950_000) * 20 / 240) < 1
    assert sum(months.values()) == 1_000_000


@pytest.mark.requirement("G05")
def test_a_team_s_months_go_to_those_below_by_last_year_with_one_lock_and_a_limit(as_, people, sheet):
    analyst = as_("analyst")
    analyst.post(split_of(row="org_unit:D0", how="time", by="equal", amount="120", step="1"))
    # In the twelve months to October 2026: 41 thousand … by hand: east 8 + 16 + 12 + 10 = 46, south 9 thousand.
    address = split_of(row="org_unit:D0", how="below", by="history", step="1")
    page = read(analyst.get(address))
    assert "46,000.00" in page.text
    assert "9,000.00" in page.text
    assert analyst.post(address).status_code == 302
    east, south = values(org_unit_id="D1"), values(org_unit_id="D2")
    assert sum(east.values()) == round(Decimal(1_200_000) * 46 / 55)
    assert all(east[month] + south[month] == 100_000 for month in range(1, 13))
    assert not Target.objects.filter(employee_id="E01").exists()  # neither history nor target: takes no part

    june = Key("revenue", "D1", "", dt.date(2027, 6, 1), "month")
    lock(people.analyst, [june], None, locked=True)
    analyst.post(split_of(row="org_unit:D0", how="below", by="equal", step="1", out="employee:E01"))
    again, south = values(org_unit_id="D1"), values(org_unit_id="D2")
    assert again[6] == east[6]
    assert all(again[month] + south[month] == 100_000 for month in range(1, 13))
    assert 599_988 <= sum(again.values()) <= 600_012


@pytest.mark.requirement("G05")
def test_own_weights_and_limits_against_last_year(as_):
    analyst = as_("analyst")
    analyst.post(split_of(row="org_unit:D0", how="time", by="equal", amount="10", step="1"))
    given = {"row": "org_unit:D0", "how": "below", "by": "own", "w-org_unit:D1": "50", "w-org_unit:D2": "50"}
    analyst.post(split_of(**given, high="100", step="1"))
    # Half of 100,000 each, but the south may at most double its 9,000.
    assert sum(values(org_unit_id="D2").values()) == 18_000
    assert sum(values(org_unit_id="D1").values()) == 82_000


def test_what_cannot_be_split_says_why(as_):
    analyst = as_("analyst")
    assert "“全国”在 2027 年没有目标可分" in read(analyst.get(split_of(row="org_unit:D0", how="below"))).text
    assert "读不成数字" in read(analyst.get(split_of(row="org_unit:D0", how="time", amount="很多"))).text
    answer = analyst.post(split_of(row="org_unit:D0", how="below", by="potential", amount="10"))
    assert answer.status_code == 422
    assert "都是 0" in read(answer).text
    assert Target.objects.count() == 0


@pytest.mark.requirement("G05")
def test_a_manager_splits_their_own_team_to_its_people(as_, people):
    unit = {
        Key("revenue", "D11", "", dt.date(2027, month, 1), "month"): Entry(True, Decimal(1000))
        for month in range(1, 13)
    }
    enter(people.analyst, "revenue", 2027, unit, NOW)
    address = split_of(row="org_unit:D11", how="below", by="history", step="1")
    assert as_("manager").post(address).status_code == 302
    # 张伟 8 + 12 = 20, 王芳 16 + 10 = 26 thousand of 46.
    assert sum(values(employee_id="E12").values()) == round(Decimal(12_000) * 20 / 46)
    assert sum(values(employee_id="E13").values()) == round(Decimal(12_000) * 26 / 46)
    own = split_of(row="org_unit:D1", how="time", by="equal", amount="10")
    assert as_("manager").post(own).status_code == 403


@pytest.mark.requirement("G03")
def test_a_proposal_shows_its_inputs_and_is_kept_with_the_draft(as_, people):
    analyst = as_("analyst")
    draft = versions.begin(people.analyst, "revenue", Y2027, 2027, "", NOW)
    address = f"/targets/draft/{draft.pk}/propose/?row=org_unit:D0&market=8&weight=50&stretch=5&step=1"
    text = read(analyst.get(address)).text
    # November 2025 to October 2026: 24,000 + 31,000. Nothing to compare a year before, so own growth 0, half of 8 %, 5 % on top.
    assert "近 12 个完整月实际 55,000.00 元" in text
    assert "提议 60,060.00 元" in text  # 55,000 × 1.04 × 1.05
    assert "历史太短，说不出可能性" in text
    assert analyst.post(address).status_code == 302
    draft.refresh_from_db()
    assert (draft.basis["org_unit:D0"]["base"], draft.basis["org_unit:D0"]["total"]) == ("55000.0", "60060")
    assert sum(cell.value or 0 for cell in draft.cells.all()) == 60_060
    assert not Target.objects.exists()
    with_people = read(analyst.get(f"{address}&people=1")).text
    assert "受产能限制" in with_people


@pytest.mark.requirement("G03")
def test_a_proposal_without_a_year_of_history_says_so(as_):
    answer = as_("analyst").get("/targets/propose/?period=2027&row=employee:E01")
    assert "最近 12 个完整的月没有实际值" in read(answer).text


def workbook(rows: Sequence[Sequence[object]]) -> SimpleUploadedFile:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet("2027")
        for at, row in enumerate(rows):
            sheet.write_row(at, 0, row)
    return SimpleUploadedFile("2027年目标.xlsx", out.getvalue())


@pytest.mark.requirement("G01")
def test_a_grid_in_a_workbook_is_read_into_the_sheet(as_):
    rows: list[list[object]] = [
        ["2027 年销售目标（万元）", None, None, None],
        ["部门", "姓名", "1月", "2月"],
        ["上海一部", "张伟", 1.5, "2万"],
        ["上海一部", "E13", 3, None],
        ["华北", "无此人", 9, 9],
    ]
    answer = as_("analyst").post("/targets/file/?period=2027", {"file": workbook(rows)}, follow=True)
    assert answer.status_code == 200
    assert "“无此人”不是您能看到的部门或人员" in read(answer).text
    assert values(employee_id="E12") == {1: 15_000, 2: 20_000}
    assert values(employee_id="E13") == {1: 30_000}


def test_a_file_without_a_grid_or_with_a_bad_cell_writes_nothing(as_):
    analyst = as_("analyst")
    assert analyst.post("/targets/file/?period=2027", {"file": workbook([["a", "b"], [1, 2]])}).status_code == 422
    bad = workbook([["姓名", "1月", "2月"], ["张伟", "待定", 3]])
    answer = analyst.post("/targets/file/?period=2027", {"file": bad})
    assert answer.status_code == 422
    assert "张伟 · 2027年1月：“待定”读不成数字" in read(answer).text
    # A manager's file reaches only their own tree.
    other = workbook([["姓名", "1月", "2月"], ["刘洋", 1, 2]])
    as_("manager").post("/targets/file/?period=2027", {"file": other})
    assert Target.objects.count() == 0


@pytest.mark.requirement("G02")
def test_the_five_checks_name_what_is_missing(as_, people):
    text = read(as_("rep").get("/targets/check/?row=employee:E12&period=2026")).text
    assert "通过 2 / 5" in text  # somebody is responsible, and it is measured
    assert "没有对应的公司目标" in text
    assert "历史太短" in text
    assert "请分到月或季" in text


@pytest.mark.requirement("G07", "G09", "G10", "G14")
def test_objectives_links_and_milestones(as_, people):
    analyst = as_("analyst")
    wish = {"name": "三年翻番", "first_year": "2026", "last_year": "2028", "metric": "revenue", "value": "1000000"}
    assert analyst.post("/targets/objectives/new/", wish).status_code == 302
    assert analyst.post("/targets/objectives/new/", {**wish, "last_year": "2020"}).status_code == 422
    enter(
        people.analyst,
        "revenue",
        2026,
        {Key("revenue", "D2", "", dt.date(2026, 11, 1), "month"): Entry(True, Decimal(3))},
        NOW,
    )
    text = read(analyst.get("/targets/objectives/")).text
    assert "长期 · 2026–2028" in text
    assert "还没有关联的目标 销售额 2026" in text
    assert analyst.post("/targets/objectives/link/", {"target": "revenue:2026", "objective": "1"}).status_code == 302
    text = read(analyst.get("/targets/objectives/")).text
    assert "已关联公司目标 100" in text
    assert "还没有关联的目标" not in text
    assert analyst.post("/targets/objectives/1/plan/", {"template": "product_launch"}).status_code == 302
    late = {"title": "价目表", "owner": str(people.analyst.pk), "due": "2026-11-01"}
    assert analyst.post("/targets/objectives/1/milestones/", late).status_code == 302
    text = read(analyst.get("/targets/objectives/")).text
    assert "到期 1 个，逾期未完成 1 个" in text
    assert "上市" in text
    assert as_("manager").post("/targets/milestones/7/done/").status_code == 403
    assert analyst.post("/targets/milestones/7/done/").status_code == 302
    assert "逾期未完成 0 个" in read(analyst.get("/targets/objectives/")).text
    assert "对应公司目标“三年翻番”" in read(analyst.get("/targets/check/?row=org_unit:D0&period=2026")).text
