"""One fact by one of its dates: the SQL that reads its rows for roll-ups."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from sqlglot import exp, parse_one

from salesloop.engine.metrics.definition import Measure
from salesloop.engine.metrics.plan import sql
from salesloop.engine.metrics.plan.context import Context
from salesloop.engine.metrics.plan.rows import Rows
from salesloop.engine.metrics.registry import Registry
from salesloop.engine.metrics.rollups import specs
from salesloop.engine.metrics.rollups.kept import DAY

DAYS = "rollup_days"
"""The temporary table (day DATE) of the days that are summed up again."""


@dataclass(frozen=True)
class Fact:
    """The rows of an entity that have a date, and the measures that can be kept of them.

    `part` is SQL over the entity's own columns: the rows that are read, where not all are.
    """

    context: Context
    entity: str
    date: str
    measures: tuple[Measure, ...]
    part: str | None = None

    def only(self, part: str | None) -> Fact:
        """The fact as if it had no other rows; None: with all of them."""
        return replace(self, part=part)

    @property
    def registry(self) -> Registry:
        return self.context.registry

    @property
    def name(self) -> str:
        return f"{self.entity}_by_{self.date}"

    @property
    def key(self) -> tuple[str, str]:
        return self.entity, self.date

    @cached_property
    def dimensions(self) -> Mapping[str, tuple[str, ...]]:
        """Every dimension by which the fact can be sliced, with its paths."""
        found = {d.dimension: self.registry.paths(d, self.entity) for d in self.registry.dimensions.values()}
        return {name: paths for name, paths in found.items() if paths}

    def signature(self, measure: Measure) -> str:
        foreign = self.entity in self.context.foreign
        return specs.signature(measure, self.registry, foreign=foreign, parameters=self.context.parameters)

    def rows(self) -> Rows:
        return Rows(self.context, self.entity)

    def slices(self, rows: Rows, dimensions: Iterable[str]) -> list[exp.Expr]:
        """The day and the dimensions' values, as columns."""
        out: list[exp.Expr] = [sql.named(rows.date(self.date), DAY)]
        for name in dimensions:
            found = sql.first_known(rows.value(self.registry.dimension(name)))
            out.append(sql.named(found, column_of(name)))
        return out

    def text(self, rows: Rows, columns: list[exp.Expr], *, days: str | None = None) -> str:
        """SELECT columns of the rows with a date; `days` names a table of the days to stay with."""
        date = rows.date(self.date)
        rows.where(sql.is_known(date.copy()))
        if self.part is not None:
            rows.where(exp.Paren(this=parse_one(self.part, dialect=specs.DIALECT)))
        if days is not None:
            for bound, extreme in ((exp.GTE, exp.Min), (exp.LTE, exp.Max)):  # so that whole blocks are skipped
                edge = sql.select([extreme(this=sql.column(DAY))], days).subquery(copy=False)
                rows.where(bound(this=date.copy(), expression=edge))
            these = sql.select([sql.column(DAY)], days).subquery(copy=False)
            rows.where(exp.In(this=date.copy(), query=these))
        return rows.select(*columns).sql(dialect=specs.DIALECT)


def column_of(dimension: str) -> str:
    """The column of a dimension. Owners have their own names, by which scopes look for them."""
    return f"{dimension}_id"


def columns_of(dimensions: Iterable[str]) -> list[str]:
    """Day and dimensions, quoted."""
    return [DAY, *(f'"{column_of(name)}"' for name in dimensions)]
