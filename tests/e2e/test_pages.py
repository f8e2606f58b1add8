"""What holds for every page of the demo company: readable for all, on a phone too, safe, and light."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, Response, expect
from playwright.sync_api import TimeoutError as Late

from tests.e2e.axe import STANDARD, violations
from tests.e2e.visitor import Visitor

Visit = Callable[..., Visitor]
PAGES = (
    "/",
    "/metrics/",
    "/metrics/revenue/?by=channel&compare=previous,year",
    "/metrics/gross_margin/?period=2026-10&compare=previous,festival,2026-06",
    "/metrics/revenue/rows/",
    "/sets/new/",
    "/revenue/",
    "/governance/",
    "/governance/reviews/",
    "/governance/worth/",
    "/governance/fairness/",
    "/governance/requests/",
    "/governance/requests/new/?kind=metric&target=revenue",
    "/governance/metrics/revenue/versions/",
    "/governance/metrics/revenue/compare/",
    "/governance/metrics/revenue/usage/",
    "/governance/metrics/revenue/discussion/",
    "/governance/metrics/revenue/review/",
    "/customers/",
    "/customers/of/C00362/",
    "/customers/value/",
    "/prediction/",
    "/channels/",
    "/channels/coverage/?where=region%3D西北",
    "/channels/of/分销/",
    "/talks/",
    "/talks/new/",
    "/team/",
    "/team/matrix/",
    "/team/of/E028/",
    "/team/rounds/",
    "/team/competencies/",
    "/team/competencies/1/",
    "/texts/",
    "/texts/?theme=delivery&by=region",
    "/texts/online/",
    "/targets/",
    "/targets/split/",
    "/targets/propose/?period=2027",
    "/targets/?by=channel",
    "/targets/moves/",
    "/targets/check/",
    "/targets/versions/",
    "/targets/objectives/",
    "/targets/resources/",
    "/targets/attainment/",
    "/reports/",
    "/reports/weekly/",
    "/findings/",
    "/findings/4/",
    "/actions/",
    "/actions/1/",
    "/actions/new/?finding=4",
    "/data/",
    "/data/?tab=quarantine",
    "/data/?tab=quality",
    "/data/import/",
    "/quality/",
    "/quality/mend/",
    "/quality/cells/",
    "/quality/deliveries/",
    "/quality/coverage/",
    "/quality/sharing/",
    "/quality/audits/",
    "/quality/reviews/",
    "/quality/diagnosis/",
    "/freshness/",
    "/notices/",
    "/account/profile/",
    "/admin/people/",
    "/admin/settings/",
    "/admin/audit/",
    "/api/tokens/",
)
SMALL_COMPANY_HAS = ("/metrics/", "/metrics/revenue/rows/", "/notices/", "/account/profile/", "/admin/")
"""Where test_accessibility looks, on a company in which these pages are the same. Nothing has colours of its own on a phone."""
LOOKED_AT = (("desktop", "light"), ("phone", "dark"))
"""Each size and each theme once: colours and layouts do not depend on each other."""
SIZES = {"desktop": (1280, 900), "phone": (390, 844)}
FITS = "() => document.scrollingElement.scrollWidth <= window.innerWidth"
MOST_SCRIPT = 400_000
SCRIPTS = (
    "() => performance.getEntriesByType('resource').filter(e => /\\.m?js/.test(e.name)).map(e => e.encodedBodySize)"
)
POLICY = ("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'", "base-uri 'none'")


def test_every_page_is_safe_and_light_and_accessible_in_both_themes_on_desktop_and_phone(visit_demo: Visit) -> None:
    visitor = visit_demo("admin")
    page = visitor.page
    found = {}
    for address in PAGES:
        answer = page.goto(visitor.site.url + address)
        assert answer is not None
        visitor.settle()
        found[f"{address} policy"] = _unsafe(answer)
        found[f"{address} scripts"] = _heavy(page)
        for name, (width, height) in SIZES.items():
            for theme in ("light", "dark"):
                visitor.look(width, height, theme)
                if not _comes_true(page, FITS):
                    found[f"{address} {name} {theme}"] = ["wider than the window"]
                elif (name, theme) in LOOKED_AT and not address.startswith(SMALL_COMPANY_HAS):
                    found[f"{address} {name} {theme}"] = violations(page, STANDARD)
    troubles = {where: what for where, what in found.items() if what}
    assert troubles == {}, "\n".join(f"{where}: {what}" for where, what in troubles.items())


def test_an_action_is_worked_off_on_a_phone(visit_demo: Visit) -> None:
    visitor = visit_demo("zhangwei", width=390)
    page = visitor.page
    expect(page.locator(".bottom-tabs > *")).to_have_count(5)
    page.locator(".bottom-tabs").get_by_role("link", name="发现").tap()
    expect(page.locator("h1")).to_have_text("发现")
    page.locator(".bottom-tabs").get_by_role("link", name="行动").tap()
    page.get_by_role("link", name="协调打印设备补货").tap()
    expect(page.locator("h1")).to_contain_text("协调打印设备补货")
    step = page.get_by_role("button", name="确认到货日期")
    expect(step).to_have_attribute("aria-pressed", "false")
    step.tap()
    expect(step).to_have_attribute("aria-pressed", "true")
    box = step.bounding_box()
    assert box is not None
    assert box["height"] >= 40, "a thumb must hit it"


def test_without_a_mouse(visit_demo: Visit) -> None:
    visitor = visit_demo("lijing")
    page = visitor.page
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="跳到内容")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    for _ in range(6):
        page.keyboard.press("Tab")
        style = page.evaluate(
            "(({outlineStyle: s, outlineWidth: w}) => [s, w])(getComputedStyle(document.activeElement))"
        )
        assert style[0] != "none", page.evaluate("document.activeElement.outerHTML")
        assert style[1] != "0px"

    page.keyboard.press("Control+k")
    expect(page.locator("#palette input")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#palette")).to_be_hidden()
    page.keyboard.press("Control+k")
    page.keyboard.type("销售额")
    expect(page.locator("#palette [aria-selected=true]")).to_contain_text("销售额")
    page.keyboard.press("Enter")
    page.wait_for_url("**/metrics/revenue/")
    page.keyboard.press("g")
    page.keyboard.press("f")
    page.wait_for_url("**/findings/")


def _comes_true(page: Page, condition: str) -> bool:
    """Whether it comes to hold: charts follow a new window size in steps of their own."""
    try:
        page.wait_for_function(condition, timeout=20_000)
    except Late:
        return False
    return True


def _unsafe(answer: Response) -> list[str]:
    """What the policy of a page lacks, or allows."""
    policy = answer.header_value("content-security-policy") or ""
    return [part for part in POLICY if part not in policy] + (["unsafe"] if "unsafe" in policy else [])


def _heavy(page: Page) -> list[str]:
    """The sizes of its scripts where they are too much, or nothing at all."""
    sizes = page.evaluate(SCRIPTS)
    return [] if 0 < sum(sizes) <= MOST_SCRIPT else [f"{sizes}"]
