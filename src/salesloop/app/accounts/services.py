"""People: find, add, change, and what the other slices need to know of them."""

from __future__ import annotations

import secrets
import string
from collections.abc import Iterable
from typing import Any

from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import HttpRequest

from salesloop.app.accounts.models import Role, User, normal_login
from salesloop.app.accounts.permissions import Person, needs, role_is
from salesloop.app.audit.services import log
from salesloop.engine.model.errors import UserError
from salesloop.engine.model.text import Messages

__all__ = [
    "Person",
    "PersonalRequest",
    "Role",
    "User",
    "add_person",
    "change_person",
    "check_login",
    "check_password",
    "needs",
    "people",
    "people_of_employees",
    "reset_password",
    "role_is",
    "set_active",
    "set_password",
    "user_by_login",
]


_MESSAGES = Messages("salesloop.app")


class PersonalRequest(HttpRequest):
    """For types: a request behind the login, where `user` is one of our people."""

    user: User


def user_by_login(login: str) -> User | None:
    """The person who logs in as `login`, whatever its case."""
    return User.objects.filter(login=normal_login(login)).first()


def people(text: str = "", role: str = "", *, active: bool | None = None) -> QuerySet[User]:
    """People by name, narrowed by words in name, login, mail or employee id."""
    found = User.objects.all()
    if text:
        found = found.filter(
            Q(name__icontains=text) | Q(login__icontains=text) | Q(email__icontains=text) | Q(employee_id__iexact=text)
        )
    if role:
        found = found.filter(role=role)
    if active is not None:
        found = found.filter(is_active=active)
    return found


def people_of_employees(employee_ids: Iterable[str]) -> dict[str, User]:
    """Who logs in for these employees: employee id → person. Those without a login are missing."""
    found = User.objects.filter(employee_id__in=[key for key in employee_ids if key], is_active=True)
    return {user.employee_id: user for user in found}


@transaction.atomic
def add_person(actor: User | None, login: str, password: str | None = None, **fields: Any) -> tuple[User, str]:
    """Add a person. Without a password a one-time one is made: (person, that password); they change it at first login."""
    one_time = "" if password else one_time_password()
    user = User.objects.create_user(login, password or one_time, must_change_password=not password, **fields)
    log(actor, "person.added", user, {"login": user.login, "role": user.role, "employee_id": user.employee_id})
    return user, one_time


@transaction.atomic
def change_person(actor: User | None, user: User, changes: dict[str, Any]) -> None:
    """Save changed fields and record old and new values."""
    before = {name: getattr(user, name) for name in changes}
    for name, value in changes.items():
        setattr(user, name, value)
    user.save(update_fields=list(changes))
    log(actor, "person.changed", user, {name: [before[name], value] for name, value in changes.items()})


@transaction.atomic
def set_active(actor: User, user: User, *, active: bool) -> None:
    """Let a person log in, or not any more. A session that is open ends with the next click."""
    user.is_active = active
    user.save(update_fields=["is_active"])
    log(actor, "person.activated" if active else "person.deactivated", user)


def check_login(login: str) -> None:
    """UserError where a login has letters that it may not have."""
    try:
        User._meta.get_field("login").run_validators(normal_login(login))
    except ValidationError as error:
        raise UserError(_MESSAGES.message("bad_login", login=login)) from error


def check_password(password: str, login: str) -> None:
    """UserError where a password is too easy to guess."""
    try:
        password_validation.validate_password(password, User(login=normal_login(login)))
    except ValidationError as error:
        raise UserError(_MESSAGES.message("weak_password", problems=" ".join(error.messages))) from error


@transaction.atomic
def set_password(actor: User | None, user: User, password: str) -> None:
    """Give a person this very password; their sessions end."""
    user.set_password(password)
    user.must_change_password = False
    user.save(update_fields=["password", "must_change_password"])
    log(actor, "person.password_set", user)


@transaction.atomic
def reset_password(actor: User | None, user: User) -> str:
    """Give a one-time password, which ends the person's sessions; they choose their own at the next login."""
    one_time = one_time_password()
    user.set_password(one_time)
    user.must_change_password = True
    user.save(update_fields=["password", "must_change_password"])
    log(actor, "person.password_reset", user)
    return one_time


def one_time_password() -> str:
    """Four groups of four letters and digits that cannot be mistaken for one another: about 79 bits."""
    alphabet = [c for c in string.ascii_lowercase + string.digits if c not in "0o1li"]
    return "-".join("".join(secrets.choice(alphabet) for _ in range(4)) for _ in range(4))
