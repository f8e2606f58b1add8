"""Roll-ups of sums, counts and extremes: one row for each day and slice."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import duckdb
from sqlglot import exp

from salesloop.engine.metrics.definition import Measure
from salesloop.engine.metrics.plan import sql
from salesloop.engine.metrics.rollups import specs
from salesloop.engine.metrics.rollups.fact import DAYS, Fact, columns_of
from salesloop.engine.metrics.rollups.folding import fold
from salesloop.engine.metrics.rollups.kept import COUNTED, DAY, SCHEMA, Kept

EXACT = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "DECIMAL", "DATE", "TIMESTAMP")


class Sums:
    """The columns that roll-ups of one fact have, whatever their dimensions."""

    def __init__(self, con: duckdb.DuckDBPyConnection, fact: Fact, measures: Iterable[Measure]) -> None:
        self._con, self._fact = con, fact
        self.measures: dict[str, Measure] = {}
        for measure in measures:
            self.measures.setdefault(fact.signature(measure), measure)
        self.conditions: dict[str, str] = {}
        for measure in self.measures.values():
            if measure.filter is not None:
                self.conditions.setdefault(measure.filter, f"{COUNTED}_{len(self.conditions) + 1}")
        self._leave_out_floats()

    def _leave_out_floats(self) -> None:
        """A sum of float64 depends on the order of its parts, so that it would not be the identical one."""
        described = self._con.execute(f"DESCRIBE {self._text(())}").fetchall()
        exact = {name for name, kind, *_ in described if kind.split("(")[0] in EXACT}
        self.measures = {
            s: m for s, m in self.measures.items() if m.metric in exact or m.aggregate in ("minimum", "maximum")
        }

    def create(self, table: str, dimensions: Sequence[str]) -> Kept:
        """The whole table."""
        text = self._text(dimensions)
        self._con.execute(f"CREATE OR REPLACE TABLE {SCHEMA}.{table} AS {text} ORDER BY {DAY}")
        return self._kept(table, dimensions)

    def create_from(self, table: str, dimensions: Sequence[str], wider: Kept) -> Kept:
        """The whole table, from one that has more dimensions."""
        self._con.execute(
            f"CREATE OR REPLACE TABLE {SCHEMA}.{table} AS {self._narrowed(dimensions, wider)} ORDER BY {DAY}"
        )
        return self._kept(table, dimensions)

    def refresh(self, kept: Kept) -> Kept:
        """The days of the table of days."""
        self._con.execute(f"DELETE FROM {SCHEMA}.{kept.table} WHERE {DAY} IN (SELECT day FROM {DAYS})")
        text = self._text(tuple(kept.dimensions), days=DAYS)
        self._con.execute(f"INSERT INTO {SCHEMA}.{kept.table} BY NAME {text}")
        return self._kept(kept.table, tuple(kept.dimensions))

    def add(self, kept: Kept) -> Kept:
        """Take in the rows of the fact, which none of the table is made of."""
        dimensions = tuple(kept.dimensions)
        fold(self._con, f"{SCHEMA}.{kept.table}", self._text(dimensions), columns_of(dimensions), self._together())
        return self._kept(kept.table, dimensions)

    def _together(self) -> dict[str, str]:
        """Column → how two of its values become one."""
        of = {"sum": "sum", "count": "sum", "minimum": "min", "maximum": "max"}
        measures = {m.metric: of[m.aggregate] for m in self.measures.values()}
        return measures | dict.fromkeys(self.conditions.values(), "sum")

    def _narrowed(self, dimensions: Sequence[str], wider: Kept) -> str:
        columns = columns_of(dimensions)
        sums = [f"{together}({column}) AS {column}" for column, together in self._together().items()]
        return f"SELECT {', '.join([*columns, *sums])} FROM {SCHEMA}.{wider.table} GROUP BY {', '.join(columns)}"

    def _text(self, dimensions: Sequence[str], days: str | None = None) -> str:
        rows = self._fact.rows()
        columns = self._fact.slices(rows, dimensions)
        for measure in self.measures.values():
            counted, value = specs.condition(measure, rows), specs.value(measure, rows)
            if counted is not None:
                value = sql.case(counted, value or sql.number(1))
            columns.append(sql.named(_aggregated(measure, value), measure.metric))
        for text, name in self.conditions.items():
            columns.append(sql.named(exp.Count(this=sql.case(rows.sql(text), sql.number(1))), name))
        grouped = ", ".join(str(place + 1) for place in range(len(dimensions) + 1))
        return f"{self._fact.text(rows, columns, days=days)} GROUP BY {grouped}"

    def _kept(self, table: str, dimensions: Sequence[str]) -> Kept:
        ((rows,),) = self._con.execute(f"SELECT count(*) FROM {SCHEMA}.{table}").fetchall()
        return Kept(
            table,
            *self._fact.key,
            "sums",
            None,
            {name: self._fact.dimensions[name] for name in dimensions},
            {signature: measure.metric for signature, measure in self.measures.items()},
            {
                measure.metric: None if measure.filter is None else self.conditions[measure.filter]
                for measure in self.measures.values()
            },
            rows,
        )


def _aggregated(measure: Measure, value: exp.Expr | None) -> exp.Expr:
    match measure.aggregate:
        case "sum":
            return exp.Sum(this=value)
        case "minimum":
            return exp.Min(this=value)
        case "maximum":
            return exp.Max(this=value)
    return sql.count_rows() if value is None else exp.Count(this=value)
