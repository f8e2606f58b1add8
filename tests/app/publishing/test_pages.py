"""Reports on pages: list, preview in a frame that runs nothing, files, all within the reader's scope."""

from __future__ import annotations

import pytest

from salesloop.app.audit.services import entries
from tests.app.findings.drafts import EAST, SOUTH, draft, raised
from tests.app.html import read

WEEK = "period=2026-W46"


@pytest.mark.requirement("L01")
def test_the_list_leads_to_the_report_with_the_last_finished_week(as_):
    page = read(as_("analyst").get("/reports/"))
    assert page.one("a", class_="row-link", href="/reports/weekly/").text == "销售周报"
    report = read(as_("analyst").get("/reports/weekly/"))
    assert "2026年第46周" in report.one("div", class_="page-head").text
    assert report.one("iframe").attributes["src"] == "/reports/weekly/preview/"


def test_the_preview_may_be_framed_by_us_and_runs_nothing(as_):
    answer = as_("analyst").get(f"/reports/weekly/preview/?{WEEK}")
    policy = answer["Content-Security-Policy"]
    for part in ("default-src 'none'", "sandbox allow-same-origin", "frame-ancestors 'self'"):
        assert part in policy
    assert "script-src" not in policy
    assert answer["X-Frame-Options"] == "SAMEORIGIN"
    assert b"<script" not in answer.content
    outside = as_("analyst").get(f"/reports/weekly/?{WEEK}")["Content-Security-Policy"]
    assert "frame-src 'self'" in outside
    assert "frame-ancestors 'none'" in outside


@pytest.mark.parametrize(
    ("kind", "start"), [("html", b"<!doctype html>"), ("pdf", b"%PDF-"), ("xlsx", b"PK"), ("pptx", b"PK")]
)
def test_a_file_is_taken_away_and_noted(as_, kind, start):
    answer = as_("manager").get(f"/reports/weekly/file.{kind}?{WEEK}")
    assert answer.status_code == 200
    assert answer.content.startswith(start)
    assert answer["Content-Disposition"].startswith("attachment; filename*=UTF-8''%E9%94%80%E5%94%AE%E5%91%A8%E6%8A%A5")
    entry = entries(code="report.exported").get()
    assert (entry.data["kind"], entry.data["period"], str(entry.actor)) == (kind, "2026-W46", "李静")


def test_everybody_gets_their_own_part(as_):
    raised(draft(EAST), draft(SOUTH))
    own = as_("other_manager").get(f"/reports/weekly/preview/?{WEEK}").content.decode()
    assert [name for name in ("华南大区", "华东大区", "张伟") if name in own] == ["华南大区"]


def test_one_unit_is_chosen_in_the_breadcrumb(as_):
    page = read(as_("analyst").get(f"/reports/weekly/preview/?{WEEK}&where=org_unit%3DD2"))
    assert "华南大区" in page.one("header").text


@pytest.mark.parametrize("where", ["org_unit%3DD2", "employee%3DE21"])
def test_a_place_out_of_sight_is_not_found(as_, where):
    for address in ("/reports/weekly/", "/reports/weekly/preview/", "/reports/weekly/file.pdf"):
        assert as_("manager").get(f"{address}?where={where}").status_code == 404


@pytest.mark.parametrize("address", ["/reports/nothing/", "/reports/nothing/preview/", "/reports/weekly/file.exe"])
def test_what_is_not_there(as_, address):
    assert as_("analyst").get(address).status_code == 404


def test_a_period_of_another_length_is_refused_in_words(as_):
    answer = as_("analyst").get("/reports/weekly/?period=2026-11")
    assert answer.status_code == 422
    assert "2026-11" in answer.content.decode()


@pytest.mark.parametrize(
    "address", ["/reports/", "/reports/weekly/", "/reports/weekly/preview/", "/reports/weekly/file.pdf"]
)
def test_without_a_login(as_, address):
    assert as_("nobody").get(address)["Location"].startswith("/account/login/")
    assert as_("analyst").post(address).status_code == 405
