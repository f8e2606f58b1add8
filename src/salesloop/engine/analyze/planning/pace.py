"""Where a target stands on a day: what was due by then, what is still needed, and how fast.

Pace = actual ÷ (target × the season's share elapsed). The run-rate needed is what is missing for each working day that is left.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from salesloop.engine.analyze.planning.season import Season
from salesloop.engine.metrics.targets.cover import passed_share, working_days
from salesloop.engine.model.calendar import Period


@dataclass(frozen=True, slots=True)
class Standing:
    """Amounts in the unit of the metric; rates are a working day. `quicker` is how many times as fast it has to go as so far.

    None where it cannot be said: no day passed, no day left, nothing sold so far.
    """

    actual: float
    target: float
    due: float
    left: int
    rate: float | None
    needed: float | None

    @property
    def attainment(self) -> float | None:
        return self.actual / self.target if self.target else None

    @property
    def pace(self) -> float | None:
        return self.actual / self.due if self.due else None

    @property
    def due_share(self) -> float | None:
        """Which share of the target was due by now."""
        return self.due / self.target if self.target else None

    @property
    def gap(self) -> float:
        return self.actual - self.target

    @property
    def quicker(self) -> float | None:
        return self.needed / self.rate if self.needed is not None and self.rate else None


def season_elapsed(season: Season, periods: Sequence[Period], today: dt.date) -> float:
    """The share of the year that the season has brought by the end of `today`; the running period counts by working days."""
    done = 0.0
    for share, period in zip(season.shares, periods, strict=True):
        if period.end <= today:
            done += share
        else:
            done += share * passed_share(period.start, period.end, today, working_days)
    return done


def standing(
    actual: float,
    target: float,
    due: float,
    start: dt.date,
    end: dt.date,
    today: dt.date,
) -> Standing:
    """How it stands by the end of `today` with a target for `start` to `end`; `due` is the part of it that was due by then."""
    passed = working_days(start, min(end, today)) if today >= start else 0
    left = working_days(max(start, today + dt.timedelta(days=1)), end) if today < end else 0
    missing = max(target - actual, 0.0)
    return Standing(actual, target, due, left, actual / passed if passed else None, missing / left if left else None)
