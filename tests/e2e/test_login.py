"""In and out, and what happens to who guesses."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.e2e.visitor import Visitor

Visit = Callable[..., Visitor]
GUESSES = 6
"""So many wrong passwords lock a login."""


def test_a_wrong_password_is_told_and_the_right_one_leads_on(visit: Visit) -> None:
    visitor = visit(None)
    visitor.refusals.add(422)
    page = visitor.go("/metrics/?q=利润")
    expect(page).to_have_url(re.compile("/account/login/"))
    page.locator("#id_login").fill("zhangwei")
    page.locator("#id_password").fill("not this one")
    page.get_by_role("button", name="登录").click()
    expect(page.get_by_role("alert")).to_contain_text("登录名或密码")
    expect(page.locator("#id_login")).to_have_value("zhangwei")
    expect(page.locator("#id_password")).to_have_value("")
    page.locator("#id_password").fill(visitor.site.password)
    page.get_by_role("button", name="登录").click()
    expect(page.get_by_role("searchbox", name="搜索指标")).to_have_value("利润")


def test_guessing_locks_the_login_for_everybody_else_it_goes_on(visit: Visit) -> None:
    visitor = visit(None)
    visitor.refusals.update({422, 429})
    page = visitor.page
    for _ in range(GUESSES):
        visitor.log_in("chenqiang", "guess")
    expect(page.locator("h1")).to_have_text("登录已暂时锁定")
    expect(page.locator("main")).to_contain_text("15 分钟")
    visitor.log_in("chenqiang")
    expect(page.locator("h1")).to_have_text("登录已暂时锁定")
    visitor.log_in("zhangwei")
    expect(page).to_have_url(f"{visitor.site.url}/")


@pytest.mark.parametrize("width", [1280, 390])
def test_logging_out_closes_the_pages(visit: Visit, width: int) -> None:
    visitor = visit(None, width=width)
    visitor.log_in("sunhao")
    page = visitor.page
    page.locator(".bottom-tabs summary" if width < 600 else "summary.me").click()
    page.get_by_role("button", name="退出").locator("visible=true").click()
    expect(page.locator("h1")).to_have_text("登录")
    page.go_back()
    visitor.go("/admin/people/")
    expect(page.locator("#id_password")).to_be_visible()
