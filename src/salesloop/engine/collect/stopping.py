"""How reading is told to stop: between two pieces of a file it asks, and whoever wants it to stop raises."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

Stop = Callable[[], None]
"""Raises where the reading should stop; called every second or more often, whatever is read."""
Piece = TypeVar("Piece")


def go_on() -> None:
    """Nobody wants it to stop."""


def heeding(pieces: Iterable[Piece], stop: Stop) -> Iterator[Piece]:
    """The pieces, with a question before each."""
    for piece in pieces:
        stop()
        yield piece
