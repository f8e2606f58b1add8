"""Slices of a metric: the bridge from the previous period to this one, and ranked bars."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from salesloop.engine.metrics.comparisons import Comparison
from salesloop.engine.metrics.definition import COUNTING, Derived, Measure
from salesloop.engine.model.calendar import Period
from salesloop.engine.report.builders.brief import Brief
from salesloop.engine.report.chart import ChartSpec, Series, SideColumn
from salesloop.engine.report.definition import Bars, Bridge
from salesloop.engine.report.number import Number, format_change, format_number, to_decimal

_DEEPEST = 6


@dataclass(frozen=True, slots=True)
class SliceChange:
    """One slice with its value and the change in the metric's own unit."""

    name: str
    value: Decimal
    previous: Decimal

    @property
    def change(self) -> Decimal:
        return self.value - self.previous


def sliced(
    brief: Brief,
    metric: str,
    dimension: str,
    *,
    compare: tuple[Comparison, ...] = (),
    period: Period | None = None,
    until_today: bool = False,
) -> tuple[str, list[dict[str, Any]]]:
    """(level used, rows), largest value first. In a tree, the first level with at least two slices is taken.

    So a report on one department shows its teams, and the whole company its departments.
    """
    asked = period or brief.period
    end = brief.as_of if until_today else asked.end
    tree = brief.registry.dimension(dimension).tree
    levels = [dimension, *(f"{dimension}:{level}" for level in range(2, _DEEPEST + 1))] if tree else [dimension]
    best: tuple[str, list[dict[str, Any]]] = (dimension, [])
    for level in levels:
        rows = brief.ask([metric], asked.start, end, by=level, compare=compare, order=f"-{metric}")
        known = [row for row in rows if row[metric] is not None or row.get(f"{metric}_previous") is not None]
        if len(known) > 1:
            return level, known
        best = (level, known) if len(known) > len(best[1]) else best
    return best


def adds_up(brief: Brief, metric: str) -> bool:
    """Whether the values of the slices sum to the value of the whole. Different customers do not: one may buy in two."""
    definition = brief.metric(metric)
    if isinstance(definition, Measure):
        return definition.aggregate in ("sum", "count") and definition.per is None
    if isinstance(definition, Derived):
        parts = [part for part in brief.registry.bases_of(metric) if isinstance(part, Measure)]
        return brief.registry.sums_up(metric) and not any(part.aggregate in COUNTING - {"count"} for part in parts)
    return False


def changes_by(brief: Brief, metric: str, dimension: str) -> list[SliceChange]:
    """Every slice with its change on the previous period; empty where the metric cannot be sliced so or does not add up."""
    if not (brief.can_slice(metric, dimension) and adds_up(brief, metric)):
        return []
    _, rows = sliced(brief, metric, dimension, compare=("previous",))
    return [
        SliceChange(
            brief.slice_name(row, dimension), to_decimal(row[metric]) or Decimal(0),
            to_decimal(row[f"{metric}_previous"]) or Decimal(0),
        )
        for row in rows
    ]  # fmt: skip


def bridge(brief: Brief, part: Bridge) -> ChartSpec | None:
    """The waterfall previous → largest changes → rest → now. It adds up to the digit."""
    if not brief.usable([part.metric]):
        return None
    slices = changes_by(brief, part.metric, part.by)
    moved = sorted((item for item in slices if item.change), key=lambda item: -abs(item.change))
    if not moved:
        return None
    shown, rest = moved[: part.steps], moved[part.steps :]
    before, now = sum((s.previous for s in slices), Decimal(0)), sum((s.value for s in slices), Decimal(0))
    steps = [(item.name, item.change) for item in shown]
    if rest:
        steps.append((brief.say("others", count=len(rest)), sum((item.change for item in rest), Decimal(0))))
    grain = brief.say(f"grain_{brief.period.grain}")
    names = [
        brief.say("previous_period", grain=grain),
        *(name for name, _ in steps),
        brief.say("this_period", grain=grain),
    ]
    total = format_number(
        now - before, brief.format(part.metric), brief.lang,
        currency=brief.currency, unit=brief.unit(part.metric), signed=True,
    )  # fmt: skip
    return ChartSpec(
        "waterfall",
        brief.say(
            "bridge_title", metric=brief.label(part.metric), change=total, dimension=brief.dimension_label(part.by)
        ),
        tuple(names),
        (Series(brief.label(part.metric), (before, *(change for _, change in steps), now)),),
        brief.format(part.metric),
        brief.unit(part.metric),
        brief.currency,
        category_name=brief.dimension_label(part.by),
    )


def bars(brief: Brief, part: Bars) -> ChartSpec | None:
    """The largest slices with their change; negative ones make the chart diverge. One slice alone says nothing."""
    if not (brief.usable([part.metric]) and brief.can_slice(part.metric, part.by)):
        return None
    _, rows = sliced(brief, part.metric, part.by, compare=("previous",))
    if len(rows) < 2:
        return None
    shown = rows[: part.limit]
    note = brief.say("of_many", shown=len(shown), count=len(rows)) if len(rows) > len(shown) else ""
    return ChartSpec(
        "bars",
        brief.say("by_title", metric=brief.label(part.metric), dimension=brief.dimension_label(part.by)),
        tuple(brief.slice_name(row, part.by) for row in shown),
        (Series(brief.label(part.metric), tuple(row[part.metric] for row in shown)),),
        brief.format(part.metric),
        brief.unit(part.metric),
        brief.currency,
        category_name=brief.dimension_label(part.by),
        side=(SideColumn(brief.say("previous_short"), tuple(_changes(brief, part.metric, shown))),),
        note=note,
    )


def _changes(brief: Brief, metric: str, rows: Sequence[dict[str, Any]]) -> list[str]:
    changes: list[Number] = [row[f"{metric}_previous_change"] for row in rows]
    return [str(format_change(change, brief.format(metric), brief.lang)) for change in changes]
