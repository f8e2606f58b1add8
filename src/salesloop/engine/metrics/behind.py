"""The rows behind a number: the very records that a metric counts, for the same days, filters and scope."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import pyarrow as pa
from sqlglot import exp

from salesloop.engine.metrics.definition import Churn, Cohort, Format, Measure, RowBased, Spread, Stock, settled
from salesloop.engine.metrics.plan import sql
from salesloop.engine.metrics.plan.context import Context
from salesloop.engine.metrics.plan.final import names_of
from salesloop.engine.metrics.plan.measures import first_days, same_first_day
from salesloop.engine.metrics.plan.rows import Rows
from salesloop.engine.metrics.prepare import metrics_read, prepared
from salesloop.engine.metrics.query import Query, check
from salesloop.engine.metrics.registry import MESSAGES, Registry
from salesloop.engine.metrics.result import Column, data_type
from salesloop.engine.metrics.visibility import scope_tables
from salesloop.engine.metrics.warehouse import Warehouse, warehouse
from salesloop.engine.metrics.windows import Window, end_table
from salesloop.engine.model.entity import Entity
from salesloop.engine.model.errors import UserError
from salesloop.engine.model.scope import Scope
from salesloop.engine.store.engines.dialect import text
from salesloop.engine.store.engines.written import preceded
from salesloop.engine.store.snapshot import Snapshot
from salesloop.engine.store.workspace import Workspace

_FORMATS: Final[Mapping[str, Format]] = {
    "money": "money",
    "percent": "percent",
    "quantity": "number",
    "integer": "count",
}
_FIRSTS: Final = "first_days"
MAX_ROWS: Final = 100_000


@dataclass(frozen=True, slots=True)
class RowsBehind:
    """One page of records. `total` counts all of them; `entities` are those that can be looked at behind the metric.

    `table` has the fields of the entity, each reference preceded by the name of what it refers to.
    """

    entity: str
    entities: tuple[str, ...]
    table: pa.Table
    columns: tuple[Column, ...]
    total: int
    offset: int
    sql: str


def rows(
    source: Workspace | Snapshot | Warehouse,
    registry: Registry,
    entity: str | None,
    query: Query,
    scope: Scope,
    *,
    today: dt.date,
    limit: int = 100,
    offset: int = 0,
) -> RowsBehind:
    """The records of `entity` (None: the first that there are) that the query's metrics count, newest first.

    `by`, `grain` and `compare` of the query are ignored: narrow `start`, `end` and `where` to the number in question.
    UserError where nothing stands behind the metrics, or not this entity.
    """
    if not 1 <= limit <= MAX_ROWS:
        raise UserError(MESSAGES.message("bad_limit", value=limit))
    data = warehouse(source)
    question = check(dataclasses.replace(query, by=(), grain=None, compare=(), limit=None, order=None), registry)
    context = prepared(data, registry, question, scope, today)
    registry = context.registry
    bases = [base for name in metrics_read(question) for base in registry.bases_of(name)]
    entities = tuple(dict.fromkeys(base.entity for base in bases))
    if not entities:
        raise UserError(MESSAGES.message("no_rows_behind", metric=registry.metric(query.metrics[0]).label))
    chosen = entity or entities[0]
    if chosen not in entities:
        labels = [registry.model.entity(name).label for name in entities]
        raise UserError(MESSAGES.message("entity_not_behind", entity=chosen, known=labels))
    counted = [base for base in bases if base.entity == chosen]
    matching = _matching(context, chosen, counted)
    dialect = data.snapshot.engine.dialect
    tables = scope_tables(scope)
    count = matching.copy()
    count.set("expressions", [sql.named(sql.count_rows(), "n")])
    total = int(data.snapshot.engine.execute(text(count, dialect), tables)["n"][0].as_py())
    page, columns = _shown(context, matching, counted[0], registry.model.entity(chosen), data)
    page.set("limit", exp.Limit(expression=sql.number(limit)))
    page.set("offset", exp.Offset(expression=sql.number(offset)))
    statement = text(page, dialect, pretty=True)
    table = data.snapshot.engine.execute(statement, tables)
    typed = tuple(
        dataclasses.replace(column, type=data_type(field.type))
        for column, field in zip(columns, table.schema, strict=True)
    )
    return RowsBehind(
        chosen, entities, table, typed, total, offset, preceded(statement, data.snapshot.steps(statement))
    )


def _matching(context: Context, entity: str, bases: Sequence[RowBased]) -> exp.Select:
    """SELECT 1 FROM entity of every row that one of the metrics counts."""
    rows = Rows(context, entity)
    firsts: dict[str, exp.Select] = {}
    rows.where(sql.any_of([_counts(context, rows, base, firsts) for base in bases]))
    rows.seen()
    query = rows.select(sql.number(1))
    for name, first in firsts.items():
        query = query.with_(name, as_=first, copy=False)
    return query


def _counts(context: Context, rows: Rows, base: RowBased, firsts: dict[str, exp.Select]) -> exp.Expr:
    """Whether a metric counts the row."""
    one = Rows(context, base.entity)
    parts: list[exp.Expr] = []
    if base.filter is not None:
        parts.append(exp.Paren(this=rows.sql(base.filter)))
    date = base.date or rows.entity.event_date or ""
    windows = context.windows["current"]
    if isinstance(base, Stock) and base.opened is not None and base.closed is not None:
        ends = end_table(windows, context.today)["day"].to_pylist()
        if not ends:
            return exp.false()
        still: list[exp.Expr] = [sql.is_null(rows.date(base.closed))]
        if base.open_filter is not None:
            still.append(exp.Paren(this=rows.sql(base.open_filter)))
        parts.append(exp.LTE(this=rows.date(base.opened), expression=sql.day(ends[0])))
        later = exp.GT(this=rows.date(base.closed), expression=sql.day(ends[0]))
        parts.append(sql.any_of([later, exp.and_(*still, copy=False)]))
        return exp.Paren(this=exp.and_(*parts, copy=False))
    if not windows:
        return exp.false()
    if isinstance(base, Churn):
        parts += _active_at_start(rows, base, date, windows[0])
        return exp.Paren(this=exp.and_(*parts, copy=False))
    start, end = sql.day(windows[0].start), sql.day(windows[-1].end)
    if isinstance(base, Spread):
        parts.append(exp.LTE(this=rows.date(date), expression=end))
        parts.append(exp.GTE(this=rows.date(base.until), expression=start))
        return exp.Paren(this=exp.and_(*parts, copy=False))
    parts.append(exp.Between(this=rows.date(date), low=start, high=end))
    subject = base.first_by if isinstance(base, Measure) else base.subject if isinstance(base, Cohort) else None
    if subject is not None:
        name = f"{base.metric}_{_FIRSTS}"
        firsts[name] = first_days(context, base.entity, base.filter, subject, date)
        first = sql.where(sql.select([sql.number(1)], name), same_first_day(one, name, subject, date))
        parts.append(exp.Exists(this=first))
    return exp.Paren(this=exp.and_(*parts, copy=False))


def _active_at_start(rows: Rows, base: Churn, date: str, window: Window) -> list[exp.Expr]:
    """The rows that made their subjects active on the day before the period."""
    opening = window.start - dt.timedelta(days=1)
    begun = exp.LTE(this=rows.date(date), expression=sql.day(opening))
    if base.until is not None:
        until = rows.date(base.until)
        return [begun, sql.any_of([exp.GT(this=until, expression=sql.day(opening)), sql.is_null(until.copy())])]
    since = opening - dt.timedelta(days=settled(base.within_days or 1) - 1)
    return [begun, exp.GTE(this=rows.date(date), expression=sql.day(since))]


def _shown(
    context: Context, matching: exp.Select, base: RowBased, entity: Entity, data: Warehouse
) -> tuple[exp.Select, list[Column]]:
    """The matching rows with every field of the entity, and the names of what they refer to."""
    model = context.registry.model
    selected: list[exp.Expr] = []
    columns: list[Column] = []
    joins: list[exp.Join] = []
    query = matching
    for field in entity.fields:
        target = model.entity(field.references) if field.references else None
        if target is not None and target.kind == "dimension" and target.name_field is not None:
            name = field.name.removesuffix("_id")
            shown: exp.Expr = sql.cast(exp.Null(), "VARCHAR")  # nobody told us what these ids are
            if data.has(target.name):
                lookup = f"{name}_names"
                same = sql.equal(sql.column("id", lookup), sql.column(field.name, entity.name))
                joins.append(exp.Join(this=names_of(target).subquery(lookup, copy=False), side="LEFT", on=same))
                shown = sql.column("name", lookup)
            selected.append(sql.named(shown, name))
            columns.append(Column(name, "text", "name", field.label, field.name))
        selected.append(sql.column(field.name, entity.name))
        columns.append(Column(field.name, "text", "field", field.label, entity.name, _FORMATS.get(field.type)))
    query.set("expressions", selected)
    for join in joins:
        query.append("joins", join)
    date = base.date or entity.event_date or ""
    order: list[exp.Expr] = [exp.Ordered(this=sql.column(date, entity.name), desc=True, nulls_first=False)]
    order += [exp.Ordered(this=sql.column(key, entity.name), desc=False, nulls_first=False) for key in entity.key]
    query.set("order", exp.Order(expressions=order))
    return query, columns
