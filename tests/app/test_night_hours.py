"""A day of the company begins at its own midnight: its small hours are no part of the day before, as they are in UTC."""

from __future__ import annotations

import csv
import datetime as dt
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.test import RequestFactory
from django.utils import translation

from salesloop.app.actions import services as actions
from salesloop.app.dashboards.attention import needs
from salesloop.app.dashboards.loop import loop
from salesloop.app.findings.models import Finding
from salesloop.app.pages.services import page_for
from salesloop.app.quality.departments import sharing
from salesloop.app.quality.diagnosis import troubles
from salesloop.app.quality.reviews import first_day
from salesloop.app.quality.sight import judged_for
from salesloop.app.talks.models import Talk
from salesloop.app.talks.planned import planned_on
from salesloop.engine.clean.quality import Circumstances, book_of
from salesloop.engine.clean.quality.tables import table_results
from salesloop.engine.pipeline import ImportRequest, import_files
from salesloop.engine.store import Workspace
from tests.app.conftest import People

NIGHT = dt.datetime(2026, 11, 15, 17, tzinfo=dt.UTC)
"""Monday, 16 November, one o'clock in the night of Shanghai."""
MONDAY = dt.date(2026, 11, 16)
FILES = {
    "order_line": [["订单编号", "订单日期", "客户编码", "客户名称", "金额"], ["SO-1", "2026-11-14", "C1", "华星电子", "100"]],
    "activity": [
        ["拜访编号", "拜访类型", "拜访时间", "计划日期", "客户编码", "业务员工号"],
        ["V1", "拜访", "2026-11-16 09:00", "2026-11-16", "C1", "E12"],
    ],
}  # fmt: skip


@pytest.fixture
def by_night(tmp_path: Path, settings: LazySettings) -> Workspace:
    """A company whose first deliveries came at one in the night."""
    made = Workspace.create(tmp_path / "company")
    for entity, rows in FILES.items():
        file = tmp_path / f"{entity}.csv"
        with file.open("w", encoding="utf-8", newline="") as out:
            csv.writer(out).writerows(rows)
        import_files(made, [ImportRequest(file, entity=entity)], now=NIGHT)
    settings.WORKSPACE = made.path
    return made


def test_an_action_is_late_from_midnight_on(people: People) -> None:
    finding = Finding.objects.create(
        fingerprint="f", rule="r", kind="threshold", severity="info", message={}, raised_at=NIGHT, seen_at=NIGHT, snapshot=1
    )  # fmt: skip
    sunday = MONDAY - dt.timedelta(days=1)
    actions.create(
        people.analyst, NIGHT, owner=people.analyst, members=(), finding=finding, title="送样品", metric="revenue",
        start=sunday, due=sunday,
    )  # fmt: skip
    Finding.objects.update(still_raised=False)
    request = RequestFactory().get("/")
    request.user = people.analyst
    with translation.override("zh-hans"):
        assert [need.chip for need in needs(page_for(request), NIGHT)] == ["逾期 1 天"]
    actions.Action.objects.update(due=MONDAY)
    assert loop(people.analyst, NIGHT).due == 1


def test_the_first_week_to_review_is_that_of_the_first_delivery(by_night: Workspace) -> None:
    assert first_day() == MONDAY


def test_a_delivery_of_the_night_came_on_the_day_that_began(
    by_night: Workspace, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    shared = sharing(judged_for(people.analyst), "", MONDAY)
    assert shared is not None
    assert {one.days for one in shared.supplied} == {0}
    monkeypatch.setenv("SALESLOOP_TODAY", "2026-12-13")  # the 28th day from the Monday on
    cadence = troubles()[-1]
    assert (cadence.before, cadence.now) == (None, 1)
    assert "2026-11-16" in cadence.detail


def test_a_talk_of_the_night_is_a_record_of_its_day(by_night: Workspace, people: People) -> None:
    assert [plan.activity_id for plan in planned_on(MONDAY)] == ["V1"]
    Talk.objects.create(
        activity_id="t", author=people.rep, employee_id="E12", customer_id="C1", customer_name="华星电子", kind="call",
        happened_at=NIGHT, entered_at=NIGHT,
    )  # fmt: skip
    assert planned_on(MONDAY) == []


def test_checks_of_freshness_count_from_that_day(by_night: Workspace) -> None:
    asked = by_night.current().rows
    for days, failed in ((4, 0), (3, 1)):
        folder = by_night.path / "quality"
        (folder / "own.yaml").write_text(
            f"check: own\nentity: order_line\nkind: freshness\nof: received\nworking_days: {days}\n"
            "label: {zh-Hans: 到货, en: Received}\nwhy: {zh-Hans: 试验, en: a trial}\n",
            "utf-8",
        )
        at = Circumstances.of(by_night.config, dt.date(2026, 11, 20))  # four working days after the Monday
        results = table_results(asked, book_of(by_night), at)
        assert [(each.failed, each.checked) for each in results if each.check == "own"] == [(failed, 1)]
