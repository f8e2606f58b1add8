"""A question in the words of an address, read as the command line reads it."""

from __future__ import annotations

from collections.abc import Sequence

from salesloop.app.workspace.services import calendar, registry, today, warehouse
from salesloop.engine.metrics import Query, Result, run
from salesloop.engine.model.calendar import Grain
from salesloop.engine.model.periods import parse_period
from salesloop.engine.model.scope import Scope


def ask(
    scope: Scope,
    *,
    metrics: str,
    by: str,
    grain: Grain | None,
    start: str | None,
    end: str | None,
    where: Sequence[str],
    compare: str,
    limit: int | None,
    order: str | None,
    params: Sequence[str],
) -> Result:
    """The answer within the scope. A start without an end lasts until today, or to its own end where that is later."""
    days, day = calendar(), today()
    first = parse_period(start, days, day) if start else None
    last = parse_period(end, days, day).end if end else max(day, first.end) if first else None
    query = Query(
        _names(metrics),
        by=_names(by),
        grain=grain,
        start=first.start if first else None,
        end=last,
        where=tuple(where),
        compare=_names(compare),
        limit=limit,
        order=order,
        params=tuple(params),
    )
    return run(warehouse(), registry(), query, scope, today=day)


def _names(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())
