"""The rows of one entity, joined with what they refer to, cut to a scope, to filters and to days."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from functools import partial

from sqlglot import exp

from salesloop.engine.metrics import expression, reach
from salesloop.engine.metrics.definition import Aggregate
from salesloop.engine.metrics.dimension import Dimension
from salesloop.engine.metrics.filters import Resolved
from salesloop.engine.metrics.plan import sql
from salesloop.engine.metrics.plan.context import PERIOD, TOTAL, Context
from salesloop.engine.metrics.plan.open import Days
from salesloop.engine.metrics.query import By
from salesloop.engine.metrics.rollups.kept import DAY
from salesloop.engine.metrics.visibility import visible
from salesloop.engine.metrics.windows import day_table
from salesloop.engine.model.entity import Entity


class Rows:
    """Builds FROM and WHERE of one step. Joins are many-to-one and added when a column is asked for."""

    def __init__(self, context: Context, entity: str) -> None:
        self.context = context
        self.entity: Entity = context.registry.model.entity(entity)
        self._joins: dict[str, exp.Join] = {}
        self._conditions: list[exp.Expr] = []

    @property
    def joins(self) -> Mapping[str, exp.Join]:
        """The joins that the columns asked for so far need, by alias."""
        return self._joins

    # -- columns -------------------------------------------------------------------------------------------------

    def column(self, path: str) -> exp.Expr:
        """A field of the row, or of what it refers to (`customer.region_id`)."""
        alias, here = self.entity.name, self.entity
        *steps, last = path.split(".")
        for step in steps:
            reference = reach.reference(here, step) or f"{step}_id"
            target = self.context.registry.model.entity(step)
            name = step if alias == self.entity.name else f"{alias}_{step}"
            if name not in self._joins:
                same = sql.equal(sql.column(target.key[0], name), sql.column(reference, alias))
                self._joins[name] = exp.Join(this=sql.table(target.name, name), side="LEFT", on=same)
            alias, here = name, target
        return sql.column(last, alias)

    def sql(self, text: str) -> exp.Expr:
        """An expression of a definition over these rows."""
        tree = expression.substituted(expression.parse(text), self.column, self._parameter)
        return expression.safe_divisions(self._wide_products(tree))

    def _wide_products(self, tree: exp.Expr) -> exp.Expr:
        """Products of decimals with room for their digits."""
        root = exp.Paren(this=tree)
        for product in reversed(list(root.find_all(exp.Mul, bfs=True))):
            if any(self._is_decimal(column) for column in product.this.find_all(exp.Column)):
                product.set("this", sql.wide(product.this))
        return root.this

    def _is_decimal(self, column: exp.Column) -> bool:
        table = column.table if column.table == self.entity.name else self._joins[column.table].this.name
        holder = self.context.registry.model.entity(table)
        return holder.has(column.name) and holder.field(column.name).warehouse_type.startswith("DECIMAL")

    def _parameter(self, name: str) -> exp.Expr:
        return sql.number(self.context.parameters[name])

    def date(self, field: str) -> exp.Expr:
        """A date field as a DATE, whatever its type."""
        column = sql.column(field, self.entity.name)
        return column if self.entity.by_name[field].type == "date" else sql.cast(column, "DATE")

    # -- dimensions ----------------------------------------------------------------------------------------------

    def value(self, dimension: Dimension) -> list[exp.Expr]:
        """The ids that a row may have in a dimension; the first that is not empty counts."""
        paths = self.context.registry.paths(dimension, self.entity.name)
        if (self.entity.name, paths[0]) in self.context.filled:
            paths = paths[:1]  # nothing need stand in for it, so what could is not joined
        return [self._text(path) for path in paths]

    def _text(self, path: str) -> exp.Expr:
        *steps, last = path.split(".")
        holder = self.context.registry.model.entity(steps[-1]) if steps else self.entity
        textual = not holder.has(last) or holder.field(last).warehouse_type == "VARCHAR"
        return self.column(path) if textual else sql.cast(self.column(path), "VARCHAR")

    def group(self, item: By) -> exp.Expr:
        """The id under which a row is grouped, '' where it has none."""
        dimension = self.context.registry.dimension(item.dimension)
        levels: list[exp.Expr] = []
        if dimension.tree is not None and item.level is not None:
            tree = self._tree(dimension)
            # A row booked above the level stays under its own node, so that groups add up to the whole.
            levels = [sql.column(f"l{level}_id", tree) for level in range(item.level, 0, -1)]
        return sql.first_known([*levels, *self.value(dimension), exp.Literal.string("")])

    def _tree(self, dimension: Dimension) -> str:
        name = f"{dimension.dimension}_tree"
        if name not in self._joins:
            same = sql.equal(sql.column("id", name), sql.first_known(self.value(dimension)))
            self._joins[name] = exp.Join(this=sql.table(dimension.tree or "", name), side="LEFT", on=same)
        return name

    # -- conditions ----------------------------------------------------------------------------------------------

    def where(self, condition: exp.Expr | None) -> None:
        if condition is not None:
            self._conditions.append(condition)

    def seen(self) -> None:
        """Keep only rows that the scope shows and the filters let through."""
        self.where(visible(self.entity, self.entity.name, self.context.scope))
        for item in self.context.filters:
            self.where(self._filter(item))

    def _filter(self, item: Resolved) -> exp.Expr:
        parts: list[exp.Expr] = []
        if item.nodes:
            tree = self._tree(item.dimension)
            parts += [sql.one_of(sql.column(f"l{level}_id", tree), ids) for level, ids in item.nodes]
        if item.plain:
            parts.append(sql.one_of(sql.first_known(self.value(item.dimension)), item.plain))
        if item.null:
            parts.append(sql.is_null(sql.first_known(self.value(item.dimension))))
        if not parts:
            return exp.Boolean(this=item.negated)
        either = sql.any_of(parts)
        return exp.Not(this=sql.first_known([either, exp.false()])) if item.negated else either

    def in_days(self, field: str, days: Days, name: str) -> exp.Expr | None:
        """Keep only rows whose date is in the windows; the period column where the question has a grain."""
        self.between(field, days)
        # With a grain the range above only lets the engine skip blocks; the small table of days decides.
        return self.period(field, days, name) if self.context.grained else None

    def period(self, field: str, days: Days, name: str) -> exp.Expr:
        """The period into which a row's date falls; other rows are left out."""
        self.context.table(name, lambda context: day_table(context.of(days)))
        same = sql.equal(sql.column("day", name), self.date(field))
        self._joins = {name: exp.Join(this=sql.table(name), on=same)} | self._joins
        return sql.column(PERIOD, name)

    def between(self, field: str, days: Days) -> None:
        """Keep only rows from the first to the last of the days."""
        if not self.context.turn(lambda context: context.span(days) is not None):
            self.where(exp.false())
            return
        low, high = (self.context.day(partial(_edge, days, place)) for place in (0, 1))
        self.where(exp.Between(this=self.date(field), low=low, high=high))

    # -- the step ------------------------------------------------------------------------------------------------

    def values(self) -> list[exp.Alias]:
        """The slices as the rows state them, named: ids, before trees say under which node they count."""
        by = [(self.context.registry.dimension(item.dimension), f"{item.dimension}_id") for item in self.context.by]
        return [sql.named(sql.first_known(self.value(dimension)), name) for dimension, name in by]

    def keys(self, period: exp.Expr | None) -> list[exp.Alias]:
        """The key columns, named."""
        out = [] if period is None else [sql.named(period, PERIOD)]
        out += [sql.named(self.group(item), f"{item.dimension}_id") for item in self.context.by]
        return out or [sql.named(sql.number(1), TOTAL)]

    def origin(self) -> exp.Expr:
        """The table of the rows."""
        return sql.table(self.entity.name)

    def select(self, *columns: exp.Expr) -> exp.Select:
        query = sql.select(columns, self.origin())
        for join in self._joins.values():
            query.append("joins", join)
        return sql.where(query, self._conditions)

    def grouped(self, *columns: exp.Expr) -> exp.Select:
        """The step with one row per key; none where no row is left."""
        return grouped_by(self.select(*columns), self.context.keys)


class SummedRows(Rows):
    """Rows that are summed up already, by a column `day` and one for each dimension; sliced, cut and joined as those of
    their entity."""

    def __init__(self, context: Context, entity: str, table: str, schema: str | None = None) -> None:
        super().__init__(context, entity)
        self._table, self._schema = table, schema

    def value(self, dimension: Dimension) -> list[exp.Expr]:
        return [sql.column(f"{dimension.dimension}_id", self.entity.name)]

    def date(self, field: str) -> exp.Expr:  # noqa: ARG002 - they have one date
        return sql.column(DAY, self.entity.name)

    def origin(self) -> exp.Expr:
        return sql.table(self._table, self.entity.name, self._schema)


def together(kind: Aggregate, column: exp.Expr) -> exp.Expr:
    """Parts of a sum, a count or an extreme as a whole."""
    match kind:
        case "minimum":
            return exp.Min(this=column)
        case "maximum":
            return exp.Max(this=column)
    return exp.Sum(this=column)


def carried(keys: tuple[str, ...]) -> list[exp.Expr]:
    """The key columns of a step that reads another step."""
    return [sql.named(sql.number(1), TOTAL)] if keys == (TOTAL,) else [sql.column(key) for key in keys]


def grouped_by(query: exp.Select, keys: tuple[str, ...]) -> exp.Select:
    """One row per key, the first columns of the query; without slices one row, and none where nothing is left."""
    if keys == (TOTAL,):
        return sql.having(query, exp.GT(this=sql.count_rows(), expression=sql.number(0)))
    return sql.group(query, len(keys))


def _edge(days: Days, place: int, context: Context) -> dt.date:
    span = context.span(days)
    assert span is not None  # noqa: S101 - a plan for days that there are is asked for such
    return span[place]
