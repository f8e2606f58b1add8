"""Managers rate with evidence, people rate themselves, and nothing is ever overwritten."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.test import Client

from salesloop.app.audit.services import entries
from salesloop.app.notices.services import notices_of
from salesloop.app.org.services import employees_in
from salesloop.app.team.competencies import in_use
from salesloop.app.team.models import Competency, Rating
from salesloop.app.team.ratings import standings
from salesloop.app.workspace.services import today
from salesloop.engine.model.scope import Scope
from tests.app.conftest import People

Window = Callable[[str], Client]
QUARTER = dt.date(2026, 10, 1)


def said(competency: Competency, level: int, evidence: str = "陪访时看到", link: str = "") -> dict[str, object]:
    name = f"c{competency.pk}"
    return {f"{name}-level": level, f"{name}-evidence": evidence, f"{name}-link": link}


def standing(employee: str, competency: Competency):
    person = [one for one in employees_in(Scope.all()) if one.id == employee]
    return next(one for one in standings(person, QUARTER)[employee] if one.competency == competency)


@pytest.mark.requirement("E12")
def test_a_manager_rates_and_a_new_rating_follows_the_old_one(as_: Window, people: People) -> None:
    first, second = in_use()[:2]
    answer = as_("manager").post(
        "/team/of/E12/rate/", {**said(first, 2, link="https://host/metrics/revenue/?by=channel"), **said(second, 4)}
    )
    assert answer["Location"] == "/team/of/E12/"
    as_("manager").post("/team/of/E12/rate/", said(first, 3, "第二次陪访"))
    ratings = Rating.objects.filter(employee_id="E12", competency=first).order_by("id")
    assert [(one.level, one.evidence, one.link, one.quarter, one.own) for one in ratings] == [
        (2, "陪访时看到", "/metrics/revenue/?by=channel", QUARTER, False),
        (3, "第二次陪访", "", QUARTER, False),
    ]
    assert standing("E12", first).rated.level == 3
    assert [notice.url for notice in notices_of(people.rep)] == ["/team/of/E12/"] * 2
    assert [entry.code for entry in entries(code="team.")] == ["team.rated", "team.rated"]


@pytest.mark.requirement("E12")
def test_a_rating_needs_a_level_evidence_and_a_page_of_ours(as_: Window) -> None:
    one = in_use()[0]
    for wrong in (said(one, 3, ""), said(one, 3, "  "), said(one, 7), said(one, 3, link="https://elsewhere/x"),
                  {f"c{one.pk}-evidence": "看到"}):  # fmt: skip
        assert as_("manager").post("/team/of/E12/rate/", wrong).status_code == 422
    assert not Rating.objects.exists()


@pytest.mark.requirement("E12")
def test_ones_own_view_stands_beside_the_managers_and_the_gap_to_the_job(as_: Window) -> None:
    one = in_use()[0]
    assert one.required_of("客户经理") == 3
    as_("manager").post("/team/of/E12/rate/", said(one, 2))
    as_("rep").post("/team/of/E12/rate/", said(one, 4, "我觉得不错"))
    found = standing("E12", one)
    assert (found.rated.level, found.own.level, found.gap, found.difference, found.difference_text) == (
        2,
        4,
        1,
        2,
        "+2",
    )
    assert Rating.objects.get(own=True).by.employee_id == "E12"
    page = as_("rep").get("/team/of/E12/").content.decode()
    assert "陪访时看到" in page
    assert "+2" in page
    assert "差 1" in as_("manager").get("/team/matrix/").content.decode()


@pytest.mark.requirement("E12")
def test_an_earlier_quarter_is_shown_as_it_was(as_: Window, people: People) -> None:
    one = in_use()[0]
    Rating.objects.create(employee_id="E12", competency=one, quarter=dt.date(2026, 7, 1), level=1, evidence="以前",
                          by=people.manager, at="2026-08-01T00:00Z")  # fmt: skip
    as_("manager").post("/team/of/E12/rate/", said(one, 5))
    person = [who for who in employees_in(Scope.all()) if who.id == "E12"]
    shown = [standings(person, day)["E12"][0].rated for day in (dt.date(2026, 7, 1), today())]
    assert [rating and rating.level for rating in shown] == [1, 5]


@pytest.mark.requirement("E12")
def test_an_administrator_makes_the_list_the_companys_own(as_: Window) -> None:
    one = in_use()[0]
    form = {"name": "需求挖掘（本公司）", "area": "skill", "place": 1, "courses": "提问，SPIN", "required0": "2",
            **{f"level{n}": f"第 {n} 级的样子" for n in range(1, 6)}}  # fmt: skip
    assert as_("admin").post(f"/team/competencies/{one.pk}/", form).status_code == 302
    one.refresh_from_db()
    assert (one.name, one.courses, one.required[""], one.levels[4]) == (
        "需求挖掘（本公司）", ["提问", "SPIN"], 2, "第 5 级的样子",
    )  # fmt: skip
    assert as_("admin").post("/team/competencies/new/", {**form, "level3": ""}).status_code == 422
    assert as_("admin").post("/team/competencies/new/", form).status_code == 422  # the name is taken
    assert as_("admin").post("/team/competencies/new/", {**form, "name": "新的", "retired": "on"}).status_code == 302
    assert "新的" not in [each.name for each in in_use()]
    assert [entry.code for entry in entries(code="team.")] == ["team.competency_added", "team.competency_changed"]
