"""What a metric is made of: other metrics, as its definition names them."""

from __future__ import annotations

from sqlglot import exp

from salesloop.engine.metrics import expression
from salesloop.engine.metrics.definition import DAY_COUNTS, Cumulative, Derived, Metric, Rank, Ratio, Share, Target


def parts(metric: Metric) -> tuple[str, ...]:
    """The metrics that a metric is composed of."""
    match metric:
        case Ratio():
            return (metric.numerator, metric.denominator)
        case Derived():
            return inputs(metric)
        case Cumulative():
            return (metric.measure,)
        case Share() | Rank() | Target():
            return (metric.of,)
    return ()


def inputs(metric: Derived) -> tuple[str, ...]:
    """The metrics that a formula names, each once, in order."""
    return tuple(dict.fromkeys(name for name in expression.columns(metric.expression) if name not in DAY_COUNTS))


def divides(metric: Derived) -> bool:
    """Whether the formula divides, so that its values do not add up."""
    return expression.parse(metric.expression).find(exp.Div) is not None
