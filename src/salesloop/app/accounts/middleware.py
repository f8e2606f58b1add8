"""The person's own language, the company's time zone, and the detour of a first login."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone, translation

from salesloop.app.workspace.services import workspace

FREE_OF_DETOUR = ("accounts:password", "accounts:logout", "accounts:language", "accounts:theme")


class Preferences:
    """Runs after authentication, so that a person's own choice beats the browser's."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        timezone.activate(workspace().config.zone)
        user = request.user
        if user.is_authenticated:
            translation.activate(user.language)
            request.LANGUAGE_CODE = user.language
            if user.must_change_password and request.path not in {reverse(name) for name in FREE_OF_DETOUR}:
                return redirect("accounts:password")
        return self.get_response(request)
