"""Answers that were given before. A snapshot never changes, so the same question has the same answer for ever."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Final, Generic, TypeVar

Value = TypeVar("Value")

ANSWERS: Final = 512
BYTES: Final = 64_000_000


class Cache(Generic[Value]):
    """The most recently used values, as many as fit into a number and a sum of sizes. Safe for several threads."""

    def __init__(self, count: int, total: int, size: Callable[[Value], int]) -> None:
        self._count, self._total, self._size = count, total, size
        self._held: OrderedDict[Hashable, tuple[Value, int]] = OrderedDict()
        self._sum = 0
        self._guard = Lock()

    def get(self, key: Hashable, make: Callable[[], Value]) -> Value:
        """The value held under `key`, else `make()`, which is then held."""
        with self._guard:
            if key in self._held:
                self._held.move_to_end(key)
                return self._held[key][0]
        value = make()  # outside the lock: two askers may both compute it, which is harmless
        size = self._size(value)
        with self._guard:
            if key not in self._held and size <= self._total // 4:
                self._held[key] = (value, size)
                self._sum += size
            while len(self._held) > self._count or self._sum > self._total:
                _, (_, gone) = self._held.popitem(last=False)
                self._sum -= gone
        return value

    def __len__(self) -> int:
        return len(self._held)
