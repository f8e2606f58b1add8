"""What native charts of workbooks and slides share: waterfalls in stacked columns, and the ends of value axes."""

from __future__ import annotations

from salesloop.engine.model.text import Lang
from salesloop.engine.report.chart import ChartSpec
from salesloop.engine.report.charts.base import nice_ticks
from salesloop.engine.report.charts.waterfall import cut_below
from salesloop.engine.report.number import format_number, scale_for, to_decimal


def hanging_steps(spec: ChartSpec) -> list[tuple[float, float, int]]:
    """(base, size, kind) of each bar of a waterfall; kind 1 is a total, 2 a rise, 3 a fall."""
    steps: list[tuple[float, float, int]] = []
    running = 0.0
    last = len(spec.categories) - 1
    for index, value in enumerate(spec.main.values):
        size = float(to_decimal(value) or 0)
        total = index in (0, last)
        start = 0.0 if total else running
        running = start + size
        steps.append((0.0, size, 1) if total else (min(start, running), abs(size), 2 if size >= 0 else 3))
    return steps


def step_texts(spec: ChartSpec, lang: Lang) -> list[str]:
    """The label of each bar of a waterfall."""
    scale = scale_for(spec.main.values, spec.format, lang, currency=spec.currency, unit=spec.unit)
    last = len(spec.categories) - 1
    return [
        format_number(value, spec.format, lang, currency=spec.currency, scale=scale, signed=0 < index < last).text
        for index, value in enumerate(spec.main.values)
    ]


def value_ends(spec: ChartSpec) -> dict[str, float]:
    """``min``, ``max`` and ``major_unit`` of the value axis, as in the other documents; empty where zero-based."""
    if spec.kind == "waterfall":
        return {"min": float(cut_below(spec))}
    if spec.kind not in ("trend", "effect", "sparkline"):
        return {}
    values = [value for series in spec.series for value in series.values]
    numbers = [float(number) for value in values if (number := to_decimal(value)) is not None]
    low, high, step, _ = nice_ticks(numbers, zero=False, count=4)
    return {"min": low, "max": high, "major_unit": step}
