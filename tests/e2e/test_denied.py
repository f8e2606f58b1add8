"""Everybody sees their own numbers, and is told kindly where there is nothing for them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.visitor import Visitor

Visit = Callable[..., Visitor]


@pytest.mark.requirement("K04")
def test_a_representative_sees_their_own_numbers_only(visit_demo: Visit) -> None:
    visitor = visit_demo("wangfang")
    page = visitor.page
    places = page.get_by_role("navigation", name="主导航")
    expect(places.get_by_role("link", name="总览")).to_be_visible()
    for name in ("数据", "人员与权限", "设置", "操作记录"):
        expect(places.get_by_role("link", name=name, exact=True)).to_have_count(0)
    expect(page.locator(".crumbs")).to_have_text("王芳")

    visitor.go("/metrics/revenue/rows/")
    head = [cell.strip() for cell in page.locator("thead th:visible").all_inner_texts()]
    column = head.index("负责人") + 1
    assert set(page.locator(f"tbody td:nth-child({column})").all_inner_texts()) == {"王芳"}

    visitor.refusals.update({403, 404})
    for address in ("/data/", "/data/import/", "/admin/people/", "/admin/settings/", "/admin/audit/"):
        _refused(page, address, {403})
    _refused(page, _another_areas_finding(visit_demo), {404})


def _refused(page: Page, address: str, statuses: set[int]) -> None:
    """A page of our own, in the reader's words, with a way back."""
    answer = page.goto(address)
    assert answer is not None
    assert answer.status in statuses, address
    expect(page.locator("h1")).to_be_visible()
    assert page.locator("h1").inner_text()[-1] not in "!！"
    expect(page.locator("main a.btn, main .btn").first).to_be_visible()
    assert "Traceback" not in page.content()


def _another_areas_finding(visit_demo: Visit) -> str:
    page = visit_demo("analyst").go("/findings/")
    link = page.get_by_role("link", name="广州部销售额").first.get_attribute("href")
    assert link
    return link


@pytest.mark.requirement("K04")
def test_an_area_is_the_sum_of_its_teams_and_holds_its_people(visit_demo: Visit) -> None:
    own = _revenue(visit_demo("wangfang"))
    area = _revenue(visit_demo("lijing"))
    team = _revenue(visit_demo("zhangwei"))
    company = _revenue(visit_demo("boss"))
    assert 0 < own <= team <= area < company

    teams = visit_demo("lijing").page.request.get(f"/api/v1/query?metrics=revenue&by=org_unit:3&{NOVEMBER}").json()
    assert len(teams["rows"]) >= 4
    assert round(sum(float(row["revenue"]) for row in teams["rows"]), 2) == area


NOVEMBER = "from=2026-11-01&to=2026-11-21"


def _revenue(visitor: Visitor) -> float:
    """This month's revenue to the cent, as the person's own session gets it; the card says the same."""
    answer = visitor.page.request.get(f"/api/v1/query?metrics=revenue&{NOVEMBER}")
    value = float(answer.json()["rows"][0]["revenue"])
    shown = visitor.page.locator("article.kpi .figure").first.inner_text()
    assert shown == f"{value / 10_000:,.1f}万元" or shown == f"{value / 10_000:,.2f}万元", (shown, value)
    return round(value, 2)
