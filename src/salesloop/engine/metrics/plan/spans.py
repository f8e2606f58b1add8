"""The step for amounts stated for a span of days: each period takes the share of the days that fall into it."""

from __future__ import annotations

from sqlglot import exp

from salesloop.engine.metrics.definition import Spread
from salesloop.engine.metrics.expression import as_float
from salesloop.engine.metrics.plan import sql
from salesloop.engine.metrics.plan.context import PERIOD, Context
from salesloop.engine.metrics.plan.measures import Place, Steps, in_base_currency
from salesloop.engine.metrics.plan.rows import Rows
from salesloop.engine.metrics.windows import span_table


def spread(context: Context, rule: Spread, at: Place) -> Steps:
    """Σ amount × days within the period ÷ days of the span; the whole amount, exactly, where the span lies within."""
    spans = f"{at.step}_spans"
    context.table(spans, lambda asked: span_table(asked.of(at.days), asked.today))
    rows = Rows(context, rule.entity)
    first, last = rows.date(rule.date or rows.entity.event_date or ""), rows.date(rule.until)
    begins, ends = sql.column("first", spans), sql.column("last", spans)
    rows.where(exp.LTE(this=first, expression=ends))
    rows.where(exp.GTE(this=last, expression=begins))
    if rule.filter is not None:
        rows.where(rows.sql(rule.filter))
    rows.seen()
    amount = in_base_currency(rows, rows.sql(rule.expression), rule.unit)
    inside = exp.and_(
        exp.GTE(this=first.copy(), expression=begins.copy()), exp.LTE(this=last.copy(), expression=ends.copy())
    )
    within = _length(
        exp.Greatest(this=first.copy(), expressions=[begins.copy()]),
        exp.Least(this=last.copy(), expressions=[ends.copy()]),
    )
    part = exp.Div(
        this=exp.Mul(this=as_float(amount.copy()), expression=as_float(within)),
        expression=as_float(_length(first.copy(), last.copy())),
    )
    share = sql.case(inside, sql.cast(amount, "DECIMAL(38, 4)"), sql.cast(part, "DECIMAL(38, 4)"))
    period = sql.column(PERIOD, spans) if context.grained else None
    query = rows.grouped(*rows.keys(period), sql.named(exp.Sum(this=share), at.column))
    return {at.step: sql.across(query, spans)}


def _length(start: exp.Expr, end: exp.Expr) -> exp.Expr:
    """Days from start to end, both counted."""
    days = exp.DateDiff(this=end, expression=start, unit=exp.var("DAY"))
    return exp.Paren(this=exp.Add(this=days, expression=sql.number(1)))
