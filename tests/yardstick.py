"""How fast this machine is just now: what tests measure in processor time is held against it, so that load slows both."""

from __future__ import annotations

import time

USUAL = 0.003
"""Seconds that the work takes on the machine of which budgets speak."""


class Node:
    """A tree that writes itself: much like what planning does, without what is planned."""

    def __init__(self, depth: int) -> None:
        self.children = [Node(depth - 1) for _ in range(4)] if depth else []

    def text(self) -> str:
        return f"({', '.join(child.text() for child in self.children)})"


def work() -> float:
    """Processor seconds of building and writing a tree of 5,461 nodes."""
    before = time.process_time()
    Node(6).text()
    return time.process_time() - before


def allowed(seconds: float, worked: list[float]) -> float:
    """A budget on this machine, where the work took so long: more where it is slower, never less."""
    return seconds * max(1.0, min(worked) / USUAL)
