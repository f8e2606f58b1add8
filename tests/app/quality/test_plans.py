"""Audits that come back: drawn by the daily chore when they are due, and seen when nobody signs them in time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.test import Client

from salesloop.app.notices.services import notices_of
from salesloop.app.quality.models import Audit, AuditPlan
from salesloop.app.quality.services import draw_due
from tests.app.company import NOW
from tests.app.conftest import People
from tests.app.html import read

Window = Callable[[str], Client]
PLAN = {"entity": "order_line", "size": "3", "stratum": "employee", "every": "month"}
DAY = dt.date(2026, 11, 21)


def planned(window: Client, **changes: str) -> AuditPlan:
    assert window.post("/quality/audits/plan/", PLAN | changes).status_code == 302
    return AuditPlan.objects.latest("id")


@pytest.mark.requirement("B21", "C01")
def test_a_planned_audit_is_drawn_once_a_month_and_told(as_: Window, people: People) -> None:
    plan = planned(as_("steward"))
    assert draw_due(NOW, DAY) == 1
    assert draw_due(NOW, DAY + dt.timedelta(days=5)) == 0, "November has its audit"
    (audit,) = plan.audits.all()
    assert (audit.period, audit.due, audit.samples.count()) == (dt.date(2026, 11, 1), dt.date(2026, 12, 5), 3)
    assert {sample.stratum for sample in audit.samples.all()} == {"E12", "E13", "E21"}, "each person is drawn"
    (notice,) = notices_of(people.steward)
    assert str(notice) == "计划的抽查「订单明细」已抽出，请在 2026-12-05 前核对并签字"
    assert as_("steward").post(f"/notices/{notice.pk}/")["Location"] == f"/quality/audits/{audit.pk}/"
    assert draw_due(NOW + dt.timedelta(days=20), dt.date(2026, 12, 11)) == 1
    assert [one.period for one in plan.audits.order_by("id")] == [dt.date(2026, 11, 1), dt.date(2026, 12, 1)]


@pytest.mark.requirement("B21")
def test_one_that_nobody_signs_in_time_is_seen(as_: Window, people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    planned(as_("steward"), every="quarter")
    draw_due(NOW, DAY)
    assert "核对中" in read(as_("analyst").get("/quality/audits/")).one("ul", class_="weeks").text
    late = dt.date(2026, 12, 6)
    monkeypatch.setenv("SALESLOOP_TODAY", late.isoformat())
    draw_due(NOW, late)
    draw_due(NOW, late)
    assert [str(one) for one in notices_of(people.steward)][:-1] == [
        "计划的抽查「订单明细」已过期限 2026-12-05，还没有签字"
    ]
    page = read(as_("analyst").get("/quality/audits/"))
    assert "逾期" in page.one("ul", class_="weeks").text
    assert "下次抽取 2027-01-01" in page.text
    assert "按时签字 0/1" in page.text


def test_a_stopped_plan_draws_no_more(as_: Window) -> None:
    plan = planned(as_("steward"))
    assert as_("steward").post(f"/quality/audits/plan/{plan.pk}/stop/").status_code == 302
    assert draw_due(NOW, DAY) == 0
    assert Audit.objects.count() == 0


def test_a_plan_without_anything_to_draw_stops_nobody_else(as_: Window) -> None:
    AuditPlan.objects.create(
        entity="ticket", size=3, every="month", made_by=planned(as_("steward")).made_by, made_at=NOW
    )
    assert draw_due(NOW, DAY) == 1


@pytest.mark.parametrize(
    ("changes", "status"),
    [({"every": "year"}, 404), ({"size": "0"}, 422), ({"entity": "nonsense"}, 404), ({"stratum": "x"}, 404)],
)
def test_plans_that_make_no_sense(as_: Window, changes: dict[str, str], status: int) -> None:
    assert as_("steward").post("/quality/audits/plan/", PLAN | changes).status_code == status
    assert AuditPlan.objects.count() == 0
