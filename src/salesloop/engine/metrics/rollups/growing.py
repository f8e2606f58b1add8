"""Rows that came besides, in the roll-ups that count different subjects: only the subjects of these rows are looked at.

What they count now less what they counted before is what the tables gain.
"""

from __future__ import annotations

from collections.abc import Sequence

import duckdb

from salesloop.engine.metrics.rollups.fact import columns_of
from salesloop.engine.metrics.rollups.folding import fold
from salesloop.engine.metrics.rollups.kept import ALONE, COUNTED, DAY, SCHEMA, SUBJECT, Kept, Unit
from salesloop.engine.metrics.rollups.subjects import Subjects

_MORE = "rollup_more_visits"
_EARLIER = "rollup_earlier_visits"
_THESE = "rollup_these_subjects"


class Growing:
    """The tables about the subjects of one measure. `more` has the rows that came, `rest` all others."""

    def __init__(self, con: duckdb.DuckDBPyConnection, more: Subjects, rest: Subjects) -> None:
        self._con, self._more, self._rest = con, more, rest

    def add_settled(self, kept: Sequence[Kept]) -> list[Kept]:
        """Take the rows into tables of subjects that mostly have one day and one slice."""
        if not kept:
            return []
        every = tuple(dict.fromkeys(name for one in kept for name in one.dimensions))
        self._find_visits(every)
        self._con.execute(f"CREATE OR REPLACE TEMP TABLE {_EARLIER} AS {self._rest.visits_sql(every, of=_THESE)}")
        out = []
        for one in kept:
            dimensions = tuple(one.dimensions)
            columns = ", ".join([*columns_of(dimensions), SUBJECT])
            earlier = f"SELECT DISTINCT {columns} FROM {_EARLIER}"
            self._fold(
                one,
                self._more.settled_sql(dimensions, f"({earlier})"),
                self._more.settled_sql(dimensions, f"({earlier} UNION SELECT {columns} FROM {_MORE})"),
                f"{SUBJECT} IN (SELECT CAST({SUBJECT} AS VARCHAR) FROM {_THESE})",
                [SUBJECT],
            )
            out.append(self._more.kept(one.table, "settled", dimensions))
        return out

    def add_visits(self, visits: Kept, to_date: Sequence[Kept], firsts: Sequence[Kept]) -> list[Kept]:
        """Take the rows into the table of visits and those that are made from it."""
        dimensions, table = tuple(visits.dimensions), f"{SCHEMA}.{visits.table}"
        self._find_visits(dimensions)
        out = [self._add_to_date(one, table) for one in to_date]
        fold(self._con, table, f"FROM {_MORE}", [*columns_of(dimensions), SUBJECT], {})
        out.append(self._more.kept(visits.table, "visits", dimensions))
        out += [self._more.renew_first(one, visits, _THESE) for one in firsts]
        return out

    def _add_to_date(self, kept: Kept, visits: str) -> Kept:
        dimensions, unit = tuple(kept.dimensions), kept.unit
        assert unit is not None  # noqa: S101 - this kind has one
        units = f"SELECT DISTINCT {_unit(unit)}, {{}} FROM {_MORE} WHERE {SUBJECT} IS NOT NULL"
        columns = ", ".join([*columns_of(dimensions), SUBJECT])
        self._con.execute(
            f"CREATE OR REPLACE TEMP TABLE {_EARLIER} AS SELECT {columns} FROM {visits} "
            f"WHERE ({_unit(unit)}, {SUBJECT}) IN ({units.format(SUBJECT)})"
        )
        self._fold(
            kept,
            self._more.to_date_sql(dimensions, unit, _EARLIER),
            self._more.to_date_sql(dimensions, unit, f"(FROM {_EARLIER} UNION ALL SELECT {columns} FROM {_MORE})"),
            f"({_unit(unit)}, {SUBJECT}) IN ({units.format(f'CAST({SUBJECT} AS VARCHAR)')})",
            [SUBJECT, ALONE],
        )
        return self._more.kept(kept.table, "to_date", dimensions, unit)

    def _find_visits(self, dimensions: Sequence[str]) -> None:
        """Temporary tables: the visits of the rows that came, and their subjects."""
        self._con.execute(f"CREATE OR REPLACE TEMP TABLE {_MORE} AS {self._more.visits_sql(dimensions)}")
        self._con.execute(
            f"CREATE OR REPLACE TEMP TABLE {_THESE} AS SELECT DISTINCT {SUBJECT} FROM {_MORE} WHERE {SUBJECT} IS NOT NULL"
        )

    def _fold(self, kept: Kept, before: str, after: str, listed: str, keys: Sequence[str]) -> None:
        """`before` and `after`: what these subjects count; `listed` tells their rows where they stand one by one.

        `keys` tell rows of one day and slice from one another.
        """
        table, columns = f"{SCHEMA}.{kept.table}", columns_of(kept.dimensions)
        self._con.execute(f"DELETE FROM {table} WHERE {SUBJECT} IS NOT NULL AND {listed}")
        less = f"SELECT * REPLACE (-{COUNTED} AS {COUNTED}) FROM ({before}) WHERE {SUBJECT} IS NULL"
        rows = f"FROM ({after}) UNION ALL BY NAME {less}"
        fold(self._con, table, f"SELECT * FROM ({rows})", [*columns, *keys], {COUNTED: "sum"})


def _unit(unit: Unit) -> str:
    return f"date_trunc('{unit}', {DAY})"
