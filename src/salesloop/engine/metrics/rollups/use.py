"""Which roll-up answers for a measure with the identical number, and why none does."""

from __future__ import annotations

import calendar as days_of_months
import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial

from salesloop.engine.metrics.definition import Measure
from salesloop.engine.metrics.plan.context import Context
from salesloop.engine.metrics.plan.open import Days
from salesloop.engine.metrics.registry import MESSAGES
from salesloop.engine.metrics.rollups import specs
from salesloop.engine.metrics.rollups.kept import Kept, Source, Unit
from salesloop.engine.metrics.windows import Window
from salesloop.engine.model.text import Message

OWNERS = {"employee": ("employee_id",), "org_unit": ("org_unit_id",)}


@dataclass(frozen=True, slots=True)
class Choice:
    """A roll-up that gives the identical answer, or why none does (None: the fact has none, and needs none)."""

    kept: Kept | None
    why_not: Message | None = None

    def source(self, metric: str) -> Source:
        """What an answer says of the metric."""
        return Source(metric, None if self.kept is None else self.kept.table, self.why_not)


def choose(context: Context, measure: Measure, days: Days) -> Choice:
    """The smallest roll-up that answers for the measure over these days."""
    held = context.rollups.of(measure.entity, specs.date_of(measure, context.registry))
    if not held:
        return Choice(None)
    if not specs.can_be_kept(measure):
        return Choice(None, MESSAGES.message("rollup_kind", metric=measure.label))
    read = sorted(context.rollups.entered & set(_entities(context, measure)))
    if read:
        return Choice(None, MESSAGES.message("rollup_entered", entity=context.registry.model.entity(read[0]).label))
    said = signature_in(context, measure)
    same = [one for one in held if said in one.columns]
    if not same:
        return Choice(None, MESSAGES.message("rollup_measure", metric=measure.label))
    wanted = _wanted(context, measure)
    sliced = [one for one in same if all(one.dimensions.get(name) == paths for name, paths in wanted.items())]
    if not sliced:
        return Choice(None, _missing(context, same, wanted))
    for one in sliced:
        if one.unit is None or context.turn(partial(_all_begin, days, one.unit)):
            return Choice(one)
    return Choice(None, MESSAGES.message("rollup_days", metric=measure.label))


def signature_in(context: Context, measure: Measure) -> str:
    """The text by which roll-ups know the measure, as amounts are converted now."""
    return specs.signature(
        measure, context.registry, foreign=measure.entity in context.foreign, parameters=context.parameters
    )


def _entities(context: Context, measure: Measure) -> Iterator[str]:
    """The entities whose rows stand in a roll-up of the measure's fact."""
    yield measure.entity
    for dimension in context.registry.dimensions.values():
        for path in context.registry.paths(dimension, measure.entity):
            yield from path.split(".")[:-1]
    for part in filter(None, (measure.expression, measure.filter)):
        yield from (step for name in specs.names(part) for step in name.split(".")[:-1])


def _wanted(context: Context, measure: Measure) -> dict[str, tuple[str, ...]]:
    """The dimensions that a roll-up must have: those asked for, filtered by, and the owners that a scope looks at."""
    names = dict.fromkeys([*(item.dimension for item in context.by), *(f.dimension.dimension for f in context.filters)])
    registry = context.registry
    out = {name: registry.paths(registry.dimension(name), measure.entity) for name in names}
    entity = registry.model.entity(measure.entity)
    return out if context.scope.everything or entity.visibility == "shared" else out | OWNERS


def _missing(context: Context, same: Iterable[Kept], wanted: dict[str, tuple[str, ...]]) -> Message:
    kept = {name for one in same for name, paths in one.dimensions.items() if paths == wanted.get(name)}
    lacking = [name for name in wanted if name not in kept] or list(wanted)
    labels = [context.registry.dimension(name).label for name in lacking if name in context.registry.dimensions]
    return MESSAGES.message("rollup_slices", dimensions=labels)


def _all_begin(days: Days, unit: Unit, context: Context) -> bool:
    return all(_begins(window, unit) for window in context.of(days))


def _begins(window: Window, unit: Unit) -> bool:
    """Whether the window begins with a unit of the gregorian calendar and ends within it."""
    if not window.days:
        return True
    first, months = window.start, {"month": 1, "year": 12}[unit]
    if first.day != 1 or (first.month - 1) % months:
        return False
    last = first.month + months - 1
    return window.end <= dt.date(first.year, last, days_of_months.monthrange(first.year, last)[1])
