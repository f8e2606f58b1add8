"""Steps for distributions: a quantile of the values of rows or subjects, or how many of them fall into each bucket."""

from __future__ import annotations

from itertools import pairwise

from sqlglot import exp

from salesloop.engine.metrics.definition import BUCKET, Distribution, settled
from salesloop.engine.metrics.expression import as_float
from salesloop.engine.metrics.plan import sql
from salesloop.engine.metrics.plan.context import TOTAL, Context
from salesloop.engine.metrics.plan.measures import Place, Steps, aggregate, in_base_currency
from salesloop.engine.metrics.plan.rows import Rows, grouped_by

BUCKET_ID = f"{BUCKET}_id"


def distribution(context: Context, rule: Distribution, at: Place) -> Steps:
    """First the value of each row or subject within its group, then what is asked of the values."""
    rows = Rows(context.without({BUCKET}, filters=False), rule.entity)
    if rule.filter is not None:
        rows.where(rows.sql(rule.filter))
    rows.seen()
    keys = rows.keys(rows.in_days(rule.date or rows.entity.event_date or "", at.days, at.table))
    value = in_base_currency(rows, rows.sql(rule.expression), rule.unit)
    values = f"{at.step}_values"
    if rule.per is None:
        rows.where(sql.is_known(value))
        inner = rows.select(*keys, sql.named(value, "value"))
    else:
        subject = rows.column(rule.per.key)
        rows.where(sql.is_known(subject))
        together = aggregate(rule.per.aggregate, value)
        inner = rows.select(*keys, sql.named(subject, "subject"), sql.named(together, "value"))
        sql.group(inner, len(keys) + 1)
        enough = [] if rule.per.at_least is None else [_at_least(together, settled(rule.per.at_least))]
        sql.having(inner, exp.and_(sql.is_known(together.copy()), *enough, copy=False))
    outer: list[exp.Expr] = [_key(name, rule) for name in context.keys]
    found = quantile(sql.column("value"), float(rule.quantile)) if rule.quantile is not None else sql.count_rows()
    query = sql.select([*outer, sql.named(found, at.column)], values)
    return {values: inner, at.step: grouped_by(query, context.keys)}


def _at_least(value: exp.Expr, least: int) -> exp.Expr:
    return exp.GTE(this=value.copy(), expression=sql.number(least))


def quantile(value: exp.Expr, share: float) -> exp.Expr:
    """The exact quantile as float64, in proportion between two values (type 7 of Hyndman and Fan)."""
    return exp.PercentileCont(this=as_float(value), expression=exp.Literal.number(share))


def bucket_label(buckets: tuple[float, ...]) -> exp.Expr:
    """What the buckets are called, by their id."""
    below = [f"< {buckets[0]:g}"]
    between = [f"{one:g} – {other:g}" for one, other in pairwise(buckets)]
    names = [*below, *between, f"≥ {buckets[-1]:g}"]
    whens = [
        exp.If(this=sql.equal(sql.column(BUCKET_ID), _id(n, buckets)), true=exp.Literal.string(name))
        for n, name in enumerate(names)
    ]
    return exp.Case(ifs=whens)


def _key(name: str, rule: Distribution) -> exp.Expr:
    if name == TOTAL:
        return sql.named(sql.number(1), TOTAL)
    if name != BUCKET_ID:
        return sql.column(name)
    buckets = rule.buckets or ()
    whens = [
        exp.If(this=exp.LT(this=sql.column("value"), expression=exp.Literal.number(bound)), true=_id(n, buckets))
        for n, bound in enumerate(buckets)
    ]
    return sql.named(exp.Case(ifs=whens, default=_id(len(buckets), buckets)), BUCKET_ID)


def _id(number: int, buckets: tuple[float, ...]) -> exp.Expr:
    """Ids of one length, so that their order is that of the buckets."""
    return exp.Literal.string(str(number).zfill(len(str(len(buckets)))))
