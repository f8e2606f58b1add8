"""Target → finding → evidence → action → effect, as an analyst goes, and what became of earlier measures."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.visitor import Visitor

Visit = Callable[..., Visitor]
FALL = "华东大区销售额比预期低"


@pytest.mark.requirement("L01", "N01", "N02", "N05")
def test_from_a_missed_target_to_a_measured_action(visit_demo: Visit) -> None:
    visitor = visit_demo("analyst")
    page = visitor.go("/targets/")
    area = page.locator("tr[data-line]", has_text="华东大区").first
    expect(area.locator("td.reach b")).to_have_text(re.compile(r"^[45]\d(\.\d)?%$"))
    expect(area.locator("td.pace-col")).to_have_class(re.compile("late"))

    page.get_by_role("navigation", name="主导航").get_by_role("link", name="发现").click()
    page.get_by_role("link", name=re.compile(FALL)).click()
    finding = page.url
    expect(page.locator("h1")).to_contain_text(re.compile(FALL + r" [\d.]+%"))
    observed = page.locator("dl.facts dd").first.inner_text()
    first_cause = page.locator("section", has=page.get_by_role("heading", name="原因")).locator("tbody tr").first
    expect(first_cause).to_contain_text("分销 × 打印设备")

    page.get_by_role("link", name="看依据").click()
    visitor.settle()
    expect(page).to_have_url(re.compile(r"/metrics/revenue/\?.*where=org_unit"))
    expect(page.locator(".crumbs")).to_contain_text("华东大区")
    assert page.locator(".metric-head .figure").inner_text() == observed
    page.go_back()
    expect(page).to_have_url(finding)

    page.get_by_role("link", name="制定行动").click()
    expect(page.locator(".lead")).to_contain_text(FALL)
    page.get_by_label("行动", exact=True).fill("走访十家停单的分销商")
    page.get_by_label("责任人").select_option(label=_option(page, "李静"))
    page.get_by_label("开始日期").fill("2026-10-12")
    page.get_by_label("到期日期").fill("2026-11-20")
    page.get_by_label("预期变化").fill("15")
    page.get_by_label("步骤").fill("列出名单\n逐家回访")
    page.get_by_role("button", name="建立行动").click()
    expect(page.locator("h1")).to_have_text("走访十家停单的分销商")
    action = page.url

    visitor.go("/actions/")
    column = page.get_by_role("region", name="待开始")
    expect(column.get_by_role("link", name="走访十家停单的分销商")).to_be_visible()
    page.goto(action)
    for step in ("列出名单", "逐家回访"):
        page.get_by_role("button", name=step).click()
        expect(page.get_by_role("button", name=step)).to_have_attribute("aria-pressed", "true")
    page.get_by_role("button", name="移到「进行中」").click()
    page.get_by_role("button", name="移到「待衡量」").click()
    expect(page.locator(".page-head .chip").first).to_have_text("待衡量")
    page.get_by_role("button", name="现在衡量").click()
    expect(page.locator(".effect-sentence")).to_have_text(re.compile("见效|没有证据|无证据|变差|更差"))
    expect(page.locator(".page-head .chip").first).to_have_text("已衡量")
    visitor.go("/actions/")
    column = page.get_by_role("region", name="已衡量")
    expect(column.get_by_role("link", name="走访十家停单的分销商")).to_be_visible()


@pytest.mark.requirement("N05", "A02")
def test_what_earlier_measures_brought(visit_demo: Visit) -> None:
    visitor = visit_demo("analyst")
    page = visitor.go("/actions/")
    page.get_by_role("link", name=re.compile("购机客户耗材回访")).click()
    expect(page.locator(".page-head")).to_contain_text("见效")
    expect(page.locator(".effect-sentence.good")).to_contain_text(
        re.compile(r"见效：销售额较可比切片上升 [\d.]+%（95% 区间 \+[\d.]+% 至 \+[\d.]+%），安慰剂检验通过")
    )
    expect(page.locator("[data-chart] svg").first).to_be_visible()
    facts = page.locator("section", has=page.get_by_role("heading", name="效果")).locator("dl.facts")
    expect(facts).to_contain_text(re.compile(r"95% 区间 [^–]*\d[^–]* – [^）]*\d"))
    expect(facts).to_contain_text("通过：开始之前没有类似变化")
    _finding_of(page).click()
    expect(page.locator(".page-head .lead")).to_contain_text("已闭环")

    visitor.go("/actions/")
    page.get_by_role("link", name=re.compile("扫描设备以旧换新")).click()
    expect(page.locator(".page-head")).to_contain_text("无证据")
    _finding_of(page).click()
    expect(page.locator(".page-head .lead")).to_contain_text("待处理")
    expect(page.locator(".timeline")).to_contain_text("重新打开")


def _option(page: Page, name: str) -> str:
    """The whole words of the option that names a person."""
    return page.get_by_label("责任人").locator("option", has_text=name).first.inner_text()


def _finding_of(page: Page) -> Locator:
    """The link from an action to the finding that raised it."""
    return page.locator("section", has=page.get_by_role("heading", name="约定")).locator("a[href^='/findings/']")
