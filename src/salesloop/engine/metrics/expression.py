"""SQL expressions inside definitions: parsed once, checked against a closed list of what may be said."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import Final

from sqlglot import exp

from salesloop.engine.model.closed_sql import READ_DIALECT, VALUES, parse_closed

_FLOAT: Final = "float64 division"
_EXACT: Final = (exp.Column, exp.Identifier, exp.Literal, exp.Add, exp.Sub, exp.Mul, exp.Neg, exp.Paren, exp.Coalesce)
PARAMETERS: Final = frozenset({"entry_sla_hours"})


@lru_cache(maxsize=1024)
def _parsed(sql: str) -> exp.Expr:
    return parse_closed(sql, VALUES, None)


def parse(sql: str) -> exp.Expr:
    """A fresh tree of the expression. ValueError where it is none, or says what a definition may not say."""
    return _parsed(sql).copy()


@lru_cache(maxsize=1024)
def conjuncts(sql: str) -> tuple[str, ...]:
    """The parts that a condition joins by AND, as texts; an OR among them keeps its parentheses."""
    tree = _parsed(sql)
    parts = tree.flatten(unnest=False) if isinstance(tree, exp.And) else [tree]
    return tuple(expression.sql(dialect=READ_DIALECT) for expression in parts)


@lru_cache(maxsize=1024)
def is_exact(sql: str) -> bool:
    """Whether the expression of exact numbers is one: sums and products are, quotients and functions perhaps not."""
    return all(isinstance(node, _EXACT) for node in _parsed(sql).walk())


def columns(sql: str) -> Iterator[str]:
    """The dotted names in an expression: `amount`, `product.standard_cost`."""
    for column in _parsed(sql).find_all(exp.Column):
        yield dotted(column)


def placeholders(sql: str) -> frozenset[str]:
    """The names of the `:parameters` in an expression."""
    return frozenset(node.name for node in _parsed(sql).find_all(exp.Placeholder))


def with_numbers(sql: str, numbers: Mapping[str, int | float]) -> str:
    """The expression with numbers in the place of these parameters."""
    if not placeholders(sql) & set(numbers):
        return sql
    tree = parse(sql)
    for node in list(tree.find_all(exp.Placeholder)):
        if node.name in numbers:
            node.replace(exp.Literal.number(numbers[node.name]))
    return tree.sql(dialect=READ_DIALECT)


def dotted(column: exp.Column) -> str:
    """The name of a column as it was written, with the steps that lead to it."""
    return ".".join(part.name for part in column.parts)


def substituted(
    tree: exp.Expr,
    column: Callable[[str], exp.Expr],
    parameter: Callable[[str], exp.Expr] | None = None,
) -> exp.Expr:
    """The tree with every column, and every `:parameter`, replaced."""

    def replace(node: exp.Expr) -> exp.Expr:
        if isinstance(node, exp.Column):
            return column(dotted(node))
        if isinstance(node, exp.Placeholder) and parameter is not None:
            return parameter(node.name)
        return node

    return tree.transform(replace, copy=False)


def as_float(value: exp.Expr) -> exp.Expr:
    """The value as float64; what is one already stays as it is."""
    return value if _is_float(value) else exp.Cast(this=value, to=exp.DataType(this=exp.DataType.Type.DOUBLE))


def _is_float(value: exp.Expr) -> bool:
    match value:
        case exp.Paren():
            return _is_float(value.this)
        case exp.Avg() | exp.Median():
            return True
        case exp.Sub() | exp.Add():
            return _is_float(value.this) and _is_float(value.expression)
        case exp.Cast():
            return bool(value.to.this == exp.DataType.Type.DOUBLE)
    return _is_quotient(value)


def quotient(numerator: exp.Expr, denominator: exp.Expr) -> exp.Expr:
    """float64 division that is NULL on a zero denominator; engines divide decimals each in its own way."""
    if isinstance(denominator, exp.Literal) and float(denominator.name) != 0:
        return _marked(exp.Div(this=as_float(numerator), expression=denominator))
    under = exp.Nullif(this=as_float(_bare(denominator)), expression=exp.Literal.number(0))
    return _marked(exp.Div(this=as_float(_grouped(numerator)), expression=under))


def _marked(division: exp.Div) -> exp.Div:
    division.meta[_FLOAT] = True
    return division


def _is_quotient(value: exp.Expr) -> bool:
    """Whether a division was made by `quotient`: it is a float64 one and needs no second care."""
    return isinstance(value, exp.Div) and bool(value.meta.get(_FLOAT))


def _grouped(value: exp.Expr) -> exp.Expr:
    return exp.paren(value, copy=False) if isinstance(value, exp.Binary) else value


def _bare(value: exp.Expr) -> exp.Expr:
    return value.this if isinstance(value, exp.Paren) else value


def grouped(value: exp.Expr) -> exp.Expr:
    """The value in brackets where it needs them to stand in a formula."""
    return value if isinstance(value, exp.Column | exp.Func | exp.Literal | exp.Paren) else exp.paren(value, copy=False)


def safe_divisions(tree: exp.Expr) -> exp.Expr:
    """The tree with every division done by `quotient`, the innermost first."""
    root = exp.Paren(this=tree)
    for node in reversed(list(root.find_all(exp.Div, bfs=True))):
        if not _is_quotient(node):
            node.replace(grouped(quotient(node.this.copy(), node.expression.copy())))
    return _bare(root.this) if isinstance(root.this, exp.Paren) else root.this
