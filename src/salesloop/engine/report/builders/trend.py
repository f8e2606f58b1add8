"""The course of a metric: the last periods with a year ago and the target."""

from __future__ import annotations

from typing import Any

from salesloop.engine.report.builders.brief import Brief
from salesloop.engine.report.chart import ChartSpec, Series
from salesloop.engine.report.definition import Trend
from salesloop.engine.report.periods import period_label
from salesloop.engine.report.table import date_text


def trend(brief: Brief, part: Trend) -> ChartSpec | None:
    """None where the metric has no data. Periods before the first data are not drawn."""
    if not brief.usable([part.metric]):
        return None
    first = brief.period
    for _ in range(part.periods - 1):
        first = brief.calendar.previous(first)
    grain = brief.period.grain
    rows = brief.ask([part.metric], first.start, brief.period.end, grain=grain, compare=("year", "target"))
    rows = _from_first_data(rows, part.metric)
    series = [Series(brief.say("this_course"), tuple(row[part.metric] for row in rows))]
    for suffix, key, role in (("year", "year_ago_course", "comparison"), ("target", "target_course", "target")):
        values = tuple(row[f"{part.metric}_{suffix}"] for row in rows)
        if any(values):
            series.append(Series(brief.say(key), values, role))  # type: ignore[arg-type]
    words = {"grain": brief.say(f"grain_{grain}"), "count": len(rows), "metric": brief.label(part.metric)}
    note = brief.say("partial_note", day=date_text(brief.as_of, brief.lang), **words) if brief.partial else ""
    return ChartSpec(
        "trend",
        brief.say("trend_title", **words),
        tuple(period_label(row["period"], grain, brief.calendar, brief.lang) for row in rows),
        tuple(series),
        brief.format(part.metric),
        brief.unit(part.metric),
        brief.currency,
        category_name=brief.say("period_head"),
        partial_last=brief.partial,
        note=note,
    )


def _from_first_data(rows: list[dict[str, Any]], metric: str) -> list[dict[str, Any]]:
    """Without leading periods in which there was nothing, now and a year ago; two at least stay for a line."""
    start = next((index for index, row in enumerate(rows) if row[metric] or row[f"{metric}_year"]), 0)
    return rows[min(start, max(len(rows) - 2, 0)) :]
