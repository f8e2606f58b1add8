"""Steps for measures: rows of one entity aggregated once, to the asked grain, in a step of their own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from sqlglot import exp

from salesloop.engine.metrics import expression
from salesloop.engine.metrics.definition import Aggregate, Measure, PerSubject, settled
from salesloop.engine.metrics.plan import sql
from salesloop.engine.metrics.plan.context import Context
from salesloop.engine.metrics.plan.open import Days
from salesloop.engine.metrics.plan.rows import Rows, SummedRows, carried, grouped_by, together
from salesloop.engine.metrics.rollups.kept import DAY, Kept
from salesloop.engine.model.entity import Model

Steps = dict[str, exp.Expr]
_EXACT: Final = ("DECIMAL", "BIGINT")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a step stands: its name, the column that it gives, its days, the table that holds them, the roll-up it reads."""

    step: str
    column: str
    days: Days
    table: str
    kept: Kept | None = None


def plain(context: Context, named: Mapping[str, Measure], at: Place) -> Steps:
    """All measures (by the column that they give) of one entity and one date, in one pass over its rows.

    Where many rows fall to each slice of a day, that pass sums them up as they are, and only the sums meet the calendar and
    the trees: a join of all rows costs as much as summing them up.
    """
    measures = list(named.values())
    rows = Rows(context, measures[0].entity)
    date = date_of(measures[0], rows)
    first = _sums_first(context, measures)
    if first:
        rows.between(date, at.days)
        keys = [*([sql.named(rows.date(date), DAY)] if context.grained else []), *rows.values()]
    else:
        keys = rows.keys(rows.in_days(date, at.days, at.table))
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
    if not first:
        return {at.step: rows.grouped(*keys, *values)}
    parts = f"{at.step}_parts"
    whole = SummedRows(context, rows.entity.name, parts)
    keys_of_whole = whole.keys(whole.period(date, at.days, at.table) if context.grained else None)
    wholes = [
        sql.named(together(measure.aggregate, sql.column(name, whole.entity.name)), name)
        for name, measure in named.items()
    ]
    return {
        parts: sql.group(rows.select(*keys, *values), len(keys)),
        at.step: whole.grouped(*keys_of_whole, *wholes),
    }


def _sums_first(context: Context, measures: list[Measure]) -> bool:
    """Whether rows are summed up before they are joined, to the identical numbers."""
    entity, registry = measures[0].entity, context.registry
    joined = context.grained or any(registry.dimension(item.dimension).tree for item in context.by)
    return joined and entity in context.dense and all(_adds_up(measure, registry.model) for measure in measures)


def _adds_up(measure: Measure, model: Model) -> bool:
    """Whether parts make up the whole exactly: sums of float64 depend on the order of what is added."""
    match measure.aggregate:
        case "count" | "minimum" | "maximum":
            return True
        case "sum" if measure.expression is not None and expression.is_exact(measure.expression):
            paths = [name.split(".") for name in expression.columns(measure.expression)]
            fields = [(model.entity(steps[-1] if steps else measure.entity), field) for *steps, field in paths]
            return all(e.has(f) and e.field(f).warehouse_type.startswith(_EXACT) for e, f in fields)
    return False


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
