"""Plans that were made before: the same question of the same shape is the same SQL, whoever asks and whatever the rows are."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Final

from salesloop.engine.metrics.cache import Cache
from salesloop.engine.metrics.plan.assemble import Plan, plan
from salesloop.engine.metrics.plan.context import Context

PLANS: Final = 512
_BYTES: Final = 64_000_000
_plans: Cache[Plan] = Cache(
    PLANS, _BYTES, lambda made: len(made.sql) * 2 + sum(int(table.nbytes) for table in made.tables.values())
)


def planned(context: Context, dialect: str) -> Plan:
    """The plan of a question for an engine's dialect, made once for each shape."""
    return _plans.get(shape(context, dialect), lambda: plan(context, dialect))


def shape(context: Context, dialect: str) -> Hashable:
    """All that a plan is made from.

    In it: the question, the definitions, what its filters mean, its days, which entities have rows, first days with data,
    which amounts are converted, which fields are always filled, the roll-ups, settings, the dialect. Not in it: the rows,
    the snapshot, and the people of a limited scope, who are small tables passed along with the SQL (only where targets
    are asked for are they part of it: a target is worked out for somebody).
    """
    everybody = context.scope.everything
    return (
        context.registry.fingerprint,
        _Same(context.registry.model),
        dialect,
        context.question.query,
        context.question.target_metric,
        tuple(sorted(context.question.numbers.items())),
        context.by,
        tuple((f.dimension.dimension, f.ids, f.plain, f.nodes, f.null, f.negated) for f in context.filters),
        tuple(context.windows.items()),
        context.today,
        context.calendar,
        context.with_rows,
        tuple(context.first_days.items()),
        context.foreign,
        context.filled,
        tuple(context.parameters.items()),
        context.rollups,
        everybody,
        None if context.targets is None else (_Same(context.targets), context.scope),
    )


@dataclass(frozen=True, eq=False)
class _Same:
    """A thing as a part of a key: equal only to itself, and kept alive by it."""

    thing: object

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.thing is self.thing

    def __hash__(self) -> int:
        return id(self.thing)
