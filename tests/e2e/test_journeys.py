"""The ways that people go, with mouse, keyboard and thumb."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.e2e.visitor import Visitor

Visit = Callable[..., Visitor]


def test_from_the_overview_down_to_the_rows(visit: Visit) -> None:
    visitor = visit("linxiao")
    page = visitor.page
    expect(page.locator(".kpi", has_text="销售额").first).to_contain_text("4.20")
    page.click(".crumbs summary")
    page.click(".crumbs .menu-panel >> text=华东大区")
    visitor.settle()
    expect(page.locator(".kpi", has_text="销售额").first).to_contain_text("3.50")
    page.click(".kpi h3 a >> text=销售额")
    visitor.settle()
    assert "where=org_unit%3DD1" in page.url
    page.click("details:has-text('换个维度') summary")
    page.click(".menu-panel >> text=产品类别")
    visitor.settle()
    page.click("tr:has-text('打印设备')")
    visitor.settle()
    expect(page.locator(".figure")).to_contain_text("3.00")
    page.click("text=明细")
    visitor.settle()
    expect(page.locator("tbody tr")).to_have_count(2)
    with page.expect_download() as download:
        page.click("text=CSV")
    assert download.value.suggested_filename.startswith("销售额")
    page.go_back()
    visitor.settle()
    page.click(".filter-chip a")
    visitor.settle()
    expect(page.locator(".figure")).to_contain_text("3.50")


def test_a_grain_is_changed_in_place_and_kept_in_a_shared_address(visit: Visit) -> None:
    visitor = visit("lijing")
    page = visitor.page
    with page.expect_response(re.compile(r"/overview/trend/\?grain=week")):
        page.click(".segments >> text=周")
    expect(page.locator(".segments [aria-current]")).to_have_text("周")
    expect(page.locator("[data-chart] svg").first).to_be_visible()


def test_everything_by_keyboard(visit: Visit) -> None:
    visitor = visit("lijing")
    page = visitor.page
    page.keyboard.press("Control+k")
    expect(page.locator("#palette input")).to_be_focused()
    page.keyboard.type("xse")
    expect(page.locator("#palette [aria-selected=true]")).to_contain_text("销售额")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    page.wait_for_url("**/metrics/revenue/")
    visitor.settle()
    expect(page.locator("tbody a.row-link").first).to_be_visible()
    page.keyboard.press("j")
    expect(page.locator("tbody tr[aria-selected=true]")).to_have_count(1)
    page.keyboard.press("k")
    page.keyboard.press("Enter")
    page.wait_for_url("**/metrics/revenue/?where=*")
    visitor.settle()
    page.keyboard.press("g")
    page.keyboard.press("o")
    page.wait_for_url(visitor.site.url + "/")
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#keys")).to_be_hidden()


def test_escape_closes_a_menu_and_gives_the_focus_back(visit: Visit) -> None:
    page = visit("lijing").page
    page.focus(".crumbs summary")
    page.keyboard.press("Enter")
    expect(page.locator(".crumbs .menu-panel")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".crumbs .menu-panel")).to_be_hidden()
    expect(page.locator(".crumbs summary")).to_be_focused()


def test_the_drawer_gives_the_focus_back(visit: Visit) -> None:
    visitor = visit("lijing")
    page = visitor.go("/metrics/revenue/")
    page.focus("a.btn[data-drawer]")
    page.keyboard.press("Enter")
    expect(page.locator("#drawer h2")).to_have_text("销售额")
    page.click("#drawer summary >> nth=0")
    expect(page.locator("#drawer pre >> nth=0")).to_contain_text("SELECT")
    page.keyboard.press("Escape")
    expect(page.locator("#drawer")).to_be_hidden()
    expect(page.locator("a.btn[data-drawer]")).to_be_focused()


def test_the_theme_changes_at_once_and_stays(visit: Visit) -> None:
    visitor = visit("lijing")
    page = visitor.page

    def ink() -> str:
        return str(page.evaluate("getComputedStyle(document.querySelector('[data-chart] text')).fill"))

    before = ink()
    page.click(".me")
    with page.expect_response("**/account/theme/"):
        page.click("[data-theme-form] [value=dark] >> nth=0")
    assert page.locator("html").get_attribute("data-theme") == "dark"
    assert ink() != before, "charts follow without being loaded again"
    visitor.go("/")
    assert page.locator("html").get_attribute("data-theme") == "dark"
    page.click(".me")
    with page.expect_response("**/account/theme/"):
        page.click("[data-theme-form] [value=auto] >> nth=0")


def test_three_languages(visit: Visit) -> None:
    visitor = visit("zhangwei")
    page = visitor.page
    for name, heading in (("English", "Metrics"), ("繁體", "指標"), ("简体", "指标")):
        page.click(".me")
        page.click(f".sidebar .menu-panel >> text={name}")
        visitor.go("/metrics/")
        expect(page.locator("h1")).to_have_text(heading)


def test_a_block_that_fails_says_so_alone_and_can_be_retried(visit: Visit) -> None:
    visitor = visit("lijing")
    page = visitor.page
    page.route("**/overview/kpis/*", lambda route: route.abort())
    page.route("**/overview/kpis/", lambda route: route.abort())
    visitor.go("/")
    block = page.locator("[data-block]:has([data-block-error])")
    expect(block).to_have_count(1)
    expect(block).to_contain_text("连接中断")
    expect(page.locator("[data-chart] svg").first).to_be_visible()
    page.unroute("**/overview/kpis/*")
    page.unroute("**/overview/kpis/")
    page.click("[data-retry]")
    expect(page.locator(".kpi").first).to_be_visible()
    visitor.complaints.clear()  # the browser notes the request that we broke


def test_a_chart_has_a_table(visit: Visit) -> None:
    page = visit("lijing").page
    page.click("[data-chart-toggle] >> nth=0")
    expect(page.locator(".chart-table").first).to_contain_text("35,000.00")
    page.click("[data-chart-toggle] >> nth=0")
    expect(page.locator("[data-chart] svg").first).to_be_visible()


def test_deactivating_somebody_and_taking_it_back(visit: Visit) -> None:
    visitor = visit("sunhao")
    page = visitor.go("/admin/people/")
    page.click("tr:has-text('zhangwei') button")
    visitor.settle()
    expect(page.locator("tr:has-text('zhangwei')")).to_contain_text("已停用")
    page.click("#toasts .undo")
    visitor.settle()
    expect(page.locator("tr:has-text('zhangwei')")).not_to_contain_text("已停用")


@pytest.mark.parametrize("width", [390, 1280])
def test_the_form_of_a_person_is_to_be_seen(visit: Visit, width: int) -> None:
    page = visit("sunhao", width=width).go("/admin/people/new/")
    expect(page.locator("#id_name")).to_be_visible()


def test_the_tab_that_is_open_is_in_sight_on_a_phone(visit: Visit) -> None:
    page = visit("sunhao", width=390).go("/quality/diagnosis/")
    expect(page.locator(".tabs [aria-current]")).to_be_in_viewport(ratio=1)


@pytest.mark.parametrize("width", [390, 820, 1280, 1680])
@pytest.mark.parametrize("address", ["/", "/metrics/", "/metrics/revenue/", "/metrics/revenue/rows/", "/admin/people/"])
def test_no_page_is_wider_than_the_window(visit: Visit, width: int, address: str) -> None:
    visitor = visit("sunhao", width=width)
    page = visitor.go(address)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_on_a_phone(visit: Visit) -> None:
    visitor = visit("lijing", width=390)
    page = visitor.page
    tabs = page.locator(".bottom-tabs > *")
    expect(tabs).to_have_count(5)
    page.tap(".bottom-tabs >> text=更多")
    expect(page.locator(".bottom-tabs .menu-panel")).to_be_visible()
    page.tap(".bottom-tabs .menu-panel >> text=我的设置")
    visitor.settle()
    expect(page.locator("h1")).to_have_text("我的设置")
    visitor.go("/metrics/revenue/rows/")
    expect(page.locator("thead th:visible")).to_have_count(4)
    page.tap("[data-row-open] >> nth=0")
    expect(page.locator("#drawer dl")).to_contain_text("上海一部")
    page.tap("#drawer [data-close]")
    expect(page.locator("#drawer")).to_be_hidden()


def test_nothing_moves_when_the_parts_arrive(visit: Visit) -> None:
    visitor = visit("linxiao")
    page = visitor.page
    page.evaluate("() => { window.shift = 0; }")
    page.add_init_script(
        "window.shift = 0; new PerformanceObserver((list) => { for (const e of list.getEntries()) window.shift += e.value; })"
        ".observe({type: 'layout-shift', buffered: true});"
    )
    visitor.go("/")
    page.wait_for_timeout(300)
    assert page.evaluate("window.shift") < 0.1, "the limit that browsers call good"


def test_a_click_on_a_chart_leads_on(visit: Visit) -> None:
    visitor = visit("linxiao")
    page = visitor.page
    box = page.locator("[data-chart]").first.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + box["width"] * 0.45, box["y"] + box["height"] * 0.5)
    page.wait_for_url("**/metrics/revenue/?period=2026-0*")
