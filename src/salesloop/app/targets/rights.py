"""Whose targets a person may change."""

from __future__ import annotations

from salesloop.app.accounts.services import Role, User
from salesloop.app.org.services import units_managed_by
from salesloop.engine.metrics.targets import TargetNode


class Rights:
    """Analysts and administrators change every target; a manager those below, not their own, which come from above."""

    def __init__(self, user: User) -> None:
        self._all = user.role in (Role.ANALYST, Role.ADMIN)
        self._below = user.role == Role.MANAGER and bool(user.employee_id)
        self._employee = user.employee_id
        self._own = frozenset(units_managed_by(user)) if self._below else frozenset()

    @property
    def any(self) -> bool:
        return self._all or self._below

    def may_change(self, node: TargetNode) -> bool:
        """For a node that the person's scope shows."""
        if self._all or not self._below:
            return self._all
        return node.kind != "company" and node.id not in (self._own if node.kind == "org_unit" else {self._employee})
