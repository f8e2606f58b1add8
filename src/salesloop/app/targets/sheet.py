"""The sheet behind the grid: which rows and columns there are, what stands in them, and what may be written where."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from salesloop.app.pages.services import Page
from salesloop.app.targets.rights import Rights
from salesloop.engine.metrics.definition import Metric
from salesloop.engine.metrics.targets import TargetCell, TargetNode, target_tree
from salesloop.engine.model.calendar import Grain, Period


@dataclass(frozen=True, slots=True)
class Key:
    """What a stated target is about; the fields of the entity `target` but those of a further dimension."""

    metric: str
    org_unit_id: str
    employee_id: str
    period_start: dt.date
    period: Grain


@dataclass(frozen=True)
class Line:
    """One row: a node of the organisation with its cells by column key (`month:2026-11-01`)."""

    node: TargetNode
    cells: Mapping[str, TargetCell]
    editable: bool
    parents: tuple[str, ...]

    @property
    def key(self) -> str:
        return row_key(self.node)


@dataclass(frozen=True)
class Sheet:
    """The targets of one metric in one year, as the person of the page sees them."""

    page: Page
    metric: Metric
    year: Period

    @cached_property
    def columns(self) -> Mapping[str, Period]:
        """Months with their quarter behind each three, then the year."""
        calendar, found = self.page.calendar, []
        for quarter in calendar.periods(self.year.start, self.year.end, "quarter"):
            found += [*calendar.periods(quarter.start, quarter.end, "month"), quarter]
        return {column_key(period): period for period in (*found, self.year)}

    @cached_property
    def months(self) -> tuple[str, ...]:
        return tuple(key for key, period in self.columns.items() if period.grain == "month")

    @cached_property
    def lines(self) -> Mapping[str, Line]:
        """Rows by key, parents first, narrowed to the place that the address names."""
        rights = Rights(self.page.user)
        cells: dict[str, dict[str, TargetCell]] = {}
        nodes: dict[str, TargetNode] = {}
        for grain in ("month", "quarter", "year"):
            periods, found = target_tree(
                self.page.warehouse,
                self.page.registry,
                self.metric.metric,
                grain,
                self.year.start,
                self.year.end,
                self.page.scope,
            )
            for node in found:
                key = row_key(node)
                nodes.setdefault(key, node)
                row = cells.setdefault(key, {})
                row |= {column_key(period): cell for period, cell in zip(periods, node.cells, strict=True)}
        shown = self._narrowed(nodes)
        return {
            key: Line(node, cells[key], rights.may_change(node), tuple(_above(node, nodes)))
            for key, node in shown.items()
        }

    def _narrowed(self, nodes: Mapping[str, TargetNode]) -> Mapping[str, TargetNode]:
        chosen = self.page.scope_filter
        if chosen is None:
            return nodes
        kind, wanted = chosen
        top = next((key for key, node in nodes.items() if node.kind == kind and wanted in (node.id, node.name)), "")
        return {key: node for key, node in nodes.items() if top in (key, *_above(node, nodes))}

    def key_of(self, line: Line, column: str) -> Key:
        """What a target in this cell would be about."""
        node, period = line.node, self.columns[column]
        unit = node.id if node.kind == "org_unit" else ""
        person = node.id if node.kind == "employee" else ""
        return Key(self.metric.metric, unit, person, period.start, period.grain)

    def covering(self, line: Line, column: str) -> Period | None:
        """The longer period that has a target of its own, so that a month inside could not be told from it."""
        month = self.columns[column]
        for key, period in self.columns.items():
            if period.grain != "month" and month.start in period and line.cells[key].exact:
                return period
        return None


def row_key(node: TargetNode) -> str:
    return f"{node.kind}:{node.id}"


def column_key(period: Period) -> str:
    return f"{period.grain}:{period.start}"


def _above(node: TargetNode, nodes: Mapping[str, TargetNode]) -> Iterator[str]:
    """The keys of the units above a node, the nearest first."""
    key = f"org_unit:{node.parent}"
    while key in nodes:
        yield key
        key = f"org_unit:{nodes[key].parent}"
