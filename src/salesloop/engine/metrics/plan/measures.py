"""Steps for measures: rows of one entity aggregated once, to the asked grain, in a step of their own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlglot import exp

from salesloop.engine.metrics import expression
from salesloop.engine.metrics.definition import Aggregate, Measure, PerSubject, settled
from salesloop.engine.metrics.plan import sql
from salesloop.engine.metrics.plan.context import Context
from salesloop.engine.metrics.plan.open import Days
from salesloop.engine.metrics.plan.rows import Rows, carried, grouped_by
from salesloop.engine.metrics.rollups.kept import Kept

Steps = dict[str, exp.Expr]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a step stands: its name, the column that it gives, its days, the table that holds them, the roll-up it reads."""

    step: str
    column: str
    days: Days
    table: str
    kept: Kept | None = None


def plain(context: Context, named: Mapping[str, Measure], at: Place) -> Steps:
    """All measures (by the column that they give) of one entity and one date, in one pass over its rows."""
    measures = list(named.values())
    rows = Rows(context, measures[0].entity)
    period = rows.in_days(date_of(measures[0], rows), at.days, at.table)
    keys = rows.keys(period)
    common, own = _conditions(measures)
    for text in common:
        rows.where(rows.sql(text))
    values = [
        sql.named(aggregate(measure.aggregate, _value(rows, measure, only)), column)
        for (column, measure), only in zip(named.items(), own, strict=True)
    ]
    if all(own):
        # Only rows that some measure counts: a group is in the answer if one of them has a row there.
        rows.where(sql.any_of([rows.sql(" AND ".join(only)) for only in dict.fromkeys(own)]))
    rows.seen()
    return {at.step: rows.grouped(*keys, *values)}


def _conditions(of: list[Measure]) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """The parts of the filters that all measures share, and the parts that are each one's own."""
    parts = [() if measure.filter is None else expression.conjuncts(measure.filter) for measure in of]
    common = tuple(part for part in parts[0] if all(part in other for other in parts))
    return common, [tuple(part for part in each if part not in common) for each in parts]


def per_subject(context: Context, measure: Measure, per: PerSubject, at: Place) -> Steps:
    """First one value per subject within each group, then the aggregate over subjects."""
    rows = _filtered(context, measure)
    keys = rows.keys(rows.in_days(date_of(measure, rows), at.days, at.table))
    rows.where(sql.is_known(rows.column(per.key)))
    value = aggregate(per.aggregate, _value(rows, measure))
    inner = rows.select(*keys, sql.named(rows.column(per.key), "subject"), sql.named(value, "value"))
    sql.group(inner, len(keys) + 1)
    if per.at_least is not None:
        sql.having(inner, exp.GTE(this=value.copy(), expression=sql.number(settled(per.at_least))))
    subjects = f"{at.step}_subjects"
    outer = aggregate(measure.aggregate, sql.column("value"))
    query = sql.select([*carried(context.keys), sql.named(outer, at.column)], subjects)
    return {subjects: inner, at.step: grouped_by(query, context.keys)}


def on_first_day(context: Context, measure: Measure, subject: str, at: Place) -> Steps:
    """Only rows of each subject's first day. First is first among all rows, so that it does not depend on who asks."""
    rows = _filtered(context, measure)
    date = date_of(measure, rows)
    firsts = f"{at.column}_first_days"
    keys = rows.keys(rows.in_days(date, at.days, at.table))
    query = rows.grouped(*keys, sql.named(aggregate(measure.aggregate, _value(rows, measure)), at.column))
    sql.join(query, firsts, exp.and_(*same_first_day(rows, firsts, subject, date), copy=False))
    return {firsts: first_days(context, measure.entity, measure.filter, subject, date), at.step: query}


def first_days(context: Context, entity: str, condition: str | None, subject: str, date: str) -> exp.Select:
    """subject, first_day: of every subject the first day with a row, among all rows whoever may see them."""
    rows = Rows(context, entity)
    if condition is not None:
        rows.where(rows.sql(condition))
    rows.where(sql.is_known(rows.column(subject)))
    first = sql.named(exp.Min(this=rows.date(date)), "first_day")
    return sql.group(rows.select(sql.named(rows.column(subject), "subject"), first), 1)


def same_first_day(rows: Rows, firsts: str, subject: str, date: str) -> list[exp.Expr]:
    """The row is its subject's, and of its first day."""
    return [
        sql.equal(sql.column("subject", firsts), rows.column(subject)),
        sql.equal(sql.column("first_day", firsts), rows.date(date)),
    ]


def aggregate(kind: Aggregate, value: exp.Expr | None) -> exp.Expr:
    """The aggregate of a value; exact, and float64 where it divides."""
    if value is None:
        return sql.count_rows()
    match kind:
        case "sum":
            return exp.Sum(this=value)
        case "count":
            return exp.Count(this=value)
        case "count_distinct":
            return sql.count_different(value)
        case "average":
            return exp.Avg(this=expression.as_float(value))
        case "median":
            return exp.Median(this=expression.as_float(value))
        case "minimum":
            return exp.Min(this=value)
        case "maximum":
            return exp.Max(this=value)


def in_base_currency(rows: Rows, value: exp.Expr, unit: str) -> exp.Expr:
    """Money of entities with currencies, converted row by row; NULL where no rate is known."""
    if unit != "currency" or rows.entity.name not in rows.context.foreign:
        return value
    return exp.Mul(this=sql.wide(value), expression=rows.column("fx_rate"))


def date_of(measure: Measure, rows: Rows) -> str:
    """The field that places a row in a period."""
    return measure.date or rows.entity.event_date or ""


def _filtered(context: Context, measure: Measure) -> Rows:
    rows = Rows(context, measure.entity)
    if measure.filter is not None:
        rows.where(rows.sql(measure.filter))
    rows.seen()
    return rows


def _value(rows: Rows, measure: Measure, only: tuple[str, ...] = ()) -> exp.Expr | None:
    """What is aggregated: the expression, NULL for rows that `only` leaves out."""
    value = None
    if measure.expression is not None:
        value = in_base_currency(rows, rows.sql(measure.expression), measure.unit)
    return sql.case(rows.sql(" AND ".join(only)), value or sql.number(1)) if only else value
