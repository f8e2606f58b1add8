"""A page that nobody waits for any more stops computing: its tab was closed, or another page was opened from it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.http import HttpRequest, HttpResponse

from salesloop.engine.store.engines.stopping import Stop

_LOOK_EVERY = 0.5  # seconds; most pages are there before the first look


class Leaving:
    """Ends the statements of a page whose reader has left, on the company's own engine too.

    Only where something is read: who has sent a form off may close the window. `waitress.client_disconnected` is what
    `salesloop serve` knows of the reader; under a server that does not say it, pages are computed to their end.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        has_left = request.META.get("waitress.client_disconnected")
        if has_left is None or request.method not in ("GET", "HEAD"):
            return self.get_response(request)
        stop = Stop()
        with _watched(stop, has_left), stop.here():
            return self.get_response(request)


@contextmanager
def _watched(stop: Stop, has_left: Callable[[], bool]) -> Iterator[None]:
    ended = threading.Event()
    watcher = threading.Thread(target=_watch, args=(ended, stop, has_left), daemon=True)
    watcher.start()
    try:
        yield
    finally:
        ended.set()


def _watch(ended: threading.Event, stop: Stop, has_left: Callable[[], bool]) -> None:
    while not ended.wait(_LOOK_EVERY):
        if has_left():
            stop.ask()
