"""Where in the organisation a page looks: the place itself, what is above, beside and below it."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import Http404
from django.utils.translation import gettext as _

from salesloop.app.accounts.services import Role, User
from salesloop.app.org.directory import Directory, directory
from salesloop.app.org.scope import scope_for
from salesloop.app.workspace.services import workspace


@dataclass(frozen=True, slots=True)
class Place:
    """A unit or a person. An empty `id` is the whole of what the reader may see."""

    dimension: str
    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Surroundings:
    here: Place
    above: tuple[Place, ...] = ()
    beside: tuple[Place, ...] = ()
    below: tuple[Place, ...] = ()


def place_of(user: User, chosen: tuple[str, str] | None) -> Surroundings:
    """The place that (dimension, id or name) means. Http404 where this person may not see it, or where there is none."""
    known = directory()
    tops = _tops(user, known)
    top = Place("org_unit", "", _top_name(user, tops, known))
    below = _below_top(user, tops, known)
    if chosen is None:
        return Surroundings(top, below=below)
    dimension, text = chosen
    unit = _found(text, known.units, _("部门")) if dimension == "org_unit" else ""
    person = _found(text, known.employees, _("人员")) if dimension == "employee" else ""
    _check_visible(user, unit, person)
    path = known.path(unit or known.employees[person].unit)
    shown = path[path.index(tops[0]) + 1 :] if len(tops) == 1 and tops[0] in path else _from_tops(path, tops)
    steps = [top, *(_unit(u, known) for u in shown)]
    if person:
        steps.append(_person(person, known))
    here = steps.pop()
    if not steps:  # the address names the very top of what this person sees
        return Surroundings(top, below=below)
    parent = steps[-1]
    beside = below if parent == top else _inside(parent.id, known)
    return Surroundings(here, tuple(steps), beside, _inside(unit, known) if unit else ())


def level_below(user: User, chosen: tuple[str, str] | None) -> int | None:
    """The depth (1 = root) of the units directly below a place; None where there are only people, or nobody, below it."""
    below = place_of(user, chosen).below
    if not below or below[0].dimension != "org_unit":
        return None
    return len(directory().path(below[0].id))


def _check_visible(user: User, unit: str, person: str) -> None:
    scope = scope_for(user)
    if not (scope.everything or unit in scope.org_units or person in scope.employees):
        raise Http404


def _tops(user: User, known: Directory) -> list[str]:
    """The units at the top of what this person sees."""
    if user.role == Role.MANAGER:
        return known.managed_by(user.employee_id)
    return [] if user.role == Role.REP else known.roots


def _top_name(user: User, tops: list[str], known: Directory) -> str:
    if len(tops) == 1:
        return known.units[tops[0]].name
    if user.role == Role.REP:
        return user.name
    return _("我的团队") if user.role == Role.MANAGER else workspace().config.name


def _below_top(user: User, tops: list[str], known: Directory) -> tuple[Place, ...]:
    if user.role == Role.REP:
        return ()
    if len(tops) == 1:
        return _inside(tops[0], known)
    if tops:
        return tuple(_unit(unit, known) for unit in tops)
    reports = [e.id for e in known.employees.values() if user.employee_id and e.manager == user.employee_id]
    return tuple(_person(employee, known) for employee in reports)


def _from_tops(path: list[str], tops: list[str]) -> list[str]:
    return next((path[path.index(top) :] for top in tops if top in path), [])


def _inside(unit: str, known: Directory) -> tuple[Place, ...]:
    """The units directly below, or in a lowest unit its people."""
    if children := known.children.get(unit):
        return tuple(_unit(child, known) for child in children)
    return tuple(_person(employee, known) for employee in known.members.get(unit, ()))


def _unit(unit: str, known: Directory) -> Place:
    return Place("org_unit", unit, known.units[unit].name)


def _person(employee: str, known: Directory) -> Place:
    return Place("employee", employee, known.employees[employee].name)


def _found(text: str, things: object, kind: str) -> str:
    if not isinstance(things, dict):
        raise TypeError(type(things))
    if text in things:
        return text
    match = next((thing.id for thing in things.values() if thing.name == text), None)
    if match is None:
        raise Http404(f"{kind} {text}")
    return str(match)
