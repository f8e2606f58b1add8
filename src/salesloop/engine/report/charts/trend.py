"""Lines over time: this year solid, last year dashed grey, the target in thin steps, the original plan in dotted ones, anomalies ringed with a note."""

from __future__ import annotations

from typing import Any

from salesloop.engine.report.chart import Annotation, ChartSpec, Series
from salesloop.engine.report.charts.base import (
    SMALL,
    Look,
    Option,
    category_axis,
    frame,
    full_text,
    label,
    point,
    short_text,
    spec_scale,
    text_width,
    tooltip,
    unit_title,
    value_axis,
)
from salesloop.engine.report.charts.ends import keep_apart
from salesloop.engine.report.number import Number, Scale, to_decimal

_TOP, _BOTTOM = 30, 24
"""Pixels above and below the plot."""


def trend_option(spec: ChartSpec, look: Look) -> Option:
    """The main line in front; each line carries its name at its end."""
    values = [value for series in spec.series for value in series.values]
    scale = spec_scale(spec, look.lang, values)
    drawn: list[Option] = []
    slices = [series for series in spec.series if series.role == "slice"]
    first = 1 if len(slices) < len(spec.series) else 0  # beside a main line the first colour is taken
    for series in _behind_first(spec.series):
        number = first + slices.index(series) if series in slices else 0
        drawn += _lines(spec, series, number, look)
    main = next(item for item in drawn if item["name"] == spec.main.name)
    main["markPoint"] = _marks(spec, look, scale)
    names = [series.name for series in spec.series]
    axis = value_axis(spec, look, values, scale, zero=False)
    keep_apart(drawn, axis, look.height - _TOP - _BOTTOM)
    return frame(
        look,
        title=unit_title(spec, look, scale, left=4, top=4),
        grid={
            "left": 4,
            "right": max(text_width(name) for name in names) + 14,
            "top": _TOP,
            "bottom": 4,
            "containLabel": True,
        },
        tooltip=tooltip(look),
        xAxis=category_axis(spec.categories, look, boundaryGap=True, axisLabel=_category_labels(look)),
        yAxis=axis,
        series=drawn,
    )


def _behind_first(series: tuple[Series, ...]) -> list[Series]:
    order = {"target": 0, "plan": 0, "comparison": 1, "slice": 2, "main": 3}
    return sorted(series, key=lambda item: order[item.role])


def _category_labels(look: Look) -> Option:
    return {"color": look.colours.ink3, "fontSize": SMALL, "hideOverlap": True, "showMaxLabel": True}


def _lines(spec: ChartSpec, series: Series, number: int, look: Look) -> list[Option]:
    """One line; an unfinished last period of the main series is a second, dashed piece of the same name."""
    points = [point(value, full_text(spec, look, value)) for value in series.values]
    style = _style(series, number, look)
    line: Option = {
        "type": "line",
        "name": series.name,
        "data": points,
        "symbol": "none",
        "lineStyle": style,
        "itemStyle": {"color": style["color"]},
        "endLabel": label(series.name, look, colour=_label_colour(series, style, look), distance=10),
        "emphasis": {"disabled": True},
    }
    if series.role in ("target", "plan"):
        line["step"] = "middle"
    last = _last_index(series)
    if series.role == "main" and last is not None and last < len(points) - 1:
        line.pop("endLabel")  # the room to the right belongs to the other lines; its name goes with its last value
    if not (spec.partial_last and series.role == "main" and last is not None and last == len(points) - 1 and last > 0):
        return [line]
    piece: list[Any] = [None] * (last - 1) + [{"value": points[last - 1]["value"]}, points[last]]
    line["data"] = [*points[:-1], None]
    ending = line.pop("endLabel")
    return [line, {**line, "data": piece, "lineStyle": {**style, "type": [4, 3]}, "endLabel": ending}]


def _style(series: Series, number: int, look: Look) -> Option:
    colours = look.colours
    if series.role == "comparison":
        return {"color": colours.comparison, "width": 1.5, "type": [4, 4]}
    if series.role == "target":
        return {"color": colours.target, "width": 1.25}
    if series.role == "plan":
        return {"color": colours.target, "width": 1.25, "type": [2, 3]}
    if series.role == "slice":
        return {"color": colours.slices[number % len(colours.slices)], "width": 1.75}
    return {"color": colours.accent, "width": 2.25}


def _label_colour(series: Series, style: Option, look: Look) -> str:
    return look.colours.ink3 if series.role == "comparison" else str(style["color"])


def _last_index(series: Series) -> int | None:
    return max((index for index, value in enumerate(series.values) if to_decimal(value) is not None), default=None)


def _marks(spec: ChartSpec, look: Look, scale: Scale) -> Option:
    """The last value with its number, and a ring with a note for each annotation."""
    colours = look.colours
    marks = [mark for note in spec.annotations if (mark := _ring(spec, note, look)) is not None]
    last = _last_index(spec.main)
    if last is not None and last not in {note.index for note in spec.annotations}:
        value = spec.main.values[last]
        text = short_text(spec, look, value, scale)
        if last < len(spec.categories) - 1:
            text = f"{spec.main.name} {text}"
        marks.append(
            {
                "coord": [last, _position(value)],
                "symbolSize": 7,
                "itemStyle": {
                    "color": colours.surface if spec.partial_last else colours.accent,
                    "borderColor": colours.accent,
                    "borderWidth": 2,
                },
                "label": label(
                    text, look, colour=colours.ink, fontWeight="bold", **_beside_last(spec, last), **_plate(look)
                ),
            }
        )
    return {"symbol": "circle", "silent": True, "data": marks}


def _beside_last(spec: ChartSpec, last: int) -> Option:
    """Where the last value is written: away from the other lines, and not over their names on the right."""
    side = {"position": "top" if _stands_out(spec, last) else "bottom"}
    return side if last < len(spec.categories) / 2 else {**side, "align": "right"}


def _ring(spec: ChartSpec, note: Annotation, look: Look) -> Option | None:
    value = spec.main.values[note.index]
    if to_decimal(value) is None:
        return None
    last = _last_index(spec.main) or 0
    above = _stands_out(spec, note.index) and last - note.index > 2  # the last value has its own label up there
    colours = look.colours
    return {
        "coord": [note.index, _position(value)],
        "symbolSize": 11,
        "itemStyle": {"color": colours.surface, "borderColor": colours.red, "borderWidth": 2},
        "label": label(
            note.note, look, colour=colours.ink2, position="top" if above else "bottom", distance=8, **_plate(look)
        ),
    }


def _position(value: Number) -> float:
    number = to_decimal(value)
    return 0.0 if number is None else float(number)


def _plate(look: Look) -> Option:
    """A plate in the colour of the surface, so that lines do not run through the text."""
    return {"backgroundColor": look.colours.surface, "padding": [1, 3], "borderRadius": 3}


def _stands_out(spec: ChartSpec, index: int) -> bool:
    """Whether the main line runs above the others here, so that there is room over it."""
    others = [_position(series.values[index]) for series in spec.series if series.role != "main"]
    return not others or sum(others) / len(others) <= _position(spec.main.values[index])
