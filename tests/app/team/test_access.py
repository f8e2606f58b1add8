"""Who sees whose evaluation, and who may rate, ask colleagues, and say what is rated."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from salesloop.app.accounts.services import Role, User
from salesloop.app.org.services import org_tree
from salesloop.app.team.models import Competency
from salesloop.app.team.sight import may_rate, seen
from salesloop.app.workspace.services import today
from tests.app.conftest import People

Window = Callable[[str], Client]

EVERYBODY = {"rep", "manager", "other_manager", "analyst", "steward", "executive", "admin", "outsider"}
OVER_ALL = {"analyst", "executive", "admin"}
PAGES = {
    "/team/matrix/": OVER_ALL | {"manager", "other_manager"},
    "/team/of/E12/": OVER_ALL | {"rep", "manager"},
    "/team/of/E13/": OVER_ALL | {"manager"},
    "/team/of/E21/": OVER_ALL | {"other_manager"},
    "/team/of/nobody/": set(),
    "/team/of/E12/rate/": {"rep", "manager", "executive"},
    "/team/of/E10/rate/": {"manager", "executive"},  # her own view, and that of whom she reports to
    "/team/rounds/": EVERYBODY,
    "/team/rounds/new/": {"manager", "other_manager", "executive"},
    "/team/rounds/999/": set(),
    "/team/competencies/": EVERYBODY,
    "/team/competencies/new/": {"admin"},
}
POSTS = {
    "/team/of/E13/rate/": {"manager", "executive"},
    "/team/rounds/new/": {"manager", "other_manager", "executive"},
    "/team/rounds/999/": set(),
    "/team/rounds/999/close/": set(),
    "/team/competencies/new/": {"admin"},
}


@pytest.mark.parametrize("address", sorted({"/team/", *PAGES, *POSTS}))
def test_without_a_login(as_: Window, address: str) -> None:
    for answer in (as_("nobody").get(address), as_("nobody").post(address)):
        assert answer.status_code == 302
        assert answer["Location"].startswith("/account/login/")


@pytest.mark.parametrize("who", sorted(EVERYBODY))
def test_pages_open_for_those_they_are_for(as_: Window, who: str) -> None:
    statuses = {address: as_(who).get(address).status_code for address in PAGES}
    assert {address for address, status in statuses.items() if status == 200} == {
        address for address, people in PAGES.items() if who in people
    }
    assert set(statuses.values()) <= {200, 403, 404}


@pytest.mark.parametrize("who", sorted(EVERYBODY))
def test_changes_are_refused_to_others(as_: Window, who: str) -> None:
    for address, allowed in POSTS.items():
        if who not in allowed:
            assert as_(who).post(address).status_code in (403, 404), address


def test_a_representative_comes_to_their_own_card(as_: Window) -> None:
    assert as_("rep").get("/team/")["Location"] == "/team/of/E12/"
    assert "没有可以看的人员" in as_("outsider").get("/team/").content.decode()
    assert as_("steward").get("/team/").status_code == 200
    assert "张伟" not in as_("steward").get("/team/").content.decode()


@pytest.mark.requirement("E12")
def test_what_a_person_sees_is_within_what_their_managers_see(people: People) -> None:
    """For everybody of the company, as a representative and as a manager, against each manager above them."""
    for employee in org_tree().members("D0", today()):
        for role in (Role.REP, Role.MANAGER):
            person = User(login=employee, role=role, employee_id=employee)
            mine = {one.id for one in seen(person)}
            for above in org_tree().managers_of(employee, today()):
                theirs = User(login=above, role=Role.MANAGER, employee_id=above)
                assert mine <= {one.id for one in seen(theirs)}
                assert may_rate(theirs, employee)
        assert {one.id for one in seen(User(role=Role.REP, employee_id=employee))} == {employee}


def test_the_list_that_administrators_keep_is_there_from_the_start() -> None:
    assert Competency.objects.count() == 6
    assert all(len(one.levels) == 5 for one in Competency.objects.all())
