"""The way of a version: only what is approved counts, four eyes approve, a frozen year stays, and every step is told."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied

import salesloop
from salesloop.app.audit.services import history
from salesloop.app.notices.services import notices_of
from salesloop.app.targets import versions
from salesloop.app.targets.keys import Entry, Key
from salesloop.app.targets.models import Target, Version
from salesloop.app.targets.store import enter, undo
from salesloop.engine.model.calendar import Calendar
from salesloop.engine.model.errors import UserError
from tests.app.company import NOW
from tests.app.html import read
from tests.app.targets.conftest import NOVEMBER

YEAR = Calendar().period_of(NOW.date(), "year")
LATER = NOW + dt.timedelta(hours=1)


def key(unit: str = "", person: str = "", month: int = 11) -> Key:
    return Key("revenue", unit, person, dt.date(2026, month, 1), "month")


def target_of_november(own) -> Decimal:
    found = salesloop.open(own.path).query("revenue", start="2026-11-01", end="2026-11-30", compare=["target"])
    return found.column("revenue_target").to_pylist()[0]


@pytest.fixture
def draft(people) -> Version:
    """A draft that gives the south 30,000 in November."""
    version = versions.begin(people.analyst, "revenue", YEAR, 2026, "年中调整", NOW)
    enter(people.analyst, "revenue", 2026, {key("D2"): Entry(True, Decimal(30_000))}, NOW, draft=version)
    return version


def approved(people, version: Version, now: dt.datetime = NOW) -> Version:
    versions.submit(people.analyst, version, "", now)
    versions.approve(people.executive, version, YEAR, "同意", now)
    return version


@pytest.mark.requirement("G01", "G08")
def test_only_an_approved_version_counts(own, people, draft):
    assert target_of_november(own) == 55_000  # as imported: 20,000 + 25,000 + 10,000
    versions.submit(people.analyst, draft, "", NOW)
    assert target_of_november(own) == 55_000
    versions.approve(people.executive, draft, YEAR, "", NOW)
    assert target_of_november(own) == 75_000  # 45,000 in the east and 30,000 in the south


@pytest.mark.requirement("G08")
def test_who_took_part_does_not_approve(people, draft):
    versions.submit(people.admin, draft, "", NOW)
    with pytest.raises(UserError, match="另一个人批准"):
        versions.approve(people.admin, draft, YEAR, "", NOW)
    with pytest.raises(PermissionDenied):
        versions.approve(people.analyst, draft, YEAR, "", NOW)
    versions.approve(people.executive, draft, YEAR, "", NOW)
    other = versions.begin(people.analyst, "revenue", YEAR, 2026, "", NOW)
    enter(people.admin, "revenue", 2026, {key("D1"): Entry(True, Decimal(1))}, NOW, draft=other)
    versions.submit(people.analyst, other, "", NOW)
    with pytest.raises(UserError, match="另一个人批准"):
        versions.approve(people.admin, other, YEAR, "", NOW)


@pytest.mark.requirement("G08")
def test_a_submitted_draft_is_closed_until_it_is_sent_back_with_a_reason(people, draft, sheet):
    versions.submit(people.analyst, draft, "请审", NOW)
    with pytest.raises(UserError, match="第 1 版已经提交或生效"):
        enter(people.analyst, "revenue", 2026, {key("D2"): Entry(True, Decimal(1))}, NOW, draft=draft)
    with pytest.raises(UserError, match="请写明理由"):
        versions.send_back(people.executive, draft, " ")
    versions.send_back(people.executive, draft, "南区太低")
    assert draft.state == "draft"
    assert [str(notice) for notice in notices_of(people.analyst)] != []
    assert [entry.code for entry in history(draft)] == [
        "target.version_returned", "target.version_submitted", "target.version_begun",
    ]  # fmt: skip
    assert history(draft)[0].data["why"] == "南区太低"


@pytest.mark.requirement("G05")
def test_below_an_approved_version_managers_split_on_and_what_was_approved_stays(own, people, draft, sheet):
    approved(people, draft)
    south = sheet("other_manager")
    assert south.save(("employee:E21", NOVEMBER, "2.5")).status_code == 200
    assert target_of_november(own) == 75_000  # the unit's own statement counts
    assert sheet().text("org_unit:D2").endswith("+0.5")  # 30,000 − 25,000
    answer = sheet("analyst").save(("org_unit:D2", NOVEMBER, "9"))
    assert answer.status_code == 422
    assert "由第 1 版（已批准）确定" in read(answer).text


def test_an_older_change_is_not_undone_into_an_approved_version(people):
    change = enter(people.analyst, "revenue", 2026, {key("D2"): Entry(True, Decimal(1))}, NOW)
    version = versions.begin(people.analyst, "revenue", YEAR, 2026, "", NOW)
    approved(people, version)
    with pytest.raises(UserError, match="由 2026 年第 1 版（已批准）确定"):
        undo(people.analyst, change, NOW)


@pytest.mark.requirement("G01")
def test_a_frozen_year_refuses_every_edit_with_a_sentence(people, draft, sheet):
    approved(people, draft)
    versions.freeze(people.executive, draft, "", NOW)
    answer = sheet().save(("employee:E12", NOVEMBER, "9"))
    assert answer.status_code == 422
    assert "2026 年的目标已冻结（第 1 版），不能再改。" in read(answer).text
    assert not any("data-edit" in cell.attributes for cell in sheet().page().all("td"))
    with pytest.raises(UserError, match="冻结"):
        enter(people.analyst, "revenue", 2026, {key("D11"): Entry(True, Decimal(1))}, NOW)


def test_the_next_version_replaces_and_keeps_what_was_split_since(own, people, draft, sheet):
    approved(people, draft)
    sheet("manager").save(("org_unit:D11", NOVEMBER, "4"))  # before the second draft begins: part of what it copies
    second = versions.begin(people.analyst, "revenue", YEAR, 2026, "", LATER)
    enter(people.analyst, "revenue", 2026, {key("D2"): Entry(True, Decimal(40_000))}, LATER, draft=second)
    Target.objects.create(
        metric="revenue", employee_id="E21", period_start=dt.date(2026, 11, 1), period="month", value=7,
        changed_by=people.other_manager, changed_at=LATER + dt.timedelta(minutes=1),
    )  # fmt: skip
    approved(people, second, LATER + dt.timedelta(hours=1))
    draft.refresh_from_db()
    assert draft.state == "replaced"
    held = {(row.org_unit_id, row.employee_id): (row.value, row.version) for row in Target.objects.all()}
    assert held == {
        ("D2", ""): (Decimal(40_000), "2026-v2"),
        ("D11", ""): (Decimal(40_000), "2026-v2"),
        ("", "E21"): (Decimal(7), ""),
    }
    assert target_of_november(own) == 80_000


@pytest.mark.requirement("G08")
def test_rolling_back_brings_the_earlier_version_as_it_was_in_the_end(own, people, draft):
    approved(people, draft)
    second = versions.begin(people.analyst, "revenue", YEAR, 2026, "", LATER)
    enter(people.analyst, "revenue", 2026, {key("D2"): Entry(True, Decimal(40_000))}, LATER, draft=second)
    approved(people, second, LATER)
    assert target_of_november(own) == 85_000
    draft.refresh_from_db()
    with pytest.raises(UserError, match="请写明理由"):
        versions.roll_back(people.executive, draft, YEAR, "", LATER)
    versions.roll_back(people.executive, draft, YEAR, "市场变了", LATER)
    second.refresh_from_db()
    assert (target_of_november(own), second.state, draft.state) == (Decimal(75_000), "replaced", "approved")


def test_a_version_of_one_year_leaves_the_others_alone(people, draft):
    other = Key("revenue", "D2", "", dt.date(2027, 1, 1), "month")
    enter(people.analyst, "revenue", 2027, {other: Entry(True, Decimal(5))}, NOW)
    approved(people, draft)
    assert Target.objects.get(period_start=dt.date(2027, 1, 1)).value == 5


@pytest.mark.requirement("G05")
def test_a_draft_is_its_own_sheet(people, draft, sheet, as_):
    page = read(as_("analyst").get(f"/targets/draft/{draft.pk}/"))
    assert page.one("tr", data_line="org_unit:D2").one("td", data_c=NOVEMBER).text == "3.0 与下级之和相差 +2.0"
    assert sheet().text("org_unit:D2") == "1.0"
    assert "第 1 版 · 草稿" in page.text
    approved(people, draft)
    assert as_("analyst").get(f"/targets/draft/{draft.pk}/")["Location"].startswith("/targets/?")


def test_two_versions_side_by_side(people, draft, as_):
    text = read(as_("executive").get(f"/targets/versions/compare/?period=2026&other={draft.pk}")).text
    assert "华南大区" in text
    assert "+2.00 万元" in text, text[400:900]  # 30,000 against the imported 10,000


def test_a_locked_cell_is_left_alone_until_it_is_unlocked(sheet, as_):
    grid = sheet()
    grid.save(("org_unit:D2", NOVEMBER, "3"))
    analyst = as_("analyst")
    place = {"row": "org_unit:D2", "column": NOVEMBER}
    assert analyst.post("/targets/lock/?", place).status_code == 200
    answer = grid.save(("org_unit:D2", NOVEMBER, "4"))
    assert "华南大区 · 2026年11月：这一格已锁定，请先解锁。" in read(answer).text
    assert analyst.post("/targets/lock/?", place).status_code == 200
    assert grid.save(("org_unit:D2", NOVEMBER, "4")).status_code == 200
    assert analyst.post("/targets/lock/?", {"row": "org_unit:D1", "column": NOVEMBER}).status_code == 422


@pytest.mark.parametrize(
    ("who", "step", "status"),
    [("rep", "submit", 403), ("manager", "submit", 403), ("steward", "approve", 403), ("analyst", "approve", 403)],
)
def test_who_may_take_which_step(as_, draft, who, step, status):
    if step == "approve":
        Version.objects.update(state="submitted")
    assert as_(who).post(f"/targets/versions/{draft.pk}/{step}/").status_code == status
    assert Version.objects.get().state in ("draft", "submitted")


def test_the_page_offers_the_next_step_and_takes_it(as_, people, draft):
    analyst, executive = as_("analyst"), as_("executive")
    page = read(analyst.get("/targets/versions/?period=2026"))
    assert "提交审批" in page.text
    assert analyst.post(f"/targets/versions/{draft.pk}/submit/", {"why": "按预算"}).status_code == 302
    assert (
        "批准"
        not in read(analyst.get("/targets/versions/?period=2026"))
        .one("section", class_="version")
        .text.split("待批准")[1]
    )
    executive.post(f"/targets/versions/{draft.pk}/approve/")
    assert Version.objects.get().state == "approved"
    assert as_("rep").get("/targets/versions/").status_code == 403
    assert as_("rep").get(f"/targets/draft/{draft.pk}/").status_code == 404
    assert executive.post(f"/targets/versions/{draft.pk}/nonsense/").status_code == 404


@pytest.mark.requirement("G08", "D24")
def test_the_original_plan_stays_what_was_approved_first(own, people, draft, as_):
    def november() -> tuple[float, float]:
        asked = salesloop.open(own.path).query(
            "revenue", start="2026-11-01", end="2026-11-30", compare=["target", "plan"]
        )
        return float(asked.column("revenue_target")[0].as_py()), float(asked.column("revenue_plan")[0].as_py())

    assert november() == (55_000, 55_000)  # nothing was approved: the plan is what was imported
    first = approved(people, draft)
    assert november() == (75_000, 75_000)
    second = versions.begin(people.analyst, "revenue", YEAR, 2026, "上调", LATER)
    enter(people.analyst, "revenue", 2026, {key("D2"): Entry(True, Decimal(40_000))}, LATER, draft=second)
    approved(people, second, LATER)
    assert november() == (85_000, 75_000)
    lines = {
        row[0].split()[0]: row[1] for row in read(as_("analyst").get("/metrics/revenue/?compare=target,plan")).rows[1:]
    }
    assert (lines["目标"], lines["原计划"]) == ("8.50", "7.50")
    first.refresh_from_db()
    versions.roll_back(people.executive, first, YEAR, "市场转弱", LATER)
    assert november() == (75_000, 75_000)
