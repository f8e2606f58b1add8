"""The one place where SQL is made fit for an engine.

Trees mean what DuckDB means by them. sqlglot writes them in another dialect word by word; what the words do differs all the
same, and is evened out here: how days are counted, which dates fit, how decimals are rounded and multiplied, how exact a
median is. What is settled before (float64 quotients, calendars as tables, explicit NULL order, exact distinct counts) needs
no rule.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from sqlglot import exp

DUCKDB: Final = "duckdb"
Rule = Callable[[exp.Expr], exp.Expr | None]
_Type = exp.DataType.Type


def text(tree: exp.Expr, dialect: str, *, pretty: bool = False) -> str:
    """The tree as SQL of the dialect; the tree itself stays as it is."""
    if dialect == DUCKDB:
        return tree.sql(dialect=dialect, pretty=pretty, copy=False)
    return _ruled(tree, _RULES[dialect]).sql(dialect=dialect, pretty=pretty, copy=False)


def _ruled(tree: exp.Expr, rules: Mapping[type[exp.Expr], Rule]) -> exp.Expr:
    """A copy of the tree with the rule of each node's class applied, the innermost nodes first."""
    root = exp.Paren(this=tree.copy())
    for node in reversed(list(root.find_all(*rules, bfs=True))):
        rule = rules.get(type(node))
        new = rule(node) if rule is not None else None
        if new is not None:
            node.replace(new)
    return root.this


def _cast(value: exp.Expr, kind: exp.DType | exp.DataType) -> exp.Expr:
    return exp.cast(value, kind, copy=False)


def _unit(node: exp.Expr) -> str:
    return str(node.args["unit"].name).upper() if node.args.get("unit") else "DAY"


def _ends(node: exp.Expr, kind: exp.DType) -> tuple[exp.Expr, exp.Expr]:
    """(later, earlier) of a difference, as values of one type."""
    return _cast(node.this.copy(), kind), _cast(node.expression.copy(), kind)


def _minus(later: exp.Expr, earlier: exp.Expr) -> exp.Expr:
    return exp.paren(exp.Sub(this=later, expression=earlier), copy=False)


# -- PostgreSQL ----------------------------------------------------------------------------------------------------


def _postgres_difference(node: exp.Expr) -> exp.Expr:
    """Boundaries passed, as DuckDB counts them, and not whole units elapsed."""
    unit = _unit(node)
    if unit == "DAY":
        return _minus(*_ends(node, _Type.DATE))
    later, earlier = (
        exp.func("DATE_TRUNC", exp.Literal.string(unit.lower()), end) for end in _ends(node, _Type.TIMESTAMP)
    )
    seconds = exp.Extract(this=exp.var("EPOCH"), expression=_minus(later, earlier))
    return _cast(exp.Div(this=seconds, expression=exp.Literal.number(_SECONDS[unit])), _Type.BIGINT)


def _postgres_quantile(node: exp.Expr) -> exp.Expr:
    order = exp.Order(expressions=[exp.Ordered(this=node.this.copy())])
    return exp.WithinGroup(this=exp.PercentileCont(this=node.expression.copy()), expression=order)


# -- Spark ---------------------------------------------------------------------------------------------------------


def _spark_difference(node: exp.Expr) -> exp.Expr:
    """Spark's own function counts whole units elapsed, and through the session's time zone."""
    unit = _unit(node)
    later, earlier = _ends(node, _Type.DATE)
    days: exp.Expr = exp.Anonymous(this="DATEDIFF", expressions=[later, earlier])
    if unit == "DAY":
        return _cast(days, _Type.BIGINT)
    clocks = [_clock(end, unit) for end in _ends(node, _Type.TIMESTAMPNTZ)]
    a_day = exp.Mul(this=_cast(days, _Type.BIGINT), expression=exp.Literal.number(86400 // _SECONDS[unit]))
    return exp.paren(exp.Add(this=a_day, expression=_minus(*clocks)), copy=False)


def _clock(moment: exp.Expr, unit: str) -> exp.Expr:
    """Units since midnight."""
    clock: exp.Expr = exp.func("HOUR", moment.copy())
    for finer, name in (("MINUTE", "MINUTE"), ("SECOND", "SECOND")):
        if _SECONDS[unit] <= _SECONDS[finer]:
            part = exp.func(name, moment.copy())
            clock = exp.paren(exp.Add(this=exp.Mul(this=clock, expression=exp.Literal.number(60)), expression=part))
    return clock


def _spark_cast(node: exp.Expr) -> exp.Expr | None:
    """A product's factor need not be widened: Spark gives a product of 38 digits by itself, and cuts decimals off a wider one."""
    if node.is_type(_Type.TIMESTAMP):
        return _cast(node.this.copy(), _Type.TIMESTAMPNTZ)
    factor = isinstance(node.parent, exp.Mul) and node.parent.this is node and node.is_type(_Type.DECIMAL)
    if not factor:
        return None
    if node.this.find(exp.Mul):
        return _cast(node.this.copy(), exp.DataType.build("DECIMAL(20, 8)"))
    return exp.paren(node.this.copy(), copy=False)


def _spark_quantile(node: exp.Expr) -> exp.Expr:
    return exp.Anonymous(this="PERCENTILE", expressions=[node.this.copy(), node.expression.copy()])


# -- ClickHouse ----------------------------------------------------------------------------------------------------

_CLICKHOUSE_TYPES: Final = {
    _Type.DATE: exp.DataType.build("Nullable(Date32)", dialect="clickhouse"),  # Date begins in 1970
    _Type.TIMESTAMP: exp.DataType.build("Nullable(DateTime64(6))", dialect="clickhouse"),
}


def _clickhouse_cast(node: exp.Expr) -> exp.Expr | None:
    kind = node.args["to"].this
    if isinstance(node.this, exp.Null):
        to = _CLICKHOUSE_TYPES.get(kind, node.args["to"])
        # A constant cannot be joined on there; this makes it a column like any other.
        return exp.Anonymous(this="materialize", expressions=[_cast(node.this.copy(), to.copy())])
    if kind in _CLICKHOUSE_TYPES:
        return _cast(node.this.copy(), _CLICKHOUSE_TYPES[kind].copy())
    if kind != _Type.DECIMAL or isinstance(node.this, exp.Literal):
        return None
    if isinstance(node.this, exp.Column):
        return _of_unknown_type(node) if node.this.this.quoted else None
    # A cast cuts digits off instead of rounding. The text of a rounded number is exact, that of a double too.
    scale = node.args["to"].expressions[-1].this.copy()
    rounded: exp.Expr = exp.func("round", node.this.copy(), scale)
    if not isinstance(node.this, exp.Mul):
        rounded = exp.Anonymous(this="toString", expressions=[rounded])
    return _cast(rounded, node.args["to"].copy())


def _of_unknown_type(node: exp.Expr) -> exp.Expr:
    """A quoted column is the company's own. A double must not lose its last digit; the condition is settled beforehand."""
    kind = exp.Anonymous(this="toTypeName", expressions=[node.this.copy()])
    is_double = exp.Like(this=kind, expression=exp.Literal.string("%Float%"))
    exact = _cast(exp.Anonymous(this="toString", expressions=[node.this.copy()]), node.args["to"].copy())
    return exp.Anonymous(this="if", expressions=[is_double, exact, node.copy()])


def _clickhouse_difference(node: exp.Expr) -> exp.Expr:
    unit = _unit(node)
    later, earlier = (_clickhouse_cast(end) for end in _ends(node, _Type.DATE if unit == "DAY" else _Type.TIMESTAMP))
    return exp.Anonymous(this="dateDiff", expressions=[exp.Literal.string(unit.lower()), earlier, later])


def _clickhouse_median(node: exp.Expr) -> exp.Expr:
    """`median` is an estimate there."""
    return exp.Anonymous(this="quantileExactInclusive(0.5)", expressions=[node.this.copy()])


def _clickhouse_quantile(node: exp.Expr) -> exp.Expr:
    return exp.Anonymous(this=f"quantileExactInclusive({node.expression.name})", expressions=[node.this.copy()])


def _clickhouse_count(node: exp.Expr) -> exp.Expr | None:
    """Counts are unsigned there, and have no type in common with signed numbers."""
    return exp.Anonymous(this="toInt64", expressions=[node.copy()])


def _clickhouse_coalesce(node: exp.Expr) -> exp.Expr | None:
    """Decimals of different scales have no type in common there: beside a product all take the product's scale."""
    values = [node.this, *node.expressions]
    bare = [value.unnest() for value in values]
    if not any(isinstance(v, exp.Mul) and isinstance(v.this, exp.Cast) and v.this.is_type(_Type.DECIMAL) for v in bare):
        return None
    scaled = [_cast(value.copy(), exp.DataType.build("DECIMAL(38, 8)")) for value in values]
    return exp.Coalesce(this=scaled[0], expressions=scaled[1:])


def _clickhouse_order(node: exp.Expr) -> None:
    """A name in ORDER BY is the column of the source there (see `prefer_column_name_to_alias`); a position is what is shown."""
    order = node.args.get("order")
    shown = {item.alias: place for place, item in enumerate(node.expressions, 1) if isinstance(item, exp.Alias)}
    for ordered in order.expressions if order is not None else ():
        named = ordered.this
        if isinstance(named, exp.Column) and not named.table and named.name in shown:
            ordered.set("this", exp.Literal.number(shown[named.name]))


_SECONDS: Final = {"SECOND": 1, "MINUTE": 60, "HOUR": 3600}
_RULES: Final[Mapping[str, Mapping[type[exp.Expr], Rule]]] = {
    "postgres": {exp.DateDiff: _postgres_difference, exp.PercentileCont: _postgres_quantile},
    "spark": {exp.DateDiff: _spark_difference, exp.Cast: _spark_cast, exp.PercentileCont: _spark_quantile},
    "clickhouse": {
        exp.DateDiff: _clickhouse_difference,
        exp.Cast: _clickhouse_cast,
        exp.Median: _clickhouse_median,
        exp.PercentileCont: _clickhouse_quantile,
        exp.Count: _clickhouse_count,
        exp.Select: _clickhouse_order,
        exp.Coalesce: _clickhouse_coalesce,
    },
}
