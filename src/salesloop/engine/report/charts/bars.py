"""Bars: ranked or diverging ones with ready columns beside them, stacked ones, and the funnel."""

from __future__ import annotations

from collections.abc import Sequence

from salesloop.engine.report.chart import ChartSpec, Series, SideColumn
from salesloop.engine.report.charts.base import (
    SMALL,
    TINY,
    Look,
    Option,
    axis_unit,
    category_axis,
    frame,
    full_text,
    hidden_value_axis,
    label,
    point,
    short_text,
    spec_scale,
    text_width,
    tooltip,
    unit_title,
    value_axis,
)
from salesloop.engine.report.number import Number, Scale, to_decimal
from salesloop.engine.report.tokens import direction_colour

ROW = 30
"""Height of one bar with its air."""
_HEADER = 22


def bars_option(spec: ChartSpec, look: Look) -> Option:
    """Horizontal bars from the top down; last year and target are ticks across the bar.

    The value stands at the end of its bar; where ticks would run through it, it becomes the first column on the right.
    """
    values = [value for series in spec.series for value in series.values]
    scale = spec_scale(spec, look.lang, values)
    numbers = [float(number) for value in values if (number := to_decimal(value)) is not None]
    low, high = min([0.0, *numbers]), max([0.0, *numbers])
    diverging = low < 0
    texts = [short_text(spec, look, value, scale, signed=diverging) for value in spec.main.values]
    ticks = [series for series in spec.series if series is not spec.main]
    columns = (SideColumn(_head(spec, scale), tuple(texts)), *spec.side) if ticks else spec.side
    room = 0 if ticks else max((text_width(text) for text in texts), default=0) + 8
    left, right = _name_width(spec.categories, look), sum(_column_width(column) for column in columns)
    air = (high - low or 1.0) * room / max(look.width - left - right - room, 60)
    bar: Option = {
        "type": "bar",
        "name": spec.main.name,
        "barWidth": 12,
        "data": [
            point(
                value,
                full_text(spec, look, value, signed=diverging),
                itemStyle=_bar_style(spec, look, index, diverging),
                label={"show": False} if ticks else _value_label(texts[index], value, look),
            )
            for index, value in enumerate(spec.main.values)
        ],
        "emphasis": {"disabled": True},
    }
    parts = frame(
        look,
        title=unit_title(spec, look, scale, top=2, **({"left": left} if columns else {"right": 0})),
        grid={"left": left, "right": right, "top": _HEADER, "bottom": 4},
        tooltip=tooltip(look),
        xAxis=hidden_value_axis(low - (air if diverging else 0), high + air),
        yAxis=_rows_axes(spec, look, columns),
        series=[bar, *(_tick(spec, series, look) for series in ticks)],
    )
    if ticks:
        del parts["title"]  # the unit heads the column of values
        parts["legend"] = _tick_legend(ticks, look, left)
    return parts


def _head(spec: ChartSpec, scale: Scale) -> str:
    return axis_unit(spec, scale) or spec.main.name


def _value_label(text: str, value: Number, look: Look) -> Option:
    number = to_decimal(value)
    side = "left" if number is not None and number < 0 else "right"
    return label(text, look, colour=look.colours.ink, position=side, distance=6)


def _bar_style(spec: ChartSpec, look: Look, index: int, diverging: bool) -> Option:
    number = to_decimal(spec.main.values[index]) or 0
    corners = [3, 0, 0, 3] if number < 0 else [0, 3, 3, 0]
    if diverging:
        colour = direction_colour("up" if number > 0 else "down", look.colours, red_up=look.red_up)
        return {"color": colour, "opacity": 0.85, "borderRadius": corners}
    if spec.highlight and index not in spec.highlight:
        return {"color": look.colours.total, "borderRadius": corners}
    return {"color": look.colours.accent, "borderRadius": corners}


def _tick(spec: ChartSpec, series: Series, look: Look) -> Option:
    return {
        "type": "scatter",
        "name": series.name,
        "symbol": "rect",
        "symbolSize": [2, 18],
        "itemStyle": {"color": look.colours.target if series.role == "target" else look.colours.ink3, "opacity": 1},
        "data": [point(value, full_text(spec, look, value)) for value in series.values],
        "z": 3,
    }


def _tick_legend(ticks: Sequence[Series], look: Look, left: int) -> Option:
    return {
        "left": left - 5,
        "top": -4,
        "icon": "rect",
        "itemWidth": 2,
        "itemHeight": 12,
        "itemGap": 14,
        "selectedMode": False,
        "textStyle": {"color": look.colours.ink3, "fontSize": TINY},
        "data": [series.name for series in ticks],
    }


def _name_width(names: Sequence[str], look: Look) -> int:
    widest = max((text_width(name) for name in names), default=0)
    return min(widest, round(look.width * 0.34)) + 16


def _column_width(column: SideColumn) -> int:
    return max(text_width(text) for text in (column.name, *column.texts)) + 14


def _rows_axes(spec: ChartSpec, look: Look, columns: Sequence[SideColumn]) -> list[Option]:
    """Names on the left; each column is an axis of its own on the right, so its texts keep to their rows at any width."""
    width = _name_width(spec.categories, look)
    names = {"color": look.colours.ink, "fontSize": SMALL, "interval": 0, "width": width - 10, "overflow": "truncate"}
    axes = [category_axis(spec.categories, look, inverse=True, axisLabel={**names, "margin": 8})]
    shift = 0
    for column in columns:
        shift += _column_width(column)
        axes.append(
            category_axis(
                column.texts,
                look,
                inverse=True,
                position="right",
                name=column.name,
                nameLocation="start",
                nameGap=8,
                nameTextStyle={
                    "color": look.colours.ink3,
                    "fontSize": TINY,
                    "align": "right",
                    "padding": [0, -shift, 0, 0],
                },
                axisLabel={
                    "color": look.colours.ink2,
                    "fontSize": SMALL,
                    "interval": 0,
                    "align": "right",
                    "margin": shift,
                },
            )
        )
    return axes


def funnel_option(spec: ChartSpec, look: Look) -> Option:
    """Stages as soft bars with the count inside; conversion and days are columns on the right, a slow stage is ochre."""
    colours = look.colours
    scale = spec_scale(spec, look.lang, spec.main.values)
    bars = []
    for index, value in enumerate(spec.main.values):
        warned = index in spec.highlight
        text = label(
            short_text(spec, look, value, scale),
            look,
            colour=colours.warning if warned else colours.accent,
            position="insideLeft",
            fontWeight="bold",
            distance=8,
        )
        fill = {"color": colours.warning_soft if warned else colours.accent_soft, "borderRadius": 4}
        bars.append(point(value, full_text(spec, look, value), itemStyle=fill, label=text))
    return frame(
        look,
        grid={
            "left": _name_width(spec.categories, look),
            "right": sum(_column_width(column) for column in spec.side) + 8,
            "top": _HEADER if spec.side else 4,
            "bottom": 4,
        },
        tooltip=tooltip(look),
        xAxis=hidden_value_axis(0.0),
        yAxis=_rows_axes(spec, look, spec.side),
        series=[
            {
                "type": "bar",
                "name": spec.main.name,
                "barWidth": 22,
                "barMinHeight": 34,
                "data": bars,
                "emphasis": {"disabled": True},
            }
        ],
    )


def stacked_option(spec: ChartSpec, look: Look) -> Option:
    """One column a category; names stand in a legend above because segments are too small for them. A single series
    needs none: it is what the title says."""
    several = len(spec.series) > 1
    values = [
        sum((to_decimal(series.values[index]) or 0 for series in spec.series), start=0)
        for index in range(len(spec.categories))
    ]
    scale = spec_scale(spec, look.lang, values)
    return frame(
        look,
        title=unit_title(spec, look, scale, left=4, top=10),
        color=list(look.colours.slices),
        legend={
            "show": several,
            "top": 0,
            "right": 0,
            "icon": "roundRect",
            "itemWidth": 10,
            "itemHeight": 10,
            "itemGap": 14,
            "textStyle": {"color": look.colours.ink2, "fontSize": SMALL},
            "data": [series.name for series in spec.series],
        },
        grid={"left": 4, "right": 8, "top": 40, "bottom": 4, "containLabel": True},
        tooltip=tooltip(look),
        xAxis=category_axis(spec.categories, look),
        yAxis=value_axis(spec, look, values, scale, zero=True),
        series=[
            {
                "type": "bar",
                "name": series.name,
                "stack": "all",
                "barMaxWidth": 36,
                "data": [point(value, full_text(spec, look, value)) for value in series.values],
                "itemStyle": {"borderColor": look.colours.surface, "borderWidth": 1},
                "emphasis": {"disabled": True},
            }
            for series in spec.series
        ],
    )
