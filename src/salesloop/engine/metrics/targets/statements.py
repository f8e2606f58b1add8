"""Stated targets, as they were imported or entered."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pyarrow as pa

from salesloop.engine.metrics.registry import Registry
from salesloop.engine.metrics.targets.rates import Foreign, Rates
from salesloop.engine.model.calendar import Calendar, Grain
from salesloop.engine.model.text import to_traditional

KEY = ("metric", "org_unit_id", "employee_id", "dimension", "dimension_value", "period_start", "period")
_MONTHS: Mapping[str, int] = {"month": 1, "quarter": 3, "year": 12}


@dataclass(frozen=True, slots=True)
class Statement:
    """The target `value` (in the metric's unit; money in the base currency) of the days `start` to `end`, inclusive.

    Empty texts mean: not of a unit, not of a person, not of a further dimension. `foreign`: what was said where that was in
    another currency; `whole`: the statement of which this is the part for one unit (see `places`).
    """

    metric: str
    org_unit: str
    employee: str
    dimension: str
    dimension_value: str
    start: dt.date
    end: dt.date
    value: Decimal
    foreign: Foreign | None = None
    whole: Statement | None = None

    @property
    def days(self) -> int:
        return (self.end - self.start).days + 1


def statements(
    imported: pa.Table | None, entered: pa.Table | None, registry: Registry, calendar: Calendar, rates: Rates
) -> tuple[Statement, ...]:
    """All statements; of two with one key the entered one counts. Metrics may be named by id or by label.

    Money in another currency becomes the base one by the planned rate of its row, else by that of its year, else by the rate
    of its first day, as the money of facts does by that of theirs; without either it is no number that could be added, and is left out.
    """
    rows: dict[tuple[object, ...], Mapping[str, Any]] = {}
    names = dict(_metric_names(registry))
    for table in (imported, entered):
        if table is None:
            continue
        for row in table.to_pylist():
            cleaned = {name: row.get(name) if row.get(name) is not None else "" for name in KEY}
            cleaned["metric"] = names.get(str(cleaned["metric"]).strip().lower(), cleaned["metric"]) or "revenue"
            rows[tuple(cleaned[name] for name in KEY)] = cleaned | {
                name: row.get(name) for name in ("value", "currency", "plan_rate", "fx_rate")
            }
    found = (_statement(row, calendar, rates) for row in rows.values() if row["value"] is not None)
    return tuple(statement for statement in found if statement is not None)


def _metric_names(registry: Registry) -> Iterable[tuple[str, str]]:
    for metric in registry.metrics.values():
        for word in (metric.label.en, to_traditional(metric.label.zh_hans), metric.label.zh_hans, metric.metric):
            yield word.lower(), metric.metric


def _statement(row: Mapping[str, Any], calendar: Calendar, rates: Rates) -> Statement | None:
    value, foreign = Decimal(row["value"]), None
    if rates.is_foreign(row["currency"]):
        year = calendar.period_of(row["period_start"], "year")
        planned = row["plan_rate"] or rates.for_plan(row["currency"], year)
        rate = planned or row["fx_rate"] or rates.on(row["currency"], row["period_start"])
        if rate is None:
            return None
        foreign = Foreign(row["currency"], value, Decimal(rate), planned=planned is not None)
        value = foreign.in_base
    start, end = _days(row["period_start"], row["period"] or "month", calendar)
    return Statement(
        row["metric"],
        row["org_unit_id"],
        row["employee_id"],
        row["dimension"],
        row["dimension_value"],
        start,
        end,
        value,
        foreign,
    )


def _days(start: dt.date, grain: Grain, calendar: Calendar) -> tuple[dt.date, dt.date]:
    """The period that begins there; where none of the calendar does, the same length from there on."""
    period = calendar.period_of(start, grain)
    if period.start == start:
        return period.start, period.end
    if grain == "week":
        return start, start + dt.timedelta(days=6)
    index = start.year * 12 + start.month - 1 + _MONTHS[grain]
    first = dt.date(index // 12, index % 12 + 1, 1)
    following = dt.date((index + 1) // 12, (index + 1) % 12 + 1, 1)
    begins = min(first + dt.timedelta(days=start.day - 1), following)
    return start, begins - dt.timedelta(days=1)
