"""Metrics are looked at again on schedule: when each is due, what a review decided, who is reminded, how punctual it all is."""

from __future__ import annotations

import calendar as months
import datetime as dt
from dataclasses import dataclass
from typing import Final, Literal

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from salesloop.app.accounts.services import User
from salesloop.app.audit.services import log
from salesloop.app.governance.models import ChangeRequest, MetricReview, Outcome, ReviewReminder
from salesloop.app.governance.people import is_owner, owners
from salesloop.app.governance.requests import MESSAGES, suggest
from salesloop.app.metrics.services import sees
from salesloop.app.notices.services import notify
from salesloop.app.ui.language import current_lang
from salesloop.app.workspace.services import local_day, registry, today, workspace
from salesloop.engine.governance.applying import in_force
from salesloop.engine.governance.documents import stamped
from salesloop.engine.governance.journal import read_histories
from salesloop.engine.metrics.definition import Metric
from salesloop.engine.model.errors import UserError

EVERY: Final = {"month": 1, "quarter": 3, "half-year": 6, "year": 12}
SOON: Final = dt.timedelta(days=30)
NOTICE_DAYS: Final = 7
WINDOW: Final = dt.timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Due:
    """When a metric is to be looked at again. `last` is the review before, None where there was none."""

    metric: Metric
    day: dt.date
    last: MetricReview | None
    state: Literal["late", "soon", "later"]
    mine: bool


@dataclass(frozen=True, slots=True)
class Punctuality:
    """Of the reviews that fell due within a year: how many were done by their day."""

    on_time: int
    due: int

    @property
    def share(self) -> float | None:
        """On time ÷ due; None where nothing fell due."""
        return self.on_time / self.due if self.due else None


def review_calendar(user: User, day: dt.date) -> list[Due]:
    """Every metric in use that this person sees, the most overdue first."""
    last, began = _last_reviews(), _beginnings()
    found = []
    for metric in registry().metrics.values():
        if metric.hidden or metric.status in ("draft", "retired") or not sees(user, metric):
            continue
        review = last.get(metric.metric)
        due = due_day(metric, local_day(review.at) if review else began.get(metric.metric, day))
        state: Literal["late", "soon", "later"] = "late" if due < day else "soon" if due <= day + SOON else "later"
        found.append(Due(metric, due, review, state, is_owner(user, metric.owner)))
    return sorted(found, key=lambda one: one.day)


def due_day(metric: Metric, since: dt.date) -> dt.date:
    """One review period after a day; the last day of the month where that day does not exist."""
    ahead = since.month - 1 + EVERY[metric.review_every]
    year, month = since.year + ahead // 12, ahead % 12 + 1
    return dt.date(year, month, min(since.day, months.monthrange(year, month)[1]))


def may_review(user: User, metric: Metric) -> bool:
    """The owner, and those who decide about definitions."""
    return user.has_perm("definitions.decide") or is_owner(user, metric.owner)


@transaction.atomic
def review(
    actor: User, name: str, outcome: Outcome, reason: str, now: dt.datetime, *, snapshot: int, successor: str = ""
) -> MetricReview:
    """Record a review. To change or retire the metric also asks for that change; somebody else approves it."""
    metric = registry().metric(name)
    if not may_review(actor, metric):
        raise PermissionDenied
    if not reason.strip():
        raise UserError(MESSAGES.message("outcome_needs_reason"))
    due = next((one.day for one in review_calendar(actor, today()) if one.metric.metric == name), today())
    request = None if outcome == Outcome.KEEP else _wish(actor, metric, outcome, reason, now, snapshot, successor)
    done = MetricReview.objects.create(
        metric=name, due=due, outcome=outcome, reason=reason.strip(), request=request, by=actor, at=now
    )
    log(actor, "metric.reviewed", name, {"outcome": outcome, "due": due, "reason": reason.strip()})
    return done


def punctuality(day: dt.date) -> Punctuality:
    """Over the last year, reviews that are late and not done count as due."""
    done = [one for one in MetricReview.objects.filter(due__gt=day - WINDOW) if one.due <= day]
    early = MetricReview.objects.filter(due__gt=day).count()
    on_time = sum(local_day(one.at) <= one.due for one in done) + early
    last, began = _last_reviews(), _beginnings()
    late = 0
    for metric in registry().metrics.values():
        if not metric.hidden and metric.status in ("active", "deprecated"):
            before = last.get(metric.metric)
            since = local_day(before.at) if before else began.get(metric.metric, day)
            late += due_day(metric, since) < day
    return Punctuality(on_time, len(done) + early + late)


def remind_of_reviews(now: dt.datetime, day: dt.date) -> int:
    """Tell owners a week before a review is due, and once more when it is late; how many metrics they were told of."""
    told: dict[bool, dict[User, list[str]]] = {False: {}, True: {}}
    reminded = 0
    last, began = _last_reviews(), _beginnings()
    for metric in registry().metrics.values():
        if metric.hidden or metric.status not in ("active", "deprecated"):
            continue
        before = last.get(metric.metric)
        due = due_day(metric, local_day(before.at) if before else began.get(metric.metric, day))
        if due > day + dt.timedelta(days=NOTICE_DAYS):
            continue
        late = due < day
        _one, new = ReviewReminder.objects.get_or_create(metric=metric.metric, due=due, late=late, defaults={"at": now})
        if new:
            reminded += 1
            for person in owners(metric.owner):
                told[late].setdefault(person, []).append(metric.label.get(current_lang()))
    for late, people in told.items():
        text = (
            gettext_noop("%(count)s 个指标该复核了：%(names)s")
            if not late
            else gettext_noop("%(count)s 个指标的复核已逾期：%(names)s")
        )
        for person, names in people.items():
            notify([person], text, reverse("governance:reviews"), count=len(names), names="、".join(names[:5]))
    return reminded


def _wish(
    actor: User, metric: Metric, outcome: Outcome, reason: str, now: dt.datetime, snapshot: int, successor: str
) -> ChangeRequest:
    name = metric.metric
    proposal = ""
    title = _("复核后要修改")
    if outcome == Outcome.RETIRE:
        title = _("复核后停用")
        current = in_force(workspace(), "metric", name)
        proposal = stamped(current.text if current else "", status="retired", successor=successor or None)
    evidence = reverse("metrics:metric", args=[name])
    return suggest(
        actor,
        now,
        kind="metric",
        target=name,
        title=title,
        why=reason.strip(),
        snapshot=snapshot,
        evidence=evidence,
        proposal=proposal,
    )


def _last_reviews() -> dict[str, MetricReview]:
    return {one.metric: one for one in MetricReview.objects.select_related("by").order_by("at")}


def _beginnings() -> dict[str, dt.date]:
    """The day of the first recorded version of each metric: what was never reviewed is due one period later."""
    histories = read_histories(workspace())
    return {name: local_day(versions[0].at) for (kind, name), versions in histories.items() if kind == "metric"}
