"""Steps of a plan that read a roll-up instead of the rows."""

from __future__ import annotations

from collections.abc import Mapping

from sqlglot import exp

from salesloop.engine.metrics.definition import Measure
from salesloop.engine.metrics.plan import sql
from salesloop.engine.metrics.plan.context import Context
from salesloop.engine.metrics.plan.open import Days
from salesloop.engine.metrics.plan.rows import Rows, SummedRows, together
from salesloop.engine.metrics.rollups.kept import ALONE, COUNTED, SCHEMA, SUBJECT, Kept
from salesloop.engine.metrics.rollups.use import signature_in


def from_rollup(context: Context, kept: Kept, named: Mapping[str, Measure], days: Days, table: str) -> exp.Select:
    """The measures (by the column that they give) over the days that `table` holds."""
    rows = SummedRows(context, kept.entity, kept.table, SCHEMA)
    period = rows.in_days(kept.date, days, table)
    keys = rows.keys(period)
    if kept.kind == "sums":
        columns = {name: kept.columns[signature_in(context, measure)] for name, measure in named.items()}
        counted = list(dict.fromkeys(kept.counted[column] for column in columns.values()))
        if None not in counted:  # only groups in which some measure counts a row
            zero = sql.number(0)
            rows.where(sql.any_of([exp.GT(this=_of(rows, name or ""), expression=zero.copy()) for name in counted]))
        values = [sql.named(together(named[name].aggregate, _of(rows, columns[name])), name) for name in named]
    else:
        if kept.alone:
            rows.where(_once(rows, kept, context))
        values = [sql.named(_different(rows, kept), name) for name in named]
    rows.seen()
    return rows.grouped(*keys, *values)


def _of(rows: Rows, column: str) -> exp.Expr:
    return sql.column(column, rows.entity.name)


def _different(rows: Rows, kept: Kept) -> exp.Expr:
    """Those that stand in one place as a number, the others one by one."""
    subject = sql.count_different(_of(rows, SUBJECT))
    if kept.kind in ("visits", "first"):
        return subject
    counted = exp.Sum(this=_of(rows, COUNTED))
    return exp.Add(this=counted, expression=subject) if kept.listed else counted


def _once(rows: Rows, kept: Kept, context: Context) -> exp.Expr:
    """Subjects that are alone along what is asked as numbers, all others that are listed one by one."""
    asked = _asked(kept, context)
    values = [0, *(-bits if bits & asked else bits for bits in kept.alone)]
    return exp.In(this=_of(rows, ALONE), expressions=[sql.number(value) for value in values])


def _asked(kept: Kept, context: Context) -> int:
    """The bits of the dimensions of which every value is a group of its own: nodes of a tree may have several below them."""
    registry = context.registry
    by = {item.dimension for item in context.by}
    apart = {name for name in by if registry.dimension(name).tree is None or name in context.flat}
    return sum(1 << place for place, name in enumerate(kept.dimensions) if name in apart)
