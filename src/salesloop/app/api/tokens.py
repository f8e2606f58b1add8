"""Make, find and revoke tokens."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets

from django.db import transaction
from django.db.models import QuerySet

from salesloop.app.accounts.services import User
from salesloop.app.api.models import Token
from salesloop.app.audit.services import log

PREFIX = "slp_"
_USED_EVERY = dt.timedelta(minutes=1)


@transaction.atomic
def create(user: User, name: str, now: dt.datetime) -> tuple[Token, str]:
    """A new token and its secret, which is never shown again."""
    secret = PREFIX + secrets.token_urlsafe(32)
    token = Token.objects.create(
        user=user, name=name, start=secret[: len(PREFIX) + 4], digest=_digest(secret), created_at=now
    )
    log(user, "access.created", token)
    return token, secret


@transaction.atomic
def revoke(user: User, token: Token, now: dt.datetime) -> None:
    """The token opens nothing any more."""
    token.revoked_at = now
    token.save(update_fields=["revoked_at"])
    log(user, "access.revoked", token)


def of(user: User) -> QuerySet[Token]:
    """The person's tokens that still work, newest first."""
    return Token.objects.filter(user=user, revoked_at=None)


def user_of(secret: str, now: dt.datetime) -> User | None:
    """Whose token this is; None where it is none, revoked, or the person may not log in any more."""
    token = Token.objects.select_related("user").filter(digest=_digest(secret), revoked_at=None).first()
    if token is None or not token.user.is_active:
        return None
    if token.last_used_at is None or abs(now - token.last_used_at) >= _USED_EVERY:  # not a write for every request
        Token.objects.filter(pk=token.pk).update(last_used_at=now)
    return token.user


def _digest(secret: str) -> str:
    """256 random bits need no slow hash."""
    return hashlib.sha256(secret.encode()).hexdigest()
