"""What a person may see."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Scope:
    """A set of rows, named by their owners. `org_units` is already expanded with all descendants.

    A row of an entity with owner visibility is visible iff `everything`, or its `employee_id` is in `employees`, or its
    `org_unit_id` is in `org_units`; a row without either owner is visible to `everything` only.
    """

    everything: bool = False
    org_units: frozenset[str] = field(default_factory=frozenset)
    employees: frozenset[str] = field(default_factory=frozenset)

    @classmethod
    def all(cls) -> Scope:
        return cls(everything=True)

    @classmethod
    def none(cls) -> Scope:
        return cls()

    def within(self, other: Scope) -> bool:
        """Whether everything that this scope shows is also shown by `other`: a partial order, `none` ≤ … ≤ `all`."""
        if other.everything:
            return True
        return not self.everything and self.org_units <= other.org_units and self.employees <= other.employees

    def union(self, other: Scope) -> Scope:
        """What a person sees who holds both."""
        if self.everything or other.everything:
            return Scope.all()
        return Scope(False, self.org_units | other.org_units, self.employees | other.employees)

    def sees(self, employee_id: str | None, org_unit_id: str | None) -> bool:
        """The row rule, for one row with these owners."""
        return self.everything or employee_id in self.employees or org_unit_id in self.org_units
