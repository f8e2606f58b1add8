"""Targets in a real browser: a block pasted from a spreadsheet, sums and differences, and the overview that follows."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.test_accessibility import violations
from tests.e2e.visitor import Visitor

Visit = Callable[..., Visitor]
PASTE = """text => {
  const data = new DataTransfer();
  data.setData("text/plain", text);
  document.activeElement.dispatchEvent(new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true}));
}"""


def cell(page: Page, row: str, column: str):
    return page.locator(f"tr[data-line='{row}'] td[data-c='{column}']")


@pytest.mark.requirement("G01", "E11")
def test_a_pasted_block_changes_sums_differences_and_the_overview(visit: Visit) -> None:
    visitor = visit("linxiao", width=1440)
    page = visitor.page
    expect(page.locator(".kpi", has_text="销售额").first).to_contain_text("76.4%")  # 42,000 of 55,000
    visitor.go("/targets/")
    november = "month:2026-11-01"
    cell(page, "employee:E12", november).click()
    page.evaluate(PASTE, "4万\t1,234元\n3.5\t2\n")
    expect(page.locator("[data-toast]")).to_contain_text("已保存 4 个目标")
    expect(cell(page, "employee:E12", november)).to_have_text("4.0")
    expect(cell(page, "org_unit:D11", november)).to_have_text("7.5")  # 40,000 + 35,000
    expect(cell(page, "org_unit:D0", november)).to_have_text("8.5")  # and 10,000 in the south
    expect(cell(page, "employee:E12", november)).to_be_focused()

    # A target of the unit itself, typed: what is below falls short of it by 2.5.
    cell(page, "org_unit:D11", november).click()
    page.keyboard.type("10")
    page.keyboard.press("Enter")
    expect(cell(page, "org_unit:D11", november)).to_contain_text("+2.5")
    visitor.go("/")
    expect(page.locator(".kpi", has_text="销售额").first).to_contain_text("38.2%")  # 42,000 of 110,000

    visitor.go("/targets/")
    for left in ("+2.5", "4.0"):  # both changes back, the newest first
        expect(page.locator("[data-grid]")).to_contain_text(left)
        page.click("form[data-undo] button")
        visitor.settle()
    expect(cell(page, "org_unit:D0", november)).to_have_text("5.5")


def test_a_block_with_one_bad_cell_saves_nothing_and_points_at_it(visit: Visit) -> None:
    visitor = visit("linxiao", width=1440)
    page = visitor.page
    visitor.go("/targets/")
    cell(page, "employee:E12", "month:2026-01-01").click()
    page.evaluate(PASTE, "5\t待定")
    expect(page.locator("[role=alert]")).to_contain_text("张伟 · 2026年2月：“待定”读不成数字")
    expect(cell(page, "employee:E12", "month:2026-02-01")).to_have_attribute("aria-invalid", "true")
    expect(cell(page, "employee:E12", "month:2026-01-01")).to_have_text("")
    assert violations(visitor) == []
    visitor.complaints.clear()  # the browser notes the 422
    page.evaluate(PASTE, "\t".join("1" for _ in range(13)))
    expect(page.locator("[data-toast]")).to_contain_text("从这里到年底只有 12 个月")


def test_the_keyboard_of_a_sheet(visit: Visit) -> None:
    visitor = visit("linxiao", width=1440)
    page = visitor.page
    visitor.go("/targets/")
    start = cell(page, "employee:E12", "month:2026-02-01")
    start.click()
    page.keyboard.press("ArrowRight")
    expect(cell(page, "employee:E12", "month:2026-03-01")).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(cell(page, "employee:E12", "quarter:2026-01-01")).to_be_focused()
    page.keyboard.press("F2")
    expect(page.locator(".cell-input")).to_have_count(0)  # a sum is not typed over
    page.keyboard.press("ArrowLeft")
    page.keyboard.type("7")
    expect(page.locator(".cell-input")).to_have_value("7")
    page.keyboard.press("Escape")
    expect(cell(page, "employee:E12", "month:2026-03-01")).to_be_focused()
    expect(cell(page, "employee:E12", "month:2026-03-01")).to_have_text("")
    page.keyboard.type("g")
    page.keyboard.press("Escape")
    assert "/targets/" in page.url


def test_folding_a_unit_hides_its_people(visit: Visit) -> None:
    visitor = visit("linxiao", width=1440)
    page = visitor.page
    visitor.go("/targets/")
    person = page.locator("tr[data-line='employee:E12']")
    page.click("tr[data-line='org_unit:D11'] [data-fold]")
    expect(person).to_be_hidden()
    page.reload()
    expect(person).to_be_hidden()
    page.click("tr[data-line='org_unit:D1'] [data-fold]")
    page.click("tr[data-line='org_unit:D1'] [data-fold]")
    expect(person).to_be_hidden()
    page.click("tr[data-line='org_unit:D11'] [data-fold]")
    expect(person).to_be_visible()


def test_on_a_phone_a_row_is_a_sheet(visit: Visit) -> None:
    visitor = visit("lijing", width=390)
    page = visitor.page
    visitor.go("/targets/")
    expect(page.locator(".target-wrap")).to_be_hidden()
    page.click(".target-list a:has-text('张伟')")
    page.wait_for_selector("#drawer form")
    assert violations(visitor) == []
    page.fill("[id='month:2026-12-01']", "3.5")
    page.click("#drawer button[type=submit]")
    visitor.settle()
    expect(page.locator("[data-toast]")).to_contain_text("已保存 1 个目标")
    page.click("[data-toast] .undo")
    visitor.settle()
    assert re.search(r"/targets/", page.url)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_axe_finds_nothing(visit: Visit, theme: str, width: int) -> None:
    visitor = visit("linxiao", theme=theme, width=width)
    for address in ("/targets/", "/targets/year/?period=2027", "/reports/", "/reports/weekly/", "/api/tokens/"):
        visitor.go(address)
        assert violations(visitor) == [], address
