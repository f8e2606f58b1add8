"""The last step: current beside earlier values, changes, names of slices, order."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from functools import partial

from sqlglot import exp

from salesloop.engine.metrics import adding
from salesloop.engine.metrics.comparisons import EARLIER, Variant
from salesloop.engine.metrics.definition import BUCKET, Rank, Share
from salesloop.engine.metrics.expression import as_float, quotient
from salesloop.engine.metrics.plan import parts, sql
from salesloop.engine.metrics.plan.context import PERIOD, STEP, TOTAL, Context
from salesloop.engine.metrics.plan.distributions import bucket_label
from salesloop.engine.metrics.plan.formula import SQL_TYPES, counts_days, result_type, zero_when_empty
from salesloop.engine.metrics.plan.measures import Steps
from salesloop.engine.metrics.registry import MESSAGES
from salesloop.engine.metrics.windows import Window
from salesloop.engine.model.entity import Entity
from salesloop.engine.model.errors import UserError


def final(context: Context) -> tuple[Steps, exp.Select]:
    """(steps that look names up, the last step)."""
    names: Steps = {}
    columns: dict[str, exp.Expr] = {}
    lookups: list[exp.Join] = []
    if context.grained:
        columns[PERIOD] = sql.column(PERIOD)
    for item in context.by:
        identity = exp.Nullif(this=sql.column(f"{item.dimension}_id"), expression=exp.Literal.string(""))
        dimension = context.registry.dimension(item.dimension)
        name: exp.Expr = identity.copy()
        if dimension.entity is not None:
            entity = context.registry.model.entity(dimension.entity)
            table = f"{item.dimension}_names"
            names[table] = names_of(entity)
            same = sql.equal(sql.column("id", table), sql.column(f"{item.dimension}_id"))
            lookups.append(exp.Join(this=sql.table(table), side="LEFT", on=same))
            name = sql.first_known([sql.column("name", table), identity.copy()])
        if item.dimension == BUCKET:
            name = bucket_label(context.registry.buckets(context.question.query.metrics[0]) or ())
        columns[item.dimension] = name
        columns[f"{item.dimension}_id"] = identity
    for metric in context.question.query.metrics:
        columns |= _values(metric, context)
    query = _from([sql.named(value, name) for name, value in columns.items()], context)
    for join in lookups:
        query.append("joins", join)
    if order := _order(context, columns):
        query.set("order", exp.Order(expressions=order))
    limit = context.question.query.limit
    if limit is not None:
        query.set("limit", exp.Limit(expression=sql.number(limit)))
    return names, query


def _from(columns: list[exp.Expr], context: Context) -> exp.Select:
    steps = [STEP[variant] for variant in context.windows]
    if context.keys == (TOTAL,):
        one = exp.Select(expressions=[sql.named(sql.number(1), TOTAL)]).subquery("one_row", copy=False)
        query, side = sql.select(columns, one), "LEFT"
    else:
        query, side = sql.select(columns, steps.pop(0)), "FULL"
    for step in steps:
        sql.join(query, step, side=side, using=context.keys)
    if context.grained and parts.counted_again(context):
        sql.join(query, parts.WHOLE, side="LEFT", using=(PERIOD,))
    return parts.beside_wholes(query, context)


def names_of(entity: Entity) -> exp.Select:
    """id, name of an entity; of a dated one the latest name."""
    key, name = entity.key[0], entity.name_field or entity.key[0]
    columns: list[exp.Expr] = [sql.named(sql.column(key), "id"), sql.named(sql.column(name), "name")]
    if len(entity.key) == 1:
        return sql.select(columns, entity.name)
    recency = sql.latest_first([sql.column(key)], [sql.column(other) for other in entity.key[1:]])
    dated = sql.select([*columns, sql.named(recency, "recency")], entity.name).subquery("dated", copy=False)
    latest = sql.select([sql.column("id"), sql.column("name")], dated)
    return sql.where(latest, [sql.equal(sql.column("recency"), sql.number(1))])


def _values(metric: str, context: Context) -> dict[str, exp.Expr]:
    current = _value(metric, "current", context)
    out = {metric: current}
    compare = context.question.query.compare
    definition = context.registry.metric(metric)
    percent = definition.format == "percent" or isinstance(definition, Rank)  # from third to first is −2, not −67 %
    for variant in EARLIER:
        if variant in context.windows:
            earlier = _value(metric, variant, context)
            difference = exp.Sub(this=as_float(current.copy()), expression=as_float(earlier.copy()))
            out[f"{metric}_{variant}"] = earlier
            out[f"{metric}_{variant}_change"] = (
                difference if percent else quotient(difference, exp.Abs(this=earlier.copy()))
            )
            if "contribution" in compare:
                out |= _contribution(metric, variant, current, earlier, context)
    if "share" in compare:
        out[f"{metric}_share"] = parts.share(current.copy(), metric, context)
    for stated, reached in (("target", "attainment"), ("plan", "plan_attainment")):
        if stated in compare:
            asked_for = sql.column(f"{metric}_{stated}", STEP["current"])
            out[f"{metric}_{stated}"] = asked_for
            out[f"{metric}_{reached}"] = quotient(current.copy(), asked_for.copy())
    return out


def _contribution(
    metric: str, variant: Variant, current: exp.Expr, earlier: exp.Expr, context: Context
) -> dict[str, exp.Expr]:
    name = f"{metric}_{variant}_contribution"
    if adding.is_rate(metric, context.registry):
        found = parts.rate_contribution(metric, variant, context)
        return {name + ending: value for ending, value in found.items()}
    kind = SQL_TYPES[result_type(metric, context.registry)]
    return {name: sql.cast(exp.Sub(this=current.copy(), expression=earlier.copy()), kind)}


def _value(metric: str, variant: Variant, context: Context) -> exp.Expr:
    """The metric in a variant; of a rank, the place among the groups of the answer."""
    value = _known(metric, variant, context)
    definition = context.registry.metric(metric)
    if not isinstance(definition, Rank):
        return value
    if not context.by:
        return sql.cast(exp.Null(), "BIGINT")
    among = [PERIOD] if context.grained else []
    among += [f"{item.dimension}_id" for item in context.by if item.dimension in definition.within]
    order = exp.Ordered(this=value.copy(), desc=definition.order == "falling", nulls_first=False)
    place = exp.Window(
        this=exp.Anonymous(this="RANK"),
        partition_by=[sql.column(key) for key in among],
        order=exp.Order(expressions=[order]),
    )
    return sql.cast(sql.case(sql.is_known(value), place), "BIGINT")


def _known(metric: str, variant: Variant, context: Context) -> exp.Expr:
    """The metric in a variant. Where no row is there it is zero, or unknown before the first day with data."""
    column = sql.column(metric, STEP[variant])
    definition = context.registry.metric(metric)
    if isinstance(definition, Share) and zero_when_empty(definition.of, context.registry):
        return sql.first_known([column, parts.share_of_nothing(definition, variant, context)])
    if metric not in context.first_days or not zero_when_empty(metric, context.registry):
        return column
    known = context.turn(partial(_share_known, metric, variant))
    if known == "none":
        return sql.cast(exp.Null(), SQL_TYPES[result_type(metric, context.registry)])
    zero = sql.first_known([column, sql.number(0)])
    if known == "all":
        return zero
    low, high = (context.day(partial(_known_period, metric, variant, edge)) for edge in (min, max))
    return sql.case(exp.Between(this=sql.column(PERIOD), low=low, high=high), zero)


def _with_data(metric: str, variant: Variant, context: Context) -> list[Window]:
    """The windows that end on the metric's first day with data or later; of a formula with days, those that have begun."""
    known = [window for window in context.windows[variant] if window.end >= context.first_days[metric]]
    counted = counts_days(metric, context.registry)
    return [window for window in known if window.elapsed(context.today)] if counted else known


def _share_known(metric: str, variant: Variant, context: Context) -> str:
    known = _with_data(metric, variant, context)
    if not known:
        return "none"
    return "all" if len(known) == len(context.windows[variant]) or known[0].period is None else "some"


def _known_period(
    metric: str, variant: Variant, edge: Callable[[Iterable[dt.date]], dt.date], context: Context
) -> dt.date:
    return edge(window.period for window in _with_data(metric, variant, context) if window.period is not None)


def _order(context: Context, columns: dict[str, exp.Expr]) -> list[exp.Expr]:
    """The asked order, else time, else the first metric falling; ties by period and ids, so that it is always the same."""
    query = context.question.query
    ties = [key for key in context.keys if key != TOTAL]
    if query.order is not None:
        name = query.order.removeprefix("-")
        if name not in columns:
            raise UserError(MESSAGES.message("bad_order", value=name, known=list(columns)))
        first = [_ordered(name, falling=query.order.startswith("-"))]
    elif context.grained or not context.by or any(item.dimension == BUCKET for item in context.by):
        first = []
    else:
        first = [_ordered(query.metrics[0], falling=True)]
    rest = [_ordered(key, falling=False) for key in ties if query.order is None or key != query.order.removeprefix("-")]
    return [*first, *rest]


def _ordered(name: str, *, falling: bool) -> exp.Expr:
    # By the position-free name of the result column: the same in every dialect, NULLs last in all of them.
    return exp.Ordered(this=sql.column(name), desc=falling, nulls_first=False)
