"""The headline numbers of a period: value, changes, course, and how far the season's target is reached."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from salesloop.engine.report.builders.brief import Brief
from salesloop.engine.report.chart import ChartSpec, Series
from salesloop.engine.report.document import Attainment, KpiCard, KpiChange, KpiStrip
from salesloop.engine.report.number import Number, format_number, to_decimal
from salesloop.engine.report.periods import period_label, season_name

_COURSE = 13
"""Periods of the sparkline."""


@dataclass(frozen=True, slots=True)
class Headline:
    """One metric in the report's period; changes as :class:`Result` gives them."""

    metric: str
    value: Number
    previous_change: Number
    year_change: Number


def headlines(brief: Brief, metrics: Sequence[str]) -> list[Headline]:
    """In the order given; metrics without data are left out."""
    usable = brief.usable(metrics)
    if not usable:
        return []
    (row,) = brief.ask(usable, brief.period.start, brief.period.end, compare=("previous", "year"))
    return [Headline(name, row[name], row[f"{name}_previous_change"], row[f"{name}_year_change"]) for name in usable]


def kpi_strip(brief: Brief, metrics: Sequence[str], *, attainment: bool) -> KpiStrip | None:
    """One card a metric; None where none has data."""
    found = headlines(brief, metrics)
    courses = _courses(brief, [item.metric for item in found]) if found else {}
    silent = [item.metric for item in found if item.value is None and item.metric not in courses]
    brief.left_out.update(dict.fromkeys(silent))
    found = [item for item in found if item.metric not in silent]
    if not found:
        return None
    goals = attainments(brief, [item.metric for item in found]) if attainment else {}
    return KpiStrip(tuple(_card(brief, item, goals.get(item.metric), courses.get(item.metric)) for item in found))


def _card(brief: Brief, item: Headline, goal: Attainment | None, course: ChartSpec | None) -> KpiCard:
    metric = brief.metric(item.metric)
    return KpiCard(
        item.metric,
        brief.label(item.metric),
        item.value,
        brief.format(item.metric),
        metric.favorable,
        brief.unit(item.metric),
        brief.currency,
        (
            KpiChange(brief.say("previous_short"), item.previous_change),
            KpiChange(brief.say("year_short"), item.year_change),
        ),
        goal,
        course,
    )


def attainments(brief: Brief, metrics: Sequence[str]) -> dict[str, Attainment]:
    """How far targets are reached, for metrics that have one.

    Amounts and counts: the season up to the report's last day ÷ the target of the whole season, beside the elapsed share of its days. Rates: the
    report's period ÷ the target that holds then.
    """
    additive = [name for name in metrics if brief.registry.sums_up(name)]
    rates = [name for name in metrics if name not in additive]
    found: dict[str, Attainment] = {}
    if additive:
        (actual,) = brief.ask(additive, brief.season.start, brief.as_of)
        (whole,) = brief.ask(additive, brief.season.start, brief.season.end, compare=("target",))
        season = season_name(brief.season, brief.calendar, brief.lang)
        pace = brief.calendar.elapsed_share(brief.season, brief.as_of)
        label = brief.say("season_attained", season=season)
        for name in additive:
            share = share_of(actual[name], whole[f"{name}_target"])
            if share is not None:
                found[name] = Attainment(label, share, whole[f"{name}_target"], pace, brief.say("elapsed_short"))
    if rates:
        (row,) = brief.ask(rates, brief.period.start, brief.period.end, compare=("target",))
        for name in rates:
            share = share_of(row[name], row[f"{name}_target"])
            if share is not None:
                target = row[f"{name}_target"]
                said = brief.say("target_is", target=brief.number(name, target))
                found[name] = Attainment(brief.say("attained"), share, target, None, said)
    return found


def share_of(actual: Number, target: Number) -> float | None:
    """Actual ÷ target; None where either is unknown or the target is zero."""
    above, below = to_decimal(actual), to_decimal(target)
    return float(above / below) if above is not None and below else None


def _courses(brief: Brief, metrics: Sequence[str]) -> dict[str, ChartSpec]:
    first = brief.period
    for _ in range(_COURSE - 1):
        first = brief.calendar.previous(first)
    rows = brief.ask(metrics, first.start, brief.period.end, grain=brief.period.grain)
    names = tuple(period_label(row["period"], brief.period.grain, brief.calendar, brief.lang) for row in rows)
    return {metric: _course(brief, metric, names, rows) for metric in metrics if any(row[metric] for row in rows)}


def _course(brief: Brief, metric: str, names: tuple[str, ...], rows: Sequence[dict[str, Any]]) -> ChartSpec:
    values = tuple(row[metric] for row in rows)
    return ChartSpec(
        "sparkline",
        brief.label(metric),
        names,
        (Series(brief.label(metric), values),),
        brief.format(metric),
        brief.unit(metric),
        brief.currency,
    )


def gap_text(brief: Brief, goal: Attainment) -> str:
    """How many points the attainment is ahead of or behind the elapsed time."""
    gap = (to_decimal(goal.share) or Decimal(0)) - (to_decimal(goal.pace) or Decimal(0))
    return str(format_number(abs(gap), "points", brief.lang))
