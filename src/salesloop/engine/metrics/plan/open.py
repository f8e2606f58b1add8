"""What a plan leaves open: the days. It is made once, and filled in for the days of whoever asks.

A plan is text with marks in it, small tables that are made when it is asked, and *turns*: the few things about days that
decide how the text reads (whether there are any; whether a window begins with a month). Where another day's turns come out
the same, the plan is that day's too. All three are functions of a `Context`, and must hold on to nothing of the one that the
plan was made for.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, TypeVar

import pyarrow as pa

from salesloop.engine.metrics.comparisons import Variant

if TYPE_CHECKING:
    from salesloop.engine.metrics.plan.context import Context

Turn = TypeVar("Turn", bound=Hashable)

_OURS: Final = secrets.token_hex(4)
"""In every mark, so that no text of a filter can be taken for one."""
_MARK: Final = re.compile(f"⟦{_OURS}:([0-9]+)⟧")


@dataclass(frozen=True, slots=True)
class Days:
    """The windows of a variant, or those of a cumulative metric that end where they end. Which days that are, a context knows."""

    variant: Variant
    cumulative: str | None = None


@dataclass(frozen=True, slots=True)
class Open:
    """Marks in the order of their numbers, tables by name, turns with what they came to."""

    marks: list[Callable[[Context], str]] = field(default_factory=list)
    tables: dict[str, Callable[[Context], pa.Table]] = field(default_factory=dict)
    turns: list[tuple[Callable[[Context], Hashable], Hashable]] = field(default_factory=list)

    def mark(self, find: Callable[[Context], str]) -> str:
        """What stands in the text for what `find` will say."""
        self.marks.append(find)
        return f"⟦{_OURS}:{len(self.marks) - 1}⟧"

    def turned(self, find: Callable[[Context], Turn], context: Context) -> Turn:
        """What `find` says now; the plan is good only where it says the same."""
        found = find(context)
        self.turns.append((find, found))
        return found

    def fits(self, context: Context) -> bool:
        """Whether the plan would be made for this context too."""
        return all(find(context) == found for find, found in self.turns)

    def filled(self, texts: Mapping[str, str], context: Context) -> dict[str, str]:
        """The texts with what the marks stand for."""
        said = [find(context) for find in self.marks]
        return {name: _MARK.sub(lambda mark: said[int(mark[1])], text) for name, text in texts.items()}
