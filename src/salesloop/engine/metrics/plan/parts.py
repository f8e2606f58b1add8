"""Slices beside the whole: shares of a total, and what each slice contributes to a change.

*Share*: the slice's value ÷ the value of all slices of its period together. Where values add up that is their sum; numbers
of different customers are counted again without the slices, so that their shares may exceed 1 together.

*Contribution*: of a metric that adds up, the slice's own change; the contributions are the change of the whole, exactly.
Of a rate R = Σn ÷ Σd, with weight w = d ÷ Σd, rate r = n ÷ d and 0 for the earlier days, the part of the slice's own rate
w·(r − r₀) and that of its changed weight (w − w₀)·(r₀ − R₀); over all slices they add up to R − R₀ (Kitagawa, JASA 50, 1955,
with the earlier rates as the standard). A slice that is new has R₀ for r₀. `analyze.diagnose.contribution` splits the same way.
"""

from __future__ import annotations

from typing import Final

from sqlglot import exp

from salesloop.engine.metrics import adding
from salesloop.engine.metrics.comparisons import Variant
from salesloop.engine.metrics.definition import Share
from salesloop.engine.metrics.expression import as_float, quotient
from salesloop.engine.metrics.plan import sql
from salesloop.engine.metrics.plan.context import PERIOD, STEP, TOTAL, Context
from salesloop.engine.metrics.plan.formula import whole_column
from salesloop.engine.metrics.plan.names import OVER, UNDER, part

WHOLE: Final = f"{STEP['current']}_whole"


def counted_again(context: Context) -> tuple[str, ...]:
    """The metrics whose whole is not the sum of its slices, where shares are asked for."""
    query = context.question.query
    known = (name for name in query.metrics if name in context.first_days)
    return tuple(n for n in known if "share" in query.compare and not adding.adds_up(n, context.registry))


def share(value: exp.Expr, metric: str, context: Context) -> exp.Expr:
    """The value of a slice ÷ that of the whole."""
    if metric not in counted_again(context):
        return quotient(value, over_all(value.copy(), context))
    if context.grained:
        return quotient(value, sql.column(metric, WHOLE))
    return quotient(value, sql.select([sql.column(metric)], WHOLE).subquery(copy=False))


def whole_step(into: str, over: tuple[str, ...]) -> str:
    """The step that gives the whole of which `over` says what it leaves out, beside the step `into`."""
    return f"{into}_over_{'_'.join(over) or 'all'}"


def beside_wholes(query: exp.Select, context: Context) -> exp.Select:
    """The answer with the wholes of its metrics that are shares, of every period and whatever they do not leave out."""
    wanted = {
        (variant, metric.over): None
        for variant in context.windows
        for metric in map(context.registry.metric, context.question.query.metrics)
        if isinstance(metric, Share) and metric.metric in context.first_days
    }
    for variant, over in wanted:
        keys = context.without(over or None, filters=True).keys
        if keys != (TOTAL,):
            sql.join(query, whole_step(STEP[variant], over), side="LEFT", using=keys)
    return query


def share_of_nothing(metric: Share, variant: Variant, context: Context) -> exp.Expr:
    """The share of a slice without a row: zero of a whole that is there, whatever else is asked beside it."""
    step, column = whole_step(STEP[variant], metric.over), whole_column(metric.of, metric.over)
    whole: exp.Expr = sql.column(column, step)
    if context.without(metric.over or None, filters=True).keys == (TOTAL,):
        whole = sql.select([sql.column(column)], step).subquery(copy=False)
    return sql.case(exp.NEQ(this=whole, expression=sql.number(0)), sql.cast(sql.number(0), "DOUBLE"))


def over_all(value: exp.Expr, context: Context) -> exp.Expr:
    """The sum of a value over all slices of the period."""
    return exp.Window(this=exp.Sum(this=value), partition_by=[sql.column(PERIOD)] if context.grained else [])


def rate_contribution(metric: str, variant: Variant, context: Context) -> dict[str, exp.Expr]:
    """By the end of their column names: what a slice contributes to the change of a rate, and the two parts of it."""
    above, below = (_filled(part(metric, name), "current") for name in (OVER, UNDER))
    above0, below0 = (_filled(part(metric, name), variant) for name in (OVER, UNDER))
    whole, whole0 = over_all(below.copy(), context), over_all(below0.copy(), context)
    weight, weight0 = quotient(below, whole), quotient(below0, whole0)
    base = quotient(over_all(above0.copy(), context), whole0.copy())
    rate0 = exp.Coalesce(this=quotient(above0.copy(), below0.copy()), expressions=[base.copy()])
    now, before = quotient(above, whole.copy()), quotient(above0, whole0.copy())
    total = exp.Sub(
        this=exp.Sub(this=now, expression=before),
        expression=exp.Mul(this=base, expression=exp.Paren(this=exp.Sub(this=weight.copy(), expression=weight0))),
    )
    own = exp.Sub(this=now.copy(), expression=exp.Mul(this=weight, expression=rate0))
    rate = sql.case(sql.equal(below.copy(), sql.number(0)), _zero_like(total), own)
    mix = exp.Sub(this=exp.Paren(this=total.copy()), expression=exp.Paren(this=rate.copy()))
    return {"": total, "_rate": rate, "_mix": mix}


def _filled(column: str, variant: Variant) -> exp.Expr:
    """A part of a rate as float64, nothing where the slice has no row."""
    return as_float(sql.first_known([sql.column(column, STEP[variant]), sql.number(0)]))


def _zero_like(value: exp.Expr) -> exp.Expr:
    """Zero where the value is known."""
    return exp.Mul(this=exp.Paren(this=value.copy()), expression=sql.number(0))
