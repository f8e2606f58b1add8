"""Where a funnel leaks more than it used to: the stage that costs the most won deals against its own history.

Of each stage n deals entered in a window that has had time to come through, and the share r of them went on; r₀ is the share
of the twelve months before. The stage's loss is n·(r₀ − r)·Π r₀ of the stages after it: the deals that would have been
won. It is beyond chance where r₀ lies above the 95 % interval of r (Wilson, JASA 22, 1927).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from salesloop.engine.analyze.asking import Asking
from salesloop.engine.analyze.diagnose.bottleneck import MATURE
from salesloop.engine.metrics.query import Query
from salesloop.engine.model.periods import DateRange

WINDOW: Final = 3
"""Complete months that are judged together."""
BASE: Final = 12
"""Complete months before them that say what is usual."""
LEAST: Final = 20
"""With fewer deals in a stage nothing is said of it."""
_Z: Final = 1.959964


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage: how many deals `entered`, the share that went on (`onward`), what is `usual`, the most that chance explains
    (`high`), and the won deals that the difference costs (negative: gained)."""

    name: str
    entered: int
    onward: float
    usual: float
    high: float
    lost: float

    @property
    def beyond_chance(self) -> bool:
        return self.entered >= LEAST and self.usual > self.high


@dataclass(frozen=True, slots=True)
class Leak:
    """The stages in order, and the one that costs the most; None where none does beyond chance."""

    days: DateRange
    stages: tuple[Stage, ...]

    @property
    def worst(self) -> Stage | None:
        return max((one for one in self.stages if one.beyond_chance), key=lambda one: one.lost, default=None)


def find_leak(asking: Asking, order: Sequence[str], where: Sequence[str] = ()) -> Leak:
    """The stages of the pipeline, in the given order, over the last three complete months that ended sixty days ago."""
    month = asking.calendar.period_of(asking.today - MATURE, "month")
    last = first = asking.calendar.previous(month)
    for _ in range(WINDOW - 1):
        first = asking.calendar.previous(first)
    base_last = base_first = asking.calendar.previous(first)
    for _ in range(BASE - 1):
        base_first = asking.calendar.previous(base_first)
    days = DateRange(first.start, last.end)
    now = _rates(asking, days, where)
    usual = _rates(asking, DateRange(base_first.start, base_last.end), where)
    return Leak(days, leaks(order, now, usual))


def leaks(
    order: Sequence[str], now: Mapping[str, tuple[int, float]], usual: Mapping[str, tuple[int, float]]
) -> tuple[Stage, ...]:
    """Stages that are known then and now: name → (deals entered, share that went on)."""
    known = [name for name in order if name in now and name in usual]
    found = []
    for place, name in enumerate(known):
        entered, onward = now[name]
        after = math.prod(usual[later][1] for later in known[place + 1 :])
        lost = entered * (usual[name][1] - onward) * after
        found.append(Stage(name, entered, onward, usual[name][1], _upper(onward, entered), lost))
    return tuple(found)


def _rates(asking: Asking, days: DateRange, where: Sequence[str]) -> dict[str, tuple[int, float]]:
    names = ("stage_entries", "stage_conversion")
    table = asking.table(Query(names, by=("stage",), start=days.start, end=days.end, where=tuple(where)))
    return {
        row["stage"]: (int(row["stage_entries"]), float(row["stage_conversion"]))
        for row in table.to_pylist()
        if row["stage"] and row["stage_entries"] and row["stage_conversion"] is not None
    }


def _upper(rate: float, count: int) -> float:
    """The upper end of Wilson's 95 % interval of a share."""
    square = _Z * _Z
    centre = rate + square / (2 * count)
    reach = _Z * math.sqrt(rate * (1 - rate) / count + square / (4 * count * count))
    return (centre + reach) / (1 + square / count)
