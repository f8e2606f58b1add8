"""A steward merges a doubled customer with two keys, sees where its values came from, and takes it back."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.test_accessibility import problems
from tests.e2e.visitor import Visitor

QUEUE = "/data/duplicates/"
HISTORY = "/data/duplicates/history/"
PATIENCE = 90_000  # milliseconds until the worker has published


def published(visitor: Visitor, address: str) -> Page:
    """The page once no decision waits to be published."""
    page = visitor.go(address)

    def done() -> bool:
        page.reload()
        return page.locator(".banner").count() == 0

    for _ in range(PATIENCE // 1000):
        if done():
            return page
        page.wait_for_timeout(1000)
    raise AssertionError("the worker has not published the decision")


def waiting(page: Page) -> int:
    """How many cases the tab says are open."""
    found = re.search(r"\d+", page.locator(".tabs [aria-current=page]").inner_text())
    return int(found[0]) if found else 0


@pytest.mark.requirement("C02", "B20")
def test_merge_with_keys_look_and_undo(visit_demo: Callable[..., Visitor]) -> None:
    visitor = visit_demo("steward")
    page = visitor.go(QUEUE)
    before = waiting(page)
    assert before >= 30  # the demo company has 36 customers twice
    first = page.locator("[data-row]").first
    name = first.locator("h2").inner_text().split("／")[0].strip()
    expect(first).to_contain_text("统一社会信用代码相同")

    page.keyboard.press("j")
    page.keyboard.press("m")
    expect(page.locator(".toast-text")).to_contain_text("已合并 1 组")
    assert waiting(page) == before - 1

    page = published(visitor, HISTORY)
    page.get_by_role("link", name=name).first.click()
    expect(page.locator("h1")).to_contain_text("决定记录")
    assert page.locator("td.chosen").count() > 5
    assert problems(visitor, [QUEUE, HISTORY, page.url.removeprefix(visitor.site.url)]) == {}

    visitor.go(HISTORY).locator("main table").get_by_role("button", name="撤销").first.click()
    expect(page.locator(".toast-text")).to_contain_text("已撤销")
    assert waiting(published(visitor, QUEUE)) == before


@pytest.mark.requirement("C02")
def test_on_a_phone_in_the_dark(visit_demo: Callable[..., Visitor]) -> None:
    visitor = visit_demo("steward", width=390, theme="dark")
    page = visitor.go(QUEUE)
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    expect(page.get_by_role("button", name="合并", exact=True).first).to_be_visible()
    assert problems(visitor, [QUEUE]) == {}
