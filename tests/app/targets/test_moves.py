"""People who change units within the year: their target goes with them or stays, shown first, and nothing is lost.

张伟 E12 comes from 上海一部 D11 to 华南大区 D2 on 16 November: of November's 20,000 half was due before. Targets of the month:
张伟 20,000, 王芳 25,000, 刘洋 10,000, together 55,000.
"""

from __future__ import annotations

from urllib.parse import urlencode

import pytest

import salesloop
from salesloop.app.targets.models import Change, MoveDecision, Target
from salesloop.engine.pipeline import ImportRequest, import_files
from salesloop.engine.store import Workspace
from tests.app.company import NOW
from tests.app.html import read
from tests.app.targets.conftest import NOVEMBER

WHO = "employee:E12@2026-11-16"


@pytest.fixture(autouse=True)
def moved(own: Workspace, tmp_path) -> None:
    file = tmp_path / "员工.csv"
    file.write_text("工号,姓名,部门编码,直接上级,职务,生效日期\nE12,张伟,D2,E20,客户经理,2026-11-16\n", "utf-8")
    import_files(own, [ImportRequest(file, entity="employee")], now=NOW)


def address(to: str, **more: str) -> str:
    return "/targets/moves/?" + urlencode({"who": WHO, "to": to, **more})


def by_unit(own: Workspace) -> dict[str, int]:
    found = salesloop.open(own.path).query(
        "revenue", by=["org_unit:3"], start="2026-11-01", end="2026-11-30", compare=["target"]
    )
    return {row["org_unit"]: row["revenue_target"] for row in found.to_pylist()}


@pytest.mark.requirement("G05", "G11")
def test_the_grid_shows_the_person_in_both_units_each_with_their_days(sheet, own):
    grid = sheet()
    assert by_unit(own) == {"上海一部": 35_000, "华南大区": 20_000}
    assert (grid.text("employee:E12@D11"), grid.text("employee:E12")) == ("1.0", "1.0")
    assert "张伟（调岗前）" in grid.line("employee:E12@D11").text
    assert (grid.text("org_unit:D11"), grid.text("org_unit:D2"), grid.text("org_unit:D0")) == ("3.5", "2.0", "5.5")
    grid.save(("employee:E12", NOVEMBER, "4"))  # the whole month's, whichever row it is typed in
    assert by_unit(own) == {"上海一部": 45_000, "华南大区": 30_000}


@pytest.mark.requirement("G05")
def test_with_the_person_what_units_state_is_moved_along_and_may_be_undone(sheet, as_, own):
    sheet().save(("org_unit:D1", NOVEMBER, "6"), ("org_unit:D2", NOVEMBER, "3"))
    page = read(as_("analyst").get(address("follow")))
    assert "公司合计不变" in page.text
    assert Target.objects.filter(org_unit_id="D1").get().value == 60_000
    assert as_("analyst").post(address("follow")).status_code == 302
    assert dict(Target.objects.values_list("org_unit_id", "value")) == {"D1": 50_000, "D2": 40_000}
    listed = read(as_("analyst").get("/targets/moves/")).text
    assert "目标随人走" in listed
    assert as_("analyst").post(address("follow")).status_code == 422  # not twice
    assert Change.objects.count() == 2
    as_("analyst").post(f"/targets/changes/{MoveDecision.objects.get().change_id}/undo/")
    assert dict(Target.objects.values_list("org_unit_id", "value")) == {"D1": 60_000, "D2": 30_000}
    assert "待处理" in read(as_("analyst").get("/targets/moves/")).text


@pytest.mark.requirement("G05")
@pytest.mark.parametrize("to", ["team", "unit"])
def test_with_the_unit_the_person_keeps_what_was_due_before(as_, own, to):
    assert as_("analyst").post(address(to)).status_code == 302
    assert by_unit(own) == {"上海一部": 45_000, "华南大区": 10_000}
    kept = Target.objects.get(org_unit_id="D11", employee_id="E12")
    assert kept.value == 10_000
    taken = Target.objects.get(employee_id="E13").value if to == "team" else Target.objects.get(employee_id="").value
    assert taken == (35_000 if to == "team" else 45_000)


def test_who_may_not_change_both_units_may_not_decide(sheet, as_):
    sheet().save(("org_unit:D1", NOVEMBER, "6"))
    answer = as_("manager").post(address("follow"))  # 赵敏 leads 上海一部 only
    assert answer.status_code == 422
    assert not MoveDecision.objects.exists()
    assert as_("rep").get(address("follow")).status_code == 403


def test_next_year_is_built_on_the_whole_year_of_who_moved(as_):
    assert as_("analyst").post("/targets/year/?period=2027", {"factor": "110"}).status_code == 302
    assert Target.objects.get(employee_id="E12", period_start__year=2027).value == 22_000  # of 20,000, not of the half
