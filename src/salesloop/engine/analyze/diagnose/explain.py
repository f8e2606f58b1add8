"""From a deviation of one slice to the slices inside it that make it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from salesloop.engine.analyze.asking import Asking
from salesloop.engine.analyze.diagnose.contribution import (
    Cause,
    Member,
    Slice,
    additive_slices,
    rank_causes,
    rate_slices,
)
from salesloop.engine.analyze.series import periods_until
from salesloop.engine.metrics.query import Query
from salesloop.engine.model.calendar import Period
from salesloop.engine.model.errors import UserError

RUN_RATE_PERIODS = 6
"""The finished periods before that say how each cell runs against the year before."""


def explain_deviation(
    asking: Asking,
    metric: str,
    where: Sequence[str],
    explain_by: Sequence[Sequence[str]],
    period: Period,
    deviation: float,
) -> list[Cause]:
    """The (at most three) slices that best explain why `metric` within `where` was off by `deviation` in `period`.

    `explain_by` lists the breakdowns to search. Breakdowns that the metric cannot be sliced by are passed over.
    """
    candidates: list[Slice] = []
    for by in explain_by:
        try:
            candidates += (
                _additive(asking, metric, where, by, period)
                if asking.adds_up(metric)
                else _rate(asking, metric, where, by, period)
            )
        except UserError:
            continue  # this metric has no such dimension: another breakdown may explain it
    return rank_causes(candidates, deviation)


def _additive(asking: Asking, metric: str, where: Sequence[str], by: Sequence[str], period: Period) -> list[Slice]:
    """Each cell against its year-ago value, moved by how the cell has run against the year before.

    A cell's own run is unsteady, so it is drawn half way to the run of all cells together.
    """
    now = _cells(asking, (metric,), by, where, period.start, min(period.end, asking.today), compare=True)
    before = periods_until(asking, asking.calendar.previous(period), RUN_RATE_PERIODS)
    past = _cells(asking, (metric,), by, where, before[0].start, before[-1].end, compare=True)
    run = dict(zip(past.keys, past.of(metric), strict=True))
    run_year_ago = dict(zip(past.keys, past.of(f"{metric}_year"), strict=True))
    year_before = float(np.nansum(past.of(f"{metric}_year")))
    overall = float(np.nansum(past.of(metric))) / year_before if year_before else 1.0
    expected = []
    for key, year_ago in zip(now.keys, now.of(f"{metric}_year"), strict=True):
        own = run.get(key, np.nan) / (run_year_ago.get(key, np.nan) or np.nan)
        growth = overall if np.isnan(own) else np.sqrt(max(own, 0.0) * overall)
        expected.append(year_ago * growth)
    return additive_slices(now.keys, now.of(metric), np.array(expected))


def _rate(asking: Asking, metric: str, where: Sequence[str], by: Sequence[str], period: Period) -> list[Slice]:
    """Each cell's part of the change of a rate against the finished periods before."""
    parts = asking.parts(metric)
    if parts is None:
        return []
    before = periods_until(asking, asking.calendar.previous(period), RUN_RATE_PERIODS)
    now = _cells(asking, parts, by, where, period.start, min(period.end, asking.today))
    past = _cells(asking, parts, by, where, before[0].start, before[-1].end)
    keys = tuple(dict.fromkeys(now.keys + past.keys))
    aligned = [
        [dict(zip(cells.keys, cells.of(part), strict=True)).get(key, 0.0) for key in keys]
        for cells in (now, past)
        for part in parts
    ]
    return rate_slices(keys, *(np.array(column, dtype=np.float64) for column in aligned))


class _Cells:
    """A breakdown as columns: one row a cell."""

    def __init__(self, table: pa.Table, by: Sequence[str]) -> None:
        names = [dimension.split(":")[0] for dimension in by]
        ids = [table[f"{name}_id" if f"{name}_id" in table.column_names else name].to_pylist() for name in names]
        labels = [table[name].to_pylist() for name in names]
        self.keys: tuple[tuple[Member, ...], ...] = tuple(
            tuple(Member(dimension, ids[place][row], labels[place][row]) for place, dimension in enumerate(by))
            for row in range(table.num_rows)
        )
        self._table = table

    def of(self, column: str) -> NDArray[np.float64]:
        values: NDArray[np.float64] = self._table[column].cast(pa.float64()).to_numpy()
        return values


def _cells(
    asking: Asking,
    metrics: Sequence[str],
    by: Sequence[str],
    where: Sequence[str],
    start: dt.date,
    end: dt.date,
    *,
    compare: bool = False,
) -> _Cells:
    query = Query(
        metrics=tuple(metrics),
        by=tuple(by),
        start=start,
        end=end,
        where=tuple(where),
        compare=("year",) if compare else (),
    )
    return _Cells(asking.table(query), by)
