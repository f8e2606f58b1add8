"""Puts steps together: each measure in its own, joined on the shared keys, then compared, named and ordered."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import pyarrow as pa
from sqlglot import exp

from salesloop.engine.metrics.definition import ELAPSED_DAYS, Cohort, Conversion, Measure, Stock
from salesloop.engine.metrics.expression import as_float
from salesloop.engine.metrics.plan import measures, shares, sql, stocks
from salesloop.engine.metrics.plan.context import PERIOD, STEP, TOTAL, Context
from salesloop.engine.metrics.plan.final import final
from salesloop.engine.metrics.plan.formula import SQL_TYPES, Atom, Needs, formula, result_type, target_column
from salesloop.engine.metrics.plan.measures import Place, Steps
from salesloop.engine.metrics.plan.names import DUE, TARGET, part
from salesloop.engine.metrics.targets.values import target_table
from salesloop.engine.metrics.windows import Variant, Windows, accumulated, length_table

RESULT: Final = "result"
_SUFFIX: Final[dict[Variant, str]] = {"current": "", "previous": "_previous", "year": "_year"}


@dataclass(frozen=True, slots=True)
class Plan:
    """SQL in named steps; the last one, `result`, is the answer. `tables` are small tables that it reads."""

    steps: Mapping[str, str]
    sql: str
    tables: Mapping[str, pa.Table]


def plan(context: Context, dialect: str) -> Plan:
    """The plan of a question for an engine's dialect."""
    steps: Steps = {}
    for variant, days in context.windows.items():
        steps |= _variant(context, variant, days)
    names, answer = final(context)
    steps |= names
    texts = {name: _text(step, dialect) for name, step in steps.items()}
    texts[RESULT] = _text(answer, dialect)
    return Plan(texts, written(texts), context.tables)


def written(steps: Mapping[str, str]) -> str:
    """The steps as one statement: all but the last as named queries before it."""
    *named, last = steps
    before = ",\n".join(f"{name} AS (\n{textwrap.indent(steps[name], '  ')}\n)" for name in named)
    return f"WITH {before}\n{steps[last]}"


def _text(step: exp.Expr, dialect: str) -> str:
    return step.sql(dialect=dialect, pretty=True, copy=False)


def _variant(context: Context, variant: Variant, days: Windows) -> Steps:
    """The steps of one variant, and the one that joins them and puts the metrics together."""
    suffix = _SUFFIX[variant]
    needs = Needs()
    columns: dict[str, exp.Expr] = {}
    for name in context.question.query.metrics:
        kind = SQL_TYPES[result_type(name, context.registry)]
        known = name in context.first_days or context.registry.metric(name).type == "target"
        columns[name] = _typed(formula(name, context, needs) if known else exp.Null(), kind)
        if variant == "current" and "target" in context.question.query.compare:
            columns[f"{name}_target"] = sql.cast(target_column(name, needs), SQL_TYPES["decimal"])
    steps: Steps = {}
    joined: list[str] = []
    for place, atoms in _places(context, needs, days, suffix):
        steps |= _step(context, atoms, place)
        joined.append(place.step)
    if needs.targets:
        name = f"targets{suffix}"
        table = f"target_values{suffix}"
        context.tables[table] = target_table(context, tuple(needs.targets), days)
        wanted = [part(metric, column) for metric in needs.targets for column in (TARGET, DUE)]
        steps[name] = sql.select([sql.column(column) for column in (*context.keys, *wanted)], table)
        joined.append(name)
    named = [sql.named(value, name) for name, value in columns.items()]
    steps[STEP[variant]] = _joined(context, joined, needs, days, suffix, named)
    return steps


def _typed(value: exp.Expr, kind: str) -> exp.Expr:
    return as_float(value) if kind == "DOUBLE" else sql.cast(value, kind)


def _places(context: Context, needs: Needs, days: Windows, suffix: str) -> list[tuple[Place, Mapping[str, Atom]]]:
    """Which atoms share a step: plain measures of one entity, by one date, over the same days."""
    shared: dict[tuple[str, str, str | None], dict[str, Atom]] = {}
    alone: list[tuple[Place, Mapping[str, Atom]]] = []
    for column, atom in needs.atoms.items():
        base = atom.base
        over, table = days, f"calendar{suffix}"
        if atom.cumulative is not None:
            over = accumulated(days, atom.cumulative, context.calendar, context.today)
            table = f"calendar_{column}{suffix}"
        if isinstance(base, Measure) and base.per is None and base.first_by is None:
            date = base.date or context.registry.model.entity(base.entity).event_date or ""
            key = (base.entity, date, column if atom.cumulative else None)
            shared.setdefault(key, {})[column] = atom
            continue
        if isinstance(base, Stock) and base.interval:
            table = f"period_ends{suffix}"
        alone.append((Place(f"{column}{suffix}", column, over, table), {column: atom}))
    out = []
    for (entity, date, cumulative), atoms in shared.items():
        over, table = days, f"calendar{suffix}"
        if cumulative is not None:
            rule = atoms[cumulative].cumulative
            over = accumulated(days, rule, context.calendar, context.today) if rule else days
            table = f"calendar_{cumulative}{suffix}"
        step = f"{entity}_by_{date}{'' if cumulative is None else '_for_' + cumulative}{suffix}"
        out.append((Place(step, "", over, table), atoms))
    return out + alone


def _step(context: Context, atoms: Mapping[str, Atom], place: Place) -> Steps:
    (_, first), *_ = atoms.items()
    match first.base:
        case Conversion() as rule:
            return shares.conversion(context, rule, place)
        case Cohort() as rule:
            return shares.cohort(context, rule, place)
        case Stock() as stock:
            return stocks.open_rows(context, stock, place) if stock.interval else stocks.counted(context, stock, place)
        case Measure(per=per) as measure if per is not None:
            return measures.per_subject(context, measure, per, place)
        case Measure(first_by=subject) as measure if subject is not None:
            return measures.on_first_day(context, measure, subject, place)
    named = {column: atom.base for column, atom in atoms.items() if isinstance(atom.base, Measure)}
    return measures.plain(context, named, place)


def _joined(
    context: Context, joined: list[str], needs: Needs, days: Windows, suffix: str, columns: Sequence[exp.Expr]
) -> exp.Select:
    selected = [*map(sql.column, context.keys), *columns]
    if not joined:
        query = sql.select(selected, _no_rows(context))
    else:
        query = sql.select(selected, joined[0])
        for name in joined[1:]:
            sql.join(query, name, side="FULL", using=context.keys)
    return _with_lengths(context, query, days, suffix) if needs.lengths else query


def _no_rows(context: Context) -> exp.Expr:
    """The key columns without a row: nothing that is asked for has any data."""
    kinds = {PERIOD: "DATE", TOTAL: "BIGINT"}
    keys = [sql.named(sql.cast(exp.Null(), kinds.get(key, "VARCHAR")), key) for key in context.keys]
    one = exp.Select(expressions=keys)
    return sql.where(one, [exp.false()]).subquery("no_rows", copy=False)


def _with_lengths(context: Context, query: exp.Select, days: Windows, suffix: str) -> exp.Select:
    """`elapsed_days` of each period: from a small table, or a number where there are no periods."""
    if context.grained:
        table = f"period_lengths{suffix}"
        context.tables[table] = length_table(days, context.today)
        return sql.join(query, table, side="LEFT", using=(PERIOD,))
    number = days[0].elapsed(context.today) if days else 0
    for column in list(query.find_all(exp.Column)):
        if column.name == ELAPSED_DAYS:
            column.replace(sql.number(number))
    return query
