"""What every request gets: an id for its error messages, and words instead of a traceback."""

import logging
import secrets
from collections.abc import Callable

from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse

from salesloop.app.config.errors import user_error
from salesloop.engine.model.errors import UserError

log = logging.getLogger("salesloop.web")

_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # no 0/O, 1/I/L: people read these ids out on the telephone


class RequestId:
    """Names the request; the id is on the error page, in its header and in the log line."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.request_id = "".join(secrets.choice(_ALPHABET) for _ in range(8))  # type: ignore[attr-defined]
        response = self.get_response(request)
        if response.status_code >= 400:
            response["X-Request-Id"] = request.request_id  # type: ignore[attr-defined]
        return response


class FriendlyErrors:
    """Shows the text of a `UserError` as the answer, and logs anything else with the id that the person sees."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, UserError):
            return user_error(request, error)
        if isinstance(error, Http404 | PermissionDenied | SuspiciousOperation):
            return None  # an answer, not a failure: Django says it with 404, 403 or 400
        log.error(
            "error %s: %s %s by user %s",
            getattr(request, "request_id", "-"),
            request.method,
            request.path,
            getattr(getattr(request, "user", None), "pk", None),
            exc_info=error,
        )
        return None
