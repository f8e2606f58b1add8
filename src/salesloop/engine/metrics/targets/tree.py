"""The organisation with its targets, as the grid page shows it: what is stated, what holds, and what parts leave open."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from salesloop.engine.metrics.registry import Registry
from salesloop.engine.metrics.targets.book import NOBODY, Allowed, Layer, TargetBook, amount, window
from salesloop.engine.metrics.targets.cover import cover
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
    not add up, `below` and `gap` are None.
    """

    stated: Decimal | None
    below: Decimal | None
    target: Decimal | None
    exact: bool

    @property
    def gap(self) -> Decimal | None:
        return None if self.stated is None or self.below is None else self.stated - self.below


@dataclass(frozen=True, slots=True)
class TargetNode:
    """The company, a unit or a person; nodes come parents first. `cells` go with the asked periods."""

    kind: Literal["company", "org_unit", "employee"]
    id: str
    name: str
    parent: str
    depth: int
    cells: tuple[TargetCell, ...]


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
        trees.append((periods, tuple(_Grid(known, registry.sums_up(metric), layer, periods, scope).nodes())))
    return trees


class _Grid:
    """The grid of one metric for one scope."""

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
            cells = tuple(self._company(period) for period in self._periods)
            yield TargetNode("company", "", "", "", 0, cells)
        for root in self._book.units.roots:
            yield from self._unit(root, "", 1)
        yield from self._people(NOBODY, 1)

    def _company(self, period: Period) -> TargetCell:
        days = window(period.start, period.end)
        stated = amount(cover(self._layer.company, days), sums_up=self._sums_up)
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
        return TargetCell(stated, below, whole, _is_stated(self._layer.company, period))

    def _unit(self, unit: str, parent: str, depth: int) -> Iterator[TargetNode]:
        seen = self._allowed.unit(unit)
        if seen:
            cells = tuple(self._unit_cell(unit, period) for period in self._periods)
            yield TargetNode("org_unit", unit, self._source.unit_names.get(unit) or unit, parent, depth, cells)
        for child in self._book.units.children(unit):
            yield from self._unit(child, unit if seen else "", depth + (1 if seen else 0))
        yield from self._people(unit, depth + (1 if seen else 0), unit if seen else "")

    def _unit_cell(self, unit: str, period: Period) -> TargetCell:
        days = window(period.start, period.end)
        said = self._layer.units.get(unit, [])
        stated = amount(cover(said, days), sums_up=self._sums_up)
        if not self._sums_up:
            holds = amount(self._book.unit_rate(self._layer, unit, days), sums_up=False)
            return TargetCell(stated, None, holds, _is_stated(said, period))
        parts = [self._book.unit_sum(self._layer, c, days, self._allowed) for c in self._book.units.children(unit)]
        parts.append(self._book.people_sum(self._layer, unit, days, self._allowed))
        known = [found for found in (amount(part, sums_up=True) for part in parts) if found is not None]
        holds = amount(self._book.unit_sum(self._layer, unit, days, self._allowed), sums_up=True)
        return TargetCell(stated, sum(known, Decimal(0)) if known else None, holds, _is_stated(said, period))

    def _people(self, unit: str, depth: int, parent: str = "") -> Iterator[TargetNode]:
        stated = self._layer.people_in(unit)
        for person in sorted({*stated, *self._source.people_in.get(unit, ())}):
            if not self._allowed.person(person, unit):
                continue
            said = stated.get(person, [])
            cells = []
            for period in self._periods:
                value = amount(cover(said, window(period.start, period.end)), sums_up=self._sums_up)
                cells.append(TargetCell(value, None, value, _is_stated(said, period)))
            name = self._source.person_names.get(person) or person
            yield TargetNode("employee", person, name, parent, depth, tuple(cells))


def _is_stated(said: list[Statement], period: Period) -> bool:
    """Whether a statement is about exactly this period: the grid edits it, while others are worked out."""
    return any((one.start, one.end) == (period.start, period.end) for one in said)
