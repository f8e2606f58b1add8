"""What all charts share: the look they are drawn in, axes with ready labels, and data points that carry their text."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from salesloop.engine.model.text import Lang
from salesloop.engine.report.chart import ChartSpec
from salesloop.engine.report.number import Number, Scale, format_number, scale_for, to_decimal
from salesloop.engine.report.tokens import Tokens

Option = dict[str, Any]

NARROW = 480
"""Below this width (CSS pixels) a chart is laid out for a phone."""
SMALL = 12
TINY = 11


@dataclass(frozen=True, slots=True)
class Look:
    """How a chart is drawn: ``width`` and ``height`` in CSS pixels, colours, language and font."""

    colours: Tokens
    lang: Lang
    width: int
    height: int
    red_up: bool
    font: str

    @property
    def narrow(self) -> bool:
        return self.width < NARROW


def spec_scale(spec: ChartSpec, lang: Lang, values: Iterable[Number]) -> Scale:
    """One scale for all numbers of a chart."""
    return scale_for(values, spec.format, lang, currency=spec.currency, unit=spec.unit)


def short_text(spec: ChartSpec, look: Look, value: Number, scale: Scale | None = None, *, signed: bool = False) -> str:
    """The label of a mark: the number in the chart's scale; percentages keep their sign, other units stand at the axis."""
    shown = format_number(
        value, spec.format, look.lang, currency=spec.currency, unit=spec.unit, scale=scale, signed=signed
    )
    return shown.text + shown.unit if shown.unit in ("%", "pp") else shown.text


def full_text(spec: ChartSpec, look: Look, value: Number, *, signed: bool = False) -> str:
    """The text of a tooltip: every digit, with its unit."""
    return str(
        format_number(
            value, spec.format, look.lang, style="exact", currency=spec.currency, unit=spec.unit, signed=signed
        )
    )


def point(value: Number, text: str = "", **more: Any) -> Option:
    """A data item: the position as a float (pixels need no more) and the exact text that tooltips show."""
    number = to_decimal(value)
    item: Option = {"value": None if number is None else float(number), **more}
    if text and number is not None:
        item["text"] = text
    return item


def label(text: str, look: Look, *, colour: str | None = None, size: int = SMALL, **more: Any) -> Option:
    """A ready label. Braces are ECharts' template marks, so they are taken out of the text."""
    clean = text.replace("{", "(").replace("}", ")")
    return {"show": True, "formatter": clean, "color": colour or look.colours.ink2, "fontSize": size, **more}


def frame(look: Look, **parts: Any) -> Option:
    """The parts that every chart has."""
    return {
        "animation": False,
        "backgroundColor": "transparent",
        "textStyle": {"fontFamily": look.font, "fontSize": SMALL, "color": look.colours.ink2},
        **parts,
    }


def tooltip(look: Look, trigger: str = "axis") -> Option:
    """Shows the exact ``text`` of each hovered item; ``trigger`` as in ECharts."""
    colours = look.colours
    return {
        "trigger": trigger,
        "confine": True,
        "formatter": {"$format": "tip"},
        "backgroundColor": colours.surface,
        "borderColor": colours.line,
        "textStyle": {"color": colours.ink, "fontSize": SMALL},
        "axisPointer": {
            "type": "line",
            "lineStyle": {"color": colours.ink3, "width": 1, "type": "solid", "opacity": 0.4},
        },
    }


def category_axis(names: Sequence[str], look: Look, **more: Any) -> Option:
    """An axis of words, without line or ticks."""
    return {
        "type": "category",
        "data": list(names),
        "axisTick": {"show": False},
        "axisLine": {"show": False},
        "axisLabel": {"color": look.colours.ink3, "fontSize": SMALL, "hideOverlap": True},
        **more,
    }


def value_axis(spec: ChartSpec, look: Look, values: Iterable[Number], scale: Scale, *, zero: bool) -> Option:
    """A value axis whose ticks are chosen and written here, so that no number is formatted anywhere else. Its unit is a
    `unit_title` above it: a name of the axis itself is cut off where it is longer than the ticks.

    With ``zero`` the axis starts at nought (bars, areas); without it only where the values come near it.
    """
    numbers = [float(number) for value in values if (number := to_decimal(value)) is not None]
    low, high, step, ticks = nice_ticks(numbers, zero=zero, count=4, whole=spec.format == "count")
    tick_scale = _tick_scale(scale, step, spec)
    labels = [[float(tick), short_text(spec, look, tick, tick_scale)] for tick in ticks]
    return {
        "type": "value",
        "min": low,
        "max": high,
        "interval": step,
        "axisLabel": {
            "color": look.colours.ink3,
            "fontSize": SMALL,
            "formatter": {"$format": "lookup", "labels": labels},
        },
        "axisLine": {"show": False},
        "axisTick": {"show": False},
        "splitLine": {"lineStyle": {"color": look.colours.line, "width": 1}},
    }


def hidden_value_axis(low: float | None = None, high: float | None = None) -> Option:
    """A value axis that only places the marks."""
    axis: Option = {"type": "value", "show": False, "splitLine": {"show": False}}
    if low is not None:
        axis["min"] = low
    if high is not None:
        axis["max"] = high
    return axis


def axis_unit(spec: ChartSpec, scale: Scale) -> str:
    """万元 above the numbers; percentages carry their sign on every tick instead."""
    return "" if spec.format in ("percent", "points") else scale.unit


def unit_title(spec: ChartSpec, look: Look, scale: Scale, **place: Any) -> Option:
    """The unit in a corner of a chart."""
    return {
        "text": axis_unit(spec, scale),
        "textStyle": {"color": look.colours.ink3, "fontSize": TINY, "fontWeight": "normal"},
        "padding": 0,
        **place,
    }


def nice_ticks(
    numbers: Sequence[float], *, zero: bool, count: int, whole: bool = False
) -> tuple[float, float, float, list[Decimal]]:
    """(low, high, step, ticks): round steps of 1, 2, 2.5 or 5 that hold all numbers in about ``count`` intervals; with
    ``whole`` no step of less than one, as there is no half order."""
    low, high = min(numbers, default=0.0), max(numbers, default=1.0)
    if zero or low <= 0 or low < (high - low):
        low, high = min(low, 0.0), max(high, 0.0)
    if low == high:
        low, high = (low - abs(low) * 0.1, high + abs(high) * 0.1) if low else (0.0, 1.0)
    step = _nice_step(Decimal(repr(high - low)) / count)
    step = max(step, Decimal(1)) if whole else step
    first = (Decimal(repr(low)) / step).to_integral_value(rounding="ROUND_FLOOR")
    last = (Decimal(repr(high)) / step).to_integral_value(rounding="ROUND_CEILING")
    ticks = [step * index for index in range(int(first), int(last) + 1)]
    return float(ticks[0]), float(ticks[-1]), float(step), ticks


def _nice_step(rough: Decimal) -> Decimal:
    magnitude = Decimal(1).scaleb(rough.adjusted())
    return next(
        factor * magnitude
        for factor in (Decimal(1), Decimal(2), Decimal("2.5"), Decimal(5), Decimal(10))
        if factor * magnitude >= rough
    )


def _tick_scale(scale: Scale, step: float, spec: ChartSpec) -> Scale:
    """As few decimals as the step needs: 200, not 200.0."""
    shown = Decimal(repr(step)) * (100 if spec.format in ("percent", "points") else 1) / scale.divisor
    exponent = shown.normalize().as_tuple().exponent
    return Scale(scale.divisor, max(0, -exponent) if isinstance(exponent, int) else 0, scale.unit)


def text_width(text: str, size: int = SMALL) -> int:
    """Rough width in pixels: a Chinese character is as wide as the type is high, a Latin one a little over half."""
    wide = sum(1 if unicodedata.east_asian_width(char) in "WF" else 0.58 for char in text)
    return round(wide * size + 0.5)
