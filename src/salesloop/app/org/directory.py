"""Units and people of the organisation on one day, by id, read once per snapshot."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from salesloop.app.workspace.services import snapshot, today
from salesloop.engine.store import Snapshot

_OF_EMPLOYEES = ("employee_id", "name", "org_unit_id", "manager_id", "title", "leave_date")


@dataclass(frozen=True, slots=True)
class Unit:
    id: str
    name: str
    parent: str
    manager: str


@dataclass(frozen=True, slots=True)
class Employee:
    id: str
    name: str
    unit: str
    manager: str
    title: str
    left: dt.date | None = None


@dataclass(frozen=True)
class Directory:
    """Names and neighbours. Whose rows somebody may see is the OrgTree's matter, not this one's."""

    units: Mapping[str, Unit]
    employees: Mapping[str, Employee]
    children: Mapping[str, list[str]]
    members: Mapping[str, list[str]]

    @property
    def roots(self) -> list[str]:
        """Units without a known unit above."""
        return [unit.id for unit in self.units.values() if unit.parent not in self.units]

    def path(self, unit: str) -> list[str]:
        """From the top down to this unit, which is the last."""
        found: list[str] = []
        while unit in self.units and unit not in found:  # a ring in delivered data must not hang a page
            found.append(unit)
            unit = self.units[unit].parent
        return found[::-1]

    def managed_by(self, employee: str) -> list[str]:
        """The topmost units that this person manages."""
        own = {unit.id for unit in self.units.values() if employee and unit.manager == employee}
        return [unit for unit in self.units if unit in own and not own & set(self.path(unit)[:-1])]


def directory() -> Directory:
    """The organisation of today in the current snapshot."""
    return _directory(snapshot(), today())


@lru_cache(maxsize=4)
def _directory(current: Snapshot, day: dt.date) -> Directory:
    units = {
        row["org_unit_id"]: Unit(row["org_unit_id"], row["name"], row["parent_id"] or "", row["manager_id"] or "")
        for row in _valid(current, "org_unit", "org_unit_id", ("org_unit_id", "name", "parent_id", "manager_id"), day)
    }
    employees = {
        row["employee_id"]: Employee(
            row["employee_id"],
            row["name"],
            row["org_unit_id"] or "",
            row["manager_id"] or "",
            row["title"] or "",
            row["leave_date"],
        )
        for row in _valid(current, "employee", "employee_id", _OF_EMPLOYEES, day)
    }
    return Directory(
        units,
        employees,
        _grouped((unit.parent, unit.id) for unit in units.values()),
        _grouped((person.unit, person.id) for person in employees.values()),
    )


def _valid(current: Snapshot, entity: str, key: str, columns: tuple[str, ...], day: dt.date) -> list[dict[str, Any]]:
    """The row of each key that holds on the day, or else its latest one: who has left still has a name."""
    if not current.has(entity):
        return []
    return current.rows(
        f"SELECT {', '.join(columns)} FROM {entity} QUALIFY row_number() OVER (PARTITION BY {key} ORDER BY "
        f"valid_from <= DATE '{day}' AND coalesce(valid_to >= DATE '{day}', true) DESC, valid_from DESC) = 1 "
        f"ORDER BY {key}"
    )


def _grouped(pairs: Iterable[tuple[str, str]]) -> Mapping[str, list[str]]:
    found: defaultdict[str, list[str]] = defaultdict(list)
    for above, below in pairs:
        found[above].append(below)
    return found
