"""A year built on the one before, seen first and then written."""

from __future__ import annotations

import pytest

from salesloop.app.targets.models import Target
from tests.app.html import read

NEXT = "/targets/year/?period=2027"


def test_the_preview_writes_nothing(as_):
    page = read(as_("analyst").get(f"{NEXT}&factor=110"))
    assert "将写入 3 个月度目标。" in page.text
    assert page.one("table").rows[1:] == [
        ["张伟", "2.00 万元", "2.20 万元"],
        ["王芳", "2.50 万元", "2.75 万元"],
        ["刘洋", "1.00 万元", "1.10 万元"],
    ]
    assert Target.objects.count() == 0


def test_it_is_written_as_one_change_that_can_be_undone(as_, sheet):
    answer = as_("analyst").post(NEXT, {"factor": "110"}, follow=True)
    assert sheet(query="period=2027").text("org_unit:D0", "month:2027-11-01") == "6.1"  # 60,500 in 万元, to one place
    assert {t.employee_id: t.value for t in Target.objects.all()} == {"E12": 22_000, "E13": 27_500, "E21": 11_000}
    assert read(answer).one("form", data_undo="").attributes["action"].startswith("/targets/changes/")


def test_what_is_there_already_stays_unless_told_otherwise(as_, sheet):
    sheet(query="period=2027").save(("employee:E12", "month:2027-11-01", "9"))
    assert "1 个已有的目标保持不变" in read(as_("analyst").get(f"{NEXT}&factor=110")).text
    as_("analyst").post(NEXT, {"factor": "110"})
    assert Target.objects.get(employee_id="E12").value == 90_000
    as_("analyst").post(NEXT, {"factor": "110", "overwrite": "1"})
    assert Target.objects.get(employee_id="E12").value == 22_000


def test_a_manager_builds_on_the_rows_below_only(as_):
    as_("manager").post(NEXT, {"factor": "100"})
    assert set(Target.objects.values_list("employee_id", flat=True)) == {"E12", "E13"}


@pytest.mark.parametrize("factor", ["", "abc", "0", "-5", "2000"])
def test_a_factor_that_makes_no_sense(as_, factor):
    answer = as_("analyst").post(NEXT, {"factor": factor})
    assert answer.status_code == 422
    assert f"系数“{factor}”读不懂" in read(answer).text
    assert Target.objects.count() == 0


def test_a_year_without_targets_has_nothing_to_build_on(as_):
    assert "2029 年没有可以沿用的目标。" in read(as_("analyst").get("/targets/year/?period=2030")).text


@pytest.mark.parametrize("who", ["rep", "executive", "steward"])
def test_readers_do_not_get_there(as_, who):
    assert as_(who).get(NEXT).status_code == 403
    assert as_(who).post(NEXT, {"factor": "110"}).status_code == 403
