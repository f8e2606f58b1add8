"""The way of a version: draft → submitted → approved → frozen; only the last two count."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Max, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_noop

from salesloop.app.accounts.services import Role, User
from salesloop.app.audit.services import log
from salesloop.app.notices.services import notify
from salesloop.app.targets.models import CONTENT, KEY, Change, PlanCell, Target, Version, VersionCell
from salesloop.app.targets.store import counting, publish
from salesloop.app.workspace.services import one_at_a_time
from salesloop.engine.model.calendar import Period
from salesloop.engine.model.errors import UserError
from salesloop.engine.model.text import Messages

_MESSAGES = Messages("salesloop.app.targets")
State = Version.State


def visible_to(user: User) -> QuerySet[Version]:
    """Who plans and who leads sees all; managers see them for their own tree. Representatives see what counts, not how it came."""
    return Version.objects.none() if user.role == Role.REP else Version.objects.all()


@transaction.atomic
def begin(actor: User, metric: str, year: Period, number: int, why: str, now: dt.datetime) -> Version:
    """A new draft that starts as what counts now. `number` is the year's."""
    _needs(actor, "targets.plan")
    newest = Version.objects.filter(metric=metric, year=number).aggregate(Max("number"))["number__max"] or 0
    draft = Version.objects.create(
        metric=metric, year=number, number=newest + 1, why=why[:400], created_by=actor, created_at=now
    )
    _keep(draft, _stated(metric, year))
    log(actor, "target.version_begun", draft, {"why": why})
    return draft


@transaction.atomic
def submit(actor: User, version: Version, why: str, now: dt.datetime) -> None:
    """Ask for approval. UserError for a draft without any target."""
    _needs(actor, "targets.plan")
    _is(version, State.DRAFT)
    if not version.cells.filter(value__isnull=False).exists():
        raise UserError(_MESSAGES.message("empty_draft"))
    version.state, version.submitted_by, version.submitted_at = State.SUBMITTED, actor, now
    version.why = why[:400] or version.why
    version.save()
    log(actor, "target.version_submitted", version, {"why": version.why})
    _tell(version, gettext_noop("%(who)s 提交了 %(year)s 年目标（第 %(number)s 版），等待批准"), actor, Role.EXECUTIVE)


@transaction.atomic
def send_back(actor: User, version: Version, why: str) -> None:
    """Make a draft of it again, with a reason."""
    _needs(actor, "targets.approve")
    _is(version, State.SUBMITTED)
    if not why.strip():
        raise UserError(_MESSAGES.message("reason_needed"))
    version.state = State.DRAFT
    version.save(update_fields=["state"])
    log(actor, "target.version_returned", version, {"why": why})
    _tell(version, gettext_noop("%(who)s 退回了 %(year)s 年目标（第 %(number)s 版）：%(why)s"), actor, why=why)


@transaction.atomic
def approve(actor: User, version: Version, year: Period, why: str, now: dt.datetime) -> None:
    """Let it count, in the place of the one before. Four eyes: not by who made or submitted it, or changed one of its cells."""
    _needs(actor, "targets.approve")
    _is(version, State.SUBMITTED)
    authors = {version.created_by_id, version.submitted_by_id}
    if actor.pk in authors or Change.objects.filter(draft=version, by=actor, undone_at=None).exists():
        raise UserError(_MESSAGES.message("four_eyes"))
    _put_in_place(actor, version, year, now, keep_since=version.created_at)
    log(actor, "target.version_approved", version, {"why": why})
    _tell(version, gettext_noop("%(who)s 批准了 %(year)s 年目标（第 %(number)s 版）"), actor)


@transaction.atomic
def freeze(actor: User, version: Version, why: str, now: dt.datetime) -> None:
    """From now on nothing of the year may be changed."""
    _needs(actor, "targets.approve")
    _is(version, State.APPROVED)
    version.state, version.decided_by, version.decided_at = State.FROZEN, actor, now
    version.save(update_fields=["state", "decided_by", "decided_at"])
    log(actor, "target.version_frozen", version, {"why": why})


@transaction.atomic
def roll_back(actor: User, version: Version, year: Period, why: str, now: dt.datetime) -> None:
    """Let an earlier version count again, as it was when it was replaced. A reason is needed; a frozen year stays as it is."""
    _needs(actor, "targets.approve")
    _is(version, State.REPLACED)
    if not why.strip():
        raise UserError(_MESSAGES.message("reason_needed"))
    current = counting(version.metric, version.year)
    if current is not None and current.state == State.FROZEN:
        raise UserError(_MESSAGES.message("frozen", year=version.year, number=current.number))
    _put_in_place(actor, version, year, now)
    log(actor, "target.version_rolled_back", version, {"why": why})
    _tell(version, gettext_noop("%(who)s 恢复了 %(year)s 年目标第 %(number)s 版：%(why)s"), actor, why=why)


@transaction.atomic
def drop(actor: User, version: Version) -> None:
    """Throw a draft away."""
    _needs(actor, "targets.plan")
    _is(version, State.DRAFT)
    log(actor, "target.version_dropped", version)
    version.delete()


def _put_in_place(
    actor: User, version: Version, year: Period, now: dt.datetime, keep_since: dt.datetime | None = None
) -> None:
    """Write the version's cells as what counts. What was stated below since the draft was begun, where the draft says nothing,
    stays; the version that counted before keeps its cells as they were in the end."""
    one_at_a_time()
    current = counting(version.metric, version.year)
    stated = _stated(version.metric, year)
    if current is not None:
        _keep(current, stated)
        current.state = State.REPLACED
        current.save(update_fields=["state"])
    cells = list(version.cells.all())
    mine = {tuple(getattr(cell, name) for name in KEY) for cell in cells}
    for row in stated:
        since = keep_since is not None and row.changed_at > keep_since and not row.version
        if not since or tuple(getattr(row, name) for name in KEY) in mine:
            row.delete()
    Target.objects.bulk_create(
        Target(
            **{name: getattr(cell, name) for name in (*KEY, *CONTENT)},
            version=version.code,
            changed_by=actor,
            changed_at=now,
        )
        for cell in cells
    )
    version.state, version.decided_by, version.decided_at = State.APPROVED, actor, now
    version.save(update_fields=["state", "decided_by", "decided_at"])
    _keep_plan(version.metric, version.year, year)
    publish()


def _keep_plan(metric: str, number: int, year: Period) -> None:
    """What counts now is the original plan of the year, unless it has one."""
    if PlanCell.objects.filter(metric=metric, year=number).exists():
        return
    PlanCell.objects.bulk_create(
        PlanCell(year=number, **{name: getattr(row, name) for name in (*KEY, *CONTENT)})
        for row in _stated(metric, year)
    )


def _stated(metric: str, year: Period) -> list[Target]:
    return list(Target.objects.filter(metric=metric, period_start__range=(year.start, year.end)))


def _keep(version: Version, rows: list[Target]) -> None:
    version.cells.all().delete()
    names = (*KEY, *CONTENT)
    VersionCell.objects.bulk_create(
        VersionCell(of=version, **{name: getattr(row, name) for name in names}) for row in rows
    )


def _needs(actor: User, permission: str) -> None:
    if not actor.has_perm(permission):
        raise PermissionDenied(permission)


def _is(version: Version, state: str) -> None:
    if version.state != state:
        raise UserError(_MESSAGES.message("wrong_state", number=version.number, state=str(State(version.state).label)))


def _tell(version: Version, text: str, actor: User, *roles: str, **params: Any) -> None:
    people = list(User.objects.filter(role__in=roles, is_active=True)) if roles else [version.created_by]
    who = [person for person in people if person != actor]
    url = f"{reverse('targets:versions')}?metrics={version.metric}&period={version.year}"
    notify(who, text, url, who=str(actor), year=str(version.year), number=str(version.number), **params)
