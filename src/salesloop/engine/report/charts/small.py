"""The small ones: the sparkline of a KPI card, the ring of one share, and the heat table."""

from __future__ import annotations

from decimal import Decimal

from salesloop.engine.report.chart import ChartSpec
from salesloop.engine.report.charts.base import (
    SMALL,
    TINY,
    Look,
    Option,
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
)
from salesloop.engine.report.number import format_number, to_decimal

_SMALLEST_HEAT_LABEL = 40


def sparkline_option(spec: ChartSpec, look: Look) -> Option:
    """The bare line with a breath of fill; the y axis hugs the values because only the shape speaks here."""
    numbers = [float(number) for value in spec.main.values if (number := to_decimal(value)) is not None]
    low, high = min(numbers, default=0.0), max(numbers, default=1.0)
    air = (high - low) * 0.15 or abs(high) * 0.1 or 1.0
    return frame(
        look,
        grid={"left": 2, "right": 4, "top": 3, "bottom": 1},
        tooltip=tooltip(look),
        xAxis=category_axis(spec.categories, look, show=False, boundaryGap=False),
        yAxis=hidden_value_axis(low - air * 2, high + air),
        series=[
            {
                "type": "line",
                "name": spec.main.name,
                "data": [point(value, full_text(spec, look, value)) for value in spec.main.values],
                "symbol": "none",
                "lineStyle": {"color": look.colours.accent, "width": 1.5},
                "itemStyle": {"color": look.colours.accent},
                "areaStyle": {"color": look.colours.accent_soft, "opacity": 0.6, "origin": "start"},
                "emphasis": {"disabled": True},
            }
        ],
    )


def ring_option(spec: ChartSpec, look: Look) -> Option:
    """One share of a whole as a ring with the figure in its middle."""
    share = min(max(float(to_decimal(spec.main.values[0]) or 0), 0.0), 1.0)
    shown = format_number(spec.main.values[0], spec.format, look.lang)
    colours = look.colours
    size = min(look.width, look.height)
    return frame(
        look,
        series=[
            {
                "type": "gauge",
                "name": spec.main.name,
                "startAngle": 90,
                "endAngle": -269.99,
                "min": 0,
                "max": 1,
                "radius": "96%",
                "center": ["50%", "50%"],
                "progress": {
                    "show": True,
                    "roundCap": True,
                    "width": round(size * 0.085),
                    "itemStyle": {"color": colours.green},
                },
                "axisLine": {"lineStyle": {"width": round(size * 0.085), "color": [[1, colours.track]]}},
                "pointer": {"show": False},
                "anchor": {"show": False},
                "axisTick": {"show": False},
                "splitLine": {"show": False},
                "axisLabel": {"show": False},
                "title": {"offsetCenter": [0, "26%"], "color": colours.ink3, "fontSize": SMALL},
                "detail": {
                    "formatter": str(shown),
                    "offsetCenter": [0, "-8%"],
                    "color": colours.ink,
                    "fontSize": round(size * 0.17),
                    "fontWeight": "bold",
                },
                "data": [{"value": share, "name": spec.main.name}],
            }
        ],
    )


def heat_option(spec: ChartSpec, look: Look) -> Option:
    """Rows are series, columns are categories; the colour goes with the value, the number stands in the cell."""
    values = [value for series in spec.series for value in series.values]
    scale = spec_scale(spec, look.lang, values)
    numbers = [number for value in values if (number := to_decimal(value)) is not None]
    low, high = min(numbers, default=Decimal(0)), max(numbers, default=Decimal(1))
    names = [series.name for series in spec.series]
    left = min(max(text_width(name) for name in names), round(look.width * 0.3)) + 16
    labelled = (look.width - left) / max(len(spec.categories), 1) >= _SMALLEST_HEAT_LABEL
    cells = []
    for row, series in enumerate(spec.series):
        for column, value in enumerate(series.values):
            number = to_decimal(value)
            strength = 0.0 if number is None or high == low else float((number - low) / (high - low))
            cell: Option = {
                "value": [column, row, None if number is None else float(number)],
                "text": full_text(spec, look, value),
                "itemStyle": {"color": _mix(look.colours.surface, look.colours.accent, 0.06 + strength * 0.74)},
            }
            if labelled:
                ink = look.colours.surface if strength > 0.55 else look.colours.ink
                cell["label"] = label(short_text(spec, look, value, scale), look, colour=ink, size=TINY)
            cells.append(cell)
    return frame(
        look,
        grid={"left": left, "right": 2, "top": 24, "bottom": 2},
        tooltip=tooltip(look, "item"),
        xAxis=category_axis(spec.categories, look, position="top"),
        yAxis=category_axis(
            names,
            look,
            inverse=True,
            axisLabel={
                "color": look.colours.ink,
                "fontSize": SMALL,
                "width": left - 10,
                "overflow": "truncate",
                "interval": 0,
            },
        ),
        series=[
            {
                "type": "heatmap",
                "name": spec.title,
                "data": cells,
                "itemStyle": {"borderColor": look.colours.surface, "borderWidth": 2, "borderRadius": 4},
                "emphasis": {"disabled": True},
            }
        ],
    )


def _mix(low: str, high: str, share: float) -> str:
    """The colour ``share`` of the way from one hex colour to the other."""
    pairs = zip((low[1:3], low[3:5], low[5:7]), (high[1:3], high[3:5], high[5:7]), strict=True)
    return "#" + "".join(f"{round(int(a, 16) + (int(b, 16) - int(a, 16)) * share):02x}" for a, b in pairs)
