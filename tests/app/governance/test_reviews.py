"""Metrics are reviewed on schedule; the outcome is recorded, and leads to a change where it says so."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client

from salesloop.app.governance.models import ChangeRequest, MetricReview
from salesloop.app.governance.reviews import due_day, punctuality, remind_of_reviews, review_calendar
from salesloop.app.notices.services import notices_of
from salesloop.app.workspace.services import registry
from salesloop.engine.governance.noticing import notice
from salesloop.engine.store import Workspace
from tests.app.company import NOW
from tests.app.conftest import People

Window = Callable[[str], Client]
TODAY = dt.date(2026, 11, 21)


@pytest.fixture
def known(folder: Path, big: str) -> Workspace:
    """The metrics were first seen on 10 July 2026: quarterly reviews are due on 10 October."""
    workspace = Workspace.open(folder)
    notice(workspace, dt.datetime(2026, 7, 10, 1, 0, tzinfo=dt.UTC))
    return workspace


def test_the_day_is_one_period_after_the_last_review() -> None:
    revenue = registry().metric("revenue")
    assert due_day(revenue, dt.date(2026, 7, 10)) == dt.date(2026, 10, 10)
    assert due_day(revenue, dt.date(2025, 11, 30)) == dt.date(2026, 2, 28)


@pytest.mark.requirement("F03")
def test_a_review_moves_the_next_one_and_counts_as_late(as_: Window, people: People, known: Workspace) -> None:
    before = {one.metric.metric: one for one in review_calendar(people.analyst, TODAY)}
    assert (before["revenue"].day, before["revenue"].state) == (dt.date(2026, 10, 10), "late")
    late = sum(one.state == "late" for one in before.values())
    assert punctuality(TODAY).share == 0
    assert punctuality(TODAY).due == late

    said = {"outcome": "keep", "reason": "仍是最重要的结果指标", "successor": ""}
    assert as_("analyst").post("/governance/metrics/revenue/review/", said).status_code == 302
    done = MetricReview.objects.get(metric="revenue")
    assert (done.due, done.outcome, done.by) == (dt.date(2026, 10, 10), "keep", people.analyst)
    after = {one.metric.metric: one for one in review_calendar(people.analyst, TODAY)}
    assert (after["revenue"].day, after["revenue"].state) == (dt.date(2027, 2, 21), "later")
    assert (punctuality(TODAY).on_time, punctuality(TODAY).due) == (0, late)
    assert "仍是最重要的结果指标" in as_("rep").get("/governance/metrics/revenue/versions/").content.decode()


def test_the_owner_reviews_and_retiring_asks_for_the_change(as_: Window, people: People, known: Workspace) -> None:
    there = "/governance/metrics/big_orders/review/"
    assert as_("manager").get(there).status_code == 403
    assert as_("rep").get(there).status_code == 200
    assert as_("rep").post(there, {"outcome": "retire", "reason": ""}).status_code == 422
    said = {"outcome": "retire", "reason": "没人看", "successor": "orders"}
    answer = as_("rep").post(there, said)
    request = ChangeRequest.objects.get()
    assert answer["Location"] == f"/governance/requests/{request.pk}/"
    assert "status: retired" in request.proposal
    assert "successor: orders" in request.proposal
    here = f"/governance/requests/{request.pk}/"
    as_("analyst").post(here + "approve/", {"reason": "同意"})
    as_("analyst").post(here + "apply/")
    assert registry().metric("big_orders").status == "retired"
    assert "big_orders" not in {one.metric.metric for one in review_calendar(people.analyst, TODAY)}


def test_owners_are_reminded_once_before_and_once_when_late(people: People, known: Workspace) -> None:
    week_before = dt.date(2026, 10, 5)
    assert remind_of_reviews(NOW, week_before) > 0
    (told,) = [one.text % one.params for one in notices_of(people.rep)]
    assert told == "1 个指标该复核了：大单数"
    assert remind_of_reviews(NOW, week_before) == 0
    remind_of_reviews(NOW, TODAY)
    assert "1 个指标的复核已逾期：大单数" in [one.text % one.params for one in notices_of(people.rep)]
    assert remind_of_reviews(NOW, TODAY) == 0
    assert any("该复核了" in one.text % one.params for one in notices_of(people.analyst)), "a team's metrics"
