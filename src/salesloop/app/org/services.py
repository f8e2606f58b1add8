"""For the other slices: scopes, names, places, and who is responsible for whom."""

from __future__ import annotations

from collections.abc import Iterable

from salesloop.app.accounts.services import Role, User, people_of_employees
from salesloop.app.org.directory import Employee, directory
from salesloop.app.org.places import Place, Surroundings, level_below, place_of
from salesloop.app.org.scope import org_tree, scope_for
from salesloop.app.workspace.services import today
from salesloop.engine.model.scope import Scope

__all__ = [
    "Employee",
    "Place",
    "Surroundings",
    "employee_choices",
    "employee_names",
    "employees_in",
    "level_below",
    "manager_of",
    "org_tree",
    "people_responsible_for",
    "place_of",
    "scope_for",
    "unit_names",
    "units_called",
    "units_managed_by",
]


def employee_choices() -> list[tuple[str, str]]:
    """(id, `name · unit`) of every employee, for a form."""
    known = directory()
    return [
        (
            person.id,
            " · ".join(
                filter(None, [person.name, known.units[person.unit].name if person.unit in known.units else ""])
            ),
        )
        for person in known.employees.values()
    ]


def employees_in(scope: Scope) -> list[Employee]:
    """Who works here today and is within the scope, by unit and name."""
    known = directory()
    found = [
        person
        for person in known.employees.values()
        if (scope.everything or person.id in scope.employees) and (person.left is None or person.left >= today())
    ]
    return sorted(found, key=lambda person: (known.path(person.unit), person.name))


def employee_names(ids: Iterable[str]) -> dict[str, str]:
    """Names of employees by id; unknown ids are missing."""
    known = directory().employees
    return {key: known[key].name for key in ids if key in known}


def unit_names(ids: Iterable[str]) -> dict[str, str]:
    """Names of org units by id; unknown ids are missing."""
    known = directory().units
    return {key: known[key].name for key in ids if key in known}


def units_called(text: str) -> list[str]:
    """The ids of the units with this id or name."""
    return [unit.id for unit in directory().units.values() if text in (unit.id, unit.name)]


def units_managed_by(user: User) -> list[str]:
    """The topmost units that this person manages."""
    return directory().managed_by(user.employee_id)


def manager_of(user: User) -> User | None:
    """Who this person reports to: their manager by name, else the manager of their unit or of the nearest unit above that
    somebody else manages; None where nobody of them has a login."""
    known = directory()
    person = known.employees.get(user.employee_id)
    if person is None:
        return None
    units = [known.units[unit].manager for unit in reversed(known.path(person.unit))]
    ids = [key for key in (person.manager, *units) if key and key != person.id]
    logins = people_of_employees(ids)
    return next((logins[key] for key in ids if key in logins), None)


def people_responsible_for(org_unit_id: str, employee_id: str) -> list[User]:
    """Who should hear of something in this slice: the employee's manager, or the unit's; else the nearest above with a
    login; where the slice has no owner, the analysts."""
    known = directory()
    employee = known.employees.get(employee_id)
    unit = org_unit_id or (employee.unit if employee else "")
    ids = [employee.manager] if employee and employee.manager else []
    ids += [known.units[one].manager for one in reversed(known.path(unit)) if known.units[one].manager != employee_id]
    logins = people_of_employees(ids)
    nearest = next((logins[key] for key in ids if key in logins), None)
    return [nearest] if nearest else list(User.objects.filter(role=Role.ANALYST, is_active=True))
