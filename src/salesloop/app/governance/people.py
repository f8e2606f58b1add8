"""Who answers for a definition: the owner by login or name where there is one, else those who decide."""

from __future__ import annotations

from salesloop.app.accounts.services import Role, User, people

DECIDERS = (Role.ANALYST, Role.ADMIN)


def is_owner(user: User, owner: str) -> bool:
    """Whether the `owner` of a definition is this person."""
    return owner in (user.login, user.name)


def owners(owner: str) -> list[User]:
    """The people behind the `owner` of a definition. A team (`sales-ops`) has no login: then the analysts."""
    found = [person for person in people(active=True) if is_owner(person, owner)]
    return found or list(people(active=True, role=Role.ANALYST))


def deciders(*, but: User | None = None) -> list[User]:
    """Everybody who may decide, but for the one whose request it is."""
    return [person for person in people(active=True).filter(role__in=DECIDERS) if person != but]
