"""Which metrics add up: over the slices of an answer, the parts of some are the whole, of others they are not."""

from __future__ import annotations

from sqlglot import exp

from salesloop.engine.metrics import expression
from salesloop.engine.metrics.definition import (
    ADDITIVE,
    DAY_COUNTS,
    Conversion,
    Cumulative,
    Derived,
    Measure,
    Ratio,
    Spread,
    Stock,
)
from salesloop.engine.metrics.registry import Registry


def adds_up(metric: str, registry: Registry) -> bool:
    """Whether the values of any slices add up to the value of them together: every row counts in one slice, once.

    Sums and numbers of rows do; numbers of different customers do not, as a customer may be in two slices.
    """
    match registry.metric(metric):
        case Measure() as measure:
            return measure.aggregate in ADDITIVE and measure.per is None
        case Stock() as stock:
            return stock.over_time == "last"
        case Spread():
            return True
        case Cumulative(measure=inner):
            return adds_up(inner, registry)
        case Derived() as derived:
            tree = expression.parse(derived.expression)
            return _linear(tree) and all(
                name not in DAY_COUNTS and adds_up(name, registry) for name in expression.columns(derived.expression)
            )
    return False


def is_rate(metric: str, registry: Registry) -> bool:
    """Whether it is one sum over another, so that its change is made of the slices' own rates and of their weights."""
    match registry.metric(metric):
        case Ratio(numerator=above, denominator=below):
            return adds_up(above, registry) and adds_up(below, registry)
        case Conversion():
            return True
    return False


def _linear(tree: exp.Expr) -> bool:
    """Sums and differences of metrics, and multiples of them."""
    match tree:
        case exp.Column():
            return True
        case exp.Paren() | exp.Neg():
            return _linear(tree.this)
        case exp.Add() | exp.Sub():
            return _linear(tree.this) and _linear(tree.expression)
        case exp.Mul():
            one, other = tree.this, tree.expression
            return (_constant(one) and _linear(other)) or (_linear(one) and _constant(other))
        case exp.Div():
            return _linear(tree.this) and _constant(tree.expression)
    return False


def _constant(tree: exp.Expr) -> bool:
    return tree.find(exp.Column) is None
