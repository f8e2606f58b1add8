"""Roll-ups that count different subjects: orders, customers. Never a sum of parts that could hold the same one twice."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import duckdb
from sqlglot import exp

from salesloop.engine.metrics.definition import Measure
from salesloop.engine.metrics.plan import sql
from salesloop.engine.metrics.rollups import specs
from salesloop.engine.metrics.rollups.fact import DAYS, Fact, columns_of
from salesloop.engine.metrics.rollups.kept import ALONE, COUNTED, DAY, SCHEMA, SUBJECT, Kept, Kind, Unit

_CELLS: Final = "rollup_cells"
_OFTEN: Final = "rollup_often"
_TOUCHED: Final = "rollup_touched"
_SETTLED_DAYS: Final = "rollup_settled_days"


class Subjects:
    """The tables about the subjects of one measure (and of every other that reads equal)."""

    def __init__(self, con: duckdb.DuckDBPyConnection, fact: Fact, measure: Measure) -> None:
        self._con, self._fact, self._measure = con, fact, measure

    # -- the whole ---------------------------------------------------------------------------------------------

    def share_of_settled(self) -> float:
        """The share of subjects that have all their rows on one day."""
        ((once, all_of_them),) = self._con.execute(
            f"SELECT count(*) FILTER (first = last), count(*) FROM (SELECT min({DAY}) AS first, max({DAY}) AS last "
            f"FROM ({self.rows_sql(())}) WHERE {SUBJECT} IS NOT NULL GROUP BY {SUBJECT})"
        ).fetchall()
        return once / all_of_them if all_of_them else 1.0

    def create_visits(self, table: str, dimensions: Sequence[str]) -> Kept:
        self._con.execute(f"CREATE OR REPLACE TABLE {SCHEMA}.{table} AS {self.visits_sql(dimensions)} ORDER BY {DAY}")
        return self.kept(table, "visits", dimensions)

    def create_settled(self, table: str, dimensions: Sequence[str]) -> Kept:
        self._find_cells(self.visits_sql(dimensions))
        self._con.execute(f"CREATE OR REPLACE TABLE {SCHEMA}.{table} AS {self._counted(dimensions)} ORDER BY {DAY}")
        return self.kept(table, "settled", dimensions)

    def create_to_date(self, table: str, dimensions: Sequence[str], unit: Unit, visits: Kept) -> Kept:
        """From the table of visits."""
        text = self.to_date_sql(dimensions, unit, f"{SCHEMA}.{visits.table}")
        self._con.execute(f"CREATE OR REPLACE TABLE {SCHEMA}.{table} AS {text} ORDER BY {ALONE}, {DAY}")
        return self.kept(table, "to_date", dimensions, unit)

    def create_first(self, table: str, visits: Kept, signature: str) -> Kept:
        """From the table of visits: each subject's first day, in its slices."""
        text = _firsts(f"{SCHEMA}.{visits.table}")
        self._con.execute(f"CREATE OR REPLACE TABLE {SCHEMA}.{table} AS {text} ORDER BY v.{DAY}")
        return self.kept(table, "first", tuple(visits.dimensions), signature=signature)

    def renew_first(self, kept: Kept, visits: Kept, subjects: str) -> Kept:
        """As `create_first`, for the subjects in a table."""
        these = f"{SUBJECT} IN (FROM {subjects})"
        self._con.execute(f"DELETE FROM {SCHEMA}.{kept.table} WHERE {these}")
        text = _firsts(f"(FROM {SCHEMA}.{visits.table} WHERE {these})")
        self._con.execute(f"INSERT INTO {SCHEMA}.{kept.table} BY NAME {text}")
        return self.kept(kept.table, "first", tuple(kept.dimensions), signature=next(iter(kept.columns)))

    # -- changed days ------------------------------------------------------------------------------------------

    def refresh_visits(self, kept: Kept) -> Kept:
        dimensions = tuple(kept.dimensions)
        self._con.execute(f"DELETE FROM {SCHEMA}.{kept.table} WHERE {DAY} IN (SELECT day FROM {DAYS})")
        self._con.execute(f"INSERT INTO {SCHEMA}.{kept.table} BY NAME {self.visits_sql(dimensions, days=DAYS)}")
        return self.kept(kept.table, "visits", dimensions)

    def refresh_to_date(self, kept: Kept, visits: Kept) -> Kept:
        """The units in which a day of the table of days lies."""
        dimensions, unit = tuple(kept.dimensions), kept.unit
        assert unit is not None  # noqa: S101 - this kind has one
        touched = f"date_trunc('{unit}', {DAY}) IN (SELECT date_trunc('{unit}', day) FROM {DAYS})"
        source = f"(FROM {SCHEMA}.{visits.table} WHERE {touched})"
        self._con.execute(f"DELETE FROM {SCHEMA}.{kept.table} WHERE {touched}")
        self._con.execute(f"INSERT INTO {SCHEMA}.{kept.table} BY NAME {self.to_date_sql(dimensions, unit, source)}")
        return self.kept(kept.table, "to_date", dimensions, unit)

    def refresh_settled(self, kept: Kept) -> Kept:
        """The days of the table of days, and those on which a subject stood alone that also has a changed day now."""
        dimensions = tuple(kept.dimensions)
        self._con.execute(f"CREATE OR REPLACE TEMP TABLE {_SETTLED_DAYS} AS FROM {DAYS}")
        while True:
            there = self.visits_sql((), days=_SETTLED_DAYS)
            self._con.execute(f"CREATE OR REPLACE TEMP TABLE {_TOUCHED} AS SELECT DISTINCT {SUBJECT} FROM ({there})")
            nobody = f"FROM ({self.visits_sql(dimensions, days=_SETTLED_DAYS)}) WHERE {SUBJECT} IS NULL"
            self._find_cells(f"{self.visits_sql(dimensions, of=_TOUCHED)} UNION ALL {nobody}")
            self._con.execute(
                f"CREATE OR REPLACE TEMP TABLE rollup_more_days AS SELECT DISTINCT c.{DAY} FROM {_CELLS} c "
                f"SEMI JOIN {_OFTEN} USING ({SUBJECT}) ANTI JOIN {_SETTLED_DAYS} USING ({DAY}) "
                f"ANTI JOIN (FROM {SCHEMA}.{kept.table} WHERE {SUBJECT} IS NOT NULL) USING ({SUBJECT}, {DAY})"
            )
            ((more,),) = self._con.execute("SELECT count(*) FROM rollup_more_days").fetchall()
            if not more:
                break
            self._con.execute(f"INSERT INTO {_SETTLED_DAYS} FROM rollup_more_days")
        changed = f"{DAY} IN (SELECT day FROM {_SETTLED_DAYS})"
        self._con.execute(f"DELETE FROM {SCHEMA}.{kept.table} WHERE {changed}")
        self._con.execute(
            f"INSERT INTO {SCHEMA}.{kept.table} BY NAME FROM ({self._counted(dimensions)}) WHERE {changed}"
        )
        return self.kept(kept.table, "settled", dimensions)

    # -- SQL ---------------------------------------------------------------------------------------------------

    def visits_sql(self, dimensions: Sequence[str], *, days: str | None = None, of: str | None = None) -> str:
        """Every subject once for each day and slice; NULL where a counted row has none, because the slice is there."""
        return f"SELECT DISTINCT * FROM ({self.rows_sql(dimensions, days=days, of=of)})"

    def rows_sql(self, dimensions: Sequence[str], *, days: str | None = None, of: str | None = None) -> str:
        """Day, slice and subject of every counted row.

        `days` names a table of days, `of` a table of subjects to stay with.
        """
        rows = self._fact.rows()
        subject, counted = specs.value(self._measure, rows), specs.condition(self._measure, rows)
        assert subject is not None  # noqa: S101 - a number of different ones has an expression
        columns = [*self._fact.slices(rows, dimensions), sql.named(subject, SUBJECT)]
        rows.where(counted)
        if of is not None:
            these = sql.select([sql.column(SUBJECT)], of).subquery(copy=False)
            rows.where(exp.In(this=subject.copy(), query=these))
        return self._fact.text(rows, columns, days=days)

    def _find_cells(self, text: str) -> None:
        """Temporary tables: the cells of every subject, and the subjects that have several."""
        self._con.execute(f"CREATE OR REPLACE TEMP TABLE {_CELLS} AS {text}")
        self._con.execute(f"CREATE OR REPLACE TEMP TABLE {_OFTEN} AS {_with_several(_CELLS)}")

    def settled_sql(self, dimensions: Sequence[str], cells: str) -> str:
        """Subjects with one cell as a number, the others in each of theirs. `cells`: every subject once in each."""
        return f"WITH cell AS MATERIALIZED (FROM {cells}), often AS ({_with_several('cell')}) " + _apart(
            "cell", "often", SUBJECT, columns_of(dimensions)
        )

    def _counted(self, dimensions: Sequence[str]) -> str:
        return _apart(_CELLS, _OFTEN, SUBJECT, columns_of(dimensions))

    def to_date_sql(self, dimensions: Sequence[str], unit: Unit, source: str) -> str:
        """By the first day within the unit; subjects with several slices within it are listed in each.

        A subject that is alone along a dimension (its slices within the unit are all different there) need not be looked at
        where somebody asks by that dimension: each of its rows is then in a group of its own. So it stands there twice: one by
        one, and among the numbers of those that are alone along the same dimensions, with their bits less than 0.
        """
        slices = [name for name in columns_of(dimensions) if name != DAY]
        first = ", ".join([f"date_trunc('{unit}', {DAY}) AS unit", *slices, SUBJECT])
        grouped = ", ".join(str(place + 1) for place in range(len(slices) + 2))
        listed, several = ", ".join([DAY, *slices]), f"FROM cell JOIN often USING (unit, {SUBJECT})"
        return (
            f"WITH cell AS MATERIALIZED (SELECT {first}, min({DAY}) AS {DAY} FROM {source} GROUP BY {grouped}), "
            f"often AS ({_with_several('cell', f'unit, {SUBJECT}', f', {_alone(slices)} AS {ALONE}')}) "
            f"{_apart('cell', 'often', f'unit, {SUBJECT}', [DAY, *slices], ALONE)} UNION ALL "
            f"SELECT {listed}, NULL, count(*), -{ALONE} {several} WHERE {ALONE} > 0 GROUP BY {listed}, {ALONE}"
        )

    def kept(
        self, table: str, kind: Kind, dimensions: Sequence[str], unit: Unit | None = None, signature: str | None = None
    ) -> Kept:
        there = f"{SCHEMA}.{table}"
        ((rows, listed),) = self._con.execute(f"SELECT count(*), count({SUBJECT}) FROM {there}").fetchall()
        bits = self._con.execute(f"SELECT DISTINCT {ALONE} FROM {there} WHERE {ALONE} > 0").fetchall() if unit else []
        said = signature or self._fact.signature(self._measure)
        paths = {name: self._fact.dimensions[name] for name in dimensions}
        alone = tuple(sorted(one for (one,) in bits))
        return Kept(table, *self._fact.key, kind, unit, paths, {said: SUBJECT}, {}, rows, listed > 0, alone)


def _alone(slices: Sequence[str]) -> str:
    """A bit for each of the slices: whether a subject's cells are all different there."""
    bits = [
        f"CASE WHEN count(DISTINCT {name}) = count(*) THEN {1 << place} ELSE 0 END" for place, name in enumerate(slices)
    ]
    return " + ".join(bits) or "0"


def _with_several(cells: str, subject: str = SUBJECT, more: str = "") -> str:
    """The subjects that have several cells; `more` is said of each."""
    return f"SELECT {subject}{more} FROM {cells} WHERE {SUBJECT} IS NOT NULL GROUP BY {subject} HAVING count(*) > 1"


def _apart(cells: str, often: str, subject: str, columns: Sequence[str], said: str | None = None) -> str:
    """Cells with the number of subjects that have no other, and one by one the subjects that have several; `said` is a
    column of `often` that the latter have besides, 0 for the others."""
    listed = ", ".join(columns)
    nothing, more = ("", "") if said is None else (f", 0 AS {said}", f", {said}")
    return (
        f"SELECT {listed}, CAST(NULL AS VARCHAR) AS {SUBJECT}, count({SUBJECT}) AS {COUNTED}{nothing} "
        f"FROM {cells} ANTI JOIN {often} USING ({subject}) GROUP BY {listed} "
        f"UNION ALL SELECT {listed}, CAST({SUBJECT} AS VARCHAR), 0{more} FROM {cells} JOIN {often} USING ({subject})"
    )


def _firsts(visits: str) -> str:
    return (
        f"SELECT v.*, 0 AS {COUNTED} FROM {visits} v "
        f"JOIN (SELECT {SUBJECT}, min({DAY}) AS {DAY} FROM {visits} GROUP BY {SUBJECT}) f "
        f"ON f.{SUBJECT} = v.{SUBJECT} AND f.{DAY} = v.{DAY}"
    )
