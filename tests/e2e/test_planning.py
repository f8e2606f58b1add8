"""A year is planned: proposed, split with a lock, approved by another, split to people, committed to, and shown as attainment."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.test_accessibility import violations
from tests.e2e.visitor import Visitor

Visit = Callable[..., Visitor]
OCTOBER = "month:2027-10-01"


def cell(page: Page, row: str, column: str = OCTOBER):
    return page.locator(f"tr[data-line='{row}'] td[data-c='{column}']")


@pytest.mark.requirement("G03", "G05", "G06", "G08", "E11")
def test_a_year_from_proposal_to_attainment(visit: Visit) -> None:
    analyst = visit("linxiao", width=1440)
    page = analyst.page
    analyst.go("/targets/?period=2027")
    page.get_by_role("button", name="新建草稿").click()
    expect(page.locator(".approval-bar")).to_contain_text("第 1 版 · 草稿")
    page.get_by_role("link", name="提议").click()
    page.locator("[name=market]").fill("8")
    page.get_by_role("button", name="重新计算").click()
    expect(page.locator("main")).to_contain_text("57,000.00 元")  # 55,000 × (1 + ½ × 8 %), in thousands
    assert violations(analyst) == []
    page.get_by_role("button", name="采用这份提议").click()
    expect(cell(page, "org_unit:D0", "year:2027-01-01")).to_contain_text("5.7")

    # One cell is agreed and locked; the rest is split over the two regions by history.
    cell(page, "org_unit:D2").click()
    page.keyboard.type("0.1")
    page.keyboard.press("Enter")
    expect(cell(page, "org_unit:D2")).to_contain_text("0.1")
    cell(page, "org_unit:D2").click()
    page.keyboard.press("Alt+l")
    expect(cell(page, "org_unit:D2").get_by_role("img", name="已锁定")).to_be_visible()
    page.get_by_role("link", name="分解").click()
    expect(page.locator("main")).to_contain_text("与总额一致")
    assert violations(analyst) == []
    page.get_by_role("button", name=re.compile("写入")).click()
    expect(cell(page, "org_unit:D2")).to_contain_text("0.1")
    expect(cell(page, "org_unit:D0", "year:2027-01-01")).to_have_text("5.7")  # and no gap to those below
    page.locator("#why").fill("按历史和市场")
    page.get_by_role("button", name="提交审批").click()
    expect(page.locator(".version").first).to_contain_text("待批准")

    boss = visit("zhoumingyuan", width=1440)
    boss.go("/targets/versions/?period=2027")
    expect(boss.page.locator(".version").first).to_contain_text("按历史和市场")
    boss.page.get_by_role("button", name="批准").click()
    expect(boss.page.locator(".version").first).to_contain_text("已批准")

    manager = visit("lijing", width=1440)
    for unit in ("D1", "D11"):
        manager.go(f"/targets/split/?period=2027&row=org_unit:{unit}&how=below&by=history")
        manager.page.get_by_role("button", name=re.compile("写入")).click()
        expect(manager.page.locator("[data-toast]")).to_contain_text("已保存")

    person = visit("zhangwei", width=390)
    person.go("/targets/mine/?period=2027")
    assert violations(person) == []
    person.page.locator(f"[id='{OCTOBER}']").fill("1.1")
    person.page.get_by_role("button", name="报上承诺").click()
    expect(person.page.locator(".mine-head")).to_contain_text("与目标相差")
    person.page.get_by_role("button", name="确认知悉").click()
    expect(person.page.locator(".mine-head")).to_contain_text("已确认")

    manager.go("/targets/?period=2027")
    beside = manager.page.locator("tr[data-line='employee:E12'] .bottom-up")
    expect(beside).to_contain_text("1.1")
    expect(beside).to_contain_text("确认 1/1")
    boss.go("/targets/attainment/?period=2027")
    expect(boss.page.locator(".stand")).to_contain_text("目标 5.70 万元")
    expect(boss.page.locator("main")).to_contain_text("华南大区")
    assert violations(boss) == []
