"""Measure whether an action moved the metric that raised it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from salesloop.engine.analyze.asking import Asking
from salesloop.engine.analyze.diagnose.contribution import Member
from salesloop.engine.analyze.effect.did import MIN_COMPARABLE, DifferenceInDifferences, difference_in_differences
from salesloop.engine.analyze.effect.own_season import OwnSeason, against_own_season
from salesloop.engine.analyze.effect.result import EffectPoint, EffectResult, Verdict
from salesloop.engine.analyze.findings.build import filter_of
from salesloop.engine.analyze.series import SliceSeries, periods_until, slice_series
from salesloop.engine.model.calendar import Grain, Period
from salesloop.engine.model.text import Message, Messages

MESSAGES = Messages(__package__)

WEEKLY_UP_TO = 26
"""Actions of up to this many weeks are measured by week, longer ones by month."""
MIN_PERIODS = 2
"""Complete periods needed after the start."""
HISTORY_YEARS = 3


@dataclass(frozen=True)
class Acted:
    """What was acted on: the slice (its first member is what comparable slices differ in) and since when."""

    metric: str
    members: tuple[Member, ...]
    start: dt.date
    until: dt.date
    touched: frozenset[str] = frozenset()
    """Ids of other slices that had actions of their own: they are no comparison."""


def measure(asking: Asking, acted: Acted) -> EffectResult:
    """The effect of an action up to `acted.until` (or today), over complete periods only.

    With at least three comparable slices: difference in differences. Otherwise, with enough history, against the slice's own
    season, labelled weak. Otherwise "cannot be measured".
    """
    until = min(acted.until, asking.today)
    grain: Grain = "week" if (until - acted.start).days <= WEEKLY_UP_TO * 7 else "month"
    last = asking.calendar.period_of(until, grain)
    if last.end > until:
        last = asking.calendar.previous(last)
    after = [period for period in asking.calendar.periods(acted.start, last.end, grain) if period.start >= acted.start]
    if len(after) < MIN_PERIODS:
        return _unmeasurable(asking, acted, grain)
    if acted.members:
        before = max(2 * len(after), 8)
        # The period in which the action began is neither before nor after.
        begun = asking.calendar.period_of(acted.start, grain)
        gap = 0 if begun.start == acted.start else 1
        result = _against_comparable(
            asking, acted, periods_until(asking, last, before + gap + len(after)), before, gap, grain
        )
        if result is not None:
            return result
    return _against_itself(asking, acted, last, len(after), grain)


def _against_comparable(
    asking: Asking, acted: Acted, periods: Sequence[Period], before: int, gap: int, grain: Grain
) -> EffectResult | None:
    first, *rest = acted.members
    series = slice_series(asking, acted.metric, (first.dimension,), [filter_of(member) for member in rest], periods)
    keep = [key[0].id is not None and key[0].id not in acted.touched for key in series.keys]
    treated = np.array([key[0].id == first.id for key in series.keys])
    rows = np.array(keep) | treated
    values, treated = series.values[rows], treated[rows]
    if gap:
        values = np.delete(values, before, axis=1)
        periods = [*periods[:before], *periods[before + 1 :]]
    rate = _is_rate(asking, acted.metric)
    if not treated.any() or (~treated).sum() < MIN_COMPARABLE:
        return None
    try:
        found = difference_in_differences(values, treated, before, proportional=not rate)
    except ValueError:
        return None
    if not np.isfinite([found.low, found.high]).all():
        return None
    return _told(asking, acted, grain, found, _points(periods, values, treated, before, proportional=not rate))


def _against_itself(asking: Asking, acted: Acted, last: Period, after: int, grain: Grain) -> EffectResult:
    count = HISTORY_YEARS * (52 if grain == "week" else 12) + after
    periods = periods_until(asking, last, count)
    series: SliceSeries = slice_series(
        asking, acted.metric, (), [filter_of(member) for member in acted.members], periods
    )
    if not len(series.values):
        return _unmeasurable(asking, acted, grain)
    found = against_own_season(series.levelled[0], series.season, len(periods) - after)
    if found is None:
        return _unmeasurable(asking, acted, grain)
    shown = periods[-3 * after :]
    expected = [None] * (len(shown) - after) + [_number(value) for value in found.expected]
    points = tuple(
        EffectPoint(period.start, _number(actual), guess, guess is not None)
        for period, actual, guess in zip(shown, series.levelled[0][-3 * after :], expected, strict=True)
    )
    return _told(asking, acted, grain, found, points)


def _told(
    asking: Asking,
    acted: Acted,
    grain: Grain,
    found: DifferenceInDifferences | OwnSeason,
    points: tuple[EffectPoint, ...],
) -> EffectResult:
    """Verdict and sentence. Improved and worse need an interval on one side of zero and a clean placebo check."""
    metric = asking.metric(acted.metric)
    compared = isinstance(found, DifferenceInDifferences)
    clean = found.placebo_in_time_clean if isinstance(found, DifferenceInDifferences) else True
    good = (found.effect > 0) == (metric.favorable != "down")
    verdict: Verdict = ("improved" if good else "worse") if found.excludes_zero and clean else "no_evidence"
    base = 1.0 if _is_rate(asking, acted.metric) else abs(found.counterfactual) or 1.0
    spoken = [
        _spoken(value / base, rate=_is_rate(asking, acted.metric)) for value in (found.effect, found.low, found.high)
    ]
    key = "placebo_failed" if found.excludes_zero and not clean else verdict
    placebo = found.placebo_in_time if isinstance(found, DifferenceInDifferences) else None
    message = MESSAGES.message(
        key if compared else f"{key}_weak",
        metric=metric.label,
        way=MESSAGES.message("rose" if found.effect > 0 else "fell"),
        change=spoken[0].lstrip("+−") if key in ("improved", "worse") else spoken[0],
        low=spoken[1],
        high=spoken[2],
        placebo="" if placebo is None else _spoken(placebo / base, rate=_is_rate(asking, acted.metric)),
    )
    return EffectResult(
        verdict=verdict,
        method="difference_in_differences" if compared else "own_season",
        message=message,
        grain=grain,
        change=found.effect,
        low=found.low,
        high=found.high,
        relative=found.effect / base,
        relative_low=found.low / base,
        relative_high=found.high / base,
        before=found.before,
        after=found.after,
        comparable=found.units if isinstance(found, DifferenceInDifferences) else 0,
        placebo_share=found.placebo_share if isinstance(found, DifferenceInDifferences) else None,
        placebo_in_time=placebo,
        placebo_clean=clean if compared else None,
        points=points,
    )


def _points(
    periods: Sequence[Period],
    values: NDArray[np.float64],
    treated: NDArray[np.bool_],
    before: int,
    *,
    proportional: bool,
) -> tuple[EffectPoint, ...]:
    """The treated mean and the comparison moved to the treated level before the start."""
    with np.errstate(invalid="ignore", divide="ignore"):
        level = np.nanmean(values[:, :before], axis=1, keepdims=True)
        known = np.isfinite(level[:, 0]) & ((level[:, 0] > 0) if proportional else True)
        own = float(level[treated & known].mean())
        others = values[~treated & known]
        moved = others / level[~treated & known] * own if proportional else others - level[~treated & known] + own
        line = np.nanmean(moved, axis=0)
        actual = np.nanmean(values[treated & known], axis=0)
    return tuple(
        EffectPoint(period.start, _number(seen), _number(guess), place >= before)
        for place, (period, seen, guess) in enumerate(zip(periods, actual, line, strict=True))
    )


def _unmeasurable(asking: Asking, acted: Acted, grain: Grain) -> EffectResult:
    message: Message = MESSAGES.message("unmeasurable", metric=asking.metric(acted.metric).label)
    return EffectResult("unmeasurable", "none", message, grain)


def _is_rate(asking: Asking, metric: str) -> bool:
    return asking.metric(metric).format == "percent"


def _spoken(share: float, *, rate: bool) -> str:
    """A signed share the same in every language: +15.2%, −3.1 pp."""
    text = f"{abs(share) * 100:.1f}" + (" pp" if rate else "%")
    return ("−" if share < 0 else "+") + text


def _number(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
