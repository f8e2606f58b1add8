"""By which dimensions a fact is summed up: as many as keep the result small, measured on a sample of whole days."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

import duckdb

from salesloop.engine.metrics.definition import Measure
from salesloop.engine.metrics.plan import sql
from salesloop.engine.metrics.rollups import specs
from salesloop.engine.metrics.rollups.fact import DAYS, Fact, columns_of

SAMPLE: Final = "rollup_sample"
SAMPLED_DAYS: Final = 16
SETS: Final = 4
MOST_VALUES: Final = 2_000
SMALLER: Final = 20
"""A roll-up has at most one row for so many rows of the fact …"""
ALWAYS: Final = 50_000
"""… or so many rows: with fewer, size does not matter."""
SPREAD: Final = 1.25
"""A dimension belongs to a subject where slicing by it makes at most so many rows of one."""


class Sample:
    """All rows of some days, with every dimension and the subjects of some measures. Dropped at the end."""

    def __init__(self, con: duckdb.DuckDBPyConnection, fact: Fact, subjects: Sequence[Measure]) -> None:
        self._con = con
        rows = fact.rows()
        columns = fact.slices(rows, fact.dimensions)
        for place, measure in enumerate(subjects):
            subject, counted = specs.value(measure, rows), specs.condition(measure, rows)
            assert subject is not None  # noqa: S101 - a number of different ones has an expression
            columns.append(sql.named(subject if counted is None else sql.case(counted, subject), f"subject_{place}"))
        days = fact.rows()
        every = fact.text(days, [sql.named(days.date(fact.date), "day")])
        con.execute(f"CREATE OR REPLACE TEMP TABLE rollup_all_days AS SELECT DISTINCT day FROM ({every}) ORDER BY day")
        ((self.days,),) = con.execute("SELECT count(*) FROM rollup_all_days").fetchall()
        step = max(1, self.days // SAMPLED_DAYS)
        con.execute(f"CREATE OR REPLACE TEMP TABLE {DAYS} AS SELECT day FROM rollup_all_days WHERE rowid % {step} = 0")
        ((self.sampled,),) = con.execute(f"SELECT count(*) FROM {DAYS}").fetchall()
        con.execute(f"CREATE OR REPLACE TEMP TABLE {SAMPLE} AS {fact.text(rows, columns, days=DAYS)}")
        con.execute("DROP TABLE rollup_all_days")

    def drop(self) -> None:
        self._con.execute(f"DROP TABLE {SAMPLE}")

    def values(self, dimensions: Sequence[str]) -> dict[str, int]:
        """How many values each dimension has."""
        if not dimensions:
            return {}
        _, *columns = columns_of(dimensions)
        counted = ", ".join(f"count(DISTINCT {column})" for column in columns)
        (found,) = self._con.execute(f"SELECT {counted} FROM {SAMPLE}").fetchall()
        return dict(zip(dimensions, found, strict=True))

    def cells(self, dimensions: Sequence[str], subject: int | None = None, *, each: bool = False) -> int:
        """How many rows a roll-up by day and these dimensions has; of a subject's rows, and with `each` one for each."""
        columns = columns_of(dimensions) + ([f"subject_{subject}"] if each else [])
        kept = "" if subject is None else f"WHERE subject_{subject} IS NOT NULL"
        found = self._one(f"SELECT count(*) FROM (SELECT DISTINCT {', '.join(columns)} FROM {SAMPLE} {kept})")
        return found * self.days // max(1, self.sampled)

    def _one(self, text: str) -> int:
        ((found,),) = self._con.execute(text).fetchall()
        return int(found)


def candidates(sample: Sample, dimensions: Sequence[str]) -> list[str]:
    """The dimensions with some values, but not so many that a slice is a few rows; those with few values first."""
    values = sample.values(dimensions)
    return sorted(
        (name for name in dimensions if 0 < values[name] <= MOST_VALUES), key=lambda name: (values[name], name)
    )


def covering(of: Sequence[str], size: Callable[[Sequence[str]], int], limit: int) -> list[tuple[str, ...]]:
    """Sets of dimensions, each as many as stay under the limit, until every dimension that can be is in one."""
    if of and size(of) <= limit:
        return [tuple(of)]
    sets: list[tuple[str, ...]] = []
    left = list(of)
    while left and len(sets) < SETS:
        chosen: list[str] = []
        for name in (*left, *(other for other in of if other not in left)):
            if size([*chosen, name]) <= limit:
                chosen.append(name)
        fresh = set(chosen) & set(left)
        if not fresh:
            break
        left = [name for name in left if name not in fresh]
        sets.append(tuple(chosen))
    return sets


def belonging(sample: Sample, candidates: Sequence[str], subject: int) -> tuple[str, ...]:
    """The dimensions that hardly ever tell a subject's rows of one day apart: an order's channel, not its products."""
    most = sample.cells((), subject, each=True) * SPREAD
    if sample.cells(candidates, subject, each=True) <= most:
        return tuple(candidates)
    chosen: list[str] = []
    for name in candidates:
        if sample.cells([*chosen, name], subject, each=True) <= most:
            chosen.append(name)
    return tuple(chosen)
