"""The names at the ends of lines: moved apart where lines end close to one another."""

from __future__ import annotations

from collections.abc import Sequence

from salesloop.engine.report.charts.base import Option

_LINE = 15.0
"""Pixels from one name to the next."""


def keep_apart(lines: Sequence[Option], axis: Option, height: float) -> None:
    """Move the end labels of `lines` up and down so that none stands on another. `height`: that of the plot in pixels."""
    known = [(line, end) for line in lines if "endLabel" in line and (end := _end(line)) is not None]
    pixels = height / (axis["max"] - axis["min"])
    known.sort(key=lambda one: -one[1])
    wanted = [(axis["max"] - end) * pixels for _, end in known]
    for (line, _), before, after in zip(known, wanted, spread(wanted, _LINE), strict=True):
        line["labelLayout"] = {"dy": round(after - before, 1)}


def spread(places: Sequence[float], gap: float) -> list[float]:
    """Rising places, moved as little as possible (least squares) so that neighbours are at least `gap` apart.

    Less the gaps before them they must rise: pooling neighbours that do not is the solution (pool adjacent violators,
    Ayer et al. 1955).
    """
    pools: list[tuple[float, int]] = []
    for index, place in enumerate(places):
        pools.append((place - index * gap, 1))
        while len(pools) > 1 and pools[-2][0] > pools[-1][0]:
            (one, many), (other, more) = pools[-2:]
            pools[-2:] = [((one * many + other * more) / (many + more), many + more)]
    levels = [mean for mean, count in pools for _ in range(count)]
    return [level + index * gap for index, level in enumerate(levels)]


def _end(line: Option) -> float | None:
    return next((item["value"] for item in reversed(line["data"]) if item and item["value"] is not None), None)
