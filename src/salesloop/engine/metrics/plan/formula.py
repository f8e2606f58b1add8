"""How a metric is put together from the columns that steps deliver."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, Literal

from sqlglot import exp

from salesloop.engine.metrics import composition, expression
from salesloop.engine.metrics.definition import (
    COUNTING,
    DAY_COUNTS,
    Churn,
    Cohort,
    Conversion,
    Cumulative,
    Derived,
    Distribution,
    Measure,
    Rank,
    Ratio,
    Share,
    Spread,
    Stock,
    Target,
)
from salesloop.engine.metrics.plan import sql
from salesloop.engine.metrics.plan.context import Context
from salesloop.engine.metrics.plan.names import ACTIVE, DUE, ENTERED, LOST, MOVED, PLAN, RETURNED, SEEN, TARGET, part
from salesloop.engine.metrics.registry import Base, Registry

ResultType = Literal["integer", "decimal", "float"]
SQL_TYPES: Final[dict[ResultType, str]] = {"integer": "BIGINT", "decimal": "DECIMAL(38, 4)", "float": "DOUBLE"}


@dataclass(frozen=True)
class Atom:
    """One row-based metric that a step computes, over the plain windows or those of a cumulative metric."""

    base: Base
    cumulative: Cumulative | None = None

    @property
    def column(self) -> str:
        return self.cumulative.metric if self.cumulative else self.base.metric


@dataclass
class Needs:
    """What the formulas of a question read: atoms by their column, metrics whose targets or plans are wanted, metrics of which the
    whole is wanted (by the dimensions that are left out), lengths of periods."""

    atoms: dict[str, Atom] = field(default_factory=dict)
    targets: dict[str, None] = field(default_factory=dict)
    plans: dict[str, None] = field(default_factory=dict)
    wholes: dict[tuple[str, ...], dict[str, None]] = field(default_factory=dict)
    lengths: bool = False


def formula(metric: str, context: Context, needs: Needs) -> exp.Expr:
    """The metric over the columns of the steps, which are noted in `needs`.

    What has no rows in a group counts as nothing for sums and counts, and is unknown for everything else.
    """
    registry = context.registry
    definition = registry.metric(metric)
    match definition:
        case Ratio():
            return expression.quotient(
                formula(definition.numerator, context, needs), formula(definition.denominator, context, needs)
            )
        case Derived():
            return _derived(definition, context, needs)
        case Cumulative():
            base = registry.metric(definition.measure)
            assert isinstance(base, Measure | Churn)  # noqa: S101 - the registry checked it
            atom = Atom(base, definition)
            return _churn(base, atom, context, needs) if isinstance(base, Churn) else _column(atom, context, needs)
        case Share(of=of, over=over):
            needs.wholes.setdefault(over, {})[of] = None
            return expression.quotient(formula(of, context, needs), sql.column(whole_column(of, over)))
        case Rank(of=of):
            return formula(of, context, needs)
        case Target():
            return _target(definition, context, needs)
        case Conversion():
            if any((stage.entity or definition.entity) not in context.with_rows for stage in definition.stages):
                return exp.Null()
            return _share(Atom(definition), MOVED, ENTERED, context, needs)
        case Cohort():
            return _share(Atom(definition), RETURNED, SEEN, context, needs)
        case Churn():
            return _churn(definition, Atom(definition), context, needs)
        case base:
            return _column(Atom(base), context, needs)


def rate_parts(metric: str, context: Context, needs: Needs) -> tuple[exp.Expr, exp.Expr]:
    """What stands above and below the line of a rate."""
    match context.registry.metric(metric):
        case Ratio(numerator=above, denominator=below):
            return formula(above, context, needs), formula(below, context, needs)
        case Conversion():
            formula(metric, context, needs)
            known = metric in needs.atoms
            return tuple(sql.column(part(metric, name)) if known else exp.Null() for name in (MOVED, ENTERED))  # type: ignore[return-value]
    raise AssertionError(metric)


def target_column(metric: str, needs: Needs, name: str = TARGET) -> exp.Expr:
    """The target of a metric, or the target so far, which is noted in `needs`."""
    needs.targets[metric] = None
    return sql.column(part(metric, name))


def plan_column(metric: str, needs: Needs) -> exp.Expr:
    """The plan of a metric, which is noted in `needs`."""
    needs.plans[metric] = None
    return sql.column(part(metric, PLAN))


def whole_column(metric: str, over: tuple[str, ...]) -> str:
    """The column of a metric without the slices and filters of these dimensions."""
    return part(metric, "_".join(("over", *(over or ("all",)))))


def zero_when_empty(metric: str, registry: Registry) -> bool:
    """Whether a group without rows has the value zero (and not: unknown)."""
    match registry.metric(metric):
        case Measure() as measure:
            return measure.zero_when_empty
        case Stock() as stock:
            return stock.interval
        case Distribution(buckets=buckets):
            return buckets is not None
        case Churn(value=value):
            return value != "rate"
        case Rank(of=of):
            return zero_when_empty(of, registry)
        case Cumulative(measure=inner):
            return zero_when_empty(inner, registry)
        case Derived() as derived:
            tree = expression.parse(derived.expression)
            return _vanishes(tree) and all(zero_when_empty(name, registry) for name in composition.inputs(derived))
    return False


def _vanishes(tree: exp.Expr) -> bool:
    """Whether a formula is zero where all its metrics are, on days that have come."""
    match tree:
        case exp.Column():
            return tree.name not in DAY_COUNTS
        case exp.Paren() | exp.Neg():
            return _vanishes(tree.this)
        case exp.Add() | exp.Sub():
            return _vanishes(tree.this) and _vanishes(tree.expression)
        case exp.Mul():
            one, other = tree.this, tree.expression
            return (_vanishes(one) and _steady(other)) or (_steady(one) and _vanishes(other))
        case exp.Div():
            return _vanishes(tree.this) and _steady(tree.expression)
    return False


def _steady(tree: exp.Expr) -> bool:
    """Whether no metric stands in it: it is made of numbers and of counts of days."""
    return all(column.name in DAY_COUNTS for column in tree.find_all(exp.Column))


def counts_days(metric: str, registry: Registry) -> bool:
    """Whether a formula reads how many days have come; before they have, it is unknown."""
    definition = registry.metric(metric)
    return isinstance(definition, Derived) and any(n in DAY_COUNTS for n in expression.columns(definition.expression))


def result_type(metric: str, registry: Registry) -> ResultType:
    """The type of a metric's column, the same on every engine."""
    match registry.metric(metric):
        case Measure() as measure:
            if measure.aggregate in COUNTING:
                return "integer"
            return "decimal" if measure.aggregate in ("sum", "minimum", "maximum") and measure.per is None else "float"
        case Stock() as stock:
            if stock.expression is None:
                return "integer"
            return "decimal" if stock.over_time == "last" else "float"
        case Churn(value="start" | "lost") | Rank():
            return "integer"
        case Distribution(buckets=buckets):
            return "float" if buckets is None else "integer"
        case Spread():
            return "decimal"
        case Cumulative(measure=inner):
            return result_type(inner, registry)
        case Derived() as derived:
            types = {result_type(name, registry) for name in composition.inputs(derived)}
            if composition.divides(derived) or "float" in types:
                return "float"
            return "decimal" if "decimal" in types else "integer"
        case Target(value="target"):
            return "decimal"
    return "float"


def _column(atom: Atom, context: Context, needs: Needs) -> exp.Expr:
    zero = zero_when_empty(atom.base.metric, context.registry)
    if atom.base.entity not in context.with_rows:
        return sql.number(0) if zero else exp.Null()
    needs.atoms[atom.column] = atom
    column = sql.column(atom.column)
    return sql.first_known([column, sql.number(0)]) if zero else column


def _share(atom: Atom, over: str, under: str, context: Context, needs: Needs) -> exp.Expr:
    if atom.base.entity not in context.with_rows:
        return exp.Null()
    needs.atoms[atom.column] = atom
    return expression.quotient(sql.column(part(atom.column, over)), sql.column(part(atom.column, under)))


def _churn(rule: Churn, atom: Atom, context: Context, needs: Needs) -> exp.Expr:
    if rule.value == "rate":
        return _share(atom, LOST, ACTIVE, context, needs)
    if rule.entity not in context.with_rows:
        return sql.number(0)
    needs.atoms[atom.column] = atom
    return sql.first_known([sql.column(part(atom.column, LOST if rule.value == "lost" else ACTIVE)), sql.number(0)])


def _derived(metric: Derived, context: Context, needs: Needs) -> exp.Expr:
    def column(name: str) -> exp.Expr:
        if name in DAY_COUNTS:
            needs.lengths = True
            return sql.column(name)
        return expression.grouped(formula(name, context, needs))

    return expression.safe_divisions(expression.substituted(expression.parse(metric.expression), column))


def _target(metric: Target, context: Context, needs: Needs) -> exp.Expr:
    of = context.question.target_metric or metric.of
    if metric.value == "target":
        return target_column(of, needs)
    actual = formula(of, context, needs)
    return expression.quotient(actual, target_column(of, needs, DUE if metric.value == "pace" else TARGET))
