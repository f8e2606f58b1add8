"""Targets of the organisation, day by day: the level that speaks of a day counts, else the sum of the next level below."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from fractions import Fraction

from tests.metrics_suite.plainly.days import DAY, Company, Span, period_of
from tests.metrics_suite.plainly.world import UNIT_OF, UNIT_PARENTS, Asked, Row, path

Days = frozenset[dt.date]
Said = list[tuple[Days, Fraction]]
Covered = tuple[Fraction, Days]
NOTHING: Covered = (Fraction(0), frozenset())


def _days(span: Span) -> Days:
    return frozenset(span[0] + n * DAY for n in range((span[1] - span[0]).days + 1))


def cover(said: Said, gaps: Days) -> Covered:
    """(amount, days spoken of): whole statements first, the longest of them first; then parts, of the shortest first."""
    amount, left = Fraction(0), gaps
    for days, value in sorted(said, key=lambda one: (-len(one[0]), min(one[0]))):
        if days <= left:
            amount, left = amount + value, left - days
    for days, value in sorted(said, key=lambda one: (len(one[0]), min(one[0]))):
        amount, left = amount + value * Fraction(len(days & left), len(days)), left - days
    return amount, gaps - left


class Targets:
    """What was stated for one metric, and who of it may be counted."""

    def __init__(self, rows: Sequence[Row], company: Company, asked: Asked) -> None:
        self.asked = asked
        self.units: dict[str, Said] = {}
        self.people: dict[str, Said] = {}
        self.company: Said = []
        for row in rows:
            period = period_of(company, row["period_start"], row["period"])
            one = (_days((period.start, period.end)), Fraction(row["value"]))
            if row["employee_id"]:
                self.people.setdefault(row["employee_id"], []).append(one)
            elif row["org_unit_id"]:
                self.units.setdefault(row["org_unit_id"], []).append(one)
            else:
                self.company.append(one)

    def of(self, slices: dict[str, str | None], level: int, span: Span) -> Fraction | None:
        """The target of a slice (of the company, a unit, a person, a person in a unit); None where nothing is said."""
        gaps = _days(span) if span[0] <= span[1] else frozenset[dt.date]()
        if "employee" in slices:
            person = slices["employee"] or ""
            home = UNIT_OF.get(person)
            here = "org_unit" not in slices or _at_level(home, level) == slices["org_unit"]
            amount, days = cover(self.people.get(person, []), gaps) if here and self._person(person) else NOTHING
        elif "org_unit" in slices:
            unit = slices["org_unit"]
            whole = unit is not None and (len(path(UNIT_PARENTS, unit)) == level or not _below(unit))
            amount, days = self._unit(unit or "", gaps) if whole else self._directly(unit, gaps)
        else:
            amount, days = self._company(gaps)
        return round(amount, 4) if days else None

    def groups(self, slices: Iterable[str], level: int) -> list[dict[str, str | None]]:
        """Every slice that may have a target."""
        names, units = set(slices), [*UNIT_PARENTS, None]
        if names == {"org_unit"}:
            return [{"org_unit": unit} for unit in units if unit is None or len(path(UNIT_PARENTS, unit)) <= level]
        if names == {"employee"}:
            return [{"employee": person} for person in UNIT_OF]
        if names:
            return [{"org_unit": _at_level(home, level), "employee": person} for person, home in UNIT_OF.items()]
        return [{}]

    def _company(self, gaps: Days) -> Covered:
        limited = any(one.dimension in ("org_unit", "employee") for one in self.asked.keep)
        own = cover(self.company, gaps) if self.asked.everything and not limited else NOTHING
        rest = gaps - own[1]
        return _sum(
            own,
            [self._unit(unit, rest) for unit in UNIT_PARENTS if UNIT_PARENTS[unit] is None]
            + [self._directly(None, rest)],
        )

    def _unit(self, unit: str, gaps: Days) -> Covered:
        own = cover(self.units.get(unit, []), gaps) if self._whole_unit(unit) else NOTHING
        rest = gaps - own[1]
        if not rest:
            return own
        return _sum(own, [*(self._unit(below, rest) for below in _below(unit)), self._directly(unit, rest)])

    def _directly(self, unit: str | None, gaps: Days) -> Covered:
        here = [person for person, home in UNIT_OF.items() if home == unit and self._person(person)]
        return _sum(NOTHING, [cover(self.people.get(person, []), gaps) for person in here])

    def _whole_unit(self, unit: str) -> bool:
        """Whether everybody in it may be counted."""
        if not self.asked.everything and unit not in self.asked.units:
            return False
        inside = {one for one in UNIT_PARENTS if unit in path(UNIT_PARENTS, one)}
        for keep in self.asked.keep:
            if keep.dimension == "employee":
                return False
            if keep.dimension == "org_unit":
                kept = {one for one in UNIT_PARENTS if set(path(UNIT_PARENTS, one)) & set(keep.ids)}
                if inside & kept if keep.negated else not inside <= kept:
                    return False
        return True

    def _person(self, person: str) -> bool:
        home = UNIT_OF.get(person)
        if not (self.asked.everything or person in self.asked.employees or home in self.asked.units):
            return False
        for keep in self.asked.keep:
            if keep.dimension == "employee" and (person in keep.ids) == keep.negated:
                return False
            there = set(path(UNIT_PARENTS, home)) if home else {None}
            if keep.dimension == "org_unit" and bool(there & set(keep.ids)) == keep.negated:
                return False
        return True


def _sum(own: Covered, parts: list[Covered]) -> Covered:
    return own[0] + sum(amount for amount, _ in parts), own[1].union(*(days for _, days in parts))


def _below(unit: str) -> list[str]:
    return [one for one, parent in UNIT_PARENTS.items() if parent == unit]


def _at_level(unit: str | None, level: int) -> str | None:
    if unit is None:
        return None
    steps = path(UNIT_PARENTS, unit)
    return steps[min(level, len(steps)) - 1]
