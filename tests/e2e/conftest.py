"""Two companies and a browser. `visit` opens windows on the small one, whose figures can be added up by hand; `visit_demo`
on the demo company, with its three years, its findings and its actions.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from playwright.sync_api import Browser, expect

from tests.app.company import build_company
from tests.e2e.sites import TODAY, run, serving
from tests.e2e.visitor import WAIT, Site, Visitor

PASSWORD = "correct horse 9"
NARROW = 600
Visit = Callable[..., Visitor]
expect.set_options(timeout=WAIT)


@pytest.fixture(scope="package")
def small_site(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Iterator[Site]:
    """The small company."""
    folder = build_company(tmp_path_factory.mktemp("small")).path
    run("tests.e2e.sites", str(folder), PASSWORD)
    with serving(folder) as url:
        yield Site(folder, url, PASSWORD)


@pytest.fixture(scope="package")
def demo_site(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Iterator[Site]:
    """The demo company, made by the command that everybody uses; SALESLOOP_TEST_DEMO names one made before, to copy."""
    folder = tmp_path_factory.mktemp("demo") / "company"
    if made := os.environ.get("SALESLOOP_TEST_DEMO"):
        shutil.copytree(made, folder)
    else:
        run("salesloop.cli", "demo", str(folder), "--no-serve", "--today", TODAY)
    password = json.loads((folder / "demo-logins.json").read_text("utf-8"))["password"]
    with serving(folder) as url:
        yield Site(folder, url, password)


@pytest.fixture
def visit(browser: Browser, small_site: Site) -> Iterator[Visit]:
    """`visit("lijing", width=390, theme="dark")`: a window on the small company. What it complained of fails the test."""
    with ExitStack() as windows:
        yield visiting(browser, small_site, windows)


@pytest.fixture
def visit_demo(browser: Browser, demo_site: Site) -> Iterator[Visit]:
    """The same on the demo company."""
    with ExitStack() as windows:
        yield visiting(browser, demo_site, windows)


def visiting(browser: Browser, site: Site, windows: ExitStack) -> Visit:
    """A function that opens a window as a person (on the overview), or as nobody yet (on nothing)."""

    def visit(login: str | None, *, width: int = 1280, theme: str = "light", locale: str = "zh-CN") -> Visitor:
        if login and login not in site.sessions:
            first = visit(None)
            first.log_in(login)
            assert first.page.url == f"{site.url}/", "the login must succeed"
            site.sessions[login] = first.page.context.storage_state()
        context = browser.new_context(
            base_url=site.url,
            viewport={"width": width, "height": 844 if width < NARROW else 900},
            has_touch=width < NARROW,
            color_scheme="dark" if theme == "dark" else "light",
            locale=locale,
            timezone_id="Asia/Shanghai",
            reduced_motion="reduce",
            storage_state=site.sessions[login] if login else None,
        )
        windows.callback(context.close)
        context.set_default_timeout(WAIT)
        visitor = Visitor(site, context.new_page())
        windows.callback(_has_no_complaints, visitor)
        if login:
            visitor.go("/")
        return visitor

    return visit


def _has_no_complaints(visitor: Visitor) -> None:
    assert visitor.complaints == []
