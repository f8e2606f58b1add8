"""Names of columns that are parts of a metric."""

from __future__ import annotations

from typing import Final

ENTERED: Final = "entered"
MOVED: Final = "moved_on"
SEEN: Final = "first_seen"
ACTIVE: Final = "active_at_start"
LOST: Final = "lost"
RETURNED: Final = "came_back"
TARGET: Final = "target"
PLAN: Final = "plan"
OVER: Final = "numerator"
UNDER: Final = "denominator"
DUE: Final = "target_so_far"


def part(metric: str, name: str) -> str:
    """The column of one part of a metric."""
    return f"{metric}__{name}"
