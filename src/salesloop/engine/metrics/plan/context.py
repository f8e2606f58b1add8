"""Everything a plan is made from. Nothing here is read from the data while planning."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

import pyarrow as pa
from sqlglot import exp

from salesloop.engine.metrics.comparisons import Variant
from salesloop.engine.metrics.definition import Cumulative
from salesloop.engine.metrics.filters import Resolved
from salesloop.engine.metrics.plan import sql
from salesloop.engine.metrics.plan.open import Days, Open, Turn
from salesloop.engine.metrics.query import By, Question
from salesloop.engine.metrics.registry import Registry
from salesloop.engine.metrics.rollups.kept import NO_ROLLUPS, RollUps, Source
from salesloop.engine.metrics.targets.source import TargetSource
from salesloop.engine.metrics.windows import Windows, accumulated, hull
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
    entities with rows in another currency than the base. `targets` and `plans` are there where the question needs them.
    `rollups` is what the snapshot holds summed up, `filled` the (entity, field) that no row lacks,
    `dense` the entities with many rows for each day and slice of the question, `flat` the slices whose tree has no branches.
    `open` collects what a plan leaves open, `sources` what each step read. Whoever plans asks for days by `day`, `number`,
    `table` and `turn`, and looks at none itself, so that the plan serves other days.
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
    plans: TargetSource | None = None
    rollups: RollUps = NO_ROLLUPS
    filled: frozenset[tuple[str, str]] = frozenset()
    dense: frozenset[str] = frozenset()
    flat: frozenset[str] = frozenset()
    open: Open = field(default_factory=Open)
    sources: list[Source] = field(default_factory=list)
    narrow: Callable[[Context], Context] = field(default=lambda whole: whole)
    _days: dict[Days, tuple[Windows, tuple[dt.date, dt.date] | None]] = field(default_factory=dict)

    def without(self, dimensions: Collection[str] | None, *, filters: bool) -> Context:
        """The question without these slices (None: without any), and where `filters` without filters by them either."""

        def stays(name: str) -> bool:
            return dimensions is not None and name not in dimensions

        kept = tuple(item for item in self.filters if not filters or stays(item.dimension.dimension))
        by, narrow = tuple(item for item in self.by if stays(item.dimension)), self.narrow
        return replace(
            self, by=by, filters=kept, narrow=lambda whole: narrow(whole).without(dimensions, filters=filters)
        )

    # -- days ----------------------------------------------------------------------------------------------------

    def of(self, days: Days) -> Windows:
        """Which days are meant."""
        return self._known(days)[0]

    def span(self, days: Days) -> tuple[dt.date, dt.date] | None:
        """The first and the last of the days; None where there are none."""
        return self._known(days)[1]

    def _known(self, days: Days) -> tuple[Windows, tuple[dt.date, dt.date] | None]:
        if days not in self._days:
            found = self.windows[days.variant]
            if days.cumulative is not None:
                rule = self.registry.metric(days.cumulative)
                assert isinstance(rule, Cumulative)  # noqa: S101 - it is named where it is one
                found = accumulated(found, rule, self.calendar, self.today)
            self._days[days] = found, hull(found)
        return self._days[days]

    def day(self, find: Callable[[Context], dt.date]) -> exp.Expr:
        """A date that is known when the plan is asked."""
        return sql.cast(exp.Literal.string(self.open.mark(lambda context: find(context).isoformat())), "DATE")

    def number(self, find: Callable[[Context], int]) -> exp.Expr:
        """A whole number that is known when the plan is asked."""
        return exp.Literal(this=self.open.mark(lambda context: str(find(context))), is_string=False)

    def table(self, name: str, find: Callable[[Context], pa.Table]) -> None:
        """A small table that the plan reads besides the warehouse."""
        narrow = self.narrow
        self.open.tables.setdefault(name, lambda context: find(narrow(context)))

    def turn(self, find: Callable[[Context], Turn]) -> Turn:
        """What is so of these days, and decides how the plan reads."""
        return self.open.turned(find, self)

    # -- keys ----------------------------------------------------------------------------------------------------

    @property
    def grained(self) -> bool:
        return self.question.query.grain is not None

    @property
    def keys(self) -> tuple[str, ...]:
        """The key columns of every step. A question without slices has one row, under the key `total`."""
        keys = ((PERIOD,) if self.grained else ()) + tuple(f"{item.dimension}_id" for item in self.by)
        return keys or (TOTAL,)
