"""Targets in another currency: kept in it, converted by the planned rate or that of their first day, seen in both.

By hand: one dollar is 7.0 yuan from January 2026 and 7.2 from July; 7.1 is planned for the year.
"""

from __future__ import annotations

from decimal import Decimal

import pytest

import salesloop
from salesloop.app.targets import versions
from salesloop.app.targets.models import PlanRate, Target, Version
from salesloop.engine.pipeline import ImportRequest, import_files
from salesloop.engine.store import Workspace
from tests.app.company import NOW
from tests.app.html import read
from tests.app.targets.conftest import NOVEMBER

JANUARY, YEAR = "month:2026-01-01", "year:2026-01-01"
DOLLARS = "tab=1USD"


@pytest.fixture(autouse=True)
def rates(own: Workspace, tmp_path) -> None:
    file = tmp_path / "汇率.csv"
    file.write_text("币种,生效日期,汇率\nUSD,2026-01-01,7.0\nUSD,2026-07-01,7.2\n", "utf-8")
    import_files(own, [ImportRequest(file, entity="exchange_rate")], now=NOW)


def target_of(own: Workspace, start: str, end: str) -> Decimal:
    found = salesloop.open(own.path).query("revenue", where=["employee=E12"], start=start, end=end, compare=["target"])
    return found.column("revenue_target").to_pylist()[0]


@pytest.mark.requirement("G01")
def test_dollars_count_by_the_rate_of_their_first_day_and_are_shown_in_both(sheet, own):
    dollars = sheet(query=DOLLARS)
    assert dollars.save(("employee:E12", JANUARY, "1000"), ("employee:E12", NOVEMBER, "2,000")).status_code == 200
    kept = {(t.period_start.month, t.value, t.currency) for t in Target.objects.all()}
    assert kept == {(1, Decimal(1000), "USD"), (11, Decimal(2000), "USD")}
    assert target_of(own, "2026-01-01", "2026-01-31") == 7_000
    assert target_of(own, "2026-11-01", "2026-11-30") == 14_400
    assert target_of(own, "2026-01-01", "2026-12-31") == 21_400
    assert (dollars.text("employee:E12", JANUARY), dollars.text("employee:E12", YEAR)) == ("1,000", "3,000")
    yuan = sheet(query="tab=1").cell("employee:E12", JANUARY)
    assert yuan.text == "7,000 USD"
    assert "1,000.00 美元 × 7（当期汇率）= 7,000.00 元" in yuan.attributes["title"].replace("\xa0", " ")
    # 张伟 sold 15,000 in November: 15,000 ÷ 14,400.
    found = salesloop.open(own.path).query("attainment", where=["employee=E12"], start="2026-11-01", end="2026-11-30")
    assert round(found.column("attainment").to_pylist()[0], 4) == 1.0417


@pytest.mark.requirement("G01")
def test_the_planned_rate_of_a_year_wins_and_may_be_taken_back(sheet, own, as_):
    dollars = sheet(query=DOLLARS)
    dollars.save(("employee:E12", JANUARY, "1000"), ("employee:E12", "month:2026-08-01", "3000"))
    assert as_("analyst").post("/targets/rate/?tab=1USD", {"rate": "7.1"}).status_code == 302
    assert target_of(own, "2026-01-01", "2026-10-31") == 28_400
    # What others state in yuan is seen in dollars by the same rate: 王芳's 25,000 ÷ 7.1.
    assert dollars.text("employee:E13") == "3,521"
    assert "计划汇率" in dollars.cell("employee:E12", JANUARY).attributes["title"]
    as_("analyst").post("/targets/rate/?tab=1USD", {"rate": ""})
    assert target_of(own, "2026-01-01", "2026-10-31") == 7_000 + 21_600
    assert not PlanRate.objects.exists()


@pytest.mark.requirement("G01")
def test_imported_dollars_count_by_the_planned_rate_of_their_year_too(own, as_, tmp_path):
    file = tmp_path / "目标.csv"
    file.write_text("指标,员工工号,期间开始,期间长度,目标值,币种\nrevenue,E12,2026-03-01,月,1000,USD\n", "utf-8")
    import_files(own, [ImportRequest(file, entity="target")], now=NOW)
    assert target_of(own, "2026-03-01", "2026-03-31") == 7_000
    as_("analyst").post("/targets/rate/?tab=1USD", {"rate": "7.1"})
    assert target_of(own, "2026-03-01", "2026-03-31") == 7_100
    as_("analyst").post("/targets/rate/?tab=1USD&period=2025", {"rate": "6.5"})
    assert target_of(own, "2026-03-01", "2026-03-31") == 7_100, "another year's"


def test_a_rate_needs_sense_a_planner_and_a_year_that_is_not_frozen(as_, people):
    assert as_("analyst").post("/targets/rate/?tab=1USD", {"rate": "很多"}).status_code == 422
    assert as_("analyst").post("/targets/rate/", {"rate": "7"}).status_code == 404
    assert as_("manager").post("/targets/rate/?tab=1USD", {"rate": "7"}).status_code == 403
    Version.objects.create(
        metric="revenue", year=2026, number=1, state="frozen", created_by=people.analyst, created_at=NOW
    )
    assert as_("analyst").post("/targets/rate/?tab=1USD", {"rate": "7"}).status_code == 422


@pytest.mark.requirement("G01", "G06")
def test_a_year_in_dollars_is_split_in_dollars_and_goes_through_a_version(sheet, as_, people, own):
    address = "/targets/split/?tab=1USD&period=2027&row=employee%3AE12&how=time&by=equal&amount=1200&step=1"
    assert "1,200.00 美元" in read(as_("analyst").get(address)).text
    assert as_("analyst").post(address).status_code == 302
    assert set(Target.objects.values_list("value", "currency")) == {(Decimal(100), "USD")}
    next_year = as_("analyst").post("/targets/year/?period=2028", {"factor": "110"})
    assert next_year.status_code == 302
    assert set(Target.objects.filter(period_start__year=2028).values_list("value", "currency")) == {
        (Decimal(110), "USD")
    }
    year = own.config.calendar_of_company.numbered(2027, "year", 1)
    draft = versions.begin(people.analyst, "revenue", year, 2027, "", NOW)
    versions.submit(people.analyst, draft, "", NOW)
    versions.approve(people.executive, draft, year, "", NOW)
    assert set(Target.objects.filter(period_start__year=2027).values_list("currency", flat=True)) == {"USD"}


@pytest.mark.requirement("G01")
def test_pages_about_targets_show_the_currency_in_which_they_were_stated(sheet, as_, people, own):
    sheet(query=DOLLARS).save(("employee:E12", JANUARY, "1000"))
    mine = read(as_("rep").get("/targets/mine/?period=2026"))
    assert "7,000 元 1,000 美元" in mine.text.replace("\xa0", " ")
    check = read(as_("analyst").get(f"/targets/check/?{DOLLARS}&period=2026&row=employee%3AE12"))
    assert "= " in check.text
    assert "美元" in check.text
    # by hand: 1,000 dollars in January; what was imported for November, 20,000 yuan, at 7.2 → 2,777.78
    assert "3,778 美元" in check.text.replace("\xa0", " ")
    year = own.config.calendar_of_company.numbered(2026, "year", 1)
    draft = versions.begin(people.analyst, "revenue", year, 2026, "", NOW)
    compared = read(as_("analyst").get(f"/targets/versions/compare/?period=2026&other={draft.pk}&{DOLLARS}"))
    assert "3,778 美元" in compared.text.replace("\xa0", " ")
