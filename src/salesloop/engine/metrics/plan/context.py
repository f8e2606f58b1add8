"""Everything a plan is made from. Nothing here is read from the data while planning."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

import pyarrow as pa

from salesloop.engine.metrics.comparisons import Variant
from salesloop.engine.metrics.filters import Resolved
from salesloop.engine.metrics.query import By, Question
from salesloop.engine.metrics.registry import Registry
from salesloop.engine.metrics.rollups.kept import NO_ROLLUPS, RollUps, Source
from salesloop.engine.metrics.targets.source import TargetSource
from salesloop.engine.metrics.windows import Windows
from salesloop.engine.model.calendar import Calendar
from salesloop.engine.model.scope import Scope

PERIOD: Final = "period"
TOTAL: Final = "total"
STEP: Final[Mapping[Variant, str]] = {
    "current": "this_period",
    "previous": "previous_period",
    "year": "year_ago",
    "festival": "year_ago_by_festival",
    "custom": "compared_period",
}


@dataclass(frozen=True)
class Context:
    """One question with what is known of the data.

    `by` has its tree levels filled in. `windows` are the days of each variant. `with_rows` are the entities that have
    rows; `first_days` the first day with data of each metric; `foreign` the
    entities with rows in another currency than the base. `targets` are there where the question needs them.
    `rollups` is what the snapshot holds summed up, `filled` the (entity, field) that no row lacks.
    `tables` collects the small tables that the SQL reads besides the warehouse, `sources` what each step read.
    """

    question: Question
    registry: Registry
    scope: Scope
    calendar: Calendar
    today: dt.date
    by: tuple[By, ...]
    filters: tuple[Resolved, ...]
    windows: Mapping[Variant, Windows]
    with_rows: frozenset[str]
    first_days: Mapping[str, dt.date]
    foreign: frozenset[str]
    parameters: Mapping[str, int]
    targets: TargetSource | None = None
    rollups: RollUps = NO_ROLLUPS
    filled: frozenset[tuple[str, str]] = frozenset()
    tables: dict[str, pa.Table] = field(default_factory=dict)
    sources: list[Source] = field(default_factory=list)

    def without(self, dimensions: Collection[str] | None, *, filters: bool) -> Context:
        """The question without these slices (None: without any), and where `filters` without filters by them either."""

        def stays(name: str) -> bool:
            return dimensions is not None and name not in dimensions

        kept = tuple(item for item in self.filters if not filters or stays(item.dimension.dimension))
        return replace(self, by=tuple(item for item in self.by if stays(item.dimension)), filters=kept)

    @property
    def grained(self) -> bool:
        return self.question.query.grain is not None

    @property
    def keys(self) -> tuple[str, ...]:
        """The key columns of every step. A question without slices has one row, under the key `total`."""
        keys = ((PERIOD,) if self.grained else ()) + tuple(f"{item.dimension}_id" for item in self.by)
        return keys or (TOTAL,)
