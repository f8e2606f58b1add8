"""Who sees whose numbers: the same question, seven people."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from salesloop.app.org.services import manager_of, people_responsible_for, scope_for
from tests.app.conftest import People
from tests.app.html import read

Window = Callable[[str], Client]

REVENUE = {
    "rep": "15,000",
    "manager": "35,000",
    "other_manager": "7,000",
    "analyst": "42,000",
    "steward": "42,000",
    "executive": "42,000",
    "admin": "42,000",
}


def figure(window: Client, query: str = "") -> str:
    text = read(window.get(f"/metrics/revenue/{query}")).one("p", class_="figure").text
    return text.replace(" ", "")


@pytest.mark.requirement("K04")
@pytest.mark.parametrize("who", REVENUE)
def test_everybody_sees_the_revenue_of_their_part(as_: Window, who: str) -> None:
    total = int(REVENUE[who].replace(",", ""))
    wanted = f"{total / 10_000:.2f}万元" if total >= 10_000 else f"{REVENUE[who]}元"
    assert figure(as_(who)) == wanted


def test_without_an_employee_nothing_is_seen_and_the_page_says_whom_to_ask(as_: Window) -> None:
    page = read(as_("outsider").get("/"))
    assert "您的登录还没有对应的员工" in page.text
    assert "系统管理员" in page.text
    assert read(as_("outsider").get("/metrics/revenue/rows/")).rows == []


def orders(window: Client) -> set[str]:
    table = read(window.get("/metrics/revenue/rows/")).all("tbody")
    return {row[0] for row in table[0].rows} if table else set()


def test_rows_are_those_of_the_scope(as_: Window) -> None:
    assert orders(as_("rep")) == {"SO-1", "SO-2"}
    assert orders(as_("manager")) == {"SO-1", "SO-2", "SO-3", "SO-10"}
    assert orders(as_("other_manager")) == {"SO-4"}
    assert orders(as_("analyst")) == {"SO-1", "SO-2", "SO-3", "SO-4", "SO-10"}


def test_an_export_holds_the_same_rows(as_: Window) -> None:
    answer = as_("rep").get("/metrics/revenue/rows.csv")
    content = b"".join(answer.streaming_content)  # type: ignore[attr-defined] # the client's answer does stream
    lines = content.decode("utf-8-sig").splitlines()
    assert {line.split(",")[0] for line in lines[1:]} == {"SO-1", "SO-2"}


@pytest.mark.parametrize("filter", ["org_unit=D2", "org_unit=华南大区", "employee=E21", "employee=刘洋"])
def test_a_filter_for_somebody_elses_part_is_not_found(as_: Window, filter: str) -> None:
    for address in (
        "/",
        "/overview/kpis/",
        "/overview/teams/",
        "/metrics/",
        "/metrics/revenue/rows/",
        "/metrics/revenue/rows.csv",
    ):
        assert as_("analyst").get(address, {"where": filter}).status_code == 200
        assert as_("manager").get(address, {"where": filter}).status_code == 404


def test_a_filter_inside_the_scope_narrows(as_: Window) -> None:
    assert figure(as_("manager"), "?where=employee=E13") == "2.00万元"
    assert figure(as_("analyst"), "?where=org_unit=D1") == "3.50万元"


def test_scopes_nest_along_the_line(people: People) -> None:
    rep, manager, everything = scope_for(people.rep), scope_for(people.manager), scope_for(people.analyst)
    assert rep.within(manager)
    assert manager.within(everything)
    assert not scope_for(people.other_manager).within(manager)
    assert scope_for(people.outsider).employees == frozenset()


def crumbs(window: Client, query: str = "") -> list[str]:
    bar = read(window.get(f"/{query}")).one("nav", class_="crumbs")
    return [item.text for item in [*bar.all("a", class_="ancestor"), *bar.all("summary"), *bar.all("b")]]


def test_the_breadcrumb_goes_from_the_top_of_what_one_sees(as_: Window) -> None:
    assert crumbs(as_("analyst")) == ["全国"]
    assert crumbs(as_("analyst"), "?where=employee=E12") == ["全国", "华东大区", "上海一部", "张伟"]
    assert crumbs(as_("manager")) == ["华东大区"]
    assert crumbs(as_("manager"), "?where=org_unit=D11") == ["华东大区", "上海一部"]
    assert crumbs(as_("rep")) == ["张伟"]


def test_the_last_step_offers_its_neighbours(as_: Window) -> None:
    bar = read(as_("analyst").get("/?where=org_unit=D1")).one("nav", class_="crumbs")
    links = {link.text: link.attributes["href"] for link in bar.one("div", class_="menu-panel").all("a")}
    assert set(links) == {"上海一部", "华东大区", "华南大区"}
    assert links["华南大区"] == "?where=org_unit%3DD2"


def test_who_is_responsible(people: People) -> None:
    assert manager_of(people.rep) == people.manager, "赵敏 has no login, so it goes to the next above"
    assert people_responsible_for("D11", "E12") == [people.manager]
    assert people_responsible_for("D2", "") == [people.other_manager]
    assert people_responsible_for("", "") == [people.analyst]
