"""Native PowerPoint charts: editable, with exact values in their data sheets."""

from __future__ import annotations

from typing import Any

from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE, XL_LEGEND_POSITION, XL_MARKER_STYLE, XL_TICK_LABEL_POSITION
from pptx.enum.dml import MSO_LINE
from pptx.util import Emu, Pt

from salesloop.engine.model.text import Lang
from salesloop.engine.report.chart import ChartSpec, Series
from salesloop.engine.report.number import MINUS, Number, scale_for, to_decimal
from salesloop.engine.report.render.native import hanging_steps, step_texts, value_ends
from salesloop.engine.report.render.xlsx_formats import number_format
from salesloop.engine.report.tokens import LIGHT

_TYPES = {
    "trend": XL_CHART_TYPE.LINE,
    "effect": XL_CHART_TYPE.LINE,
    "sparkline": XL_CHART_TYPE.LINE,
    "bars": XL_CHART_TYPE.BAR_CLUSTERED,
    "funnel": XL_CHART_TYPE.BAR_CLUSTERED,
    "stacked": XL_CHART_TYPE.COLUMN_STACKED,
    "waterfall": XL_CHART_TYPE.COLUMN_STACKED,
    "ring": XL_CHART_TYPE.DOUGHNUT,
    "heat": XL_CHART_TYPE.COLUMN_CLUSTERED,
}
_LINES = ("trend", "effect", "sparkline")
_LYING = ("bars", "funnel")


def add_native_chart(slide: Any, spec: ChartSpec, lang: Lang, place: tuple[int, int, int, int]) -> None:
    """The chart at ``place`` (left, top, width, height in EMU)."""
    scale = scale_for(
        [value for series in spec.series for value in series.values],
        spec.format, lang, currency=spec.currency, unit=spec.unit,
    )  # fmt: skip
    form = number_format(spec.format, scale, lang)
    data = CategoryChartData(number_format=form)  # type: ignore[no-untyped-call]
    data.categories = list(spec.categories)
    for name, values in _columns(spec):
        data.add_series(name, values)  # type: ignore[no-untyped-call]
    frame = slide.shapes.add_chart(_TYPES[spec.kind], *(Emu(part) for part in place), data)
    frame.name = spec.title
    chart = frame.chart
    chart.has_title = False
    chart.font.size = Pt(12)
    chart.font.color.rgb = as_rgb(LIGHT.ink2)
    chart.has_legend = len(spec.series) > 1
    if chart.has_legend:
        chart.legend.position = XL_LEGEND_POSITION.TOP
        chart.legend.include_in_layout = False
    plot = chart.plots[0]
    if spec.kind == "waterfall":
        plot.gap_width = 50
        _dress_steps(spec, lang, list(plot.series))
    else:
        for index, (series, drawn) in enumerate(zip(spec.series, plot.series, strict=True)):
            _dress(spec, series, drawn, index)
    if spec.kind != "ring":
        _axes(chart, spec, form)
    if len(spec.series) == 1 and spec.kind not in (*_LINES, "waterfall"):
        plot.has_data_labels = True
        plot.data_labels.number_format = form
        plot.data_labels.number_format_is_linked = False
        if spec.kind != "ring":
            plot.gap_width = 60


def _columns(spec: ChartSpec) -> list[tuple[str, list[float | None]]]:
    """The series as drawn: a waterfall is an invisible base with totals, rises and falls on it."""
    if spec.kind != "waterfall":
        return [(series.name, [_place(value) for value in series.values]) for series in spec.series]
    columns: list[list[float | None]] = [[], [], [], []]
    for base, size, kind in hanging_steps(spec):
        for number, column in enumerate(columns):
            column.append(base if number == 0 else size if number == kind else 0.0)
    return [(name, column) for name, column in zip((" ", spec.main.name, "+", MINUS), columns, strict=True)]


def _place(value: Number) -> float | None:
    number = to_decimal(value)
    return None if number is None else float(number)


def _dress_steps(spec: ChartSpec, lang: Lang, columns: list[Any]) -> None:
    columns[0].format.fill.background()
    for column, fill in zip(columns[1:], (LIGHT.total, LIGHT.red, LIGHT.green), strict=True):
        column.format.fill.solid()
        column.format.fill.fore_color.rgb = as_rgb(fill)
    for index, (text, (_, _, kind)) in enumerate(zip(step_texts(spec, lang), hanging_steps(spec), strict=True)):
        label = columns[kind].points[index].data_label.text_frame
        label.text = text
        label.paragraphs[0].runs[0].font.color.rgb = as_rgb(LIGHT.ink if kind == 1 else LIGHT.surface)


def _axes(chart: Any, spec: ChartSpec, form: str) -> None:
    names, amounts = chart.category_axis, chart.value_axis
    names.format.line.color.rgb = as_rgb(LIGHT.line)
    names.reverse_order = spec.kind in _LYING
    names.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    amounts.format.line.fill.background()
    amounts.tick_labels.number_format = form
    amounts.tick_labels.number_format_is_linked = False
    amounts.has_major_gridlines = spec.kind not in (*_LYING, "waterfall")
    amounts.visible = spec.kind not in (*_LYING, "waterfall")
    ends = value_ends(spec)
    amounts.minimum_scale, amounts.maximum_scale = ends.get("min"), ends.get("max")
    amounts.major_unit = ends.get("major_unit")
    if amounts.has_major_gridlines:
        amounts.major_gridlines.format.line.color.rgb = as_rgb(LIGHT.line)


def _dress(spec: ChartSpec, series: Series, drawn: Any, index: int) -> None:
    colours = {
        "main": LIGHT.accent,
        "comparison": LIGHT.comparison,
        "target": LIGHT.target,
        "plan": LIGHT.target,
        "slice": LIGHT.slices[index % 6],
    }
    fill = as_rgb(LIGHT.slices[index % 6] if spec.kind in ("stacked", "heat") else colours[series.role])
    if spec.kind in _LINES:
        drawn.smooth = False
        drawn.format.line.color.rgb = fill
        drawn.format.line.width = Pt(2.5 if series.role == "main" else 1.5)
        if series.role in ("comparison", "plan"):
            drawn.format.line.dash_style = MSO_LINE.DASH
        drawn.marker.style = XL_MARKER_STYLE.NONE
        return
    drawn.format.fill.solid()
    drawn.format.fill.fore_color.rgb = fill


def as_rgb(text: str) -> RGBColor:
    """``#3257d6`` as PowerPoint takes it."""
    return RGBColor.from_string(text[1:].upper())  # type: ignore[no-untyped-call]
