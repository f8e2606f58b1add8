"""Steps for semi-additive metrics: the state at the end of a period (or its average), summed over slices."""

from __future__ import annotations

import datetime as dt

from sqlglot import exp

from salesloop.engine.metrics.definition import Stock
from salesloop.engine.metrics.expression import as_float
from salesloop.engine.metrics.plan import sql
from salesloop.engine.metrics.plan.context import PERIOD, Context
from salesloop.engine.metrics.plan.measures import Place, Steps, in_base_currency
from salesloop.engine.metrics.plan.open import Days
from salesloop.engine.metrics.plan.rows import Rows, carried, grouped_by
from salesloop.engine.metrics.windows import end_table


def counted(context: Context, stock: Stock, at: Place) -> Steps:
    """Rows are states on a day. A series is the rows of one key without that day, such as a product in a warehouse."""
    rows = Rows(context, stock.entity)
    date = stock.date or rows.entity.event_date or ""
    if stock.filter is not None:
        rows.where(rows.sql(stock.filter))
    period = rows.in_days(date, at.days, at.table)
    rows.seen()
    keys = rows.keys(period)
    series = [rows.column(key) for key in rows.entity.key if key != date]
    value = in_base_currency(rows, rows.sql(stock.expression or ""), stock.unit)
    states = f"{at.step}_states"
    outer = sql.named(exp.Sum(this=sql.column("value")), at.column)
    query = sql.select([*carried(context.keys), outer], states)
    if stock.over_time == "average":
        apart = [sql.named(column, f"series_{number}") for number, column in enumerate(series, 1)]
        inner = rows.select(*keys, *apart, sql.named(exp.Avg(this=as_float(value)), "value"))
        sql.group(inner, len(keys) + len(series))
    else:
        within = [*([] if period is None else [period.copy()]), *(column.copy() for column in series)]
        recency = sql.named(sql.latest_first(within, [rows.date(date)]), "recency")
        inner = rows.select(*keys, sql.named(value, "value"), recency)
        sql.where(query, [sql.equal(sql.column("recency"), sql.number(1))])
    return {states: inner, at.step: grouped_by(query, context.keys)}


def open_rows(context: Context, stock: Stock, at: Place) -> Steps:
    """Rows are open from one day until the day before another; the state is the sum over those open at the end."""
    rows = Rows(context, stock.entity)
    opened, closed = rows.date(stock.opened or ""), rows.date(stock.closed or "")
    period = None
    if context.grained:
        context.table(at.table, lambda asked: end_table(asked.of(at.days), asked.today))
        end: exp.Expr = sql.column("day", at.table)
        period = sql.column(PERIOD, at.table)
    else:
        if not context.turn(lambda asked: bool(_ends(asked, at.days))):  # nothing of the period has come yet
            rows.where(exp.false())
        end = context.day(lambda asked: next(iter(_ends(asked, at.days)), asked.today))
    still: exp.Expr = sql.is_null(closed.copy())
    if stock.open_filter is not None:
        still = exp.Paren(this=exp.and_(still, exp.Paren(this=rows.sql(stock.open_filter)), copy=False))
    rows.where(exp.LTE(this=opened, expression=end.copy()))
    rows.where(sql.any_of([exp.GT(this=closed, expression=end.copy()), still]))
    if stock.filter is not None:
        rows.where(rows.sql(stock.filter))
    rows.seen()
    value: exp.Expr = sql.count_rows()
    if stock.expression is not None:
        value = exp.Sum(this=in_base_currency(rows, rows.sql(stock.expression), stock.unit))
    query = rows.grouped(*rows.keys(period), sql.named(value, at.column))
    return {at.step: sql.across(query, at.table) if context.grained else query}


def _ends(context: Context, days: Days) -> list[dt.date]:
    """The last day that has come of every window that has begun."""
    found: list[dt.date] = end_table(context.of(days), context.today)["day"].to_pylist()
    return found
