"""The sheet behind the grid: which rows and columns there are, what stands in them, and what may be written where."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from salesloop.app.pages.services import Page
from salesloop.app.targets.keys import Key
from salesloop.app.targets.models import Version
from salesloop.app.targets.rights import Rights
from salesloop.app.targets.store import counting, held_cells, with_draft
from salesloop.engine.metrics import parse_filter
from salesloop.engine.metrics.definition import Metric
from salesloop.engine.metrics.targets import TargetCell, TargetNode, target_trees
from salesloop.engine.metrics.targets.organisation import ORGANISATION
from salesloop.engine.metrics.warehouse import Warehouse
from salesloop.engine.model.calendar import Period


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
    """The targets of one metric in one year, as the person of the page sees them: those that count, or with `draft` those that
    would count if it did. A filter of the address for a value of a further dimension shows the targets of that value."""

    page: Page
    metric: Metric
    year: Period
    draft: Version | None = None

    @property
    def number(self) -> int:
        """The year's number."""
        return self.page.calendar.year_number(self.year.start)

    @cached_property
    def deciding(self) -> Version | None:
        """The version that counts, where what counts is shown."""
        return None if self.draft else counting(self.metric.metric, self.number)

    @cached_property
    def along(self) -> tuple[str, str] | None:
        """The further dimension and its value."""
        for text in self.page.view.where:
            found = parse_filter(text)
            if found.dimension not in ORGANISATION and not found.negated and len(found.values) == 1 and found.values[0]:
                return found.dimension, found.values[0]
        return None

    @cached_property
    def data(self) -> Warehouse:
        """The warehouse whose entries this sheet shows."""
        if self.draft is None:
            return self.page.warehouse
        entered = {**self.page.warehouse.entered, "target": with_draft(self.draft, self.year.start, self.year.end)}
        return replace(self.page.warehouse, entered=entered, entered_version=None)

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
        trees = target_trees(
            self.data,
            self.page.registry,
            self.metric.metric,
            ("month", "quarter", "year"),
            self.year.start,
            self.year.end,
            self.page.scope,
            self.along,
        )
        for periods, found in trees:
            for node in found:
                key = row_key(node)
                nodes.setdefault(key, node)
                row = cells.setdefault(key, {})
                row |= {column_key(period): cell for period, cell in zip(periods, node.cells, strict=True)}
        shown = self._narrowed(nodes)
        return {
            key: Line(node, cells[key], self.open and rights.may_change(node), tuple(_above(node, nodes)))
            for key, node in shown.items()
        }

    @property
    def open(self) -> bool:
        """Whether anything may be typed: not in a draft that is submitted, not in a frozen year."""
        if self.draft is not None:
            return self.draft.state == Version.State.DRAFT
        return self.deciding is None or self.deciding.state != Version.State.FROZEN

    @cached_property
    def held(self) -> Mapping[Key, str]:
        """Cells that are not to be typed over: `locked`, or `decided` by the version that counts."""
        return held_cells(self.metric.metric, self.draft, self.deciding)

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
        return Key(self.metric.metric, unit, person, period.start, period.grain, *(self.along or ()))

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
