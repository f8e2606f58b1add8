"""How an import tells where it is, and how it is told to stop."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal, Protocol

import duckdb

from salesloop.engine.model.errors import UserError
from salesloop.engine.model.text import Messages

_MESSAGES = Messages("salesloop.engine.pipeline")

Stage = Literal["read", "land", "clean", "store", "resolve", "check", "roll_up", "publish"]
STAGES: tuple[Stage, ...] = ("read", "land", "clean", "store", "resolve", "check", "roll_up", "publish")


class Progress(Protocol):
    """Receives the steps of an import, from the importing thread."""

    def stage(self, name: Stage, done: int, total: int, rows: int) -> None:
        """`done` of `total` steps of a stage are behind; `rows` is how many rows the whole import has been through."""
        ...


class Silent:
    """Progress for nobody."""

    def stage(self, name: Stage, done: int, total: int, rows: int) -> None:
        """Nothing is shown."""


class Cancelled(UserError):
    """The import was stopped on request; nothing of it was published."""


class Cancel:
    """A request to stop that another thread may make."""

    def __init__(self) -> None:
        self._asked = threading.Event()
        self._lock = threading.Lock()
        self._computing: duckdb.DuckDBPyConnection | None = None

    def ask(self) -> None:
        """Stop at the next step, and end the statement that is being computed. Ask again until it has stopped: between two
        statements there is nothing to end."""
        self._asked.set()
        with self._lock:
            if self._computing is not None:
                self._computing.interrupt()

    @contextmanager
    def interrupting(self, con: duckdb.DuckDBPyConnection) -> Iterator[None]:
        """While the block runs, a request ends what `con` computes. It leaves as `Cancelled`."""
        with self._lock:
            self._computing = con
        try:
            yield
        except duckdb.InterruptException:
            self.check()
            raise
        finally:
            with self._lock:
                self._computing = None

    def check(self) -> None:
        """`Cancelled` where somebody has asked to stop."""
        if self._asked.is_set():
            raise Cancelled(_MESSAGES.message("cancelled"))
