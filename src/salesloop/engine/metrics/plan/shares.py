"""Steps for conversion and cohorts: of the subjects that began, how many went on."""

from __future__ import annotations

from dataclasses import dataclass

from sqlglot import exp

from salesloop.engine.metrics.definition import Cohort, Conversion, settled
from salesloop.engine.metrics.plan import sql
from salesloop.engine.metrics.plan.context import Context
from salesloop.engine.metrics.plan.measures import Place, Steps, first_days, same_first_day
from salesloop.engine.metrics.plan.names import ENTERED, MOVED, RETURNED, SEEN, part
from salesloop.engine.metrics.plan.rows import Rows, carried, grouped_by


def conversion(context: Context, rule: Conversion, at: Place) -> Steps:
    """Each row, and whether its subject goes through the stages after it. Later rows count whoever may see them."""
    rows = Rows(context, rule.entity)
    date = rule.date or rows.entity.event_date or ""
    starts = f"{at.step}_starts"
    if rule.filter is not None:
        rows.where(rows.sql(rule.filter))
    period = rows.in_days(date, at.days, at.table)
    rows.seen()
    subject, moment = sql.named(rows.column(rule.subject), "subject"), sql.named(rows.column(date), "begun")
    steps: Steps = {starts: rows.select(*rows.keys(period), subject, moment)}

    before, last = _Moment(rule.entity, date), starts
    for number, stage in enumerate(rule.stages, 1):
        later, reached = f"{at.column}_stage_{number}", f"{at.step}_reached_{number}"
        here = Rows(context, stage.entity or rule.entity)
        after = _Moment(
            here.entity.name, stage.date or (date if stage.entity is None else here.entity.event_date or "")
        )
        if stage.filter is not None:
            here.where(here.sql(stage.filter))
        who = here.column(stage.subject or rule.subject)
        steps[later] = here.select(sql.named(who, "subject"), sql.named(here.column(after.date), "moment"))
        steps[reached] = _reached(context, rule, last, later, before, after, first=number == 1)
        before, last = after, reached

    same = [sql.equal(sql.column(name, last), sql.column(name, starts)) for name in ("subject", "begun")]
    sums = [
        sql.named(sql.count_rows(), part(at.column, ENTERED)),
        sql.named(exp.Count(this=sql.column("subject", last)), part(at.column, MOVED)),
    ]
    query = sql.join(
        sql.select([*carried(context.keys), *sums], starts), last, exp.and_(*same, copy=False), side="LEFT"
    )
    return steps | {at.step: grouped_by(query, context.keys)}


@dataclass(frozen=True, slots=True)
class _Moment:
    """The field that says when a stage happened."""

    entity: str
    date: str

    def daily(self, context: Context) -> bool:
        return context.registry.model.entity(self.entity).by_name[self.date].type == "date"


def _reached(
    context: Context, rule: Conversion, last: str, later: str, before: _Moment, after: _Moment, *, first: bool
) -> exp.Select:
    """Of those who came so far, who came to the next stage, and when first.

    Later is strictly later among rows of one entity. Of different ones of which a day is all that is known of one, the
    same day will do: the visit in the morning comes before that day's order.
    """
    begun = sql.column("begun", last)
    came: exp.Expr = begun.copy() if first else sql.column("moment", last)
    moment = sql.column("moment", later)
    next_moment: exp.Expr = moment.copy()
    if before.daily(context) != after.daily(context):
        came, next_moment = sql.cast(came, "DATE"), sql.cast(moment, "DATE")
    by_day = before.entity != after.entity and (before.daily(context) or after.daily(context))
    in_order = (exp.GTE if by_day else exp.GT)(this=next_moment, expression=came)
    conditions: list[exp.Expr] = [in_order]
    if rule.within_days is not None:
        passed = _days(begun.copy(), moment.copy())
        conditions.append(exp.LTE(this=passed, expression=sql.number(settled(rule.within_days))))
    columns = [
        sql.named(sql.column("subject", last), "subject"),
        sql.named(begun.copy(), "begun"),
        sql.named(exp.Min(this=moment.copy()), "moment"),
    ]
    query = sql.join(
        sql.select(columns, last), later, sql.equal(sql.column("subject", later), sql.column("subject", last))
    )
    return sql.group(sql.where(query, conditions), 2)


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
    afterwards = exp.GTE(
        this=_days(sql.column("first_day", firsts), again.date(date)), expression=sql.number(settled(rule.after_days))
    )
    sql.join(came_back, firsts, exp.and_(mine, afterwards, copy=False))

    passed = _days(sql.column("first_day", firsts), context.day(lambda asked: asked.today))
    rows.where(exp.GTE(this=passed, expression=sql.number(settled(rule.within_days))))
    period = rows.in_days(date, at.days, at.table)
    rows.seen()
    subject = sql.column("subject", firsts)
    taken = _days(sql.column("first_day", firsts), sql.column("second_day", returns))
    back = sql.case(exp.LTE(this=taken, expression=sql.number(settled(rule.within_days))), subject.copy())
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
