"""Steps for conversion and cohorts: of the subjects that began, how many went on."""

from __future__ import annotations

from sqlglot import exp

from salesloop.engine.metrics.definition import Cohort, Conversion
from salesloop.engine.metrics.plan import sql
from salesloop.engine.metrics.plan.context import Context
from salesloop.engine.metrics.plan.measures import Place, Steps, first_days, same_first_day
from salesloop.engine.metrics.plan.names import ENTERED, MOVED, RETURNED, SEEN, part
from salesloop.engine.metrics.plan.rows import Rows, carried, grouped_by


def conversion(context: Context, rule: Conversion, at: Place) -> Steps:
    """Each row, and whether its subject has a later one. Later rows count whoever may see them."""
    rows = Rows(context, rule.entity)
    date = rule.date or rows.entity.event_date or ""
    later, starts = f"{at.column}_later", f"{at.step}_starts"
    following = Rows(context, rule.entity)
    if rule.to is not None:
        following.where(following.sql(rule.to))
    after = following.select(
        sql.named(following.column(rule.subject), "subject"), sql.named(following.column(date), "moment")
    )
    if rule.filter is not None:
        rows.where(rows.sql(rule.filter))
    period = rows.in_days(date, at.days, at.table)
    rows.seen()
    moment = sql.column("moment", later)
    conditions: list[exp.Expr] = [
        sql.equal(sql.column("subject", later), rows.column(rule.subject)),
        exp.GT(this=moment, expression=rows.column(date)),
    ]
    if rule.within_days is not None:
        passed = _days(rows.column(date), moment.copy())
        conditions.append(exp.LTE(this=passed, expression=sql.number(rule.within_days)))
    exists = exp.Exists(this=sql.where(sql.select([sql.number(1)], later), conditions))
    moved = sql.case(exists, sql.number(1), sql.number(0))
    begun = rows.select(*rows.keys(period), sql.named(moved, MOVED))
    sums = [
        sql.named(sql.count_rows(), part(at.column, ENTERED)),
        sql.named(exp.Sum(this=sql.column(MOVED)), part(at.column, MOVED)),
    ]
    query = sql.select([*carried(context.keys), *sums], starts)
    return {later: after, starts: begun, at.step: grouped_by(query, context.keys)}


def cohort(context: Context, rule: Cohort, at: Place) -> Steps:
    """Subjects by their first day, and whether they came back in time; only those whose time has passed."""
    rows = Rows(context, rule.entity)
    date = rule.date or rows.entity.event_date or ""
    firsts, returns = f"{at.column}_first_days", f"{at.column}_returns"

    again = Rows(context, rule.entity)
    if rule.filter is not None:
        again.where(again.sql(rule.filter))
        rows.where(rows.sql(rule.filter))
    second = sql.named(exp.Min(this=again.date(date)), "second_day")
    came_back = sql.group(again.select(sql.named(sql.column("subject", firsts), "subject"), second), 1)
    mine = sql.equal(sql.column("subject", firsts), again.column(rule.subject))
    afterwards = exp.LT(this=sql.column("first_day", firsts), expression=again.date(date))
    sql.join(came_back, firsts, exp.and_(mine, afterwards, copy=False))

    passed = _days(sql.column("first_day", firsts), sql.day(context.today))
    rows.where(exp.GTE(this=passed, expression=sql.number(rule.within_days)))
    period = rows.in_days(date, at.days, at.table)
    rows.seen()
    subject = sql.column("subject", firsts)
    taken = _days(sql.column("first_day", firsts), sql.column("second_day", returns))
    back = sql.case(exp.LTE(this=taken, expression=sql.number(rule.within_days)), subject.copy())
    query = rows.grouped(
        *rows.keys(period),
        sql.named(sql.count_different(subject), part(at.column, SEEN)),
        sql.named(sql.count_different(back), part(at.column, RETURNED)),
    )
    sql.join(query, firsts, exp.and_(*same_first_day(rows, firsts, rule.subject, date), copy=False))
    sql.join(query, returns, sql.equal(sql.column("subject", returns), sql.column("subject", firsts)), side="LEFT")
    return {
        firsts: first_days(context, rule.entity, rule.filter, rule.subject, date),
        returns: came_back,
        at.step: query,
    }


def _days(start: exp.Expr, end: exp.Expr) -> exp.Expr:
    return exp.DateDiff(this=end, expression=start, unit=exp.var("DAY"))
