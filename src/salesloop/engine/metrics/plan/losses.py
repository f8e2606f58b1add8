"""Steps for churn: of the subjects active when a period began, those that are active nowhere at its end."""

from __future__ import annotations

from sqlglot import exp

from salesloop.engine.metrics.definition import Churn, settled
from salesloop.engine.metrics.plan import sql
from salesloop.engine.metrics.plan.context import PERIOD, Context
from salesloop.engine.metrics.plan.measures import Place, Steps
from salesloop.engine.metrics.plan.names import ACTIVE, LOST, part
from salesloop.engine.metrics.plan.rows import Rows, carried, grouped_by
from salesloop.engine.metrics.windows import activity_table


def churn(context: Context, rule: Churn, at: Place) -> Steps:
    """Who was active at the start by slice, and who still is. Activity at the end counts whoever may see it."""
    ends, starts, remaining = f"{at.step}_days", f"{at.step}_starts", f"{at.step}_remaining"
    within, days = None if rule.within_days is None else settled(rule.within_days), at.days
    context.table(ends, lambda asked: activity_table(asked.of(days), within, asked.today))

    still = _active(context, rule, ends, "closing")
    after = sql.across(still.select(*_subject(still, rule, ends)), ends)
    after.set("distinct", exp.Distinct())

    rows = _active(context, rule, ends, "opening")
    rows.seen()
    period = sql.column(PERIOD, ends) if context.grained else None
    before = sql.across(rows.select(*rows.keys(period), *_subject(rows, rule, ends)), ends)

    subject = sql.column("subject", starts)
    gone = sql.case(sql.is_null(sql.column("subject", remaining)), subject.copy())
    counts = [
        sql.named(sql.count_different(subject), part(at.column, ACTIVE)),
        sql.named(sql.count_different(gone), part(at.column, LOST)),
    ]
    query = sql.select([*carried(context.keys), *counts], starts)
    same = [sql.equal(sql.column(name, remaining), sql.column(name, starts)) for name in ("number", "subject")]
    sql.join(query, remaining, exp.and_(*same, copy=False), side="LEFT")
    return {remaining: after, starts: before, at.step: grouped_by(query, context.keys)}


def _subject(rows: Rows, rule: Churn, ends: str) -> list[exp.Expr]:
    return [sql.column("number", ends), sql.named(rows.column(rule.subject), "subject")]


def _active(context: Context, rule: Churn, ends: str, moment: str) -> Rows:
    """Rows that make their subject active on the day `moment` of each window."""
    rows = Rows(context, rule.entity)
    date = rows.date(rule.date or rows.entity.event_date or "")
    day = sql.column(moment, ends)
    rows.where(exp.LTE(this=date, expression=day))
    if rule.until is None:
        rows.where(exp.GTE(this=date.copy(), expression=sql.column(f"{moment}_since", ends)))
    else:
        until = rows.date(rule.until)
        rows.where(sql.any_of([exp.GT(this=until, expression=day.copy()), sql.is_null(until.copy())]))
    if rule.filter is not None:
        rows.where(rows.sql(rule.filter))
    rows.where(sql.is_known(rows.column(rule.subject)))
    return rows
