"""One row as a form, for the phone."""

from __future__ import annotations

from decimal import Decimal

from salesloop.app.targets.models import Target
from tests.app.html import read

ROW = "/targets/row/?row=employee:E12"


def test_the_form_has_a_field_a_month_and_shows_the_sums(as_):
    page = read(as_("analyst").get(ROW))
    fields = {field.attributes["name"]: field.attributes["value"] for field in page.all("input", inputmode="decimal")}
    assert len(fields) == 12
    assert fields["month:2026-11-01"] == "2"


def test_only_what_was_changed_is_written(as_):
    answer = as_("analyst").post(ROW, {"month:2026-11-01": "2", "month:2026-12-01": "3.5"})
    assert answer["Location"].startswith("/targets/?")
    assert [(t.period_start.month, t.value) for t in Target.objects.all()] == [(12, Decimal(35_000))]


def test_a_mistake_keeps_what_was_typed(as_):
    answer = as_("analyst").post(ROW, {"month:2026-12-01": "很多"})
    assert answer.status_code == 422
    page = read(answer)
    assert "张伟 · 2026年12月：“很多”读不成数字" in page.text
    assert page.one("input", id="month:2026-12-01").attributes["value"] == "很多"


def test_a_reader_sees_the_numbers_without_fields(as_):
    page = read(as_("rep").get(ROW))
    assert page.all("input", inputmode="decimal") == []
    assert "2.0" in page.text
    assert as_("rep").post(ROW, {"month:2026-12-01": "1"}).status_code == 403
    assert as_("executive").post(ROW, {"month:2026-12-01": "1"}).status_code == 403


def test_a_manager_does_not_change_their_own_row(as_):
    assert as_("manager").post("/targets/row/?row=org_unit:D1", {"month:2026-12-01": "1"}).status_code == 403
    assert Target.objects.count() == 0
