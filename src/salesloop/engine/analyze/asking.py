"""How analyses ask for numbers: always through the metric planner, always for a scope."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import pyarrow as pa

from salesloop.engine.metrics.definition import Measure, Metric, Ratio
from salesloop.engine.metrics.query import Query
from salesloop.engine.metrics.registry import Registry
from salesloop.engine.metrics.run import run
from salesloop.engine.model.calendar import Calendar
from salesloop.engine.model.scope import Scope
from salesloop.engine.store.workspace import Workspace


@dataclass(frozen=True)
class Asking:
    """Who asks, of which data, on which day (a business date of the workspace)."""

    workspace: Workspace
    registry: Registry
    scope: Scope
    today: dt.date

    @property
    def calendar(self) -> Calendar:
        return self.workspace.config.calendar_of_company

    def metric(self, name: str) -> Metric:
        return self.registry.metric(name)

    def table(self, query: Query) -> pa.Table:
        """The answer as a table (columns as `engine.metrics` names them)."""
        return run(self.workspace, self.registry, query, self.scope, today=self.today).table

    def adds_up(self, name: str) -> bool:
        """Whether the metric's values over days add up to its value over a period."""
        metric = self.metric(name)
        return (
            isinstance(metric, Measure)
            and metric.aggregate in ("sum", "count")
            and not metric.per
            and not metric.first_by
        )

    def parts(self, name: str) -> tuple[str, str] | None:
        """Numerator and denominator of a ratio, None for other metrics."""
        metric = self.metric(name)
        return (metric.numerator, metric.denominator) if isinstance(metric, Ratio) else None
