"""Which talks a person sees, and which of them they may correct."""

from __future__ import annotations

import datetime as dt
from typing import Final

from django.db.models import Q, QuerySet

from salesloop.app.accounts.services import Role, User
from salesloop.app.org.services import scope_for
from salesloop.app.talks.models import Talk

CORRECTABLE: Final = dt.timedelta(hours=72)
"""How long after writing it down an author may correct a talk; later their manager does."""


def visible_to(user: User) -> QuerySet[Talk]:
    """The talks of the people and units that the person sees, the newest first; the row rule of activities."""
    scope = scope_for(user)
    found = Talk.objects.select_related("author", "deal")
    if scope.everything:
        return found
    return found.filter(Q(employee_id__in=scope.employees) | Q(org_unit_id__in=scope.org_units))


def may_record(user: User) -> bool:
    """Whoever sells: people who are an employee of the company."""
    return bool(user.employee_id)


def may_correct(user: User, talk: Talk, now: dt.datetime) -> bool:
    """The author for a while, and a manager who sees the talk."""
    if talk.author_id == user.pk and now <= talk.entered_at + CORRECTABLE:
        return True
    return user.role == Role.MANAGER and visible_to(user).filter(pk=talk.pk).exists()


def may_promote(user: User, talk: Talk) -> bool:
    """The author, and a manager who sees the talk: at any time, a chance may ripen slowly."""
    return talk.author_id == user.pk or (user.role == Role.MANAGER and visible_to(user).filter(pk=talk.pk).exists())
