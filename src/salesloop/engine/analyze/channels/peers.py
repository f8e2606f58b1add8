"""Where one stands among those who do the same."""

from __future__ import annotations

import math
import statistics
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Standing:
    """`value` beside the `median` of the peers (without the one itself); `rank` 1 is best, of `of` whose value is known.

    Unknown values stay None: they are no zero and have no rank.
    """

    value: float | None
    median: float | None
    rank: int | None
    of: int


def standing(own: str, values: Mapping[str, float | None], favorable: Literal["up", "down", "neutral"]) -> Standing:
    """The standing of `own` among all of `values` (id → value, its own included). Equal values share the better rank."""
    known = {key: value for key, value in values.items() if value is not None and not math.isnan(value)}
    mine = known.get(own)
    peers = [value for key, value in known.items() if key != own]
    median = statistics.median(peers) if peers else None
    if mine is None or not peers:
        return Standing(mine, median, None, len(known))
    better = sum(value < mine if favorable == "down" else value > mine for value in peers)
    return Standing(mine, median, None if favorable == "neutral" else 1 + better, len(known))
