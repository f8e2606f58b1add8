"""All stated targets of a workspace, and the rule that turns them into the target of any slice.

For a slice and its days the level that states a target directly counts: company, unit, person. Days about which it says
nothing are the sum of the next level below: units below and people directly in the unit. Never both for one day.
Targets of a further dimension (`dimension`, `dimension_value`) follow the same rule along that dimension's tree. Rates
and means do not add up: what is not stated directly holds as the nearest level above states it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from salesloop.engine.metrics.targets.cover import Covered, Days, Measure, all_days, cover, without
from salesloop.engine.metrics.targets.nodes import Nodes
from salesloop.engine.metrics.targets.statements import Statement

NOBODY = ""


@dataclass
class Layer:
    """The statements of one metric and one value of a further dimension (or of none), by level."""

    company: list[Statement] = field(default_factory=list)
    units: dict[str, list[Statement]] = field(default_factory=dict)
    people: dict[str, dict[str, list[Statement]]] = field(default_factory=dict)  # unit → person → statements

    def people_in(self, unit: str) -> Mapping[str, list[Statement]]:
        return self.people.get(unit, {})


@dataclass(frozen=True)
class Allowed:
    """Of which slices targets may be counted: what the scope shows and the filters of a query let through."""

    company: bool
    unit: Callable[[str], bool]
    person: Callable[[str, str], bool]  # (person, their unit)


EVERYBODY = Allowed(company=True, unit=lambda _: True, person=lambda _person, _unit: True)


class TargetBook:
    """Statements by metric, dimension and level; those of people carry the unit in which they count (`places`)."""

    def __init__(self, statements: Iterable[Statement], units: Nodes, measure: Measure = all_days) -> None:
        self.units = units
        self.measure = measure
        self._layers: dict[tuple[str, str, str], Layer] = {}
        for said in statements:
            layer = self._layers.setdefault((said.metric, said.dimension, said.dimension_value), Layer())
            if said.employee:
                unit = said.org_unit if said.org_unit in units else NOBODY
                layer.people.setdefault(unit, {}).setdefault(said.employee, []).append(said)
            elif said.org_unit in units:
                layer.units.setdefault(said.org_unit, []).append(said)
            elif not said.org_unit:
                layer.company.append(said)

    def metrics(self) -> frozenset[str]:
        return frozenset(metric for metric, _, _ in self._layers)

    def bounds(self, metric: str) -> Days | None:
        """First and last day of any statement about a metric."""
        said = [s for key, layer in self._layers.items() if key[0] == metric for s in _all(layer)]
        return (min(s.start for s in said), max(s.end for s in said)) if said else None

    def layer(self, metric: str, dimension: str = "", value: str = "") -> Layer:
        return self._layers.get((metric, dimension, value), Layer())

    def values(self, metric: str, dimension: str) -> tuple[str, ...]:
        """The values of a dimension for which a metric has targets."""
        return tuple(value for name, along, value in self._layers if name == metric and along == dimension)

    def dimensions(self, metric: str) -> tuple[str, ...]:
        """The further dimensions along which a metric has targets."""
        return tuple(dict.fromkeys(along for name, along, _ in self._layers if name == metric and along))

    def cover(self, said: Iterable[Statement], gaps: tuple[Days, ...]) -> Covered:
        """What statements of one slice say about some days, by the days that take a share in this company."""
        return cover(said, gaps, self.measure)

    # -- amounts: they add up --------------------------------------------------------------------------------------

    def company_sum(self, layer: Layer, gaps: tuple[Days, ...], allowed: Allowed) -> Covered:
        """The target of everything that is allowed."""
        own = self.cover(layer.company, gaps) if allowed.company else _nothing(gaps)
        parts = [self.unit_sum(layer, root, own.left, allowed) for root in self.units.roots]
        parts += self._people(layer, NOBODY, own.left, allowed)
        return _together(own, parts)

    def unit_sum(self, layer: Layer, unit: str, gaps: tuple[Days, ...], allowed: Allowed) -> Covered:
        """The target of a unit, as far as it is allowed."""
        own = self.cover(layer.units.get(unit, ()), gaps) if allowed.unit(unit) else _nothing(gaps)
        if not own.left:
            return own
        parts = [self.unit_sum(layer, child, own.left, allowed) for child in self.units.children(unit)]
        parts += self._people(layer, unit, own.left, allowed)
        return _together(own, parts)

    def _people(self, layer: Layer, unit: str, gaps: tuple[Days, ...], allowed: Allowed) -> list[Covered]:
        return [
            self.cover(said, gaps) for person, said in layer.people_in(unit).items() if allowed.person(person, unit)
        ]

    # -- rates: they hold for everything below ---------------------------------------------------------------------

    def person_sum(
        self, layer: Layer, person: str, unit: str | None, gaps: tuple[Days, ...], allowed: Allowed
    ) -> Covered:
        """The target of a person, in one unit or (None) wherever they are; days in two units count in both."""
        units = list(layer.people) if unit is None else [unit]
        found = [self.cover(layer.people_in(one).get(person, ()), gaps) for one in units if allowed.person(person, one)]
        return _together(_nothing(gaps), found)

    def people_sum(self, layer: Layer, unit: str, gaps: tuple[Days, ...], allowed: Allowed) -> Covered:
        """The targets of the people directly in a unit."""
        return _together(_nothing(gaps), self._people(layer, unit, gaps, allowed))

    def company_rate(self, layer: Layer, gaps: tuple[Days, ...]) -> Covered:
        return self.cover(layer.company, gaps)

    def unit_rate(self, layer: Layer, unit: str, gaps: tuple[Days, ...]) -> Covered:
        return self._nearest(
            [layer.units.get(node, []) for node in reversed(self.units.path(unit))] + [layer.company], gaps
        )

    def person_rate(self, layer: Layer, person: str, units: Sequence[str], gaps: tuple[Days, ...]) -> Covered:
        """The rate of a person in the units where they were, else that of the last of these."""
        own = _nothing(gaps)
        for unit in units:
            own = _added(own, self.cover(layer.people_in(unit).get(person, ()), own.left))
        if not own.left:
            return own
        last = units[-1] if units else NOBODY
        above = self.unit_rate(layer, last, own.left) if last in self.units else self.company_rate(layer, own.left)
        return _added(own, above)

    def _nearest(self, levels: Iterable[Iterable[Statement]], gaps: tuple[Days, ...]) -> Covered:
        total = _nothing(gaps)
        for said in levels:
            total = _added(total, self.cover(said, total.left))
        return total


def window(start: dt.date, end: dt.date) -> tuple[Days, ...]:
    """The days as ranges; none where they end before they start."""
    return ((start, end),) if start <= end else ()


def amount(found: Covered, *, sums_up: bool) -> Decimal | None:
    """The value of what was found: a sum, or a mean over days; None where nothing is said about any day."""
    if not found.days:
        return None
    return found.amount if sums_up else found.weighted / found.days


def _all(layer: Layer) -> list[Statement]:
    people = [said for unit in layer.people.values() for of in unit.values() for said in of]
    return [*layer.company, *(said for of in layer.units.values() for said in of), *people]


def _nothing(gaps: tuple[Days, ...]) -> Covered:
    return Covered(Decimal(0), Decimal(0), 0, gaps)


def _together(own: Covered, parts: Iterable[Covered]) -> Covered:
    """A level's own part and the sum of the parts below for the days left. Left remain the days nobody speaks of."""
    total, left = own, own.left
    for item in parts:
        for spoken_of in _less(own.left, item.left):
            left = without(left, spoken_of)
        total = Covered(total.amount + item.amount, total.weighted + item.weighted, total.days + item.days, left)
    return total


def _less(gaps: tuple[Days, ...], left: tuple[Days, ...]) -> tuple[Days, ...]:
    for still in left:
        gaps = without(gaps, still)
    return gaps


def _added(own: Covered, other: Covered) -> Covered:
    return Covered(own.amount + other.amount, own.weighted + other.weighted, own.days + other.days, other.left)
