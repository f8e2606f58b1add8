"""Series of a metric by slice: one row a slice, one column a period, NaN where there is no value.

An unfinished period of an additive metric is made comparable by cutting every earlier period at the same elapsed part, so the
first three weeks of November stand beside the first three weeks of every other month. What is left of a difference in
working days is told by `load`: how much a period was to bring for the weekdays that it has (trading-day adjustment, as
in X-13ARIMA-SEATS, here by the weekday means of the series as a whole).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from salesloop.engine.analyze.asking import Asking
from salesloop.engine.analyze.diagnose.contribution import Member
from salesloop.engine.metrics.query import Query
from salesloop.engine.model.calendar import Grain, Period

Key = tuple[Member, ...]
PARTIAL_FROM = 1 / 3
"""An unfinished period is judged from this share of its days on."""


@dataclass(frozen=True)
class SliceSeries:
    """`values[i, j]` is slice `keys[i]` in `periods[j]` (unit of the metric); `season[j]` the position a year before, or −1."""

    keys: tuple[Key, ...]
    periods: tuple[Period, ...]
    values: NDArray[np.float64]
    season: NDArray[np.int64]
    load: NDArray[np.float64]
    partial: bool

    @property
    def levelled(self) -> NDArray[np.float64]:
        """The values as they would be, had every period the working days of the last one."""
        level: NDArray[np.float64] = self.values / self.load * self.load[-1]
        return level

    def of(self, key: Key) -> NDArray[np.float64]:
        """The series of one slice."""
        values: NDArray[np.float64] = self.values[self.keys.index(key)]
        return values


def latest_period(asking: Asking, grain: Grain) -> Period:
    """The period to judge: the running one once a third of its days have passed, else the one before."""
    running = asking.calendar.period_of(asking.today, grain)
    if asking.calendar.elapsed_share(running, asking.today) >= PARTIAL_FROM:
        return running
    return asking.calendar.previous(running)


def periods_until(asking: Asking, last: Period, count: int) -> tuple[Period, ...]:
    """`count` consecutive periods that end with `last`."""
    periods = [last]
    while len(periods) < count:
        periods.append(asking.calendar.previous(periods[-1]))
    return tuple(reversed(periods))


def slice_series(
    asking: Asking, metric: str, by: Sequence[str], where: Sequence[str], periods: Sequence[Period]
) -> SliceSeries:
    """The series of `metric` for every slice of `by` within `where`.

    Slices without any row in all these periods do not appear; `by=()` gives one slice, the whole.
    """
    last = periods[-1]
    partial = last.start <= asking.today < last.end
    daily = asking.adds_up(metric)
    table = asking.table(
        Query(
            metrics=(metric,),
            by=tuple(by),
            grain="day" if daily else last.grain,
            start=periods[0].start,
            end=min(last.end, asking.today),
            where=tuple(where),
        )
    )
    keys, row = _slices(table, by)
    amounts = table[metric].cast(pa.float64()).to_numpy()
    values = np.full((len(keys), len(periods)), np.nan)
    load = np.ones(len(periods))
    starts, ends = _bounds(asking, periods, partial=partial and daily)
    days = table["period"].cast(pa.int32()).to_numpy().astype(np.int64)
    column = _positions(days, starts, ends if daily else None)
    known = (column >= 0) & ~np.isnan(amounts)
    if daily:
        # Days of a period add up; a slice that sold nothing in a period sold zero from its first sale on.
        sums = np.zeros_like(values)
        np.add.at(sums, (row[known], column[known]), amounts[known])
        values = _zero_after_first(sums)
        load = _loads(days[known], amounts[known], starts, ends)
    else:
        values[row[known], column[known]] = amounts[known]
    return SliceSeries(keys, tuple(periods), values, _season(asking, periods), load, partial)


def _slices(table: pa.Table, by: Sequence[str]) -> tuple[tuple[Key, ...], NDArray[np.int64]]:
    """The distinct slices in a table, and which of them each row belongs to."""
    columns = [_members(table, dimension) for dimension in by]
    rows = list(zip(*columns, strict=True)) if columns else [()] * table.num_rows
    keys = tuple(dict.fromkeys(rows)) if columns else ((),)
    position = {key: place for place, key in enumerate(keys)}
    return keys, np.array([position[key] for key in rows], dtype=np.int64)


def _members(table: pa.Table, dimension: str) -> list[Member]:
    name = dimension.split(":", maxsplit=1)[0]
    labels = table[name].to_pylist()
    ids = table[f"{name}_id"].to_pylist() if f"{name}_id" in table.column_names else labels
    return [Member(dimension, id_, label) for id_, label in zip(ids, labels, strict=True)]


def _bounds(asking: Asking, periods: Sequence[Period], *, partial: bool) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """First and last counted day of each period, as days since 1970."""
    ends = [period.end for period in periods]
    if partial:
        ends = [asking.calendar.elapsed_end(periods[-1], asking.today, period) for period in periods[:-1]] + [
            asking.today
        ]
    return np.array([_ordinal(period.start) for period in periods]), np.array([_ordinal(end) for end in ends])


def _positions(days: NDArray[np.int64], starts: NDArray[np.int64], ends: NDArray[np.int64] | None) -> NDArray[np.int64]:
    """For each row the position of its period, −1 where its day is not counted."""
    position = np.searchsorted(starts, days, side="right") - 1
    if ends is not None:
        position = np.where((position >= 0) & (days <= ends[position]), position, -1)
    return position.astype(np.int64)


def _loads(
    days: NDArray[np.int64], amounts: NDArray[np.float64], starts: NDArray[np.int64], ends: NDArray[np.int64]
) -> NDArray[np.float64]:
    """What each period was to bring for its weekdays, in days of average worth."""
    if not len(days):
        return np.ones(len(starts))
    counted = np.concatenate([np.arange(start, end + 1) for start, end in zip(starts, ends, strict=True)])
    worth = np.bincount(days % 7, amounts, minlength=7) / np.maximum(np.bincount(counted % 7, minlength=7), 1)
    worth = np.maximum(worth, 0) / (worth.mean() or 1.0)
    load = np.array([worth[np.arange(start, end + 1) % 7].sum() for start, end in zip(starts, ends, strict=True)])
    return np.where(load > 0, load, 1.0)


def _season(asking: Asking, periods: Sequence[Period]) -> NDArray[np.int64]:
    position = {period.start: place for place, period in enumerate(periods)}
    return np.array([position.get(asking.calendar.year_ago(period).start, -1) for period in periods], dtype=np.int64)


def _zero_after_first(sums: NDArray[np.float64]) -> NDArray[np.float64]:
    begun = np.cumsum(sums != 0, axis=1) > 0
    return np.where(begun, sums, np.nan)


def _ordinal(day: dt.date) -> int:
    return (day - dt.date(1970, 1, 1)).days
