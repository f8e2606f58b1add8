"""What is usual for the deliveries of a source, learnt from the deliveries before, and how far one may be off.

Every band is a prediction interval for one further delivery that raises a false alarm in at most `FALSE_ALARM` of them: each
monitor (volume, blanks of all fields together, mix of all fields together, lateness) of one source and entity is allowed one in a
hundred. `tests/engine/analyze/test_monitors.py` measures that rate, and how surely stated faults are told, on simulated deliveries.

- Rejection before learning: values further than 3.5 robust standard deviations (median absolute deviation) are left out (Leys et
  al., J. Exp. Soc. Psych. 49, 2013); then mean, standard deviation and Student's t are those of the rest.
- Shares are compared on the scale asin √((x + ⅜) / (n + ¾)), where their variance is 1 / (4n + 2) whatever the share (Anscombe,
  Biometrika 35, 1948); what they vary beyond chance is estimated by moments (DerSimonian and Laird, Controlled Clinical Trials 7,
  1986), as in Laney's p′ chart (Quality Engineering 14, 2002).
- Mixes are compared by Pearson's χ² distance; what mixes of this source usually differ beyond chance is learnt by moments as
  for shares, and as it is learnt from few, F takes the place of χ² (Rao and Scott, J. Am. Stat. Assoc. 76, 1981).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import stats

Floats = NDArray[np.float64]

FALSE_ALARM: Final = 0.01
ENOUGH: Final = 14
"""Deliveries before a monitor speaks; until then it is learning."""
WINDOW: Final = 60
"""Older deliveries say nothing about what is usual now."""
NEW_NORMAL: Final = 5
"""So many alarms in a row are no accident any more: what is usual is learnt anew from them on."""

_ALLOWED: Final = 0.4 * FALSE_ALARM
"""Bands are drawn for less than the rate: what raised an alarm is not learnt from, which makes them a little narrow."""
_EACH_DAY: Final = 3
_REJECT: Final = 3.5
_MAD_TO_SD: Final = 1.4826
_OUTAGE: Final = 4
_LEAST_SD: Final = 0.02
_SEASON_GAIN: Final = 0.8
_LEAST_SHARE: Final = 0.05
_LEAST_DISTANCE: Final = 0.03


@dataclass(frozen=True, slots=True)
class Band:
    """What one further delivery is to be: `low` ≤ value ≤ `high`, in the unit of the monitor."""

    expected: float
    low: float
    high: float

    def holds(self, value: float) -> bool:
        """Whether a value is usual."""
        return self.low <= value <= self.high


def undisturbed(alarms: Sequence[bool]) -> list[int]:
    """The places of the deliveries to learn from, oldest first: those that raised no alarm, from the last new normal on."""
    start, run = 0, 0
    for place, alarm in enumerate(alarms):
        run = run + 1 if alarm else 0
        if run == NEW_NORMAL:
            start = place - NEW_NORMAL + 1
    first_run = range(start, min(start + NEW_NORMAL, len(alarms))) if start or run >= NEW_NORMAL else range(0)
    places = [place for place in range(start, len(alarms)) if not alarms[place] or place in first_run]
    return places[-WINDOW:]


def volume_band(rows: Sequence[int], weekdays: Sequence[int], weekday: int) -> Band | None:
    """Rows of a delivery that arrives on `weekday` (0 = Monday), after `rows` on `weekdays`.

    None while learning, which takes three deliveries of each weekday: nobody knows yet whether it is a quiet one. On the logarithmic scale: deliveries vary in proportion. Weekdays are told apart where that predicts better.
    """
    if len(rows) < ENOUGH:
        return None
    values, days = np.log1p(np.asarray(rows, dtype=np.float64)), np.asarray(weekdays)
    level = float(np.median(values))
    same = days == weekday
    if same.sum() < _EACH_DAY:
        return None
    if _season_helps(values, days):
        centres = np.array([np.median(values[days == day]) for day in days])
        kept = _usual(values - centres, centres=len(np.unique(days)))
        same &= kept
        means = np.array(
            [values[kept & (days == day)].mean() if (kept & (days == day)).any() else level for day in days]
        )
        groups, expected, own = len(np.unique(days[kept])), float(values[same].mean()), int(same.sum())
        squares = float(((values - means)[kept] ** 2).sum())
    else:
        kept = _usual(values - level)
        groups, expected, own = 1, float(values[kept].mean()), int(kept.sum())
        squares = float(((values[kept] - expected) ** 2).sum())
    freedom = int(kept.sum()) - groups - 2  # two more for having chosen what to keep and by what to tell days apart
    spread = max(np.sqrt(squares / freedom), _LEAST_SD, 1 / np.sqrt(max(np.expm1(expected), 1.0)))
    half = float(stats.t.ppf(1 - _ALLOWED / 2, freedom)) * spread * np.sqrt(1 + 1 / own)
    return Band(float(np.expm1(expected)), max(0.0, float(np.expm1(expected - half))), float(np.expm1(expected + half)))


def blank_band(blanks: Sequence[int], rows: Sequence[int], now: int, fields: int) -> Band | None:
    """Share of blanks among `now` rows, after `blanks` of `rows`. None while learning. Only too many are unusual.

    `fields`: how many are watched together; each gets its part of the allowance (Bonferroni).
    """
    if len(rows) < ENOUGH or now == 0:
        return None
    x, n = np.asarray(blanks, dtype=np.float64), np.asarray(rows, dtype=np.float64)
    y, own = _angle(x, n), 1 / (4 * n + 2)
    kept = _usual(y - np.median(y), np.sqrt(own))
    y, own = y[kept], own[kept]
    weights = 1 / own
    centre = float((weights * y).sum() / weights.sum())
    excess = float((weights * (y - centre) ** 2).sum()) - (len(y) - 1)
    more = max(0.0, excess / float(weights.sum() - (weights**2).sum() / weights.sum()))
    spread = np.sqrt(1 / (4 * now + 2) + more + (own + more).mean() / len(y))
    half = float(stats.t.ppf(1 - _ALLOWED / fields, len(y) - 1)) * float(spread)
    expected = float(np.sin(centre) ** 2)
    high = float(np.sin(min(centre + half, np.pi / 2)) ** 2)
    return Band(expected, 0.0, min(1.0, max(high, expected + _LEAST_SHARE)))


def mix_band(history: Sequence[Sequence[int]], now: Sequence[int], fields: int) -> tuple[Band, float] | None:
    """The band of the distance between the mix `now` and that of `history`, and the distance. None while learning.

    Lists count rows by category, all in the same order. The distance Σ (p − q)² ÷ mean share is 0 for equal mixes; a category of
    share q that vanishes adds about q.
    """
    counts = np.asarray(history, dtype=np.float64)
    fresh = np.asarray(now, dtype=np.float64)
    if len(counts) < ENOUGH or fresh.sum() == 0 or counts.shape[1] < 2:
        return None
    total = counts.sum(axis=0)
    freedom = len(total) - 1
    distances = np.array([_distance(row, total - row) for row in counts]) / freedom
    chance = np.array([_chance(row.sum(), (total - row).sum()) for row in counts])
    kept = _usual(np.sqrt(distances) - np.median(np.sqrt(distances)), np.sqrt(chance))
    more = max(0.0, float((distances - chance)[kept].mean()))
    reference, degrees = counts[kept].sum(axis=0), freedom * int(kept.sum())
    usual = freedom * (_chance(fresh.sum(), reference.sum()) + more)
    high = usual * float(stats.f.ppf(1 - _ALLOWED / fields, freedom, degrees))
    return Band(usual, 0.0, max(high, _LEAST_DISTANCE)), _distance(fresh, reference)


def late_after(gaps: Sequence[int]) -> float | None:
    """Working days after the last delivery from which on the next is late, given the gaps between the earlier ones. None while learning.

    Days beyond the usual gap follow a negative binomial distribution whose mean and spread are learnt from the last `WINDOW`;
    outages, far longer than nine of ten delays, are left out.
    """
    if len(gaps) < ENOUGH:
        return None
    values = np.asarray(gaps[-WINDOW:], dtype=np.float64)
    usual = float(np.median(values))
    late = np.maximum(values - usual, 0.0)
    late = late[late <= _OUTAGE * max(1.0, float(np.quantile(late, 0.9)))]
    mean = (float(late.sum()) + 1) / len(late)
    factor = max(1.05, float(late.var()) / max(float(late.mean()), 1e-9) if late.any() else 1.05)
    allowed = float(stats.nbinom.ppf(1 - _ALLOWED, mean / (factor - 1), 1 / factor))
    return usual + max(1.0, allowed, float(np.quantile(late, 1 - FALSE_ALARM, method="higher")))


def _usual(deviations: Floats, least: Floats | float = 0.0, *, centres: int = 1) -> NDArray[np.bool_]:
    """Which deviations are not far outside; `least` is the standard deviation that chance alone gives each.

    `centres` medians were taken from the values: of three values one is the median itself, so the deviations look too small.
    """
    spread = _MAD_TO_SD * float(np.median(np.abs(deviations - np.median(deviations))))
    spread *= len(deviations) / max(len(deviations) - centres, 1)
    kept: NDArray[np.bool_] = np.abs(deviations) <= _REJECT * np.maximum(np.maximum(spread, least), 1e-12)
    return kept if kept.sum() >= ENOUGH // 2 else np.ones(len(deviations), dtype=bool)


def _season_helps(values: Floats, days: NDArray[np.int64]) -> bool:
    """Whether the mean of its weekday foretells a delivery clearly better than the mean of all, leaving itself out."""
    _, group = np.unique(days, return_inverse=True)
    size = np.bincount(group)[group]
    told = size > 1
    whole = np.abs(values - (values.sum() - values) / (len(values) - 1))
    by_day = np.abs(values - (np.bincount(group, values)[group] - values) / np.maximum(size - 1, 1))
    return bool(told.sum() >= ENOUGH) and float(by_day[told].mean()) < _SEASON_GAIN * float(whole[told].mean())


def _angle(x: Floats, n: Floats) -> Floats:
    angle: Floats = np.arcsin(np.sqrt((x + 0.375) / (n + 0.75)))
    return angle


def _distance(one: Floats, other: Floats) -> float:
    p, q, pooled = one / one.sum(), other / other.sum(), (one + other) / (one.sum() + other.sum())
    seen = pooled > 0
    return float(((p - q)[seen] ** 2 / pooled[seen]).sum())


def _chance(one: float, other: float) -> float:
    return float(1 / max(one, 1.0) + 1 / max(other, 1.0))
