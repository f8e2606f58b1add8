"""Plans that were made before: the same question of the same shape is the same SQL, whoever asks, on whatever day.

Two things are kept. A *plan* is for days: the very same question again. An *open plan* is for a shape: the question of this
month, asked tomorrow, reads other days by the same steps (see plan.open), and is only filled in.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, replace
from typing import Final

from salesloop.engine.metrics.cache import Cache
from salesloop.engine.metrics.plan.assemble import OpenPlan, Plan, open_plan
from salesloop.engine.metrics.plan.context import Context

PLANS: Final = 512
TURNS: Final = 8
"""So many open plans are kept of one shape: months that have begun, months before the first day with data, …"""
_BYTES: Final = 64_000_000
_plans: Cache[Plan] = Cache(
    PLANS, _BYTES, lambda made: len(made.sql) * 2 + sum(int(table.nbytes) for table in made.tables.values())
)
_shapes: Cache[list[OpenPlan]] = Cache(
    PLANS, _BYTES, lambda kept: sum(len(text) for one in kept for text in one.steps.values()) * TURNS
)


def planned(context: Context, dialect: str) -> Plan:
    """The plan of a question for an engine's dialect: made once for each shape, filled in once for its days."""
    of_shape = shape(context, dialect)
    stated = tuple(_Same(source) for source in (context.targets, context.plans) if source is not None)
    targets = (stated, context.scope) if stated else None
    days = (tuple(context.windows.items()), context.today, tuple(context.first_days.items()), targets)
    return _plans.get((of_shape, days), lambda: open_planned(context, dialect).filled(context))


def open_planned(context: Context, dialect: str) -> OpenPlan:
    """The plan of a question without its days, made once for all days for which it reads the same."""
    kept = _shapes.get(shape(context, dialect), lambda: [open_plan(context, dialect)])
    for one in kept:
        if one.open.fits(context):
            return one
    made = open_plan(context, dialect)
    kept[:] = [made, *kept[: TURNS - 1]]
    return made


def shape(context: Context, dialect: str) -> Hashable:
    """All that an open plan is made from.

    In it: the question, the definitions, what its filters mean, which entities have rows, which metrics have data, which
    amounts are converted, which fields are always filled, how many rows fall to a slice, the roll-ups, settings, the dialect. Not in it: days, the rows, the
    snapshot, targets, and the people of a limited scope, who are small tables passed along with the SQL.
    """
    return (
        context.registry.fingerprint,
        _Same(context.registry.model),
        dialect,
        replace(context.question.query, start=None, end=None),
        context.question.target_metric,
        tuple(sorted(context.question.numbers.items())),
        context.by,
        tuple((f.dimension.dimension, f.ids, f.plain, f.nodes, f.null, f.negated) for f in context.filters),
        tuple(context.windows),
        context.calendar,
        context.with_rows,
        frozenset(context.first_days),
        context.foreign,
        context.filled,
        context.dense,
        context.flat,
        tuple(context.parameters.items()),
        context.rollups,
        context.scope.everything,
        context.targets is None,
        context.plans is None,
    )


@dataclass(frozen=True, eq=False)
class _Same:
    """A thing as a part of a key: equal only to itself, and kept alive by it."""

    thing: object

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.thing is self.thing

    def __hash__(self) -> int:
        return id(self.thing)
