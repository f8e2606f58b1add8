"""Who is where in the sales organisation on a day, who is below whom, and what they may therefore see."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa

from salesloop.engine.model.scope import Scope
from salesloop.engine.model.text import Message, Messages

_MESSAGES = Messages("salesloop.engine.model")
_ALWAYS = dt.date(1900, 1, 1)


class Forest:
    """Things with at most several others above them, never in a circle: a link that would close one is refused."""

    def __init__(self) -> None:
        self._up: dict[str, set[str]] = {}
        self._down: dict[str, set[str]] = {}

    def link(self, below: str, above: str) -> bool:
        """Put `below` under `above`; False where that would make something stand above itself."""
        if below == above or below in self.above(above):
            return False
        self._up.setdefault(below, set()).add(above)
        self._down.setdefault(above, set()).add(below)
        return True

    def above(self, name: str) -> frozenset[str]:
        """Everything above, at any distance."""
        return _reach(name, self._up)

    def below(self, name: str) -> frozenset[str]:
        """Everything below, at any distance."""
        return _reach(name, self._down)

    def directly_above(self, name: str) -> frozenset[str]:
        return frozenset(self._up.get(name, ()))


@dataclass(frozen=True, slots=True)
class Stay:
    """The days (inclusive) that somebody spends in a unit; the first stay has always begun, the last one does not end."""

    unit: str
    start: dt.date
    end: dt.date


@dataclass(frozen=True, slots=True)
class _Day:
    """The organisation on one day."""

    units: Mapping[str, Mapping[str, Any]]
    people: Mapping[str, Mapping[str, Any]]
    tree: Forest
    line: Forest
    chain: Forest
    warnings: tuple[Message, ...] = field(default=())


class OrgTree:
    """The dated unit tree and the dated reporting line.

    `org_units` and `employees` hold the columns of the entities of that name (of which any but the key may be absent);
    of several rows of one unit or person the one valid on the day counts. Every question takes `on`; None asks for the
    newest rows. Circles in the data are broken where they are found and told by `warnings`.
    """

    def __init__(self, org_units: pa.Table | None, employees: pa.Table | None) -> None:
        self._units = _rows(org_units, "org_unit_id")
        self._people = _rows(employees, "employee_id")
        self._days: dict[dt.date | None, _Day] = {}

    def descendants(self, unit: str, on: dt.date | None = None) -> frozenset[str]:
        """Units below this one, at any depth, without itself."""
        return self._on(on).tree.below(unit)

    def ancestors(self, unit: str, on: dt.date | None = None) -> tuple[str, ...]:
        """Units above this one, the nearest first."""
        day, path = self._on(on), list[str]()
        while above := day.tree.directly_above(path[-1] if path else unit):
            path += above
        return tuple(path)

    def members(self, unit: str, on: dt.date | None = None) -> frozenset[str]:
        """People of this unit and of the units below it."""
        units = {unit} | self.descendants(unit, on)
        return frozenset(i for i, person in self._on(on).people.items() if person.get("org_unit_id") in units)

    def reports(self, employee: str, on: dt.date | None = None) -> frozenset[str]:
        """People below in the reporting line (`manager_id`), at any distance."""
        return self._on(on).line.below(employee)

    def unit_of(self, employee: str, on: dt.date | None = None) -> str | None:
        unit: str | None = self._on(on).people.get(employee, {}).get("org_unit_id")
        return unit

    def stays(self, employee: str) -> tuple[Stay, ...]:
        """Where somebody is, one stay after another: as facts get their owner's unit, from each `valid_from` to the next."""
        rows, found = self._people.get(employee, []), list[Stay]()
        for place, row in enumerate(rows):
            start = row.get("valid_from") or _ALWAYS if place else dt.date.min
            end = rows[place + 1]["valid_from"] - dt.timedelta(days=1) if place + 1 < len(rows) else dt.date.max
            unit = row.get("org_unit_id")
            if not unit or start > end:
                continue
            if found and found[-1].unit == unit:
                start = found.pop().start
            found.append(Stay(unit, start, end))
        return tuple(found)

    def managers_of(self, employee: str, on: dt.date | None = None) -> frozenset[str]:
        """Who sees what this person sees: the manager in the reporting line and the managers of the unit above them."""
        return self._on(on).chain.directly_above(employee)

    def scope_of_employee(self, employee: str) -> Scope:
        """Only what is their own."""
        return Scope(employees=frozenset({employee}))

    def scope_of_manager(self, employee: str, on: dt.date | None = None) -> Scope:
        """Their own, that of everybody below in either hierarchy, and the units that one of all these manages.

        A person's scope therefore always lies within the scope of each of their managers.
        """
        day = self._on(on)
        people = {employee} | day.chain.below(employee)
        managed = [unit for unit, row in day.units.items() if row.get("manager_id") in people]
        units = set(managed).union(*(day.tree.below(unit) for unit in managed))
        return Scope(org_units=frozenset(units), employees=frozenset(people))

    def warnings(self, on: dt.date | None = None) -> tuple[Message, ...]:
        """Circles found in the data of that day, each naming who would stand above themselves."""
        return self._on(on).warnings

    def _on(self, day: dt.date | None) -> _Day:
        if day not in self._days:
            self._days[day] = _organisation(_valid(self._units, day), _valid(self._people, day))
        return self._days[day]


def _organisation(units: Mapping[str, Mapping[str, Any]], people: Mapping[str, Mapping[str, Any]]) -> _Day:
    warnings: list[Message] = []
    tree, line = Forest(), Forest()
    for unit, row in units.items():
        if row.get("parent_id") in units and not tree.link(unit, row["parent_id"]):
            warnings.append(_MESSAGES.message("org_unit_circle", unit=row.get("name") or unit, parent=row["parent_id"]))
    for person, row in people.items():
        if row.get("manager_id") in people and not line.link(person, row["manager_id"]):
            name, manager = row.get("name") or person, row["manager_id"]
            warnings.append(_MESSAGES.message("reporting_circle", employee=name, manager=manager))
    return _Day(units, people, tree, line, _chain(units, people, tree, line), tuple(warnings))


def _chain(
    units: Mapping[str, Mapping[str, Any]], people: Mapping[str, Mapping[str, Any]], tree: Forest, line: Forest
) -> Forest:
    """Both hierarchies in one: the reporting line, then the manager of a person's unit, then managers of units above.

    In this order, because an acting head of a small team stays above the manager of the unit around it.
    """
    chain = Forest()
    for person in people:
        for manager in line.directly_above(person):
            chain.link(person, manager)
    for person, row in people.items():
        _link_to_head(chain, person, row.get("org_unit_id"), units, tree)
    for unit, row in units.items():
        if row.get("manager_id"):
            for parent in tree.directly_above(unit):
                _link_to_head(chain, row["manager_id"], parent, units, tree)
    return chain


def _link_to_head(
    chain: Forest, person: str, unit: str | None, units: Mapping[str, Mapping[str, Any]], tree: Forest
) -> None:
    """Put a person under the manager of the unit, or of the nearest unit above that somebody else manages."""
    while unit is not None and unit in units:
        manager = units[unit].get("manager_id")
        if manager and manager != person:
            chain.link(person, manager)
            return
        unit = next(iter(tree.directly_above(unit)), None)


def _rows(table: pa.Table | None, key: str) -> dict[str, list[Mapping[str, Any]]]:
    """Rows by key, oldest first."""
    rows: dict[str, list[Mapping[str, Any]]] = {}
    for row in [] if table is None else table.to_pylist():
        rows.setdefault(row[key], []).append(row)
    return {name: sorted(rows[name], key=lambda row: row.get("valid_from") or _ALWAYS) for name in sorted(rows)}


def _valid(rows: Mapping[str, list[Mapping[str, Any]]], day: dt.date | None) -> dict[str, Mapping[str, Any]]:
    """The row of each key that holds on the day; the newest where no day is asked for."""
    if day is None:
        return {name: versions[-1] for name, versions in rows.items()}
    found = {name: [row for row in versions if _holds(row, day)] for name, versions in rows.items()}
    return {name: versions[-1] for name, versions in found.items() if versions}


def _holds(row: Mapping[str, Any], day: dt.date) -> bool:
    return (row.get("valid_from") or _ALWAYS) <= day and (row.get("valid_to") is None or day <= row["valid_to"])


def _reach(start: str, links: Mapping[str, Iterable[str]]) -> frozenset[str]:
    found: set[str] = set()
    todo = [start]
    while todo:
        for name in links.get(todo.pop(), ()):
            if name not in found:
                found.add(name)
                todo.append(name)
    return frozenset(found)
