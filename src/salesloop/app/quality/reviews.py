"""The weekly review: what a steward looks at and signs, and how many weeks were signed in time."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from salesloop.app.accounts.services import User
from salesloop.app.audit.services import log
from salesloop.app.quality.models import Review
from salesloop.app.workspace.services import local_day, snapshot, today
from salesloop.engine.model.errors import UserError
from salesloop.engine.model.text import Messages

_MESSAGES = Messages("salesloop.app.quality")
SHOWN = 8
DAYS_TO_SIGN = 3
"""A week is signed in time until the Wednesday after it."""


@dataclass(frozen=True, slots=True)
class Week:
    """Monday to Sunday. `state`: signed, late (signed after `due`), overdue, open."""

    start: dt.date
    due: dt.date
    review: Review | None
    state: str


def first_day() -> dt.date | None:
    """When the first delivery came: no week before it wants a review."""
    found = snapshot().rows("SELECT min(received_at) AS first FROM ledger.batch")[0]["first"]
    return local_day(found.replace(tzinfo=dt.UTC)) if found else None


def weeks(first: dt.date | None) -> list[Week]:
    """The last weeks up to the running one, the newest first; none before `first`, when the company began."""
    this = monday(today())
    starts = [this - dt.timedelta(weeks=n) for n in range(SHOWN)]
    signed = {review.week: review for review in Review.objects.filter(week__in=starts).select_related("signed_by")}
    return [_week(start, signed.get(start)) for start in starts if first is None or start >= monday(first)]


def on_time(shown: list[Week]) -> tuple[int, int]:
    """(weeks signed in time, weeks that were due): the audit on-time rate is their ratio."""
    due = [week for week in shown if week.state != "open"]
    return sum(week.state == "signed" for week in due), len(due)


def sign(actor: User, week: dt.date, note: str, figures: dict[str, object], now: dt.datetime) -> Review:
    """Put a signature under a week. UserError where it is signed, has not begun, or is no Monday."""
    if week != monday(week) or week > monday(today()):
        raise UserError(_MESSAGES.message("no_such_week", week=week))
    review, fresh = Review.objects.get_or_create(
        week=week, defaults={"signed_by": actor, "signed_at": now, "note": note, "figures": figures}
    )
    if not fresh:
        raise UserError(_MESSAGES.message("already_signed"))
    log(actor, "quality.signed", review, {"note": note})
    return review


def monday(day: dt.date) -> dt.date:
    """The Monday of a day's week."""
    return day - dt.timedelta(days=day.weekday())


def _week(start: dt.date, review: Review | None) -> Week:
    due = start + dt.timedelta(days=6 + DAYS_TO_SIGN)
    if review is not None:
        signed = local_day(review.signed_at)
        return Week(start, due, review, "signed" if signed <= due else "late")
    return Week(start, due, None, "overdue" if today() > due else "open")
