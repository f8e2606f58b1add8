"""Audits that come back: drawn when they are due, told, and seen when nobody signs them in time."""

from __future__ import annotations

import datetime as dt
import logging
from dataclasses import dataclass
from typing import Final, cast

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_noop

from salesloop.app.accounts.services import Role, User
from salesloop.app.audit.services import log
from salesloop.app.notices.services import notify
from salesloop.app.quality import audits
from salesloop.app.quality.models import Audit, AuditPlan, Every
from salesloop.app.quality.sight import book, entity_word
from salesloop.app.ui.language import lang_of
from salesloop.app.workspace.services import calendar, local_day, snapshot, today, workspace
from salesloop.engine.analyze.quality import judged
from salesloop.engine.analyze.quality.verdicts import verdicts_of
from salesloop.engine.model.calendar import Grain, Period
from salesloop.engine.model.errors import UserError
from salesloop.engine.model.scope import Scope

_LOG = logging.getLogger("salesloop.quality")
DAYS_TO_SIGN: Final = 14
"""A planned audit is to be compared and signed within so many days of its draw."""


@dataclass(frozen=True, slots=True)
class Planned:
    """A plan with its last audit. `state`: waiting (not drawn yet), open, overdue, signed, late (signed after it was due)."""

    plan: AuditPlan
    label: str
    last: Audit | None
    state: str
    next: dt.date


@transaction.atomic
def plan(actor: User, entity: str, size: int, stratum: str, every: Every, now: dt.datetime) -> AuditPlan:
    """Have a sample drawn in every month or quarter, from the next daily chore on."""
    made = AuditPlan.objects.create(entity=entity, size=size, stratum=stratum, every=every, made_by=actor, made_at=now)
    log(actor, "quality.planned", made, {"entity": entity, "records": size, "every": every})
    return made


@transaction.atomic
def stop(actor: User, made: AuditPlan, now: dt.datetime) -> None:
    """Draw no more; audits that were drawn stay."""
    if made.stopped_at is None:
        made.stopped_at = now
        made.save(update_fields=["stopped_at"])
        log(actor, "quality.plan_stopped", made)


def plans() -> list[Planned]:
    """The plans in force, each with where it stands."""
    return [_planned(made) for made in AuditPlan.objects.filter(stopped_at=None).prefetch_related("audits")]


def on_time() -> tuple[int, int]:
    """(planned audits signed in time, planned audits that were due or signed)."""
    states = [state_of(audit) for audit in Audit.objects.exclude(plan=None)]
    due = [state for state in states if state != "open"]
    return due.count("signed"), len(due)


def state_of(audit: Audit) -> str:
    """Where an audit stands: open, overdue, signed, late. One without a day by which it is due is never late."""
    if audit.signed_at is not None:
        signed = local_day(audit.signed_at)
        return "late" if audit.due is not None and signed > audit.due else "signed"
    return "overdue" if audit.due is not None and today() > audit.due else "open"


def draw_due(now: dt.datetime, day: dt.date) -> int:
    """Draw the sample of every plan that has none in the running period, and tell the stewards; how many were drawn.

    Also tells once of each audit that nobody signed in time.
    """
    done = 0
    for made in AuditPlan.objects.filter(stopped_at=None).select_related("made_by"):
        period = _period(made, day)
        if not Audit.objects.filter(plan=made, period=period.start).exists():
            try:
                _draw(made, period, now, day)
            except UserError as error:  # nothing to draw is no trouble of the other plans
                _LOG.warning("the planned audit of %s was not drawn: %s", made.entity, error)
            else:
                done += 1
    for audit in Audit.objects.filter(signed_at=None, due__lt=day, late_told=False).select_related("plan__made_by"):
        _tell(audit, gettext_noop("计划的抽查「%(entity)s」已过期限 %(due)s，还没有签字"))
        audit.late_told = True
        audit.save(update_fields=["late_told"])
    return done


@transaction.atomic
def _draw(made: AuditPlan, period: Period, now: dt.datetime, day: dt.date) -> None:
    of = judged(snapshot(), Scope.all(), book(), verdicts_of(workspace()))
    due = day + dt.timedelta(days=DAYS_TO_SIGN)
    audit = Audit(
        plan=made,
        period=period.start,
        due=due,
        entity=made.entity,
        stratum=made.stratum,
        started_by=made.made_by,
        started_at=now,
    )
    audits.drawn(of, audit, made.size)
    log(None, "quality.sampled", audit, {"entity": made.entity, "records": made.size, "seed": audit.seed})
    _tell(audit, gettext_noop("计划的抽查「%(entity)s」已抽出，请在 %(due)s 前核对并签字"))


def _tell(audit: Audit, text: str) -> None:
    people = [*User.objects.filter(role=Role.STEWARD, is_active=True)]
    if audit.plan is not None:
        people.append(audit.plan.made_by)
    label = workspace().model.entity(audit.entity).label
    for person in {one.pk: one for one in people}.values():
        entity = label.get(lang_of(person.language))
        due = f"{audit.due:%Y-%m-%d}" if audit.due else ""
        notify([person], text, reverse("quality:audit", args=[audit.pk]), entity=entity, due=due)


def _planned(made: AuditPlan) -> Planned:
    last = max(made.audits.all(), key=lambda audit: audit.period or dt.date.min, default=None)
    running = _period(made, today())
    drawn = last is not None and last.period == running.start
    state = state_of(last) if last is not None else "waiting"
    return Planned(made, entity_word(made.entity), last, state, calendar().next(running).start if drawn else today())


def _period(made: AuditPlan, day: dt.date) -> Period:
    return calendar().period_of(day, cast("Grain", made.every))
