"""What a report is about, and how its blocks ask for numbers: always the same snapshot, scope and filters."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from salesloop.engine.metrics import Query, Registry, Result, parse_filter, run
from salesloop.engine.metrics.comparisons import Comparison
from salesloop.engine.metrics.definition import Metric
from salesloop.engine.metrics.warehouse import Warehouse
from salesloop.engine.model.calendar import Calendar, Grain, Period
from salesloop.engine.model.scope import Scope
from salesloop.engine.model.text import Lang, Message, Messages
from salesloop.engine.report.definition import ReportDefinition
from salesloop.engine.report.number import Format, Number, format_number, unit_word
from salesloop.engine.report.table import Column

_MESSAGES = Messages("salesloop.engine.report")


@dataclass(frozen=True)
class Brief:
    """One report to be built. ``where`` narrows it (``org_unit=D02``) within the ``scope``.

    ``today`` is a business date of the company; numbers of an unfinished period reach up to it.
    """

    data: Warehouse
    registry: Registry
    definition: ReportDefinition
    scope: Scope
    period: Period
    today: dt.date
    lang: Lang
    where: tuple[str, ...] = ()
    used: dict[str, None] = field(default_factory=dict, compare=False)
    """Metrics shown so far, in order: the report ends with their definitions."""
    left_out: dict[str, None] = field(default_factory=dict, compare=False)
    """Metrics without data, or that cannot be narrowed as asked."""
    notes: dict[str, Message] = field(default_factory=dict, compare=False)
    """What answers said that a reader should know."""

    @property
    def calendar(self) -> Calendar:
        return self.data.config.calendar_of_company

    @property
    def currency(self) -> str:
        return self.data.config.currency

    @property
    def zone(self) -> ZoneInfo:
        return self.data.config.zone

    @property
    def as_of(self) -> dt.date:
        """The last day that the report knows of."""
        return min(self.period.end, self.today)

    @property
    def partial(self) -> bool:
        return self.today < self.period.end

    @cached_property
    def season(self) -> Period:
        """The period over which targets are pursued, the one in which the report's last day lies."""
        return self.calendar.period_of(self.as_of, self.definition.season)

    def say(self, key: str, **params: object) -> str:
        return _MESSAGES.say(key, self.lang, **params)

    def ask(
        self,
        metrics: Sequence[str],
        start: dt.date,
        end: dt.date,
        *,
        by: str | None = None,
        grain: Grain | None = None,
        compare: tuple[Comparison, ...] = (),
        order: str | None = None,
    ) -> list[dict[str, Any]]:
        """Rows of an answer. ``start`` and ``end`` are inclusive."""
        query = Query(tuple(metrics), (by,) if by else (), grain, start, end, self.where, compare, None, order)
        result: Result = run(self.data, self.registry, query, self.scope, today=self.today)
        for note in result.meta.notes:
            self.notes.setdefault(str(note), note)
        return result.to_pylist()

    def usable(self, metrics: Iterable[str]) -> list[str]:
        """Those that have rows behind them and can be narrowed as asked; the others are named at the end."""
        found = []
        filters = [parse_filter(text).dimension for text in self.where]
        for name in metrics:
            self.registry.metric(name)  # a wrong name in a definition is said, not skipped
            possible = {dimension.dimension for dimension in self.registry.dimensions_of(name)}
            behind = self.registry.entities_of(name)
            if all(dimension in possible for dimension in filters) and all(map(self.data.has, behind[:1])):
                self.used.setdefault(name)
                found.append(name)
            else:
                self.left_out.setdefault(name)
        return found

    def can_slice(self, metric: str, dimension: str) -> bool:
        return any(item.dimension == dimension for item in self.registry.dimensions_of(metric))

    def metric(self, name: str) -> Metric:
        return self.registry.metric(name)

    def label(self, name: str) -> str:
        return self.metric(name).label.get(self.lang)

    def dimension_label(self, name: str) -> str:
        return self.registry.dimension(name).label.get(self.lang)

    def format(self, name: str) -> Format:
        return self.metric(name).format

    def unit(self, name: str) -> str:
        """The metric's own unit in words; money, percent and days carry theirs already."""
        return unit_word(self.metric(name).unit, self.lang) if self.format(name) in ("count", "number") else ""

    def number(self, metric: str, value: Number) -> str:
        return str(format_number(value, self.format(metric), self.lang, currency=self.currency, unit=self.unit(metric)))

    def value_column(self, metric: str, name: str | None = None) -> Column:
        return Column(name or self.label(metric), "number", self.format(metric), self.unit(metric), self.currency)

    def change_column(self, metric: str, key: str) -> Column:
        return Column(self.say(key), "change", self.format(metric), favorable=self.metric(metric).favorable)

    def slice_name(self, row: dict[str, Any], dimension: str) -> str:
        return str(row[dimension]) if row[dimension] is not None else self.say("unassigned")
