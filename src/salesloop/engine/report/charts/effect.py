"""What an action changed: the acted-on slice against what comparable slices made one expect, and from which day on."""

from __future__ import annotations

from salesloop.engine.report.chart import Annotation, Band, ChartSpec, Series
from salesloop.engine.report.charts.base import (
    TINY,
    Look,
    Option,
    category_axis,
    frame,
    full_text,
    label,
    point,
    spec_scale,
    text_width,
    tooltip,
    unit_title,
    value_axis,
)
from salesloop.engine.report.charts.ends import keep_apart
from salesloop.engine.report.number import to_decimal

_TOP, _BOTTOM = 34, 24
"""Pixels above and below the plot."""


def effect_option(spec: ChartSpec, look: Look) -> Option:
    """Comparable slices thin and grey, the expected level dashed in its band, the acted-on slice in front."""
    values = [value for series in spec.series for value in series.values]
    if spec.band:
        values += [*spec.band.low, *spec.band.high]
    scale = spec_scale(spec, look.lang, values)
    drawn: list[Option] = _band(spec.band, look) if spec.band else []
    others = [series for series in spec.series if series is not spec.main]
    drawn += [_line(spec, series, look) for series in sorted(others, key=lambda item: item.role != "slice")]
    main = _line(spec, spec.main, look)
    if spec.event:
        main["markLine"] = _event(spec.event, look)
    named = [series.name for series in spec.series if series.role != "slice"] + ([spec.band.name] if spec.band else [])
    axis = value_axis(spec, look, values, scale, zero=False)
    keep_apart([*drawn, main], axis, look.height - _TOP - _BOTTOM)
    return frame(
        look,
        title=unit_title(spec, look, scale, left=4, top=4),
        grid={
            "left": 4,
            "right": max(text_width(name) for name in named) + 14,
            "top": _TOP,
            "bottom": 4,
            "containLabel": True,
        },
        tooltip=tooltip(look),
        xAxis=category_axis(spec.categories, look, boundaryGap=False),
        yAxis=axis,
        series=[*drawn, main],
    )


def _line(spec: ChartSpec, series: Series, look: Look) -> Option:
    colours = look.colours
    styles: dict[str, Option] = {
        "main": {"color": colours.accent, "width": 2.25},
        "comparison": {"color": colours.comparison, "width": 1.5, "type": [4, 4]},
        "target": {"color": colours.target, "width": 1.25},
        "plan": {"color": colours.target, "width": 1.25, "type": [2, 3]},
        "slice": {"color": colours.comparison, "width": 1, "opacity": 0.45},
    }
    style = styles[series.role]
    line: Option = {
        "type": "line",
        "name": series.name,
        "data": [point(value, full_text(spec, look, value)) for value in series.values],
        "symbol": "none",
        "lineStyle": style,
        "itemStyle": {"color": style["color"]},
        "emphasis": {"disabled": True},
    }
    if series.role != "slice":
        colour = colours.accent if series.role == "main" else colours.ink3
        line["endLabel"] = label(series.name, look, colour=colour, distance=8)
    return line


def _band(band: Band, look: Look) -> list[Option]:
    """The interval as two stacked lines: an invisible lower one and the filled height above it."""
    heights: list[Option] = []
    for low, high in zip(band.low, band.high, strict=True):
        bottom, top = to_decimal(low), to_decimal(high)
        heights.append(point(None if bottom is None or top is None else top - bottom))
    shared: Option = {
        "type": "line",
        "stack": "band",
        "stackStrategy": "all",
        "symbol": "none",
        "silent": True,
        "lineStyle": {"opacity": 0},
        "itemStyle": {"color": look.colours.band},
        "emphasis": {"disabled": True},
    }
    return [
        {
            **shared,
            "name": f"{band.name} ",
            "data": [point(value) for value in band.low],
            "endLabel": label(band.name, look, colour=look.colours.ink3, size=TINY, distance=8),
        },
        {**shared, "name": band.name, "data": heights, "areaStyle": {"color": look.colours.band, "opacity": 0.75}},
    ]


def _event(event: Annotation, look: Look) -> Option:
    return {
        "symbol": "none",
        "silent": True,
        "lineStyle": {"color": look.colours.ink3, "width": 1, "type": [2, 3]},
        "label": label(event.note, look, colour=look.colours.ink2, position="end", distance=4),
        "data": [{"xAxis": event.index}],
    }
