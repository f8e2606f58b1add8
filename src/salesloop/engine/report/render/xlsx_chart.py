"""Native Excel charts over the cells of a chart's table, in the colours of the other documents."""

from __future__ import annotations

from typing import Any

from salesloop.engine.model.text import Lang
from salesloop.engine.report.chart import ChartSpec, Series
from salesloop.engine.report.number import scale_for
from salesloop.engine.report.render.native import hanging_steps, step_texts, value_ends
from salesloop.engine.report.render.xlsx_formats import number_format
from salesloop.engine.report.tokens import LIGHT

_TYPES: dict[str, dict[str, str]] = {
    "trend": {"type": "line"},
    "effect": {"type": "line"},
    "bars": {"type": "bar"},
    "funnel": {"type": "bar"},
    "stacked": {"type": "column", "subtype": "stacked"},
    "waterfall": {"type": "column", "subtype": "stacked"},
    "ring": {"type": "doughnut"},
}


def add_native_chart(book: Any, sheet: Any, spec: ChartSpec, lang: Lang, header_row: int) -> None:
    """The chart right of its table, which starts at ``header_row`` with the categories in the first column."""
    if spec.kind == "heat":
        _colour_cells(sheet, spec, header_row)
        return
    if spec.kind not in _TYPES:
        return
    chart = book.add_chart(_TYPES[spec.kind])
    first, last = header_row + 1, header_row + len(spec.categories)
    name = sheet.get_name()
    right = 1 + len(spec.series) + len(spec.side) + (2 if spec.band else 0) + 2
    if spec.kind == "waterfall":
        _waterfall_series(sheet, chart, spec, lang, header_row, right + 9)
    else:
        for index, series in enumerate(spec.series):
            chart.add_series(
                {
                    "name": [name, header_row, 1 + index],
                    "categories": [name, first, 0, last, 0],
                    "values": [name, first, 1 + index, last, 1 + index],
                    **_look(spec, series, index),
                }
            )
    chart.set_title({"name": spec.title, "name_font": {"size": 12, "bold": True, "color": LIGHT.ink}})
    lying = spec.kind in ("bars", "funnel")
    font = {"color": LIGHT.ink3, "size": 9}
    names = {"num_font": font, "line": {"color": LIGHT.line}, "reverse": lying}
    amounts = {**_amounts(spec, lang), "num_font": font}
    chart.set_x_axis(amounts if lying else names)
    chart.set_y_axis(names if lying else amounts)
    alone = len(spec.series) == 1
    chart.set_legend({"none": True} if alone else {"position": "top", "font": font})
    chart.set_size({"width": 720, "height": max(320, 28 * len(spec.categories) + 90) if lying else 340})
    chart.show_hidden_data()
    chart.show_na_as_empty_cell()
    sheet.insert_chart(header_row, right, chart, {"description": spec.title})


def _amounts(spec: ChartSpec, lang: Lang) -> dict[str, Any]:
    """The value axis: the same ends as in the other documents, in the format of the cells."""
    values = [value for series in spec.series for value in series.values]
    scale = scale_for(values, spec.format, lang, currency=spec.currency, unit=spec.unit)
    grid = {"visible": spec.kind not in ("bars", "funnel", "waterfall"), "line": {"color": LIGHT.line}}
    return {
        **value_ends(spec),
        "visible": spec.kind not in ("bars", "funnel", "waterfall"),
        "num_format": number_format(spec.format, scale, lang),
        "major_gridlines": grid,
        "line": {"none": True},
    }


def _look(spec: ChartSpec, series: Series, index: int) -> dict[str, Any]:
    colour = {
        "main": LIGHT.accent,
        "comparison": LIGHT.comparison,
        "target": LIGHT.target,
        "plan": LIGHT.target,
        "slice": LIGHT.slices[index % 6],
    }[series.role]
    if spec.kind in ("trend", "effect"):
        line: dict[str, Any] = {"color": colour, "width": 2.25 if series.role == "main" else 1.25}
        if series.role in ("comparison", "plan"):
            line["dash_type"] = "dash"
        return {"line": line}
    if spec.kind == "stacked":
        colour = LIGHT.slices[index % 6]
    return {"fill": {"color": colour}, "gap": 60, "data_labels": {"value": len(spec.series) == 1}}


def _waterfall_series(sheet: Any, chart: Any, spec: ChartSpec, lang: Lang, header_row: int, column: int) -> None:
    """Excel has no waterfall that other programs read: an invisible base and coloured steps, from hidden columns."""
    name = sheet.get_name()
    first, last = header_row + 1, header_row + len(spec.categories)
    for index, (base, size, kind) in enumerate(hanging_steps(spec)):
        for offset in range(4):
            amount = base if offset == 0 else size if offset == kind else 0.0
            sheet.write_number(first + index, column + offset, amount)
    fills: tuple[dict[str, Any], ...] = (
        {"none": True},
        {"color": LIGHT.total},
        {"color": LIGHT.red},
        {"color": LIGHT.green},
    )
    for offset, fill in enumerate(fills):
        chart.add_series(
            {
                "name": spec.main.name,
                "categories": [name, first, 0, last, 0],
                "values": [name, first, column + offset, last, column + offset],
                "fill": fill,
                "gap": 50,
                "data_labels": {"value": offset > 0, "custom": _step_labels(spec, lang, offset)},
            }
        )
    sheet.set_column(column, column + len(fills) - 1, None, None, {"hidden": True})


def _step_labels(spec: ChartSpec, lang: Lang, kind: int) -> list[dict[str, Any]]:
    """Each step carries its own value; the other two series stay silent there."""
    pairs = zip(step_texts(spec, lang), hanging_steps(spec), strict=True)
    font = {"color": LIGHT.ink if kind == 1 else LIGHT.surface}
    return [{"value": text, "font": font} if step[2] == kind else {"delete": True} for text, step in pairs]


def _colour_cells(sheet: Any, spec: ChartSpec, header_row: int) -> None:
    scale = {"type": "2_color_scale", "min_color": "#FFFFFF", "max_color": LIGHT.accent}
    sheet.conditional_format(header_row + 1, 1, header_row + len(spec.categories), len(spec.series), scale)
