"""A week is looked at and signed; the share signed in time is in sight."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.test import Client

from salesloop.app.quality import reviews
from salesloop.app.quality.models import Review
from tests.app.conftest import People
from tests.app.html import read

Window = Callable[[str], Client]
THIS, LAST, BEFORE = dt.date(2026, 11, 16), dt.date(2026, 11, 9), dt.date(2026, 11, 2)


def signed(people: People, week: dt.date, on: dt.date) -> Review:
    moment = dt.datetime.combine(on, dt.time(9), dt.UTC)
    return reviews.sign(people.steward, week, "", {}, moment)


@pytest.mark.requirement("C01")
def test_signing_keeps_who_when_and_what_stood_there(as_: Window) -> None:
    window = as_("steward")
    assert window.post("/quality/reviews/sign/", {"week": THIS.isoformat(), "note": "已看隔离区"}).status_code == 302
    review = Review.objects.get()
    assert (review.week, str(review.signed_by), review.note) == (THIS, "何静怡", "已看隔离区")
    assert review.figures["failing"] == 2
    assert 0.9 < review.figures["score"] < 1
    page = read(window.get("/quality/reviews/")).text
    assert "按时签字" in page
    assert "已看隔离区" in page


@pytest.mark.requirement("C01")
def test_the_on_time_rate_counts_weeks_that_are_due(people: People) -> None:
    """Of four weeks one runs, one was signed in time, one late, one not at all: the week before 11-21 is due on 11-18."""
    signed(people, LAST, dt.date(2026, 11, 17))
    signed(people, BEFORE, dt.date(2026, 11, 20))
    shown = reviews.weeks(dt.date(2026, 10, 28))
    assert [week.state for week in shown] == ["open", "signed", "late", "overdue"]
    assert reviews.on_time(shown) == (1, 3)


@pytest.mark.parametrize("week", ["2026-11-17", "2026-11-23", "2026-13-01", ""])
def test_no_other_day_can_be_signed(as_: Window, week: str) -> None:
    assert as_("steward").post("/quality/reviews/sign/", {"week": week}).status_code in (404, 422)
    assert Review.objects.count() == 0


def test_a_week_is_signed_once(as_: Window, people: People) -> None:
    signed(people, THIS, dt.date(2026, 11, 20))
    assert as_("admin").post("/quality/reviews/sign/", {"week": THIS.isoformat()}).status_code == 422
    assert str(Review.objects.get().signed_by) == "何静怡"
