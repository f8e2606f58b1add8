"""What a change of a metric would do to its numbers: old and new of the last twelve months."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from salesloop.app.metrics.services import column_scale, unit_text
from salesloop.app.pages.services import Page, period_label
from salesloop.engine.analyze.usefulness import months_before
from salesloop.engine.governance.comparing import Compared, compare, metric_of
from salesloop.engine.metrics.definition import Format
from salesloop.engine.model.errors import UserError
from salesloop.engine.model.periods import DateRange
from salesloop.engine.report.number import Scale

MONTHS = 12


@dataclass(frozen=True, slots=True)
class Effect:
    """Rows by month with the old number first; `problem` says why there are none."""

    rows: Sequence[tuple[str, Compared]]
    scale: Scale | None
    format: Format
    unit: str
    changed: int
    problem: str


def effect_of(page: Page, one: str, other: str) -> Effect:
    """Two texts of one metric on the current snapshot, within the reader's scope."""
    try:
        first, second = metric_of(one, ""), metric_of(other, "")
        months = months_before(page.warehouse, page.as_of, MONTHS)
        days = DateRange(months[0].start, months[-1].end)
        rows = compare(page.warehouse, page.registry, first, second, days, page.scope, today=page.as_of)
    except UserError as error:
        return Effect((), None, "number", "", 0, error.text(page.lang))
    labelled = [
        (
            period_label(page.calendar.period_of(row.period, "month"), page.calendar, page.lang) if row.period else "",
            row,
        )
        for row in rows
    ]
    scale = column_scale(page, first.metric, [value for row in rows for value in (row.one, row.other)])
    changed = sum(not row.same for row in rows)
    return Effect(labelled, scale, first.format, unit_text(first.unit, page.lang), changed, "")
