"""What a reader of an answer should know besides its numbers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from salesloop.engine.metrics import composition, expression
from salesloop.engine.metrics.definition import WORKING_DAYS, Derived
from salesloop.engine.metrics.plan.context import Context
from salesloop.engine.metrics.prepare import metrics_read
from salesloop.engine.metrics.registry import MESSAGES, Registry
from salesloop.engine.metrics.warehouse import Warehouse
from salesloop.engine.metrics.windows import Window
from salesloop.engine.model.text import Message
from salesloop.engine.model.workdays import workdays


def notes(data: Warehouse, context: Context) -> Iterator[Message]:
    """Metrics about to go, amounts without a rate, years whose public holidays nobody knows."""
    for metric in (context.registry.metric(name) for name in context.question.query.metrics):
        if metric.status == "deprecated" and metric.successor is not None:
            other = context.registry.metric(metric.successor)
            yield MESSAGES.message("deprecated", metric=metric.label, successor=other.label, id=other.metric)
    if any(_reads_working_days(name, context.registry) for name in metrics_read(context.question)):
        days = [
            day for windows in context.windows.values() for window in windows for day in _ends(window, context.today)
        ]
        years = range(min(days).year, max(days).year + 1) if days else ()
        if unknown := [year for year in years if not workdays().knows(dt.date(year, 1, 1))]:
            yield MESSAGES.message("holidays_unknown", years=unknown)
    money = {
        base.entity
        for name in metrics_read(context.question)
        for base in context.registry.bases_of(name)
        if base.unit == "currency"
    }
    for name in sorted(money & context.with_rows):
        entity = context.registry.model.entity(name)
        if entity.kind == "fact" and entity.has_money and (rows := data.rates(name)[1]):
            yield MESSAGES.message("rate_missing", entity=entity.label, rows=rows)


def _reads_working_days(metric: str, registry: Registry) -> bool:
    definition = registry.metric(metric)
    if isinstance(definition, Derived) and WORKING_DAYS in expression.columns(definition.expression):
        return True
    return any(_reads_working_days(name, registry) for name in composition.parts(definition))


def _ends(window: Window, today: dt.date) -> tuple[dt.date, ...]:
    """The first and the last day of it that have come."""
    return (window.start, min(window.end, today)) if window.elapsed(today) else ()
