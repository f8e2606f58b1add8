"""Another process imports while pages are open: the overview follows by itself, other pages offer to, nothing typed is lost."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from contextlib import ExitStack
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.app.company import build_company
from tests.e2e.conftest import PASSWORD, Visit, visiting
from tests.e2e.sites import run, serving
from tests.e2e.visitor import Site

SOON = 20_000
"""Milliseconds: a page asks every five seconds, and the two cores may be busy."""
HEADER = ["订单编号", "订单日期", "客户编码", "产品编码", "业务员工号", "销售渠道", "数量", "单价", "金额", "订单状态"]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The small company, for these tests alone: they change it."""
    folder = build_company(tmp_path_factory.mktemp("live")).path
    run("tests.e2e.sites", str(folder), PASSWORD)
    with serving(folder) as url:
        urlopen(f"{url}/account/login/", timeout=200).read()  # the first answer of a process reads all of its code
        yield Site(folder, url, PASSWORD)


@pytest.fixture
def visit(browser: Browser, site: Site) -> Iterator[Visit]:
    with ExitStack() as windows:
        yield visiting(browser, site, windows)


def deliver(site: Site, number: int, amount: int) -> None:
    """`salesloop import` of one more order of 张伟, in a process of its own."""
    path = site.folder.parent / f"more-{number}.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        row = [f"SO-9{number}", "2026-11-20", "C1", "P1", "E12", "分销", 1, amount, amount, "completed"]
        csv.writer(file).writerows([HEADER, row])
    run("salesloop.cli", "-w", str(site.folder), "import", str(path), "--as", "order_line", "--yes")


def offered(page: Page) -> None:
    expect(page.get_by_role("button", name="有新数据 · 刷新")).to_be_visible(timeout=SOON)


@pytest.mark.requirement("A03")
def test_the_overview_follows_an_import_by_itself(visit: Visit, site: Site) -> None:
    """Revenue of November was 42,000; an order of 58,000 makes it 100,000. The grain that was chosen stays chosen."""
    visitor = visit("zhoumingyuan")
    page = visitor.page
    page.locator("[hx-get*='/overview/trend/']").get_by_role("link", name="周", exact=True).click()
    visitor.settle()
    revenue = page.locator("section[aria-label='关键指标']")
    expect(revenue).to_contain_text("4.2")
    stamp = page.locator(".freshness")
    before = stamp.get_attribute("data-seen")
    deliver(site, 1, 58_000)
    expect(revenue).to_contain_text("10.0万", timeout=SOON)
    expect(stamp).not_to_have_attribute("data-seen", before or "")
    expect(page.locator("[hx-get*='/overview/trend/'] a[aria-current='true']")).to_have_text("周")
    expect(page.get_by_role("button", name="有新数据 · 刷新")).to_have_count(0)


@pytest.mark.requirement("A03")
def test_other_pages_offer_the_news_in_one_line(visit: Visit, site: Site) -> None:
    addresses = ("/metrics/revenue/", "/targets/attainment/", "/quality/")
    windows = [visit("zhoumingyuan") for _ in addresses]
    for window, address in zip(windows, addresses, strict=True):
        window.go(address)
    deliver(site, 2, 1_000)
    for window in windows:
        offered(window.page)
    first = windows[0].page
    seen = first.locator(".freshness").get_attribute("data-seen")
    with first.expect_navigation():
        first.get_by_role("button", name="有新数据 · 刷新").click()
    windows[0].settle()
    expect(first.locator(".freshness")).not_to_have_attribute("data-seen", seen or "")


@pytest.mark.requirement("A03")
def test_what_somebody_types_or_reads_stays(visit: Visit, site: Site) -> None:
    """With the drawer open nothing moves: the overview offers the news instead, and takes it once the drawer is closed."""
    visitor = visit("zhoumingyuan")
    page = visitor.page
    page.locator("a.freshness").click()
    expect(page.locator("#drawer-title")).to_have_text("数据新鲜度")
    seen = page.locator(".freshness").get_attribute("data-seen") or ""
    deliver(site, 3, 2_000)
    expect(page.locator(".news-button")).to_have_count(1, timeout=SOON)
    expect(page.locator(".freshness")).to_have_attribute("data-seen", seen)
    expect(page.locator("#drawer-title")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".freshness")).not_to_have_attribute("data-seen", seen, timeout=SOON)
    expect(page.locator(".news-button")).to_have_count(0)


def test_a_hidden_tab_does_not_ask(visit: Visit) -> None:
    page = visit("zhoumingyuan").page
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/pulse/" in request.url else None)
    page.evaluate(
        "Object.defineProperty(document, 'hidden', {get: () => window.away ?? true, configurable: true});"
        "document.dispatchEvent(new Event('visibilitychange'))"
    )
    page.wait_for_timeout(7_000)
    assert asked == []
    page.evaluate("window.away = false; document.dispatchEvent(new Event('visibilitychange'))")
    page.wait_for_timeout(1_500)
    assert len(asked) == 1
