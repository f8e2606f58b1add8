"""axe finds nothing on any page, light or dark, wide or narrow."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.e2e import axe
from tests.e2e.visitor import Visitor

PAGES = [
    "/",
    "/?where=employee=E12&period=2026-10",
    "/metrics/",
    "/metrics/?q=zzzz",
    "/metrics/revenue/",
    "/metrics/stock_value/",
    "/metrics/revenue/rows/",
    "/metrics/revenue/definition/",
    "/account/profile/",
    "/account/password/",
    "/notices/",
    "/admin/people/",
    "/admin/people/new/",
    "/admin/people/1/",
    "/admin/settings/",
    "/admin/audit/",
]


def violations(visitor: Visitor) -> list[str]:
    return axe.violations(visitor.page)


def problems(visitor: Visitor, addresses: list[str]) -> dict[str, list[str]]:
    """What axe finds, by address."""
    found = {}
    for address in addresses:
        visitor.go(address)
        found[address] = violations(visitor)
    return {address: some for address, some in found.items() if some}


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_page(visit: Callable[..., Visitor], theme: str) -> None:
    assert problems(visit("sunhao", theme=theme), PAGES) == {}


def test_on_a_phone(visit: Callable[..., Visitor]) -> None:
    assert (
        problems(visit("sunhao", width=390), ["/", "/metrics/revenue/", "/metrics/revenue/rows/", "/admin/people/"])
        == {}
    )


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_what_opens_over_a_page(visit: Callable[..., Visitor], theme: str) -> None:
    visitor = visit("sunhao", theme=theme)
    page = visitor.go("/metrics/revenue/")
    page.click("a.btn[data-drawer]")
    page.wait_for_selector("#drawer .facts")
    assert violations(visitor) == []
    page.keyboard.press("Escape")
    page.keyboard.press("Control+k")
    page.wait_for_selector("#palette a")
    assert violations(visitor) == []
    page.keyboard.press("Escape")
    page.click(".topbar .menu:has(form) summary")
    assert violations(visitor) == []
    page.keyboard.press("Escape")
    page.click("[data-chart-toggle]")
    assert violations(visitor) == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_before_the_login(visit: Callable[..., Visitor], theme: str) -> None:
    visitor = visit(None, theme=theme)
    visitor.go("/account/login/")
    assert violations(visitor) == []
    visitor.page.click("button[type=submit]")
    visitor.settle()
    assert violations(visitor) == []
    visitor.complaints.clear()  # the browser notes the 422 of the empty form
