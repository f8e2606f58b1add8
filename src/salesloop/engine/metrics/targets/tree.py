"""The organisation with its targets, as the grid page shows it: what is stated, what holds, and what parts leave open."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from salesloop.engine.metrics.registry import Registry
from salesloop.engine.metrics.targets.book import NOBODY, Allowed, Layer, TargetBook, amount, window
from salesloop.engine.metrics.targets.rates import Foreign
from salesloop.engine.metrics.targets.source import TargetSource, target_source
from salesloop.engine.metrics.targets.statements import Statement
from salesloop.engine.metrics.warehouse import Warehouse, warehouse
from salesloop.engine.model.calendar import Grain, Period
from salesloop.engine.model.scope import Scope
from salesloop.engine.store.snapshot import Snapshot
from salesloop.engine.store.workspace import Workspace


@dataclass(frozen=True, slots=True)
class TargetCell:
    """One node in one period.

    `stated` is the target set for exactly this node (by the rule for periods), `below` the sum of the next level, and
    `target` what holds: the stated one, else the sum. `gap` = stated − below, where both are there. For rates, which do
    not add up, `below` and `gap` are None. `exact`: a statement is about exactly this node and period; `foreign` is what it
    said in another currency, and `whole` its value where only a part of it counts for this node, the rest before or after a move.
    """

    stated: Decimal | None
    below: Decimal | None
    target: Decimal | None
    exact: bool
    foreign: Foreign | None = None
    whole: Decimal | None = None

    @property
    def gap(self) -> Decimal | None:
        return None if self.stated is None or self.below is None else self.stated - self.below


@dataclass(frozen=True, slots=True)
class TargetNode:
    """The company, a unit, a person, or one value of a further dimension; nodes come parents first. `cells` go with the asked
    periods. `former`: the unit in which a person worked before, where this node is their time there."""

    kind: Literal["company", "org_unit", "employee", "value"]
    id: str
    name: str
    parent: str
    depth: int
    cells: tuple[TargetCell, ...]
    former: str = ""


def target_tree(
    source: Workspace | Snapshot | Warehouse,
    registry: Registry,
    metric: str,
    grain: Grain,
    start: dt.date,
    end: dt.date,
    scope: Scope,
    along: tuple[str, str] | None = None,
) -> tuple[tuple[Period, ...], tuple[TargetNode, ...]]:
    """The periods that touch the days, and every node that the scope shows with its targets in them.

    `along`: (dimension, value as written in the statements) for the targets of one value of a further dimension.
    """
    return target_trees(source, registry, metric, (grain,), start, end, scope, along)[0]


def target_trees(
    source: Workspace | Snapshot | Warehouse,
    registry: Registry,
    metric: str,
    grains: Sequence[Grain],
    start: dt.date,
    end: dt.date,
    scope: Scope,
    along: tuple[str, str] | None = None,
) -> list[tuple[tuple[Period, ...], tuple[TargetNode, ...]]]:
    """`target_tree` at several grains; the statements are read once."""
    data = warehouse(source)
    registry.metric(metric)
    known = target_source(data, registry)
    layer = known.book.layer(metric, *(along or ()))
    trees = []
    for grain in grains:
        periods = data.config.calendar_of_company.periods(start, end, grain)
        trees.append((periods, tuple(Grid(known, registry.sums_up(metric), layer, periods, scope).nodes())))
    return trees


class Grid:
    """The grid of one metric for one scope: the targets of a layer for nodes of the organisation."""

    def __init__(
        self, source: TargetSource, sums_up: bool, layer: Layer, periods: tuple[Period, ...], scope: Scope
    ) -> None:
        self._source = source
        self._book: TargetBook = source.book
        self._layer = layer
        self._sums_up = sums_up
        self._periods = periods
        self._scope = scope
        self._allowed = Allowed(
            scope.everything,
            lambda unit: scope.everything or unit in scope.org_units,
            lambda person, unit: scope.everything or person in scope.employees or unit in scope.org_units,
        )

    def nodes(self) -> Iterator[TargetNode]:
        if self._scope.everything:
            cells = tuple(self.company(period) for period in self._periods)
            yield TargetNode("company", "", "", "", 0, cells)
        for root in self._book.units.roots:
            yield from self._unit(root, "", 1)
        yield from self._people(NOBODY, 1)

    def company(self, period: Period) -> TargetCell:
        days = window(period.start, period.end)
        stated = amount(self._book.cover(self._layer.company, days), sums_up=self._sums_up)
        below = None
        if self._sums_up:
            only_parts = Allowed(False, self._allowed.unit, self._allowed.person)
            below = amount(self._book.company_sum(self._layer, days, only_parts), sums_up=True)
        whole = amount(
            self._book.company_sum(self._layer, days, self._allowed)
            if self._sums_up
            else self._book.company_rate(self._layer, days),
            sums_up=self._sums_up,
        )
        return _cell(stated, below, whole, self._layer.company, period)

    def _unit(self, unit: str, parent: str, depth: int) -> Iterator[TargetNode]:
        seen = self._allowed.unit(unit)
        if seen:
            cells = tuple(self.unit(unit, period) for period in self._periods)
            yield TargetNode("org_unit", unit, self._source.unit_names.get(unit) or unit, parent, depth, cells)
        for child in self._book.units.children(unit):
            yield from self._unit(child, unit if seen else "", depth + (1 if seen else 0))
        yield from self._people(unit, depth + (1 if seen else 0), unit if seen else "")

    def unit(self, unit: str, period: Period) -> TargetCell:
        days = window(period.start, period.end)
        said = self._layer.units.get(unit, [])
        stated = amount(self._book.cover(said, days), sums_up=self._sums_up)
        if not self._sums_up:
            holds = amount(self._book.unit_rate(self._layer, unit, days), sums_up=False)
            return _cell(stated, None, holds, said, period)
        parts = [self._book.unit_sum(self._layer, c, days, self._allowed) for c in self._book.units.children(unit)]
        parts.append(self._book.people_sum(self._layer, unit, days, self._allowed))
        known = [found for found in (amount(part, sums_up=True) for part in parts) if found is not None]
        holds = amount(self._book.unit_sum(self._layer, unit, days, self._allowed), sums_up=True)
        return _cell(stated, sum(known, Decimal(0)) if known else None, holds, said, period)

    def _people(self, unit: str, depth: int, parent: str = "") -> Iterator[TargetNode]:
        stated = self._layer.people_in(unit)
        for person in sorted({*stated, *self._source.people_in.get(unit, ())}):
            if not self._allowed.person(person, unit):
                continue
            said = stated.get(person, [])
            cells = tuple(self._of_person(said, period) for period in self._periods)
            here = unit == self._source.home.get(person, NOBODY)
            if here or any(cell.target is not None for cell in cells):
                name = self._source.person_names.get(person) or person
                yield TargetNode("employee", person, name, parent, depth, cells, "" if here else unit)

    def person(self, person: str, period: Period) -> TargetCell:
        """Somebody's target in all units where they were."""
        said = [one for people in self._layer.people.values() for one in people.get(person, ())]
        return self._of_person(said, period)

    def _of_person(self, said: list[Statement], period: Period) -> TargetCell:
        value = amount(self._book.cover(said, window(period.start, period.end)), sums_up=self._sums_up)
        return _cell(value, None, value, said, period)


def _cell(
    stated: Decimal | None, below: Decimal | None, target: Decimal | None, said: list[Statement], period: Period
) -> TargetCell:
    """The cell with the statement about exactly this period, where there is one: the grid edits that, others are worked out."""
    days = (period.start, period.end)
    own = next((one for one in said if ((one.whole or one).start, (one.whole or one).end) == days), None)
    if own is None:
        return TargetCell(stated, below, target, exact=False)
    partly = own.whole is not None and own.whole.value != stated
    return TargetCell(stated, below, target, True, own.foreign, own.whole.value if own.whole and partly else None)
