"""What people and other slices may do with actions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_noop

from salesloop.app.accounts.services import Role, User
from salesloop.app.actions.chart import effect_chart
from salesloop.app.actions.models import Action, ChecklistItem, Comment
from salesloop.app.actions.register import action_register
from salesloop.app.audit.services import log
from salesloop.app.findings.services import Finding, act_on
from salesloop.app.notices.services import notify
from salesloop.app.org.services import scope_for
from salesloop.engine.analyze.diagnose.contribution import Member

__all__ = [
    "Action",
    "action_register",
    "change",
    "comment",
    "create",
    "effect_chart",
    "may_edit",
    "members_of",
    "move",
    "overdue",
    "tell",
    "tick",
    "visible_to",
    "waiting_for",
]


def visible_to(user: User) -> QuerySet[Action]:
    """The actions of slices in the person's scope, and those they own or gave out."""
    scope = scope_for(user)
    if scope.everything:
        return Action.objects.all()
    return Action.objects.filter(
        Q(owner=user) | Q(created_by=user) | Q(org_unit_id__in=scope.org_units) | Q(employee_id__in=scope.employees)
    )


def may_edit(user: User, action: Action) -> bool:
    """Owners, those who gave the action out, managers of its slice and the people who run operations; others only read."""
    return user in (action.owner, action.created_by) or (
        user.role in (Role.MANAGER, Role.ANALYST, Role.ADMIN) and visible_to(user).filter(pk=action.pk).exists()
    )


def waiting_for(user: User) -> int:
    """How many open actions are this person's."""
    return Action.objects.filter(owner=user, state__in=action_register().open).count()


def overdue(today: dt.date) -> QuerySet[Action]:
    """Open actions whose due date has passed."""
    return Action.objects.filter(state__in=action_register().open, due__lt=today)


@transaction.atomic
def create(
    actor: User | None,
    now: dt.datetime,
    *,
    owner: User,
    members: Sequence[Member],
    checklist: Sequence[str] = (),
    finding: Finding | None = None,
    **fields: Any,
) -> Action:
    """Give out an action (title, metric, start, due; optional note, expected_change, evidence). Its finding is then being acted on."""
    action = Action(
        owner=owner,
        created_by=actor,
        created_at=now,
        finding=finding,
        members=[{"dimension": m.dimension, "id": m.id, "name": m.name} for m in members],
        org_unit_id=_member_id(members, "org_unit"),
        employee_id=_member_id(members, "employee"),
        state=action_register().initial,
        **fields,
    )
    action.save()
    ChecklistItem.objects.bulk_create(
        ChecklistItem(action=action, text=text, order=place) for place, text in enumerate(checklist)
    )
    log(actor, "action.created", action, {"owner": owner.login, "due": action.due})
    if finding is not None:
        act_on(finding)
    if owner != actor:
        tell(owner, gettext_noop("给您的行动：%(action)s，%(due)s 到期"), action)
    return action


@transaction.atomic
def move(actor: User, action: Action, to: str, now: dt.datetime) -> None:
    """Move to another state, where the register allows it. PermissionDenied otherwise."""
    if not may_edit(actor, action) or not action_register().may_move(action.state, to):
        raise PermissionDenied
    before, action.state = action.state, to
    action.done_at = now if to == "done" else action.done_at if to == "measured" else None
    action.save(update_fields=["state", "done_at"])
    log(actor, "action.moved", action, {"from": before, "to": to})


@transaction.atomic
def change(actor: User, action: Action, changes: dict[str, Any]) -> None:
    """Change title, note, owner, dates or expected change; old and new values are recorded."""
    if not may_edit(actor, action):
        raise PermissionDenied
    before = {name: getattr(action, name) for name in changes}
    for name, value in changes.items():
        setattr(action, name, value)
    action.save(update_fields=list(changes))
    log(actor, "action.changed", action, {name: [str(before[name]), str(value)] for name, value in changes.items()})
    if changes.get("owner", actor) not in (actor, before.get("owner")):
        tell(action.owner, gettext_noop("给您的行动：%(action)s，%(due)s 到期"), action)


def tick(actor: User, item: ChecklistItem, now: dt.datetime, *, done: bool) -> None:
    """Mark a step of the checklist as done or not."""
    if not may_edit(actor, item.action):
        raise PermissionDenied
    item.done_at, item.done_by = (now, actor) if done else (None, None)
    item.save(update_fields=["done_at", "done_by"])


def comment(actor: User, action: Action, text: str, now: dt.datetime) -> Comment:
    """Say something; the owner and whoever gave the action out hear of it."""
    said = Comment.objects.create(action=action, author=actor, text=text, at=now)
    for person in {action.owner, action.created_by} - {actor, None}:
        if person is not None:
            tell(person, gettext_noop("%(who)s 评论了行动「%(action)s」"), action, who=str(actor))
    return said


def members_of(action: Action) -> tuple[Member, ...]:
    """The slice as the engine knows it."""
    return tuple(Member(**member) for member in action.members)


def tell(person: User, text: str, action: Action, **params: str) -> None:
    """A notice that leads to the action."""
    notify(
        [person], text, reverse("actions:detail", args=[action.pk]), action=action.title, due=str(action.due), **params
    )


def _member_id(members: Sequence[Member], dimension: str) -> str:
    return next((m.id or "" for m in members if m.dimension.split(":", maxsplit=1)[0] == dimension), "")
