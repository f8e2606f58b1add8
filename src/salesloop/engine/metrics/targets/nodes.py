"""Trees as the rule for targets needs them: who is directly below whom, and what is there at all."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property


class Nodes:
    """A forest given by each node's parent. A parent that is no node itself counts as none."""

    def __init__(self, parents: Mapping[str, str | None]) -> None:
        self._parents = {node: parent if parent in parents else None for node, parent in parents.items()}

    def __contains__(self, node: str) -> bool:
        return node in self._parents

    @cached_property
    def _below(self) -> dict[str | None, list[str]]:
        below: dict[str | None, list[str]] = {}
        for node, parent in self._parents.items():
            below.setdefault(parent, []).append(node)
        return below

    @property
    def roots(self) -> list[str]:
        return self._below.get(None, [])

    def children(self, node: str) -> list[str]:
        return self._below.get(node, [])

    def parent(self, node: str) -> str | None:
        return self._parents.get(node)

    def path(self, node: str) -> list[str]:
        """The node and all above it, the root first."""
        out: list[str] = []
        here: str | None = node
        while here is not None and here not in out:
            out.append(here)
            here = self._parents.get(here)
        return out[::-1]

    def level(self, node: str) -> int:
        """1 for roots."""
        return len(self.path(node))

    def under(self, tops: Iterable[str]) -> frozenset[str]:
        """These nodes and everything below them."""
        out: set[str] = set()
        waiting = list(tops)
        while waiting:
            node = waiting.pop()
            if node not in out:
                out.add(node)
                waiting += self.children(node)
        return frozenset(out)
