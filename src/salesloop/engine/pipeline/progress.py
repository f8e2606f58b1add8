"""How an import tells where it is, and how it is told to stop."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal, Protocol

import duckdb

from salesloop.engine.model.text import Messages
from salesloop.engine.store.engines.stopping import Stop, Stopped

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


class Cancelled(Stopped):
    """The import was stopped on request; nothing of it was published."""


class Cancel(Stop):
    """A request to stop an import, at its next step and by ending the statement that is being computed."""

    @contextmanager
    def interrupting(self, con: duckdb.DuckDBPyConnection) -> Iterator[None]:
        """While the block runs, a request ends what `con` computes. It leaves as `Cancelled`."""
        with self.ending(con.interrupt):
            yield

    def check(self) -> None:
        """`Cancelled` where somebody has asked to stop."""
        if self.asked:
            raise Cancelled(_MESSAGES.message("cancelled"))
