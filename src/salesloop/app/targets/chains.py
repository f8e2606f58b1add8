"""Chains of objectives: a long-term goal, the years on the way to it, the quarters of each. What the parts add up to stands beside
the goal.

The value of an objective is that of its last year, or of its quarter. So the quarters of a year add up to the year; of the years
below a long-term goal those of its last year count against it, and the ones before are the way there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from salesloop.app.targets.models import Objective


@dataclass(frozen=True, slots=True)
class Link:
    """One objective in its chain. `depth` from the top; `parts`: what counts below it; `total`: their sum, None where no part has a
    value; `value`: its own, else the sum; `steps`: years before its last one with what is wanted in each."""

    objective: Objective
    depth: int
    parts: int
    total: Decimal | None
    steps: tuple[tuple[int, Decimal], ...]

    @property
    def value(self) -> Decimal | None:
        return self.total if self.objective.value is None else self.objective.value

    @property
    def gap(self) -> Decimal | None:
        """Sum of the parts − goal: below zero something is still without an owner."""
        if self.total is None or self.objective.value is None:
            return None
        return self.total - self.objective.value


def chains(objectives: Sequence[Objective], sums_up: Callable[[str], bool]) -> list[Link]:
    """Every objective, each followed by those below it."""
    below: dict[int | None, list[Objective]] = {}
    for one in objectives:
        below.setdefault(one.parent_id, []).append(one)
    found: list[Link] = []
    for top in below.get(None, []):
        found += _under(top, 0, below, sums_up)
    return found


def _under(
    goal: Objective, depth: int, below: Mapping[int | None, list[Objective]], sums_up: Callable[[str], bool]
) -> Iterator[Link]:
    lower = [list(_under(child, depth + 1, below, sums_up)) for child in below.get(goal.pk, [])]
    direct = [links[0] for links in lower if links[0].objective.metric == goal.metric]
    known = [link for link in direct if link.value is not None] if goal.metric and sums_up(goal.metric) else []
    counted = [link for link in known if _counts(link.objective, goal)]
    years: dict[int, Decimal] = {}
    for link in known:
        if link not in counted and link.value is not None:
            year = link.objective.last_year
            years[year] = years.get(year, Decimal(0)) + link.value
    total = sum((link.value for link in counted if link.value is not None), Decimal(0)) if counted else None
    yield Link(goal, depth, len(counted), total, tuple(sorted(years.items())))
    for links in lower:
        yield from links


def _counts(part: Objective, goal: Objective) -> bool:
    """Whether a part is about the goal's own period: its last year, or its quarter."""
    return part.last_year == goal.last_year and (goal.quarter is None or part.quarter == goal.quarter)
