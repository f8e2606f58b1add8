"""The last change is taken back, unless somebody has changed the same cells since."""

from __future__ import annotations

from salesloop.app.targets.models import Change, Target
from tests.app.targets.conftest import NOVEMBER


def test_undo_brings_back_what_was_there_step_by_step(sheet, as_, own):
    grid = sheet()
    grid.save(("employee:E12", NOVEMBER, "3"))
    grid.save(("employee:E12", NOVEMBER, "4"))
    second, first = Change.objects.all()
    assert grid.text("employee:E12") == "4.0"
    assert (
        as_("analyst").post(f"/targets/changes/{second.pk}/undo/", {"next": "/targets/?tab=1"})["Location"]
        == "/targets/?tab=1"
    )
    assert grid.text("employee:E12") == "3.0"
    as_("analyst").post(f"/targets/changes/{first.pk}/undo/")
    assert grid.text("employee:E12") == "2.0"  # the imported one
    assert own.entered.read("target").num_rows == 0


def test_the_page_offers_the_newest_change_of_the_reader(sheet):
    sheet("manager").save(("employee:E12", NOVEMBER, "3"))
    assert sheet("analyst").page().all("form", data_undo="") == []
    (offered,) = sheet("manager").page().all("form", data_undo="")
    assert offered.attributes["action"] == f"/targets/changes/{Change.objects.get().pk}/undo/"


def test_a_later_change_of_somebody_else_is_not_lost(sheet, as_):
    sheet("manager").save(("employee:E12", NOVEMBER, "3"))
    mine = Change.objects.get()
    sheet("analyst").save(("employee:E12", NOVEMBER, "5"))
    answer = as_("manager").post(f"/targets/changes/{mine.pk}/undo/")
    assert answer.status_code == 422
    assert "这次修改之后又有人改过同样的格" in answer.content.decode()
    assert Target.objects.get().value == 50_000


def test_the_change_of_another_is_not_found(sheet, as_):
    sheet("analyst").save(("employee:E12", NOVEMBER, "3"))
    assert as_("manager").post(f"/targets/changes/{Change.objects.get().pk}/undo/").status_code == 404


def test_the_way_back_leads_to_our_own_pages_only(sheet, as_):
    sheet().save(("employee:E12", NOVEMBER, "3"))
    answer = as_("analyst").post(f"/targets/changes/{Change.objects.get().pk}/undo/", {"next": "https://evil.example/"})
    assert answer["Location"] == "/targets/"
