"""Ending statements that nobody waits for any more: on an engine in another process they would run on to their end."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from typing import Final

from salesloop.engine.model.errors import UserError
from salesloop.engine.model.text import Messages

_MESSAGES: Final = Messages("salesloop.engine.store.engines")


class Stopped(UserError):
    """The work was stopped on request."""


class Stop:
    """A request to stop one piece of work, that another thread may make."""

    def __init__(self) -> None:
        self._asked = threading.Event()
        self._guard = threading.Lock()
        self._under_way: dict[object, Callable[[], None]] = {}

    def ask(self) -> None:
        """End the statements that are being computed, and let no other begin. Ask again until the work has stopped: a
        statement may have been on its way."""
        self._asked.set()
        with self._guard:  # nobody gets the connection back, for the next statement, while one is being ended on it
            for end in self._under_way.values():
                with suppress(Exception):  # the engine may be gone; whoever waits for it will hear so
                    end()

    @property
    def asked(self) -> bool:
        return self._asked.is_set()

    def check(self) -> None:
        """`Stopped` where somebody has asked to stop."""
        if self.asked:
            raise Stopped(_MESSAGES.message("stopped"))

    @contextmanager
    def here(self) -> Iterator[None]:
        """Statements that this thread asks in the block belong to the work."""
        before = _of_this_thread.set(self)
        try:
            yield
        finally:
            _of_this_thread.reset(before)

    @contextmanager
    def ending(self, end: Callable[[], None]) -> Iterator[None]:
        """While the block runs a request calls `end`; what then goes wrong in it leaves as `Stopped`."""
        self.check()
        name = object()
        with self._guard:
            self._under_way[name] = end
        try:
            yield
        except Exception:
            self.check()
            raise
        finally:
            with self._guard:
                del self._under_way[name]


_of_this_thread: ContextVar[Stop | None] = ContextVar("stop", default=None)


@contextmanager
def under_way(end: Callable[[], None]) -> Iterator[None]:
    """A statement, and how to end it: on the request of its work, on Ctrl-C, and where the process is told to end."""
    stop = _of_this_thread.get()
    try:
        if stop is None:
            yield
        else:
            with stop.ending(end):
                yield
    except Exception:
        raise
    except BaseException:
        with suppress(Exception):
            end()
        raise
