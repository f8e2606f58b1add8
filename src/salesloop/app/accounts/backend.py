"""Checking a login and a password."""

from typing import Any

from django.contrib.auth.backends import BaseBackend
from django.http import HttpRequest

from salesloop.app.accounts.models import User, normal_login


class LoginBackend(BaseBackend):
    """Login and password against our own people; as slow for an unknown login as for a wrong password."""

    def authenticate(
        self, request: HttpRequest | None, login: str | None = None, password: str | None = None, **_: Any
    ) -> User | None:
        if login is None or password is None:
            return None
        user = User.objects.filter(login=normal_login(login)).first()
        if user is None:
            User().set_password(password)
            return None
        return user if user.check_password(password) and user.is_active else None

    def get_user(self, user_id: int) -> User | None:
        return User.objects.filter(pk=user_id, is_active=True).first()
