"""Asks the warehouse: a query in, a table with everything that explains it out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping

import pyarrow as pa

from salesloop.engine.metrics import cache
from salesloop.engine.metrics.plan.assemble import Plan, plan
from salesloop.engine.metrics.plan.context import Context
from salesloop.engine.metrics.prepare import metrics_read, prepared
from salesloop.engine.metrics.query import Query, Question, check
from salesloop.engine.metrics.registry import MESSAGES, Registry
from salesloop.engine.metrics.result import Column, Meta, Result, Role, data_type
from salesloop.engine.metrics.visibility import scope_tables
from salesloop.engine.metrics.warehouse import Warehouse, warehouse
from salesloop.engine.model.scope import Scope
from salesloop.engine.model.text import Message, Text
from salesloop.engine.store.snapshot import Snapshot
from salesloop.engine.store.workspace import Workspace

_answers: cache.Cache[Result] = cache.Cache(cache.ANSWERS, cache.BYTES, lambda result: int(result.table.nbytes))

_PERIOD = Text("期间", "Period")
_SUFFIXES: Mapping[str, Text] = {
    "previous": Text("上期", "previous period"),
    "year": Text("去年同期", "year ago"),
    "previous_change": Text("环比", "change on previous period"),
    "year_change": Text("同比", "change on year ago"),
    "target": Text("目标", "target"),
    "attainment": Text("达成率", "attainment"),
}


def run(
    source: Workspace | Snapshot | Warehouse,
    registry: Registry,
    query: Query,
    scope: Scope,
    *,
    today: dt.date,
    entered: Mapping[str, pa.Table] | None = None,
) -> Result:
    """Answer a query for a scope.

    Columns: `period` (DATE, first day) with a grain; `<dimension>` (what people call it) and `<dimension>_id` for each of
    `by`, both NULL where unassigned; each metric `m`; `m_previous`, `m_previous_change` (a fraction; for percentages the
    difference), `m_year`, `m_year_change`, `m_target`, `m_attainment` as compared. Money is in the base currency.
    `today` is a business date of the company. UserError says what cannot be answered, and why.
    """
    data = warehouse(source, entered)
    question = check(query, registry)
    if data.entered_version is None:
        return _answer(data, registry, question, scope, today)
    key = (data.identity, data.entered_version, data.config, registry.fingerprint, query, scope, today)
    return _answers.get(key, lambda: _answer(data, registry, question, scope, today))


def explain(
    source: Workspace | Snapshot | Warehouse, registry: Registry, query: Query, scope: Scope, *, today: dt.date
) -> Plan:
    """The plan of a query, without running it."""
    data = warehouse(source)
    question = check(query, registry)
    context = prepared(data, registry, question, scope, today)
    return plan(context, data.snapshot.engine.dialect)


def _answer(data: Warehouse, registry: Registry, question: Question, scope: Scope, today: dt.date) -> Result:
    context = prepared(data, registry, question, scope, today)
    made = plan(context, data.snapshot.engine.dialect)
    table = data.snapshot.engine.execute(made.sql, {**made.tables, **scope_tables(scope)})
    return Result(table, _columns(table, context), _meta(data, context), made.steps, made.sql)


# -- what the answer says of itself --------------------------------------------------------------------------------


def _columns(table: pa.Table, context: Context) -> tuple[Column, ...]:
    return tuple(_column(field.name, field.type, context) for field in table.schema)


def _column(name: str, kind: pa.DataType, context: Context) -> Column:
    registry = context.registry
    if name == "period":
        return Column(name, "date", "period", _PERIOD)
    for item in context.by:
        dimension = registry.dimension(item.dimension)
        if name == item.dimension:
            return Column(name, "text", "dimension", dimension.label, item.dimension)
        if name == f"{item.dimension}_id":
            return Column(name, "text", "id", dimension.label, item.dimension)
    # The longest metric id that begins the name: revenue_ytd before revenue.
    metric = max((m for m in context.question.query.metrics if name == m or name.startswith(f"{m}_")), key=len)
    definition = registry.metric(metric)
    suffix = name.removeprefix(metric).removeprefix("_")
    if not suffix:
        return Column(name, data_type(kind), "metric", definition.label, metric, definition.format)
    label = Text(
        f"{definition.label.zh_hans}·{_SUFFIXES[suffix].zh_hans}", f"{definition.label.en}, {_SUFFIXES[suffix].en}"
    )
    if suffix.endswith("_change"):
        return Column(name, data_type(kind), "change", label, metric, "percent")
    if suffix == "attainment":
        return Column(name, data_type(kind), "attainment", label, metric, "percent")
    role: Role = "target" if suffix == "target" else "comparison"
    return Column(name, data_type(kind), role, label, metric, definition.format)


def _meta(data: Warehouse, context: Context) -> Meta:
    fresh = data.remembered("freshness", data.snapshot.freshness)
    days = context.windows["current"]
    end = days[-1].end if days else None
    query = context.question.query
    return Meta(
        data.snapshot.number,
        data.remembered("published", lambda: data.snapshot.published_at),
        {name: context.registry.metric(name).version for name in query.metrics},
        days[0].start if days else None,
        end,
        context.today,
        {
            entity: (fresh[entity].last_event, fresh[entity].last_received)
            for entity in sorted(context.with_rows)
            if entity in fresh
        },
        "everything" if context.scope.everything else "limited",
        _partial(context),
        tuple(_notes(data, context)),
    )


def _partial(context: Context) -> bool:
    """Whether the last period of the answer, or the asked range, is not over."""
    days = context.windows["current"]
    if not days:
        return False
    last, grain = days[-1], context.question.query.grain
    end = last.end if grain is None else context.calendar.period_of(last.start, grain).end
    return last.start <= context.today < end


def _notes(data: Warehouse, context: Context) -> Iterator[Message]:
    money = {
        base.entity
        for name in metrics_read(context.question)
        for base in context.registry.bases_of(name)
        if base.unit == "currency"
    }
    for name in sorted(money & context.with_rows):
        entity = context.registry.model.entity(name)
        if entity.kind == "fact" and entity.has_money and (rows := data.rates(name)[1]):
            yield MESSAGES.message("rate_missing", entity=entity.label, rows=rows)
