"""A line of observations over the band that is usual, as SVG in the page itself."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.html import format_html
from django.utils.safestring import SafeString

HEIGHT, PAD = 32.0, 4.0


def band_line(values: Sequence[float], low: float | None, high: float | None) -> SafeString:
    """The observations, the last one marked, over the band from `low` to `high`; without a band where it is not known yet."""
    if len(values) < 2:
        return SafeString("")
    bounds = [*values, *(each for each in (low, high) if each is not None)]
    least, span = min(bounds), (max(bounds) - min(bounds)) or 1.0

    def y(value: float) -> float:
        return HEIGHT - PAD - (value - least) / span * (HEIGHT - 2 * PAD)

    places = [f"{_short(n / (len(values) - 1) * 100)} {_short(y(value))}" for n, value in enumerate(values)]
    band = SafeString("")
    if low is not None and high is not None:
        band = format_html(
            '<rect class="usual" x="0" width="100" y="{}" height="{}"/>',
            _short(y(high)),
            _short(max(y(low) - y(high), 1)),
        )
    return format_html(
        '<svg class="spark banded" viewBox="0 0 100 32" preserveAspectRatio="none" aria-hidden="true">{}'
        '<path class="line" d="M{}"/><path class="last" d="M{}h0"/></svg>',
        band,
        "L".join(places),
        places[-1],
    )


def _short(number: float) -> str:
    return f"{number:.2f}"
