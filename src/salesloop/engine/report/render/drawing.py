"""Charts of a document as SVG."""

from __future__ import annotations

from salesloop.engine.model.text import Lang
from salesloop.engine.report.chart import ChartSpec
from salesloop.engine.report.chart_text import describe
from salesloop.engine.report.charts import chart_height, echarts_option
from salesloop.engine.report.render.svg import svg
from salesloop.engine.report.tokens import FONT_DOCUMENT, Theme


def chart_svg(
    spec: ChartSpec,
    lang: Lang,
    width: int,
    *,
    height: int | None = None,
    theme: Theme = "light",
    red_up: bool = True,
    font: str = FONT_DOCUMENT,
) -> str:
    """The chart at a width in CSS pixels, with its description as accessible name."""
    tall = height or chart_height(spec, width)
    option = echarts_option(spec, theme, lang, width, tall, red_up=red_up, font=font)
    return svg(option, width, tall, description=describe(spec, lang))
