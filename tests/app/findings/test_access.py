"""Who sees which finding, and who may do what with it."""

from __future__ import annotations

import pytest

from salesloop.app.findings import services
from salesloop.app.findings.services import State
from tests.app.findings.drafts import EAST, SOUTH, ZHANG, draft, raised


@pytest.mark.requirement("K04")
@pytest.mark.parametrize(
    ("who", "seen"),
    [
        ("rep", {"张伟"}),
        ("manager", {"华东大区", "张伟"}),
        ("other_manager", {"华南大区"}),
        ("analyst", {"华东大区", "华南大区", "张伟", "整体"}),
        ("executive", {"华东大区", "华南大区", "张伟", "整体"}),
        ("outsider", set()),
    ],
)
def test_the_slice_decides_who_sees_it(people, who, seen):
    findings = raised(draft(EAST), draft(SOUTH), draft(ZHANG), draft(None))
    names = {finding.pk: name for finding, name in zip(findings, ("华东大区", "华南大区", "张伟", "整体"), strict=True)}
    visible = services.visible_to(getattr(people, who))
    assert {names[finding.pk] for finding in visible} == seen


def test_what_a_rep_sees_their_manager_sees(people):
    raised(draft(EAST), draft(SOUTH), draft(ZHANG), draft(None))
    assert set(services.visible_to(people.rep)) <= set(services.visible_to(people.manager))


PAGES = ["", "assign/", "dismiss/", "reopen/"]


@pytest.mark.parametrize("page", PAGES)
def test_without_a_login(as_, page):
    (finding,) = raised(draft(EAST))
    method = as_("nobody").get if page == "" else as_("nobody").post
    assert method(f"/findings/{finding.pk}/{page}")["Location"].startswith("/account/login/")


@pytest.mark.parametrize("page", PAGES)
def test_what_one_may_not_see_is_not_found(as_, page):
    (finding,) = raised(draft(EAST))
    browser = as_("other_manager")
    answer = browser.get(f"/findings/{finding.pk}/") if page == "" else browser.post(f"/findings/{finding.pk}/{page}")
    assert answer.status_code == 404


@pytest.mark.parametrize("page", PAGES[1:])
def test_a_rep_reads_only(as_, page):
    (finding,) = raised(draft(ZHANG))
    assert as_("rep").get(f"/findings/{finding.pk}/").status_code == 200
    assert as_("rep").post(f"/findings/{finding.pk}/{page}", {"reason": "x", "owner": 1}).status_code == 403


@pytest.mark.parametrize(("who", "status"), [("nobody", 302), ("rep", 403), ("manager", 403), ("analyst", 302)])
def test_only_operations_run_the_rules(as_, who, status):
    answer = as_(who).post("/findings/run/")
    assert answer.status_code == status
    assert answer.headers.get("Location", "").startswith("/findings/run/") is (who == "analyst")


def test_a_run_of_the_rules_is_shown_to_whoever_began_it(as_):
    begun = as_("analyst").post("/findings/run/")["Location"]
    assert as_("analyst").get(begun).status_code == 200
    assert as_("steward").get(begun).status_code == 404
    assert as_("rep").get(begun).status_code == 403
    assert as_("nobody").get(begun).status_code == 302


def test_the_list_is_for_those_who_log_in(as_):
    assert as_("nobody").get("/findings/").status_code == 302
    assert as_("rep").get("/findings/").status_code == 200


def test_dismissing_needs_a_reason(as_):
    (finding,) = raised(draft(EAST))
    as_("manager").post(f"/findings/{finding.pk}/dismiss/", {"reason": "  "})
    finding.refresh_from_db()
    assert finding.state == State.OPEN
    as_("manager").post(f"/findings/{finding.pk}/dismiss/", {"reason": "停产"})
    finding.refresh_from_db()
    assert (finding.state, finding.reason) == (State.DISMISSED, "停产")
