"""The sheet behind the grid: which rows and columns there are, what stands in them, and what may be written where."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property

from salesloop.app.org.services import org_tree
from salesloop.app.pages.services import Page
from salesloop.app.targets.currency import Lens, planned_rates, rates_of
from salesloop.app.targets.keys import Key
from salesloop.app.targets.models import Version
from salesloop.app.targets.rights import Rights
from salesloop.app.targets.store import counting, held_cells, stated_keys, with_draft
from salesloop.app.targets.values import values_of
from salesloop.engine.metrics import parse_filter
from salesloop.engine.metrics.definition import Metric
from salesloop.engine.metrics.targets import Rates, TargetCell, TargetNode, target_trees, value_rows
from salesloop.engine.metrics.targets.by_value import Place
from salesloop.engine.metrics.targets.organisation import ORGANISATION
from salesloop.engine.metrics.warehouse import Warehouse
from salesloop.engine.model.calendar import Grain, Period

_GRAINS: tuple[Grain, ...] = ("month", "quarter", "year")


@dataclass(frozen=True)
class Line:
    """One row: a node of the organisation, or a value of the sheet's dimension, with its cells by column key
    (`month:2026-11-01`)."""

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
    would count if it did. A filter of the address for a value of a further dimension shows the targets of that value; its `by`
    makes the values of a dimension the rows. In another `currency` than the base one every amount is shown, and stated, in it.
    """

    page: Page
    metric: Metric
    year: Period
    draft: Version | None = None
    currency: str = ""

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
    def by(self) -> str:
        """The dimension whose values are the rows; '' for the organisation."""
        if self.along is not None or not self.page.view.by:
            return ""
        known = {dimension.dimension for dimension in self.page.registry.dimensions_of(self.metric.metric)}
        name = self.page.view.by[0]
        return name if name in known and name not in ORGANISATION else ""

    @property
    def money(self) -> str:
        """The currency of the amounts."""
        return self.currency or self.page.workspace.config.currency

    @cached_property
    def rates(self) -> Rates:
        return rates_of(self.page.snapshot, self.page.workspace.config.currency)

    @cached_property
    def planned(self) -> Mapping[str, Decimal]:
        """The rates agreed on for the year, by currency."""
        return planned_rates(self.number)

    @cached_property
    def lens(self) -> Lens | None:
        """How amounts become those of the sheet's currency; None for the base one."""
        if not self.currency:
            return None
        sums_up = self.page.registry.sums_up(self.metric.metric)
        return Lens(self.currency, self.columns, sums_up, self.planned.get(self.currency), self.rates)

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
        for periods, found in self._by_value() if self.by else self._organisation():
            for node in found:
                key = row_key(node)
                nodes.setdefault(key, node)
                row = cells.setdefault(key, {})
                row |= {column_key(period): cell for period, cell in zip(periods, node.cells, strict=True)}
        if self.lens is not None:
            cells = {key: self.lens.seen(row) for key, row in cells.items()}
        shown = nodes if self.by else self._narrowed(nodes)
        top = next(iter(nodes.values()), None)
        return {
            key: Line(
                node,
                cells[key],
                self.open and rights.may_change(top if node.kind == "value" and top else node),
                tuple(_above(node, nodes)) or ((row_key(top),) if node.kind == "value" and top else ()),
            )
            for key, node in shown.items()
        }

    def _organisation(self) -> Iterable[tuple[tuple[Period, ...], tuple[TargetNode, ...]]]:
        span = (self.year.start, self.year.end)
        metric, page = self.metric.metric, self.page
        return target_trees(self.data, page.registry, metric, _GRAINS, *span, page.scope, self.along)

    def _by_value(self) -> Iterable[tuple[tuple[Period, ...], tuple[TargetNode, ...]]]:
        page, metric, span = self.page, self.metric.metric, (self.year.start, self.year.end)
        values = values_of(page, metric, self.by)
        for grain in _GRAINS:
            yield value_rows(self.data, page.registry, metric, grain, *span, page.scope, self.place, self.by, values)

    @cached_property
    def place(self) -> Place:
        """Whose targets the values of a dimension divide: the place of the address, else the top of what the person sees."""
        here, scope = self.page.place.here, self.page.scope
        if here.id:
            return ("employee", here.id) if here.dimension == "employee" else ("org_unit", here.id)
        if scope.everything:
            return "company", ""
        tree = org_tree()
        tops = sorted(unit for unit in scope.org_units if not scope.org_units & set(tree.ancestors(unit)))
        return ("org_unit", tops[0]) if tops else ("employee", self.page.user.employee_id)

    def person(self, employee: str) -> Line | None:
        """A person's whole year in one line, whatever units they were in; None where they are not shown."""
        rows = self._times.get(employee, [])
        home = next((line for line in rows if not line.node.former), rows[0] if rows else None)
        if home is None or len(rows) == 1:
            return home
        return replace(home, cells={key: self._joined([line.cells[key] for line in rows]) for key in self.columns})

    def elsewhere(self, line: Line, column: str) -> bool:
        """Whether the target of this cell belongs to the same person's time in another unit."""
        node = line.node
        if node.kind != "employee" or line.cells[column].exact:
            return False
        return bool(node.former) or any(one.cells[column].exact for one in self._times[node.id])

    @cached_property
    def _times(self) -> Mapping[str, list[Line]]:
        """The rows of each person: one for every unit in which they were."""
        found: dict[str, list[Line]] = {}
        for line in self.lines.values():
            if line.node.kind == "employee":
                found.setdefault(line.node.id, []).append(line)
        return found

    def _joined(self, cells: list[TargetCell]) -> TargetCell:
        """One period of somebody who worked in several units."""
        exact = next((cell for cell in cells if cell.exact), None)
        known = [cell.target for cell in cells if cell.target is not None]
        if not self.page.registry.sums_up(self.metric.metric):
            known = known[-1:]
        whole = None if exact is None else exact.whole
        target = whole if whole is not None else sum(known, Decimal(0)) if known else None
        return TargetCell(target, None, target, exact is not None, exact.foreign if exact else None)

    @property
    def open(self) -> bool:
        """Whether anything may be typed: not in a draft that is submitted, not in a frozen year."""
        if self.draft is not None:
            return self.draft.state == Version.State.DRAFT
        return self.deciding is None or self.deciding.state != Version.State.FROZEN

    @cached_property
    def entered(self) -> frozenset[Key]:
        """The cells with a value that somebody entered."""
        return stated_keys(self.metric.metric, self.year, self.draft)

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
        if node.former:  # what stays with the unit that they left
            staying = Key(self.metric.metric, node.former, node.id, period.start, period.grain, *(self.along or ()))
            if staying in self.entered:
                return staying
        person = node.id if node.kind == "employee" else ""
        along = self.along or ()
        if self.by:
            kind, key = self.place
            unit, person = (key if kind == "org_unit" else "", key if kind == "employee" else "")
            along = (self.by, node.id) if node.kind == "value" else ()
        return Key(self.metric.metric, unit, person, period.start, period.grain, *along)

    def covering(self, line: Line, column: str) -> Period | None:
        """The longer period that has a target of its own, so that a month inside could not be told from it."""
        month = self.columns[column]
        for key, period in self.columns.items():
            if period.grain != "month" and month.start in period and line.cells[key].exact:
                return period
        return None


def row_key(node: TargetNode) -> str:
    return f"{node.kind}:{node.id}" + (f"@{node.former}" if node.former else "")


def column_key(period: Period) -> str:
    return f"{period.grain}:{period.start}"


def _above(node: TargetNode, nodes: Mapping[str, TargetNode]) -> Iterator[str]:
    """The keys of the units above a node, the nearest first."""
    key = f"org_unit:{node.parent}"
    while key in nodes:
        yield key
        key = f"org_unit:{nodes[key].parent}"
