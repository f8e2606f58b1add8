"""The target book of a warehouse with the trees that it needs, read once per snapshot and set of entries."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

import pyarrow as pa
from sqlglot import exp

from salesloop.engine.metrics.dimension import MAX_LEVEL, Dimension
from salesloop.engine.metrics.registry import Registry
from salesloop.engine.metrics.targets.book import NOBODY, TargetBook
from salesloop.engine.metrics.targets.cover import measure_of
from salesloop.engine.metrics.targets.nodes import Nodes
from salesloop.engine.metrics.targets.places import placed
from salesloop.engine.metrics.targets.rates import Rates
from salesloop.engine.metrics.targets.statements import statements
from salesloop.engine.metrics.warehouse import Warehouse
from salesloop.engine.model.org import OrgTree
from salesloop.engine.store.entered import PLAN_RATE


@dataclass(frozen=True)
class Members:
    """The values of one dimension as a tree, and what ids a written value stands for."""

    nodes: Nodes
    spoken: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class TargetSource:
    """Targets, the members of every dimension that targets speak of, and who works in which unit now."""

    book: TargetBook
    members: Mapping[str, Members]
    unit_names: Mapping[str, str]
    person_names: Mapping[str, str]
    people_in: Mapping[str, tuple[str, ...]]

    @cached_property
    def home(self) -> Mapping[str, str]:
        """The unit in which each person works now."""
        return {person: unit for unit, people in self.people_in.items() for person in people}


def target_source(data: Warehouse, registry: Registry, stated: str = "target") -> TargetSource:
    """All that targets need to be answered from, of this snapshot and these entries: those that count now, or with `PLAN`
    those that were approved first; what was imported is under both."""

    def read() -> TargetSource:
        org_units, employees = _table(data, "org_unit"), _table(data, "employee")
        calendar = data.config.calendar_of_company
        planned = data.entered[PLAN_RATE].to_pylist() if PLAN_RATE in data.entered else ()
        rates = Rates(data.config.currency, _table(data, "exchange_rate").to_pylist(), planned)
        said = statements(_table(data, "target"), data.entered.get(stated), registry, calendar, rates)
        units = tree_nodes(data, "org_unit_flat", org_units["org_unit_id"].to_pylist())
        tree = OrgTree(org_units, employees)
        measure = measure_of(data.config.target_days)
        book = TargetBook(placed(said, tree, _sums_up(registry), measure), units, measure)
        spoken_of = {s.dimension for s in said if s.dimension in registry.dimensions}
        people: dict[str, list[str]] = {}
        for person in dict.fromkeys(employees["employee_id"].to_pylist()):
            unit = tree.unit_of(person)
            people.setdefault(unit if unit is not None and unit in units else NOBODY, []).append(person)
        return TargetSource(
            book,
            {name: _members(data, registry.dimension(name), book) for name in spoken_of},
            _names(org_units, "org_unit_id"),
            _names(employees, "employee_id"),
            {unit: tuple(those) for unit, those in people.items()},
        )

    key = ("targets", stated, data.entered_version, registry.fingerprint)
    return data.remembered(key, read) if data.entered_version is not None else read()


def _sums_up(registry: Registry) -> Callable[[str], bool]:
    """Whether amounts of a metric add up; what is stated for a metric that nobody knows is never asked for."""
    return lambda metric: metric in registry.metrics and registry.sums_up(metric)


def tree_nodes(data: Warehouse, tree: str, known: list[str]) -> Nodes:
    """The nodes of a flat tree by their parent, and nodes known to the entity but not to the tree as roots."""
    levels = [f"l{level}_id" for level in range(1, MAX_LEVEL + 1)]
    parents: dict[str, str | None] = dict.fromkeys(known)
    for row in data.ask(exp.select("id", *levels).from_(tree)).to_pylist():
        path = [row[level] for level in levels if row[level] is not None and row[level] != row["id"]]
        parents[row["id"]] = path[-1] if path else None
    return Nodes(parents)


def _members(data: Warehouse, dimension: Dimension, book: TargetBook) -> Members:
    texts = tuple({v for metric in book.metrics() for v in book.values(metric, dimension.dimension)})
    if dimension.entity is None:
        return Members(Nodes(dict.fromkeys(texts)), {text: (text,) for text in texts})
    spoken: dict[str, list[str]] = {}
    by_id: set[str] = set()
    for row in data.values(dimension, texts):
        by_id.add(row["id"])
        spoken.setdefault(row["name"], []).append(row["id"])
    names = {text: (text,) if text in by_id else tuple(spoken.get(text, ())) for text in texts}
    ids = [one for many in names.values() for one in many]
    nodes = tree_nodes(data, dimension.tree, ids) if dimension.tree else Nodes(dict.fromkeys(ids))
    return Members(nodes, names)


def _names(table: pa.Table, key: str) -> dict[str, str]:
    """Names by id, of a dated table the newest."""
    rows = sorted(table.select([key, "name", "valid_from"]).to_pylist(), key=lambda row: row["valid_from"])
    return {row[key]: row["name"] for row in rows}


def _table(data: Warehouse, entity: str) -> pa.Table:
    return data.ask(exp.select("*").from_(entity))
