"""The measured effect of an action."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from salesloop.engine.model.text import Message

Verdict = Literal["improved", "no_evidence", "worse", "unmeasurable"]
Method = Literal["difference_in_differences", "own_season", "none"]


@dataclass(frozen=True)
class EffectPoint:
    """One period: the acted-on slice and what it would have been, judging by the comparison (unit of the metric)."""

    start: dt.date
    actual: float | None
    counterfactual: float | None
    after: bool


@dataclass(frozen=True)
class EffectResult:
    """By how much the metric of the acted-on slice moved because of the action, a period on average.

    `change`, `low` and `high` (95 %) are in the unit of the metric, the relative ones in shares of the counterfactual (for rates
    both are the same: differences of the rate). `placebo_share`: share of comparable slices that moved as much. `weak` effects have no
    comparable slice to be held against.
    """

    verdict: Verdict
    method: Method
    message: Message
    grain: str
    change: float | None = None
    low: float | None = None
    high: float | None = None
    relative: float | None = None
    relative_low: float | None = None
    relative_high: float | None = None
    before: float | None = None
    after: float | None = None
    comparable: int = 0
    placebo_share: float | None = None
    placebo_in_time: float | None = None
    placebo_clean: bool | None = None
    points: tuple[EffectPoint, ...] = ()

    @property
    def weak(self) -> bool:
        return self.method == "own_season"
