"""Colleagues say how somebody works with them, and nobody can tell who said what."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from salesloop.app.audit.services import entries
from salesloop.app.notices.services import notices_of
from salesloop.app.team.models import Colleague, Round
from salesloop.app.team.rounds import answer, close, open_round, outcomes
from salesloop.engine.model.errors import UserError
from tests.app.conftest import People

Window = Callable[[str], Client]
TODAY = dt.date(2026, 11, 21)
LATER = dt.date(2026, 12, 2)
TEAM = ["E11", "E12", "E13", "E21"]


@pytest.fixture
def opened(people: People) -> Round:
    return open_round(people.manager, "协作", dt.date(2026, 12, 1), TEAM, timezone.now())


@pytest.mark.requirement("E13")
def test_results_show_from_three_answers_on_and_only_when_the_round_is_over(opened: Round, people: People) -> None:
    answer(opened, "E11", "E12", [5, 4, 3], TODAY)
    answer(opened, "E13", "E12", [3, 4, 3], TODAY)
    answer(opened, "E11", "E13", [1, 1, 1], TODAY)
    assert outcomes(["E12"], LATER) == {}
    answer(opened, "E21", "E12", [4, 4, 3], TODAY)
    assert outcomes(["E12"], TODAY) == {}  # still running: the answer in between could be worked out
    found = outcomes(["E12", "E13"], LATER)
    assert set(found) == {"E12"}
    assert (found["E12"].answers, found["E12"].means) == (3, (4.0, 4.0, 3.0))
    close(people.manager, opened, timezone.now())
    assert set(outcomes(["E12"], TODAY)) == {"E12"}


@pytest.mark.requirement("E13")
def test_nothing_that_is_kept_says_who_said_what(opened: Round) -> None:
    answer(opened, "E13", "E12", [1, 1, 1], TODAY)
    before = {row.employee_id: (row.answers, row.sums) for row in Colleague.objects.all()}
    assert before["E12"] == (1, [1, 1, 1])
    answer(opened, "E11", "E12", [5, 5, 5], TODAY)
    rows = {row.employee_id: row for row in Colleague.objects.all()}
    assert (rows["E12"].answers, rows["E12"].sums) == (2, [6, 6, 6])
    assert (rows["E11"].rated, rows["E13"].rated) == (["E12"], ["E12"])
    assert [entry.code for entry in entries(code="team.")] == ["team.round_opened"]


@pytest.mark.requirement("E13")
def test_each_colleague_once_never_oneself_and_not_after_the_end(opened: Round) -> None:
    answer(opened, "E11", "E12", [3, 3, 3], TODAY)
    for rater, about, levels, day in (
        ("E11", "E12", [3, 3, 3], TODAY),
        ("E11", "E11", [3, 3, 3], TODAY),
        ("E20", "E12", [3, 3, 3], TODAY),
        ("E13", "E20", [3, 3, 3], TODAY),
        ("E13", "E12", [3, 3, 6], TODAY),
        ("E13", "E12", [3, 3], TODAY),
        ("E13", "E12", [3, 3, 3], LATER),
    ):
        with pytest.raises(UserError):
            answer(opened, rater, about, levels, day)
    assert Colleague.objects.get(employee_id="E12").answers == 1


def test_a_round_of_three_could_never_show_anything(people: People) -> None:
    with pytest.raises(UserError):
        open_round(people.manager, "太少", LATER, TEAM[:3], timezone.now())


@pytest.mark.requirement("E13")
def test_a_manager_asks_and_a_colleague_answers(as_: Window, people: People) -> None:
    form = {"title": "十一月", "due": "2026-12-01", "people": ["E11", "E12", "E13"]}
    assert as_("manager").post("/team/rounds/new/", form).status_code == 422
    assert as_("executive").post("/team/rounds/new/", {**form, "people": TEAM}).status_code == 302
    made = Round.objects.get()
    assert [notice.url for notice in notices_of(people.rep)] == [f"/team/rounds/{made.pk}/"]
    page = as_("rep").get(f"/team/rounds/{made.pk}/").content.decode()
    assert "王芳" in page
    sent = {"about": "E13", "s0": "4", "s1": "5", "s2": "3"}
    assert as_("rep").post(f"/team/rounds/{made.pk}/", sent).status_code == 302
    assert as_("rep").post(f"/team/rounds/{made.pk}/", sent).status_code == 422
    assert as_("manager").get(f"/team/rounds/{made.pk}/").status_code == 404  # she was not asked
    assert as_("manager").post(f"/team/rounds/{made.pk}/close/").status_code == 404  # nor opened it
    assert as_("executive").post(f"/team/rounds/{made.pk}/close/").status_code == 302
    assert as_("rep").post(f"/team/rounds/{made.pk}/", {**sent, "about": "E11"}).status_code == 422
