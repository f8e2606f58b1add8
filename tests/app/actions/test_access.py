"""Who sees and who changes an action."""

from __future__ import annotations

import datetime as dt

import pytest

from salesloop.app.actions import services
from salesloop.app.actions.models import Action
from tests.app.findings.drafts import EAST, NOW, ZHANG, draft, raised

TODAY = dt.date(2026, 11, 21)
POSTS = {"move/": {"to": "doing"}, "measure/": {}, "comment/": {"text": "好"}, "edit/": {}}


@pytest.fixture
def action(people) -> Action:
    return services.create(
        people.analyst, NOW, owner=people.manager, members=(EAST,), title="补货", metric="revenue", start=TODAY, due=TODAY + dt.timedelta(days=9)
    )  # fmt: skip


@pytest.mark.parametrize("page", ["", *POSTS])
def test_without_a_login(as_, action, page):
    method = as_("nobody").get if page == "" else as_("nobody").post
    assert method(f"/actions/{action.pk}/{page}")["Location"].startswith("/account/login/")


@pytest.mark.parametrize("page", ["", *POSTS])
@pytest.mark.parametrize("who", ["other_manager", "rep", "outsider"])
def test_outside_the_scope_it_is_not_found(as_, action, who, page):
    browser = as_(who)
    url = f"/actions/{action.pk}/{page}"
    assert (browser.get(url) if page == "" else browser.post(url, POSTS[page])).status_code == 404


@pytest.mark.parametrize("page", ["move/", "measure/", "edit/"])
def test_an_executive_reads_only(as_, action, page):
    assert as_("executive").get(f"/actions/{action.pk}/").status_code == 200
    assert as_("executive").post(f"/actions/{action.pk}/{page}", POSTS[page]).status_code == 403


def test_the_board_shows_what_one_may_see(as_, action):
    assert "补货" in as_("manager").get("/actions/").content.decode()
    assert "补货" not in as_("other_manager").get("/actions/").content.decode()
    assert as_("nobody").get("/actions/").status_code == 302


def test_a_step_can_be_ticked_by_its_owner_only(as_, people):
    made = services.create(
        people.analyst, NOW, owner=people.rep, members=(ZHANG,), title="回访", metric="revenue", start=TODAY,
        due=TODAY + dt.timedelta(days=9), checklist=["打电话"],
    )  # fmt: skip
    step = made.checklist.get()
    url = f"/actions/{made.pk}/steps/{step.pk}/"
    assert as_("other_manager").post(url, {"done": "1"}).status_code == 404
    assert as_("executive").post(url, {"done": "1"}).status_code == 403
    as_("rep").post(url, {"done": "1"})
    step.refresh_from_db()
    assert step.done_by == people.rep


@pytest.mark.requirement("N01", "N02")
def test_an_action_from_a_finding(as_, people):
    (finding,) = raised(draft(EAST))
    page = as_("manager").get(f"/actions/new/?finding={finding.pk}").content.decode()
    assert "部门=华东大区, 渠道=分销" in page
    answer = as_("manager").post(
        "/actions/new/",
        {"finding": finding.pk, "title": "补货", "owner": people.rep.pk, "metric": "revenue", "slice": "部门=华东大区，渠道=分销",
         "start": "2026-11-21", "due": "2026-12-19", "expected_percent": "12.5", "steps": "查库存\n\n发报价"},
    )  # fmt: skip
    made = Action.objects.get()
    assert answer["Location"] == f"/actions/{made.pk}/"
    assert [(m["dimension"], m["id"]) for m in made.members] == [("org_unit:2", "D1"), ("channel:1", "分销")]
    assert (made.expected_change, made.finding, made.owner) == (0.125, finding, people.rep)
    assert [step.text for step in made.checklist.all()] == ["查库存", "发报价"]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"slice": "部门=华西大区"}, "在数据中找不到“org_unit=华西大区”"),
        ({"slice": "星座=白羊"}, "星座"),
        ({"due": "2026-11-01"}, "到期日期要在开始日期之后"),
        ({"title": ""}, "必填"),
    ],
)
def test_a_slip_is_named_and_nothing_is_made(as_, people, changes, message):
    data = {
        "title": "补货",
        "owner": people.rep.pk,
        "metric": "revenue",
        "slice": "部门=华东大区",
        "start": "2026-11-21",
        "due": "2026-12-19",
    }
    answer = as_("manager").post("/actions/new/", data | changes)
    assert answer.status_code == 422
    assert message in answer.content.decode()
    assert Action.objects.count() == 0


def test_a_rep_without_a_finding_gives_out_no_actions(as_, people):
    raised(draft(ZHANG))
    assert as_("rep").get("/actions/new/").status_code == 403
