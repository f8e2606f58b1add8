"""The texts of a question: of all entities that hold what customers said, within the scope, the days and the filters.

Rows are chosen by the planner's own steps, so that a text is counted exactly where a metric would count its row.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import pyarrow as pa
from sqlglot import exp

from salesloop.engine.metrics.plan import sql
from salesloop.engine.metrics.plan.rows import Rows
from salesloop.engine.metrics.prepare import prepared
from salesloop.engine.metrics.query import Query, check, parse_filter
from salesloop.engine.metrics.registry import Registry
from salesloop.engine.metrics.visibility import scope_tables
from salesloop.engine.metrics.warehouse import Warehouse
from salesloop.engine.model.scope import Scope

MOST: Final = 200_000
"""Texts of one source that are read, the newest first."""


@dataclass(frozen=True, slots=True)
class Source:
    """A field that holds texts. `metric` counts them and gives their date; `tone` is SQL over the row for what the data
    themselves tell of the feeling: 1, 0 or −1, NULL = not told."""

    metric: str
    field: str
    tone: str = "CAST(NULL AS INTEGER)"


SOURCES: Final[Mapping[str, Source]] = {
    "activity": Source("activity_texts", "feedback"),
    "opportunity": Source("lost_reason_texts", "lost_reason"),
    "ticket": Source("ticket_texts", "description"),
    "survey_response": Source(
        "survey_texts",
        "answer",
        "CASE WHEN score IS NULL OR max_score IS NULL OR max_score = 0 THEN NULL WHEN score >= 0.8 * max_score THEN 1 "
        "WHEN score <= 0.5 * max_score THEN -1 ELSE 0 END",
    ),
    "mention": Source(
        "mention_texts",
        "text",
        "CASE sentiment WHEN 'positive' THEN 1 WHEN 'negative' THEN -1 WHEN 'neutral' THEN 0 END",
    ),
    "order_line": Source("order_texts", "feedback"),
}


@dataclass(frozen=True, slots=True)
class Days:
    """Inclusive."""

    start: dt.date
    end: dt.date


@dataclass(frozen=True, slots=True)
class Asked:
    """`before` are the days to compare with; `by` a dimension id to slice by; `sources` entities, none named = all."""

    now: Days
    before: Days | None = None
    where: tuple[str, ...] = ()
    by: str | None = None
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Texts:
    """`table`: text_id, source, day (DATE), current (BOOLEAN), text, customer_id, employee_id, slice ('' = unassigned), tone.
    `left_out`: entities whose texts the filters or the dimension cannot place. `cut`: entities of which only the newest
    `MOST` texts are there."""

    table: pa.Table
    left_out: tuple[str, ...]
    cut: tuple[str, ...]


def collect(data: Warehouse, registry: Registry, asked: Asked, scope: Scope, today: dt.date) -> Texts:
    """The texts of the days now and before. UserError where a filter names something unknown."""
    parts, left_out, cut = [_EMPTY], [], []
    needed = {parse_filter(text).dimension for text in asked.where} | ({asked.by} if asked.by else set())
    for entity, source in SOURCES.items():
        if (asked.sources and entity not in asked.sources) or not data.has(entity):
            continue
        if not needed <= {one.dimension for one in registry.dimensions_of(source.metric)}:
            left_out.append(entity)
            continue
        part = _read(data, registry, entity, source, asked, scope, today)
        if part.num_rows >= MOST:
            cut.append(entity)
        parts.append(part.cast(_SCHEMA))
    return Texts(pa.concat_tables(parts), tuple(left_out), tuple(cut))


_SCHEMA: Final = pa.schema(
    [
        ("text_id", pa.string()),
        ("source", pa.string()),
        ("day", pa.date32()),
        ("current", pa.bool_()),
        ("text", pa.string()),
        ("customer_id", pa.string()),
        ("employee_id", pa.string()),
        ("slice", pa.string()),
        ("tone", pa.int32()),
    ]
)
_EMPTY: Final = _SCHEMA.empty_table()


def _read(
    data: Warehouse, registry: Registry, entity: str, source: Source, asked: Asked, scope: Scope, today: dt.date
) -> pa.Table:
    query = Query(
        (source.metric,),
        by=(asked.by,) if asked.by else (),
        start=asked.now.start,
        end=asked.now.end,
        where=asked.where,
    )
    context = prepared(data, registry, check(query, registry), scope, today)
    rows = Rows(context, entity)
    (base,) = registry.bases_of(source.metric)
    day = rows.date(base.date or rows.entity.event_date or "")
    text = sql.column(source.field, entity)
    rows.where(exp.NEQ(this=exp.Trim(this=text.copy()), expression=exp.Literal.string("")))
    rows.where(sql.any_of([_within(day, days) for days in (asked.now, asked.before) if days is not None]))
    key = [sql.cast(sql.column(name, entity), "VARCHAR") for name in rows.entity.key]
    identity: exp.Expr = exp.Literal.string(entity)
    for part in key:
        identity = exp.DPipe(this=identity, expression=exp.DPipe(this=exp.Literal.string("|"), expression=part))
    slice_ = rows.group(context.by[0]) if context.by else exp.Literal.string("")
    rows.seen()
    select = rows.select(
        sql.named(identity, "text_id"),
        sql.named(exp.Literal.string(entity), "source"),
        sql.named(day.copy(), "day"),
        sql.named(_within(day, asked.now), "current"),
        sql.named(text, "text"),
        sql.named(_field(rows, "customer_id"), "customer_id"),
        sql.named(_field(rows, "employee_id"), "employee_id"),
        sql.named(slice_, "slice"),
        sql.named(rows.sql(source.tone), "tone"),
    )
    select.set("order", exp.Order(expressions=[exp.Ordered(this=day.copy(), desc=True, nulls_first=False)]))
    select.set("limit", exp.Limit(expression=sql.number(MOST)))
    return data.ask(select, scope_tables(scope))


def _within(day: exp.Expr, days: Days) -> exp.Expr:
    return exp.Between(this=day.copy(), low=sql.day(days.start), high=sql.day(days.end))


def _field(rows: Rows, name: str) -> exp.Expr:
    return rows.column(name) if rows.entity.has(name) else sql.cast(exp.Null(), "VARCHAR")
