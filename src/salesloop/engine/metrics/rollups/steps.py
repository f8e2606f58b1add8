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
        values = [sql.named(_different(rows, kept, context), name) for name in named]
    rows.seen()
    return rows.grouped(*keys, *values)


def _of(rows: Rows, column: str) -> exp.Expr:
    return sql.column(column, rows.entity.name)


def _different(rows: Rows, kept: Kept, context: Context) -> exp.Expr:
    """Those that stand in one place as a number, the others one by one, unless they are alone where they stand."""
    subject = _of(rows, SUBJECT)
    if kept.kind in ("visits", "first"):
        return sql.count_different(subject)
    counted: exp.Expr = exp.Sum(this=_of(rows, COUNTED))
    if not kept.listed:
        return counted
    asked = _asked(kept, context) if kept.kind == "to_date" else 0
    if asked:
        along = exp.Paren(this=exp.BitwiseAnd(this=_of(rows, ALONE), expression=sql.number(asked)))
        alone = sql.case(exp.NEQ(this=along, expression=sql.number(0)), subject.copy())
        counted = exp.Add(this=counted, expression=exp.Count(this=alone))
        subject = sql.case(sql.equal(along.copy(), sql.number(0)), subject)
    return exp.Add(this=counted, expression=sql.count_different(subject))


def _asked(kept: Kept, context: Context) -> int:
    """The bits of the dimensions of which every value is a group of its own: nodes of a tree may have several below them."""
    registry = context.registry
    by = {item.dimension for item in context.by}
    apart = {name for name in by if registry.dimension(name).tree is None or name in context.flat}
    return sum(1 << place for place, name in enumerate(kept.dimensions) if name in apart)
