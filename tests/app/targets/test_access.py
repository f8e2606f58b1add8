"""Every page about targets: who gets it, who is refused, and that nobody sees or writes outside of their own tree."""

from __future__ import annotations

import pytest

from salesloop.app.targets import versions
from salesloop.app.targets.models import Acknowledgement, Commitment, Objective, Remark, Target
from salesloop.engine.model.calendar import Calendar
from tests.app.company import NOW
from tests.app.html import read

EVERYBODY = {"rep", "manager", "analyst", "steward", "executive", "admin"}
EDITORS = {"manager", "analyst", "admin"}
PLANNERS = {"analyst", "admin"}
NO_REPS = EVERYBODY - {"rep"}
PAGES = {
    "/targets/split/": EDITORS,
    "/targets/propose/": PLANNERS,
    "/targets/file/": EDITORS,
    "/targets/check/": EVERYBODY,
    "/targets/moves/": EDITORS,
    "/targets/versions/": NO_REPS,
    "/targets/versions/compare/": NO_REPS,
    "/targets/objectives/": NO_REPS,
    "/targets/resources/": NO_REPS,
    "/targets/resources/marketing/": NO_REPS,
    "/targets/objectives/new/": PLANNERS,
    "/targets/attainment/": EVERYBODY,
    "/targets/attainment/rows/": EVERYBODY,
    "/targets/attainment/gap/": EVERYBODY,
    "/targets/attainment/outlook/": EVERYBODY,
    "/targets/attainment/people/": EVERYBODY,
    "/targets/mine/": {"rep", "manager", "executive"},  # who is an employee
}
POSTS = {
    "/targets/lock/": EDITORS,
    "/targets/rate/": PLANNERS,
    "/targets/versions/new/": PLANNERS,
    "/targets/objectives/link/": PLANNERS,
    "/targets/objectives/1/milestones/": PLANNERS,
    "/targets/objectives/1/plan/": PLANNERS,
    "/targets/milestones/1/done/": NO_REPS,
}


@pytest.mark.parametrize("who", sorted(EVERYBODY))
def test_who_gets_which_page(as_, who):
    got = {page for page in PAGES if as_(who).get(page).status_code == 200}
    assert got == {page for page, those in PAGES.items() if who in those}


@pytest.mark.parametrize("address", [*PAGES, *POSTS, "/targets/row/remark/", "/targets/mine/seen/"])
def test_without_a_login_nothing_is_shown(as_, address):
    answer = as_("nobody").post(address) if address in POSTS else as_("nobody").get(address)
    assert answer["Location"].startswith("/account/login/")


def test_who_may_not_post(as_):
    for address, those in POSTS.items():
        for who in EVERYBODY - those:
            assert as_(who).post(address).status_code == 403, (address, who)
    assert not Objective.objects.exists()


@pytest.mark.requirement("G05")
def test_a_manager_neither_sees_nor_splits_another_tree(as_):
    manager = as_("manager")
    for page in ("split", "row", "check"):
        assert manager.get(f"/targets/{page}/?row=org_unit:D2").status_code == 404
    assert manager.get("/targets/attainment/?where=org_unit=D2").status_code == 404
    assert manager.post("/targets/row/remark/?row=org_unit:D2", {"text": "x"}).status_code == 404
    assert manager.post("/targets/split/?row=org_unit:D1&how=time&by=equal&amount=12").status_code in (403, 422)
    assert "刘洋" not in read(manager.get("/targets/attainment/rows/?by=employee&period=2026-11")).text
    assert (Target.objects.count(), Remark.objects.count()) == (0, 0)


@pytest.mark.requirement("G05")
def test_a_representative_commits_only_for_themselves(as_, people):
    rep = as_("rep")
    assert rep.get("/targets/row/?row=employee:E13").status_code == 404
    rep.post("/targets/mine/", {"month:2026-11-01": "1.5"})
    rep.post("/targets/mine/seen/")
    assert [(c.employee_id, c.by) for c in Commitment.objects.all()] == [("E12", people.rep)]
    assert [(a.employee_id, a.by) for a in Acknowledgement.objects.all()] == [("E12", people.rep)]
    year = Calendar().period_of(NOW.date(), "year")
    draft = versions.begin(people.analyst, "revenue", year, 2026, "", NOW)
    for page in ("", "grid/", "row/", "check/"):
        assert rep.get(f"/targets/draft/{draft.pk}/{page}").status_code == 404
    assert as_("outsider").get("/targets/mine/").status_code == 404
