"""From one total to the next through the changes between them; upright on a screen, lying on a phone."""

from __future__ import annotations

from decimal import Decimal

from salesloop.engine.report.chart import ChartSpec
from salesloop.engine.report.charts.base import (
    SMALL,
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
    unit_title,
)
from salesloop.engine.report.number import to_decimal
from salesloop.engine.report.tokens import direction_colour

_MAX_UPRIGHT_ON_PHONE = 5


def waterfall_option(spec: ChartSpec, look: Look) -> Option:
    """Bars that hang between running totals. A step that crosses zero is drawn in its two halves."""
    zero = Decimal(0)
    values = [to_decimal(value) or zero for value in spec.main.values]
    scale = spec_scale(
        spec, look.lang, values[1:-1] or values
    )  # steps that are small beside the totals keep their digits
    floor = cut_below(spec)
    spans = [(max(bottom - floor, zero), top - floor) for bottom, top in _spans(values)] if floor else _spans(values)
    lying = look.narrow and len(values) > _MAX_UPRIGHT_ON_PHONE
    low = min(Decimal(0), *(bottom for bottom, _ in spans))
    high = max(Decimal(0), *(top for _, top in spans))
    last = len(values) - 1
    texts = [short_text(spec, look, value, scale, signed=0 < index < last) for index, value in enumerate(values)]
    colours = [_colour(look, value, total=index in (0, last)) for index, value in enumerate(values)]

    def stack(name: str, lengths: list[Decimal], filled: bool) -> Option:
        return {
            "type": "bar",
            "name": spec.main.name if filled else name,
            "stack": "steps",
            "barWidth": 16 if lying else "62%",
            "silent": not filled,
            "data": [
                point(
                    length,
                    full_text(spec, look, values[index], signed=0 < index < last) if filled else "",
                    itemStyle={"color": colours[index] if filled else "transparent", "opacity": 0.85},
                )
                for index, length in enumerate(lengths)
            ],
            "emphasis": {"disabled": True},
        }

    parts = [
        stack("base", [max(bottom, zero) for bottom, _ in spans], filled=False),
        stack("step", [max(top, zero) - max(bottom, zero) for bottom, top in spans], filled=True),
    ]
    if low < 0:
        parts.append(stack("base-below", [min(top, zero) for _, top in spans], filled=False))
        parts.append(stack("step-below", [min(bottom, zero) - min(top, zero) for bottom, top in spans], filled=True))
        parts[0]["markLine"] = _zero_line(look, lying=lying)
    parts.append(_labels(spans, texts, look, lying=lying))
    names = category_axis(
        spec.categories,
        look,
        inverse=lying,
        axisLabel={
            "color": look.colours.ink2,
            "fontSize": SMALL,
            "interval": 0,
            "overflow": "truncate" if lying else "break",
            "lineHeight": 15,
            "width": round(look.width * 0.3) if lying else max(30, round(look.width / len(values)) - 6),
        },
    )
    if lying:
        names["axisLabel"]["width"] = min(
            round(look.width * 0.3), max(text_width(name) for name in spec.categories) + 6
        )
    room = max(text_width(text) for text in texts) + 8
    amounts = hidden_value_axis(float(low), float(high))
    return frame(
        look,
        title=unit_title(spec, look, scale, top=0, right=0),
        grid={"left": 4, "right": room if lying else 4, "top": 22 if lying else 40, "bottom": 4, "containLabel": True},
        tooltip=tooltip(look, "item"),
        xAxis=amounts if lying else names,
        yAxis=names if lying else amounts,
        series=parts,
    )


def _spans(values: list[Decimal]) -> list[tuple[Decimal, Decimal]]:
    """(bottom, top) of each bar: totals stand on zero, steps hang on the running total."""
    spans = []
    running = Decimal(0)
    for index, value in enumerate(values):
        start = Decimal(0) if index in (0, len(values) - 1) else running
        running = start + value
        spans.append((min(start, running), max(start, running)))
    return spans


def cut_below(spec: ChartSpec) -> Decimal:
    """Where the totals dwarf the steps, all bars are cut off below this value, so that the steps can be seen."""
    values = [to_decimal(value) or Decimal(0) for value in spec.main.values]
    spans = _spans(values)
    lowest = min(values[0], values[-1], *(bottom for bottom, _ in spans[1:-1]))
    highest = max(top for _, top in spans)
    if lowest < highest * Decimal("0.6"):
        return Decimal(0)
    return lowest - (highest - lowest) * Decimal("0.8")


def _colour(look: Look, value: Decimal, *, total: bool) -> str:
    if total:
        return look.colours.total
    return direction_colour("up" if value >= 0 else "down", look.colours, red_up=look.red_up)


def _labels(spans: list[tuple[Decimal, Decimal]], texts: list[str], look: Look, *, lying: bool) -> Option:
    """Numbers at the far end of each bar, on points that are not drawn."""
    data = []
    for index, (_, top) in enumerate(spans):
        place = float(top)
        item = point(
            None,
            label=label(texts[index], look, colour=look.colours.ink, position="right" if lying else "top", distance=4),
        )
        item["value"] = [place, index] if lying else [index, place]
        data.append(item)
    return {
        "type": "scatter",
        "name": "labels",
        "symbolSize": 1,
        "silent": True,
        "data": data,
        "itemStyle": {"color": "transparent"},
    }


def _zero_line(look: Look, *, lying: bool) -> Option:
    return {
        "symbol": "none",
        "silent": True,
        "label": {"show": False},
        "lineStyle": {"color": look.colours.ink3, "width": 1, "type": "solid"},
        "data": [{"xAxis" if lying else "yAxis": 0}],
    }
