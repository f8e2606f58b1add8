"""Asks the warehouse: a query in, a table with everything that explains it out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import pyarrow as pa

from salesloop.engine.metrics import cache
from salesloop.engine.metrics.definition import Rank
from salesloop.engine.metrics.notes import notes
from salesloop.engine.metrics.plan.assemble import Plan, written
from salesloop.engine.metrics.plan.context import Context
from salesloop.engine.metrics.plans import planned
from salesloop.engine.metrics.prepare import prepared
from salesloop.engine.metrics.query import Query, Question, check
from salesloop.engine.metrics.registry import Registry
from salesloop.engine.metrics.result import Column, Meta, Result, Role, data_type
from salesloop.engine.metrics.visibility import scope_tables
from salesloop.engine.metrics.warehouse import Warehouse, warehouse
from salesloop.engine.model.scope import Scope
from salesloop.engine.model.text import Text
from salesloop.engine.store.snapshot import Snapshot
from salesloop.engine.store.workspace import Workspace

_answers: cache.Cache[Result] = cache.Cache(cache.ANSWERS, cache.BYTES, lambda result: int(result.table.nbytes))

_PERIOD = Text("期间", "Period")
_SUFFIXES: Mapping[str, Text] = {
    "previous": Text("上期", "previous period"),
    "year": Text("去年同期", "year ago"),
    "previous_change": Text("环比", "change on previous period"),
    "year_change": Text("同比", "change on year ago"),
    "festival": Text("去年春节同期", "year ago, aligned with the Spring Festival"),
    "festival_change": Text("春节同期同比", "change on year ago, aligned with the Spring Festival"),
    "festival_contribution": Text(
        "对春节同期同比变化的贡献", "contribution to the change aligned with the Spring Festival"
    ),
    "custom": Text("对比期", "compared period"),
    "custom_change": Text("较对比期", "change on the compared period"),
    "share": Text("占比", "share of the whole"),
    "previous_contribution": Text("对环比变化的贡献", "contribution to the change on the previous period"),
    "year_contribution": Text("对同比变化的贡献", "contribution to the change on year ago"),
    "custom_contribution": Text("对变化的贡献", "contribution to the change on the compared period"),
    "target": Text("目标", "target"),
    "attainment": Text("达成率", "attainment"),
    "plan": Text("原计划", "original plan"),
    "plan_attainment": Text("原计划达成率", "attainment of the original plan"),
}

_PARTS: Mapping[str, Text] = {
    "_rate": Text("自身比率", "own rate"),
    "_mix": Text("结构", "mix"),
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
    difference), `m_year`, `m_year_change`, `m_target`, `m_attainment`, `m_plan`, `m_plan_attainment` as compared. Money is in the base currency.
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
    return planned(prepared(data, registry, question, scope, today), data.snapshot.engine.dialect)


def _answer(data: Warehouse, registry: Registry, question: Question, scope: Scope, today: dt.date) -> Result:
    context = prepared(data, registry, question, scope, today)
    made = planned(context, data.snapshot.engine.dialect)
    table = data.snapshot.engine.execute(made.sql, {**made.tables, **scope_tables(scope)})
    steps = {**data.snapshot.steps(made.sql), **made.steps}
    return Result(table, _columns(table, context), _meta(data, context, made), steps, written(steps))


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
    label = _label(definition.label, suffix)
    if "_contribution" in suffix:
        return Column(name, data_type(kind), "contribution", label, metric, definition.format)
    if suffix == "share":
        return Column(name, data_type(kind), "share", label, metric, "percent")
    if suffix.endswith("_change"):
        by = definition.format if isinstance(definition, Rank) else "percent"
        return Column(name, data_type(kind), "change", label, metric, by)
    if suffix.endswith("attainment"):
        return Column(name, data_type(kind), "attainment", label, metric, "percent")
    role: Role = "target" if suffix in ("target", "plan") else "comparison"
    return Column(name, data_type(kind), role, label, metric, definition.format)


def _label(metric: Text, suffix: str) -> Text:
    for ending, more in _PARTS.items():
        if suffix.endswith(ending):
            whole = _label(metric, suffix.removesuffix(ending))
            return Text(f"{whole.zh_hans}（{more.zh_hans}）", f"{whole.en} ({more.en})")
    return Text(f"{metric.zh_hans}·{_SUFFIXES[suffix].zh_hans}", f"{metric.en}, {_SUFFIXES[suffix].en}")


def _meta(data: Warehouse, context: Context, made: Plan) -> Meta:
    fresh = data.freshness()
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
        tuple(notes(data, context)),
        context.question.numbers,
        made.sources,
    )


def _partial(context: Context) -> bool:
    """Whether the last period of the answer, or the asked range, is not over."""
    days = context.windows["current"]
    if not days:
        return False
    last, grain = days[-1], context.question.query.grain
    end = last.end if grain is None else context.calendar.period_of(last.start, grain).end
    return last.start <= context.today < end
