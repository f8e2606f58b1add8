"""Slices of a question by unit and person, and what a layer of targets says about each."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Final

from salesloop.engine.metrics.filters import Resolved
from salesloop.engine.metrics.plan.context import Context
from salesloop.engine.metrics.query import By
from salesloop.engine.metrics.targets.book import NOBODY, Allowed, Layer, TargetBook
from salesloop.engine.metrics.targets.cover import Covered, Days
from salesloop.engine.metrics.targets.nodes import Nodes

ORGANISATION: Final = ("org_unit", "employee")

Gaps = tuple[Days, ...]
Evaluate = Callable[[Layer, Gaps], Covered]


@dataclass(frozen=True)
class Slice:
    """One combination of unit and person in the answer, and the target that a layer states for it."""

    ids: dict[str, str]
    evaluate: Evaluate


def organisation(context: Context, book: TargetBook, layers: list[Layer], *, sums_up: bool) -> Iterator[Slice]:
    """The slices by unit and person that the question asks for."""
    allowed = allowed_by(context, book.units)
    axes = {item.dimension: item for item in context.by if item.dimension in ORGANISATION}
    if not axes:
        yield Slice({}, _whole(context, book, allowed, sums_up=sums_up))
    elif "employee" not in axes:
        yield from _by_unit(book, axes["org_unit"], allowed, sums_up=sums_up)
    else:
        yield from _by_person(book, axes.get("org_unit"), layers, allowed, sums_up=sums_up)


def _whole(context: Context, book: TargetBook, allowed: Allowed, *, sums_up: bool) -> Evaluate:
    if sums_up:
        return lambda layer, gaps: book.company_sum(layer, gaps, allowed)
    if allowed.company:
        return book.company_rate
    tops = list(_tops(book.units, allowed))
    if len(tops) == 1:
        return lambda layer, gaps: book.unit_rate(layer, tops[0], gaps)
    if not tops and len(context.scope.employees) == 1:
        (person,) = context.scope.employees
        return lambda layer, gaps: _person_rate(book, layer, person, gaps)
    return lambda _layer, gaps: nothing(gaps)


def _person_rate(book: TargetBook, layer: Layer, person: str, gaps: Gaps) -> Covered:
    units = [unit for unit, people in layer.people.items() if person in people]
    return book.person_rate(layer, person, units or [NOBODY], gaps)


def _tops(units: Nodes, allowed: Allowed) -> Iterator[str]:
    waiting = list(units.roots)
    while waiting:
        unit = waiting.pop()
        if allowed.unit(unit):
            yield unit
        else:
            waiting += units.children(unit)


def _by_unit(book: TargetBook, by: By, allowed: Allowed, *, sums_up: bool) -> Iterator[Slice]:
    level = by.level or 1
    shown = [unit for unit in book.units.under(book.units.roots) if book.units.level(unit) <= level]
    for unit in [*shown, NOBODY]:
        if not sums_up:
            if unit != NOBODY and allowed.unit(unit):
                yield Slice({"org_unit_id": unit}, partial(_unit_rate, book, unit))
        elif unit != NOBODY and (book.units.level(unit) == level or not book.units.children(unit)):
            yield Slice({"org_unit_id": unit}, partial(_unit_sum, book, unit, allowed))
        else:
            # Above the level only people directly in the unit are a group of their own; its target is for all below.
            yield Slice({"org_unit_id": unit}, partial(_people_sum, book, unit, allowed))


def _unit_rate(book: TargetBook, unit: str, layer: Layer, gaps: Gaps) -> Covered:
    return book.unit_rate(layer, unit, gaps)


def _unit_sum(book: TargetBook, unit: str, allowed: Allowed, layer: Layer, gaps: Gaps) -> Covered:
    return book.unit_sum(layer, unit, gaps, allowed)


def _people_sum(book: TargetBook, unit: str, allowed: Allowed, layer: Layer, gaps: Gaps) -> Covered:
    return book.people_sum(layer, unit, gaps, allowed)


def _by_person(
    book: TargetBook, by: By | None, layers: list[Layer], allowed: Allowed, *, sums_up: bool
) -> Iterator[Slice]:
    places = {(person, unit) for layer in layers for unit, people in layer.people.items() for person in people}
    groups: dict[tuple[str, str], list[str]] = {}
    for person, unit in sorted(places):
        group = "" if by is None else group_of(book.units, unit, by.level or 1)
        groups.setdefault((group, person), []).append(unit)
    for (group, person), units in groups.items():
        seen = [unit for unit in units if allowed.person(person, unit)]
        if not seen:
            continue
        ids = {"employee_id": person} | ({} if by is None else {"org_unit_id": group})

        def evaluate(layer: Layer, gaps: Gaps, person: str = person, seen: list[str] = seen) -> Covered:
            if not sums_up:
                return book.person_rate(layer, person, seen, gaps)
            return total([book.person_sum(layer, person, unit, gaps, allowed) for unit in seen], gaps)

        yield Slice(ids, evaluate)


def group_of(nodes: Nodes, node: str, level: int) -> str:
    """The node under which a node is grouped at a level: its ancestor there, or itself where it stands above."""
    path = nodes.path(node) if node in nodes else [node]
    return path[min(level, len(path)) - 1]


def allowed_by(context: Context, units: Nodes) -> Allowed:
    """What the scope and the filters on units and people leave."""
    scope = context.scope
    tests = [
        (units.under(f.ids), frozenset[str](), f) for f in context.filters if f.dimension.dimension == "org_unit"
    ] + [(frozenset[str](), frozenset(f.ids), f) for f in context.filters if f.dimension.dimension == "employee"]

    def unit(name: str) -> bool:
        if not (scope.everything or name in scope.org_units):
            return False
        return all(_unit_passes(units, name, inside, item) for inside, _, item in tests)

    def person(name: str, of: str) -> bool:
        if not (scope.everything or name in scope.employees or of in scope.org_units):
            return False
        return all(
            (name in people if item.dimension.dimension == "employee" else of in inside or (item.null and of == NOBODY))
            != item.negated
            for inside, people, item in tests
        )

    return Allowed(scope.everything and not tests, unit, person)


def _unit_passes(units: Nodes, name: str, inside: frozenset[str], item: Resolved) -> bool:
    """Whether a filter lets a unit through whole, with everybody in it."""
    if item.dimension.dimension == "employee":
        return False
    return not units.under([name]) & inside if item.negated else name in inside


def nothing(gaps: Gaps) -> Covered:
    """No target was found for these days."""
    return Covered(Decimal(0), Decimal(0), 0, gaps)


def total(parts: list[Covered], gaps: Gaps) -> Covered:
    """Several findings about the same days, added; days are left only where nobody said anything."""
    left = parts[-1].left if len(parts) == 1 else () if any(item.days for item in parts) else gaps
    return Covered(
        sum((item.amount for item in parts), Decimal(0)),
        sum((item.weighted for item in parts), Decimal(0)),
        sum(item.days for item in parts),
        left,
    )
