"""What of a metric one SQL expression can say, and what not.

Ossie 0.2 knows a metric as one aggregate expression per dialect. Sums, counts, means, medians and formulas over them can be
said so; what needs steps (a value per subject first, states at the end of a period, windows, conversions, cohorts, targets)
cannot, and is not pretended.
"""

from __future__ import annotations

from typing import Final

from sqlglot import exp

from salesloop.engine.metrics import expression
from salesloop.engine.metrics.definition import DAY_COUNTS, Derived, Measure, Metric, Ratio
from salesloop.engine.metrics.registry import Registry

DIALECTS: Final = {"ANSI_SQL": "postgres", "SNOWFLAKE": "snowflake", "DATABRICKS": "databricks", "BIGQUERY": "bigquery"}
_NOT_ANSI: Final = (exp.DateDiff, exp.Median)


class NotSaidInSql(Exception):
    """The metric needs more than one expression."""


def dialects_of(metric: Metric, registry: Registry) -> list[dict[str, str]]:
    """`{dialect, expression}` for each dialect that can say it; none where no single expression can."""
    try:
        tree = _tree(metric, registry)
    except NotSaidInSql:
        return []
    ansi = tree.find(*_NOT_ANSI) is None
    return [
        {"dialect": name, "expression": tree.sql(dialect=dialect)}
        for name, dialect in DIALECTS.items()
        if ansi or name != "ANSI_SQL"
    ]


def _tree(metric: Metric, registry: Registry) -> exp.Expr:
    match metric:
        case Measure():
            return _measure(metric, registry)
        case Ratio():
            parts = (_tree(registry.metric(name), registry) for name in (metric.numerator, metric.denominator))
            return expression.quotient(*parts)
        case Derived():
            return expression.safe_divisions(
                expression.substituted(expression.parse(metric.expression), lambda name: _part(name, registry))
            )
    raise NotSaidInSql


def _part(name: str, registry: Registry) -> exp.Expr:
    if name in DAY_COUNTS:
        raise NotSaidInSql
    return exp.paren(_tree(registry.metric(name), registry), copy=False)


def _measure(metric: Measure, registry: Registry) -> exp.Expr:
    if metric.per is not None or metric.first_by is not None:
        raise NotSaidInSql
    entity = registry.model.entity(metric.entity)
    value = None if metric.expression is None else _rows(metric.expression, metric.entity)
    if value is not None and metric.unit == "currency" and entity.has_money:
        value = exp.Mul(this=expression.grouped(value), expression=exp.column("fx_rate", table=entity.name))
    if metric.filter is not None:
        value = exp.Case(ifs=[exp.If(this=_rows(metric.filter, metric.entity), true=value or exp.Literal.number(1))])
    return _aggregate(metric, exp.column(entity.key[0], table=entity.name) if value is None else value)


def _aggregate(metric: Measure, value: exp.Expr) -> exp.Expr:
    """All rows are counted by a part of their key, which is never empty: `*` would not say whose rows."""
    match metric.aggregate:
        case "sum":
            return exp.Sum(this=value)
        case "count":
            return exp.Count(this=value)
        case "count_distinct":
            return exp.Count(this=exp.Distinct(expressions=[value]))
        case "average":
            return exp.Avg(this=value)
        case "median":
            return exp.Median(this=value)
        case "minimum":
            return exp.Min(this=value)
        case "maximum":
            return exp.Max(this=value)


def _rows(sql: str, entity: str) -> exp.Expr:
    """An expression over rows, with every field named by its dataset. A way over two references cannot be named so."""

    def column(name: str) -> exp.Expr:
        steps = name.split(".")
        if len(steps) > 2:
            raise NotSaidInSql
        return exp.column(steps[-1], table=steps[0] if len(steps) == 2 else entity)

    def parameter(_name: str) -> exp.Expr:
        raise NotSaidInSql

    return expression.substituted(expression.parse(sql), column, parameter)
