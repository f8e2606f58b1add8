"""Growth × margin, drawn as SVG in the page itself: places in percent, so that it fits every width with readable words."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from salesloop.app.channels.scorecard import Line, Scorecard
from salesloop.engine.report.number import Number, to_decimal

HEIGHT: Final = 320
LOW, HIGH = 20.0, 80.0
"""Percent of the canvas in which centres lie: room for the largest bubble and its words."""
SMALLEST, LARGEST = 5.0, 30.0


@dataclass(frozen=True, slots=True)
class Bubble:
    """`x`, `y` in percent, `r` in pixels, `label` the pixels from the centre up to the words."""

    line: Line
    x: float
    y: float
    r: float
    label: float


@dataclass(frozen=True, slots=True)
class Quadrant:
    """`x` and `y` are the places of the whole's growth and margin: the cross that makes four fields."""

    bubbles: list[Bubble]
    x: float
    y: float
    left_out: list[str]
    height: int = HEIGHT


def quadrant(card: Scorecard) -> Quadrant | None:
    """The channels whose growth and margin are known, against the whole; None with fewer than two of them."""
    known = [
        (line, x, y)
        for line in card.lines
        if (x := _float(line.growth)) is not None and (y := _float(line.margin)) is not None
    ]
    growth, margin = _float(card.growth), _float(card.margin)
    if len(known) < 2 or growth is None or margin is None:
        return None
    across = _scale([x for _line, x, _y in known], growth)
    up = _scale([y for _line, _x, y in known], margin)
    most = max((float(to_decimal(line.revenue) or 0) for line, _x, _y in known), default=0) or 1.0
    bubbles = []
    for line, x, y in known:
        part = max(float(to_decimal(line.revenue) or 0), 0) / most
        r = max(SMALLEST, LARGEST * math.sqrt(part))
        bubbles.append(Bubble(line, across(x), 100 - up(y), r, -r - 6))
    names = {line.key for line, _x, _y in known}
    return Quadrant(
        bubbles, across(growth), 100 - up(margin), [line.name for line in card.lines if line.key not in names]
    )


def _scale(values: Sequence[float], middle: float) -> Callable[[float], float]:
    """From values to percent of the canvas, the middle value included."""
    low, high = min(*values, middle), max(*values, middle)
    span = high - low
    return lambda value: round(LOW + ((value - low) / span if span else 0.5) * (HIGH - LOW), 2)


def _float(value: Number) -> float | None:
    number = to_decimal(value)
    return None if number is None else float(number)
