"""ChartSpec → ECharts option: pure JSON, drawn for one theme, language and width."""

from __future__ import annotations

from collections.abc import Callable

from salesloop.engine.model.text import Lang
from salesloop.engine.report.chart import ChartSpec, Kind
from salesloop.engine.report.charts.bars import ROW, bars_option, funnel_option, stacked_option
from salesloop.engine.report.charts.base import NARROW, Look, Option
from salesloop.engine.report.charts.effect import effect_option
from salesloop.engine.report.charts.small import heat_option, ring_option, sparkline_option
from salesloop.engine.report.charts.trend import trend_option
from salesloop.engine.report.charts.waterfall import waterfall_option
from salesloop.engine.report.tokens import FONT_PAGE, Theme, tokens

__all__ = ["NARROW", "Option", "chart_height", "echarts_option"]

_DRAW: dict[Kind, Callable[[ChartSpec, Look], Option]] = {
    "trend": trend_option,
    "bars": bars_option,
    "stacked": stacked_option,
    "waterfall": waterfall_option,
    "funnel": funnel_option,
    "ring": ring_option,
    "sparkline": sparkline_option,
    "effect": effect_option,
    "heat": heat_option,
}


def echarts_option(
    spec: ChartSpec,
    theme: Theme,
    lang: Lang,
    width: int = 720,
    height: int | None = None,
    *,
    red_up: bool = True,
    font: str = FONT_PAGE,
) -> Option:
    """The option for a canvas of ``width`` × ``height`` CSS pixels (height by default :func:`chart_height`).

    The answer is JSON: numbers are ready texts in the data, and the two functions that ECharts needs are named
    (``{"$format": "lookup" | "tip"}``) and put in by ``frontend/src/charts/formatters.ts``.
    """
    look = Look(tokens(theme), lang, width, height or chart_height(spec, width), red_up, font)
    return _DRAW[spec.kind](spec, look)


def chart_height(spec: ChartSpec, width: int = 720) -> int:
    """The height that suits a chart at this width: bars and heat grow with their rows."""
    if spec.kind == "sparkline":
        return 44
    if spec.kind == "ring":
        return min(width, 140)
    if spec.kind == "bars":
        return ROW * len(spec.categories) + 26
    if spec.kind == "funnel":
        return 34 * len(spec.categories) + (26 if spec.side else 8)
    if spec.kind == "heat":
        return 30 * len(spec.series) + 26
    if spec.kind == "waterfall" and width < NARROW and len(spec.categories) > 5:
        return ROW * len(spec.categories) + 26
    return 220 if width < NARROW else 260
