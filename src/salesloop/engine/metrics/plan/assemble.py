"""Puts steps together: each measure in its own, joined on the shared keys, then compared, named and ordered."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

import pyarrow as pa
from sqlglot import exp

from salesloop.engine.metrics import adding
from salesloop.engine.metrics.comparisons import Variant
from salesloop.engine.metrics.definition import (
    DAY_COUNTS,
    Churn,
    Cohort,
    Conversion,
    Distribution,
    Measure,
    Rank,
    Spread,
    Stock,
)
from salesloop.engine.metrics.expression import as_float
from salesloop.engine.metrics.plan import distributions, losses, measures, parts, shares, spans, sql, stocks
from salesloop.engine.metrics.plan.context import PERIOD, STEP, TOTAL, Context
from salesloop.engine.metrics.plan.final import final
from salesloop.engine.metrics.plan.formula import (
    SQL_TYPES,
    Atom,
    Needs,
    formula,
    plan_column,
    rate_parts,
    result_type,
    target_column,
    whole_column,
)
from salesloop.engine.metrics.plan.measures import Place, Steps
from salesloop.engine.metrics.plan.names import DUE, OVER, PLAN, TARGET, UNDER, part
from salesloop.engine.metrics.plan.open import Days, Open
from salesloop.engine.metrics.rollups.kept import Kept, Source
from salesloop.engine.metrics.rollups.steps import from_rollup
from salesloop.engine.metrics.rollups.use import choose
from salesloop.engine.metrics.targets.values import target_table
from salesloop.engine.metrics.windows import length_table
from salesloop.engine.store.engines.dialect import text

RESULT: Final = "result"
_SUFFIX: Final[dict[Variant, str]] = {
    "current": "",
    "previous": "_previous",
    "year": "_year",
    "festival": "_festival",
    "custom": "_custom",
}


@dataclass(frozen=True, slots=True)
class Plan:
    """SQL in named steps; the last one, `result`, is the answer. `tables` are small tables that it reads, `sources` says
    where each measure is read from.
    """

    steps: Mapping[str, str]
    sql: str
    tables: Mapping[str, pa.Table]
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class OpenPlan:
    """A plan without its days."""

    steps: Mapping[str, str]
    open: Open
    sources: tuple[Source, ...]

    def filled(self, context: Context) -> Plan:
        """The plan for the days of a context that it fits."""
        steps = self.open.filled(self.steps, context)
        tables = {name: find(context) for name, find in self.open.tables.items()}
        return Plan(steps, written(steps), tables, self.sources)


def plan(context: Context, dialect: str) -> Plan:
    """The plan of a question for an engine's dialect."""
    return open_plan(context, dialect).filled(context)


def open_plan(context: Context, dialect: str) -> OpenPlan:
    """The plan of a question of this shape, which serves other days too where `open.fits`."""
    context = replace(context, open=Open(), sources=[])
    steps: Steps = {}
    for variant in context.windows:
        steps |= _variant(context, variant)
    if again := parts.counted_again(context):
        whole = context.without(None, filters=False)
        steps |= _together(whole, {name: name for name in again}, Days("current"), parts.WHOLE, "_whole")
    names, answer = final(context)
    steps |= names
    texts = {name: text(step, dialect, pretty=True) for name, step in steps.items()}
    texts[RESULT] = text(answer, dialect, pretty=True)
    return OpenPlan(texts, context.open, tuple(context.sources))


def written(steps: Mapping[str, str]) -> str:
    """The steps as one statement: all but the last as named queries before it."""
    *named, last = steps
    before = ",\n".join(f"{name} AS (\n{textwrap.indent(steps[name], '  ')}\n)" for name in named)
    return f"WITH {before}\n{steps[last]}"


def _variant(context: Context, variant: Variant) -> Steps:
    """The steps of one variant, and the one that joins them and puts the metrics together."""
    compare = context.question.query.compare
    needs = Needs()
    columns: dict[str, exp.Expr] = {}
    for name in context.question.query.metrics:
        columns[name] = _metric(name, context, needs)
        if variant == "current" and "target" in compare:
            columns[f"{name}_target"] = sql.cast(target_column(name, needs), SQL_TYPES["decimal"])
        if variant == "current" and "plan" in compare:
            columns[f"{name}_plan"] = sql.cast(plan_column(name, needs), SQL_TYPES["decimal"])
        if "contribution" in compare and adding.is_rate(name, context.registry):
            for column, value in zip((OVER, UNDER), rate_parts(name, context, needs), strict=True):
                columns[part(name, column)] = as_float(value)
    return _assembled(context, columns, needs, Days(variant), STEP[variant], _SUFFIX[variant])


def _together(context: Context, wanted: Mapping[str, str], days: Days, into: str, suffix: str) -> Steps:
    """The steps that give metrics (column → metric) for the keys of a context, the last one called `into`."""
    needs = Needs()
    columns = {column: _typed(formula(name, context, needs), _kind(name, context)) for column, name in wanted.items()}
    return _assembled(context, columns, needs, days, into, suffix)


def _metric(name: str, context: Context, needs: Needs) -> exp.Expr:
    known = name in context.first_days or context.registry.metric(name).type == "target"
    return _typed(formula(name, context, needs) if known else exp.Null(), _kind(name, context))


def _kind(name: str, context: Context) -> str:
    metric = context.registry.metric(name)  # a rank is made of the values, in the last step
    return SQL_TYPES[result_type(metric.of if isinstance(metric, Rank) else name, context.registry)]


def _assembled(
    context: Context, columns: Mapping[str, exp.Expr], needs: Needs, days: Days, into: str, suffix: str
) -> Steps:
    """The steps that the columns need, and the one that joins them."""
    steps: Steps = {}
    joined: list[str] = []
    for place, atoms in _places(context, needs, days, suffix):
        steps |= _step(context, atoms, place)
        joined.append(place.step)
    if needs.targets:
        name = f"targets{suffix}"
        table = f"target_values{suffix}"
        context.table(table, partial(_targets, tuple(needs.targets), days))
        wanted = [part(metric, column) for metric in needs.targets for column in (TARGET, DUE)]
        steps[name] = sql.select([sql.column(column) for column in (*context.keys, *wanted)], table)
        joined.append(name)
    if needs.plans:
        context.table("plan_values", partial(_plans, tuple(needs.plans), days))
        values = [sql.named(sql.column(part(metric, TARGET)), part(metric, PLAN)) for metric in needs.plans]
        steps["plans"] = sql.select([*map(sql.column, context.keys), *values], "plan_values")
        joined.append("plans")
    for over, metrics in needs.wholes.items():
        whole = parts.whole_step(into, over)
        wider = context.without(over or None, filters=True)
        columns_of_whole = {whole_column(name, over): name for name in metrics}
        steps |= _together(wider, columns_of_whole, days, whole, f"{suffix}_over_{'_'.join(over) or 'all'}")
    steps[into] = _joined(
        context, joined, needs, days, suffix, into, [sql.named(value, name) for name, value in columns.items()]
    )
    return steps


def _typed(value: exp.Expr, kind: str) -> exp.Expr:
    return as_float(value) if kind == "DOUBLE" else sql.cast(value, kind)


def _places(context: Context, needs: Needs, days: Days, suffix: str) -> list[tuple[Place, Mapping[str, Atom]]]:
    """Which atoms share a step: plain measures of one entity, by one date, over the same days."""
    shared: dict[tuple[str, str, str | None, Kept | None], dict[str, Atom]] = {}
    alone: list[tuple[Place, Mapping[str, Atom]]] = []
    for column, atom in needs.atoms.items():
        base = atom.base
        over, table = days, f"calendar{suffix}"
        if atom.cumulative is not None:
            over = Days(days.variant, atom.cumulative.metric)
            table = f"calendar_{column}{suffix}"
        if isinstance(base, Measure):
            choice = choose(context, base, over)
            if not suffix:
                context.sources.append(choice.source(column))
            if choice.kept is not None or (base.per is None and base.first_by is None):
                date = base.date or context.registry.model.entity(base.entity).event_date or ""
                key = (base.entity, date, column if atom.cumulative else None, choice.kept)
                shared.setdefault(key, {})[column] = atom
                continue
        if isinstance(base, Stock) and base.interval:
            table = f"period_ends{suffix}"
        alone.append((Place(_own_step(context, f"{column}{suffix}"), column, over, table), {column: atom}))
    out = []
    for (entity, date, cumulative, kept), atoms in shared.items():
        over, table = days, f"calendar{suffix}"
        if cumulative is not None:
            over = Days(days.variant, cumulative)
            table = f"calendar_{cumulative}{suffix}"
        read = f"{entity}_by_{date}" if kept is None else f"from_{kept.table}"
        step = f"{read}{'' if cumulative is None else '_for_' + cumulative}{suffix}"
        out.append((Place(step, "", over, table, kept), atoms))
    return out + alone


def _own_step(context: Context, name: str) -> str:
    """A step called like a table would hide the table from the steps after it, as `market_size` would."""
    return f"{name}_of_rows" if context.registry.model.has(name) else name


def _step(context: Context, atoms: Mapping[str, Atom], place: Place) -> Steps:
    (_, first), *_ = atoms.items()
    named = {column: atom.base for column, atom in atoms.items() if isinstance(atom.base, Measure)}
    if place.kept is not None:
        return {place.step: from_rollup(context, place.kept, named, place.days, place.table)}
    match first.base:
        case Conversion() as rule:
            return shares.conversion(context, rule, place)
        case Cohort() as rule:
            return shares.cohort(context, rule, place)
        case Distribution() as rule:
            return distributions.distribution(context, rule, place)
        case Churn() as rule:
            return losses.churn(context, rule, place)
        case Spread() as rule:
            return spans.spread(context, rule, place)
        case Stock() as stock:
            return stocks.open_rows(context, stock, place) if stock.interval else stocks.counted(context, stock, place)
        case Measure(per=per) as measure if per is not None:
            return measures.per_subject(context, measure, per, place)
        case Measure(first_by=subject) as measure if subject is not None:
            return measures.on_first_day(context, measure, subject, place)
    return measures.plain(context, named, place)


def _joined(
    context: Context,
    joined: list[str],
    needs: Needs,
    days: Days,
    suffix: str,
    into: str,
    columns: Sequence[exp.Expr],
) -> exp.Select:
    selected = [*map(sql.column, context.keys), *columns]
    if not joined:
        query = sql.select(selected, _no_rows(context))
    else:
        query = sql.select(selected, joined[0])
        for name in joined[1:]:
            sql.join(query, name, side="FULL", using=context.keys)
    for over, metrics in needs.wholes.items():
        keys = context.without(over or None, filters=True).keys
        whole = parts.whole_step(into, over)
        _join_whole(query, whole, keys, [whole_column(name, over) for name in metrics])
    return _with_lengths(context, query, days, suffix) if needs.lengths else query


def _join_whole(query: exp.Select, step: str, keys: tuple[str, ...], columns: Sequence[str]) -> None:
    """The values of the whole beside each slice: by the keys that are left, or the one value that there is."""
    if keys != (TOTAL,):
        sql.join(query, step, side="LEFT", using=keys)
        return
    for column in list(query.find_all(exp.Column)):
        if column.name in columns:
            column.replace(sql.select([sql.column(column.name)], step).subquery(copy=False))


def _no_rows(context: Context) -> exp.Expr:
    """The key columns without a row: nothing that is asked for has any data."""
    kinds = {PERIOD: "DATE", TOTAL: "BIGINT"}
    keys = [sql.named(sql.cast(exp.Null(), kinds.get(key, "VARCHAR")), key) for key in context.keys]
    one = exp.Select(expressions=keys)
    return sql.where(one, [exp.false()]).subquery("no_rows", copy=False)


def _with_lengths(context: Context, query: exp.Select, days: Days, suffix: str) -> exp.Select:
    """The numbers of days of each period: from a small table, or numbers where there are no periods."""
    if context.grained:
        table = f"period_lengths{suffix}"
        context.table(table, partial(_lengths, days))
        return sql.join(query, table, side="LEFT", using=(PERIOD,))
    for column in list(query.find_all(exp.Column)):
        if column.name in DAY_COUNTS:
            column.replace(context.number(partial(_length, days, column.name)))
    return query


def _targets(metrics: tuple[str, ...], days: Days, context: Context) -> pa.Table:
    return target_table(context, context.targets, metrics, context.of(days))


def _plans(metrics: tuple[str, ...], days: Days, context: Context) -> pa.Table:
    return target_table(context, context.plans, metrics, context.of(days))


def _lengths(days: Days, context: Context) -> pa.Table:
    return length_table(context.of(days), context.today)


def _length(days: Days, name: str, context: Context) -> int:
    counts = _lengths(days, context)[name].to_pylist()
    return counts[0] if counts else 0
