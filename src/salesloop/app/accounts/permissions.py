"""Who may do what, by role. Which rows a person sees is a Scope's matter (`org.services.scope_for`), not decided here."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Protocol

import rules
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase

from salesloop.app.accounts.models import Role


class Person(Protocol):
    role: str
    is_active: bool


def role_is(*roles: Role) -> rules.predicates.Predicate:
    """A predicate that holds for people of these roles."""

    @rules.predicate(name="role_is(" + ",".join(roles) + ")")
    def holds(user: Person) -> bool:
        return user.role in roles

    return holds


is_admin = role_is(Role.ADMIN)

rules.add_perm("people.manage", is_admin)
rules.add_perm("settings.see", role_is(Role.ADMIN, Role.ANALYST))
rules.add_perm("audit.see", is_admin)
rules.add_perm("rows.export", rules.always_allow)


def needs(permission: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Guard a view: 403 for people without `permission`."""

    def guard(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.user.has_perm(permission):
                raise PermissionDenied(permission)
            return view(request, *args, **kwargs)

        return guarded

    return guard
