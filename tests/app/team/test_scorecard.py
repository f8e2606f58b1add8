"""The card of one person: every number leads to its metric, what is missing is said, and rep and manager see the same."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client, RequestFactory

from salesloop.app.accounts.services import User
from salesloop.app.org.services import employees_in
from salesloop.app.pages.services import page_for
from salesloop.app.team.facts import Facts
from salesloop.engine.analyze.team.shared import SharedDeals
from salesloop.engine.model.scope import Scope
from tests.app.conftest import People

Window = Callable[[str], Client]
NOVEMBER = "/team/of/E12/?period=2026-11"


def facts(user: User) -> Facts:
    request = RequestFactory().get(NOVEMBER)
    request.user = user
    return Facts(page_for(request))


def person(employee: str):
    return next(one for one in employees_in(Scope.all()) if one.id == employee)


@pytest.mark.requirement("E15")
def test_result_and_inputs_are_those_of_the_metrics(people: People) -> None:
    found = facts(people.manager)
    result = found.result(person("E12"))
    assert (result.actual, result.due) == (15000.0, 14000.0)  # 20,000 × 21 ÷ 30 days
    assert result.pace == pytest.approx(15 / 14)
    work = found.work(person("E12"), "quality")
    assert {one.metric.metric: bool(one.lacking) for one in work.inputs} == {
        "data_entry_timeliness": True,  # no activities were delivered
        "complaint_rate": True,
        "return_rate": True,
    }
    assert work.score is None
    assert found.shared(person("E12")) == SharedDeals(1, 0, 0)
    assert found.shared(person("E21")) is None


@pytest.mark.requirement("E15")
def test_a_score_is_the_same_whoever_looks(people: People) -> None:
    answers = [
        (found.result(person("E12")), found.work(person("E12"), "efficiency"), found.peers(person("E12")))
        for found in (facts(people.rep), facts(people.manager), facts(people.executive))
    ]
    assert answers[0] == answers[1] == answers[2]
    assert set(answers[0][2].employees) == {"E12", "E13", "E21"}  # the same title, in the whole company


@pytest.mark.requirement("E13", "E15")
def test_the_card_leads_to_the_numbers_and_to_an_appeal(as_: Window) -> None:
    page = as_("rep").get(NOVEMBER).content.decode()
    for link in (
        'href="/metrics/revenue/?period=2026-11&amp;where=employee%3DE12"',
        'href="/targets/attainment/?period=2026-11&amp;where=employee%3DE12"',
        'href="/metrics/shared_deal_rate/"',
        "/governance/requests/new/?kind=metric&amp;target=revenue&amp;evidence=",
    ):
        assert link in page, link
    assert "没有" in page
    assert "活动没有写明商机" in page
    assert "王芳" not in page


@pytest.mark.requirement("E15")
def test_the_overview_has_everybody_in_sight(as_: Window) -> None:
    rows = as_("manager").get("/team/?period=2026-11").content.decode()
    assert [name in rows for name in ("李静", "赵敏", "张伟", "王芳", "刘洋", "陈强")] == [
        True,
        True,
        True,
        True,
        False,
        False,
    ]
    one = as_("executive").get("/team/?period=2026-11&where=org_unit%3DD2").content.decode()
    assert "/team/of/E21/" in one
    assert "/team/of/E12/" not in one
