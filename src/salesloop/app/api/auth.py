"""Who asks: a person with a session in the browser, or a program with `Authorization: Bearer slp_…`."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils import timezone, translation
from ninja.security import HttpBearer, SessionAuth

from salesloop.app.accounts.services import User
from salesloop.app.api.tokens import user_of


class Session(SessionAuth):
    """The login of the pages; changes would need the CSRF token as they do there."""

    def authenticate(self, request: HttpRequest, key: str | None) -> User | None:
        return request.user if isinstance(request.user, User) else None


class Bearer(HttpBearer):
    """A personal access token; texts are in its person's language."""

    def authenticate(self, request: HttpRequest, token: str) -> User | None:
        user = user_of(token, timezone.now())
        if user is not None:
            request.user = user
            translation.activate(user.language)
        return user
