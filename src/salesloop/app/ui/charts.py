"""Charts of pages: one `ChartSpec` as two options (wide and narrow), or a bare sparkline."""

from collections.abc import Sequence
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString

from salesloop.engine.model.text import Lang
from salesloop.engine.report.chart import ChartSpec
from salesloop.engine.report.charts import NARROW, chart_height, echarts_option
from salesloop.engine.report.number import Number, to_decimal

WIDTHS = {"waterfall": (480, 340)}
USUAL_WIDTHS = (720, 340)
"""What a wide and a narrow canvas are laid out for, in CSS pixels. Standing waterfalls still read well in half a card."""


def options(spec: ChartSpec, lang: Lang, *, red_up: bool) -> dict[str, Any]:
    """What the page's script needs: both layouts, the width between them, and the height of each.

    Colours are those of the light theme; the script recolours them for the dark one, token by token.
    """
    wide_pixels, narrow_pixels = WIDTHS.get(spec.kind, USUAL_WIDTHS)
    return {
        "below": min(NARROW, wide_pixels - 100),
        **{
            name: {
                "height": chart_height(spec, width),
                "option": echarts_option(spec, "light", lang, width, red_up=red_up),
            }
            for name, width in (("wide", wide_pixels), ("narrow", narrow_pixels))
        },
    }


def sparkline(values: Sequence[Number], *, partial: bool = False) -> SafeString:
    """A bare line as SVG in the page itself: a KPI card must not wait for a script."""
    points = [(index, float(value)) for index, v in enumerate(values) if (value := to_decimal(v)) is not None]
    if len(points) < 2:
        return SafeString('<svg class="spark" aria-hidden="true"></svg>')
    low, high = min(y for _x, y in points), max(y for _x, y in points)
    span = (high - low) or 1.0
    last = len(values) - 1
    places = [(x / last * 100, 28 - (y - low) / span * 24) for x, y in points]
    firm = places[:-1] if partial and len(places) > 2 else places
    line = "M" + "L".join(f"{x:.2f} {y:.2f}" for x, y in firm)
    area = f"M{places[0][0]:.2f} 32L" + "L".join(f"{x:.2f} {y:.2f}" for x, y in places) + f"L{places[-1][0]:.2f} 32Z"
    rest = "M" + "L".join(f"{x:.2f} {y:.2f}" for x, y in places[-2:]) if firm is not places else ""
    return format_html(
        '<svg class="spark" viewBox="0 0 100 32" preserveAspectRatio="none" aria-hidden="true"><path class="area" d="{}"/>'
        '<path class="line" d="{}"/>{}</svg>',
        area,
        line,
        format_html('<path class="line rest" d="{}"/>', rest) if rest else "",
    )
