"""Whose evaluation a person sees, and whom they may rate."""

from __future__ import annotations

from django.http import Http404

from salesloop.app.accounts.services import User
from salesloop.app.org.services import Employee, employees_in, scope_for
from salesloop.engine.model.scope import Scope


def seen(user: User) -> list[Employee]:
    """Managers see the people below them and themselves, those with the whole company everybody, all others themselves."""
    own = Scope(employees=frozenset(filter(None, [user.employee_id])))
    return employees_in(scope_for(user) if user.has_perm("team.see_others") else own)


def employee_seen(user: User, employee_id: str) -> Employee:
    """One of `seen`; Http404 for anybody else."""
    found = next((one for one in seen(user) if one.id == employee_id), None)
    if found is None:
        raise Http404
    return found


def may_rate(user: User, employee_id: str) -> bool:
    """Who leads, anybody whom they see but themselves; everybody rates themselves, which is kept apart."""
    if employee_id == user.employee_id:
        return True
    return user.has_perm("team.lead") and any(one.id == employee_id for one in seen(user))
