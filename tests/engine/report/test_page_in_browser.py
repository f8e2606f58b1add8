"""The HTML report in a real browser: readable for everybody, in both themes, on a phone and on paper."""

from __future__ import annotations

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from salesloop.engine.report.render.html import render_html
from tests.engine.report.sample import sample_report


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("report") / "weekly.html"
    path.write_bytes(render_html(sample_report()))
    return path


def opened(browser: Browser, file: Path, *, width: int, theme: str) -> Page:
    page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=theme)  # type: ignore[arg-type]
    page.goto(file.as_uri())
    return page


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1200, 390])
def test_axe_finds_nothing_and_nothing_sticks_out(browser: Browser, file: Path, width: int, theme: str) -> None:
    page = opened(browser, file, width=width, theme=theme)
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    shown = page.locator("svg:visible")
    assert shown.count() == 9  # five sparklines, three charts, one effect; each drawn once for this width and theme
    page.close()


def test_paper_is_light_and_has_no_folded_tables(browser: Browser, file: Path) -> None:
    page = opened(browser, file, width=1000, theme="dark")
    page.emulate_media(media="print")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert page.locator(".on-dark:visible").count() == 0
    assert page.locator("summary:visible").count() == 0
    page.close()
