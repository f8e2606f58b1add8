"""What a person may see."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache

from salesloop.app.accounts.services import Role, User
from salesloop.app.workspace.services import snapshot, today
from salesloop.engine.model.org import OrgTree
from salesloop.engine.model.scope import Scope
from salesloop.engine.store import Snapshot


def scope_for(user: User) -> Scope:
    """A representative sees their own rows, a manager theirs and everything below, the other roles everything.

    Without a link to an employee the first two see nothing: whose numbers would it be?
    """
    if user.role not in (Role.REP, Role.MANAGER):
        return Scope.all()
    if not user.employee_id:
        return Scope.none()
    return _scope(snapshot(), today(), user.employee_id, leads=user.role == Role.MANAGER)


def org_tree() -> OrgTree:
    """The organisation in the current snapshot."""
    return _tree(snapshot())


@lru_cache(maxsize=4)
def _tree(current: Snapshot) -> OrgTree:
    def table(entity: str) -> object:
        return current.engine.execute(f"SELECT * FROM {entity}") if current.has(entity) else None

    return OrgTree(table("org_unit"), table("employee"))


@lru_cache(maxsize=1024)
def _scope(current: Snapshot, day: dt.date, employee: str, *, leads: bool) -> Scope:
    tree = _tree(current)
    return tree.scope_of_manager(employee, day) if leads else tree.scope_of_employee(employee)
