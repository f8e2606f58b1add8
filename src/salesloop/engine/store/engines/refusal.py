"""What an engine elsewhere says when it cannot answer, as sentences that say what to do."""

from __future__ import annotations

from typing import Final

from salesloop.engine.model.errors import UserError
from salesloop.engine.model.text import Messages
from salesloop.engine.store.engines.address import SECRET, Address

_MESSAGES: Final = Messages("salesloop.engine.store.engines")
_LONGEST: Final = 400


class EngineRefused(UserError):
    """The company's engine did not answer: unreachable, not permitted, a table missing, a statement it cannot run."""


def unreachable(address: Address, problem: str) -> EngineRefused:
    """Nobody answers at the address."""
    return EngineRefused(_MESSAGES.message("unreachable", engine=str(address), problem=_first(problem)))


def login_refused(address: Address) -> EngineRefused:
    """The user or the password is not accepted."""
    user = address.user or "—"
    return EngineRefused(_MESSAGES.message("login_refused", engine=str(address), user=user, variable=SECRET))


def database_missing(address: Address) -> EngineRefused:
    """The engine answers, and has no such database."""
    return EngineRefused(_MESSAGES.message("database_missing", engine=str(address), database=address.path or "—"))


def not_permitted(address: Address, problem: str) -> EngineRefused:
    """The user may not read what a view names."""
    return EngineRefused(_MESSAGES.message("not_permitted", engine=str(address), problem=_first(problem)))


def table_missing(address: Address, problem: str) -> EngineRefused:
    """A table or column that a view names is not there."""
    return EngineRefused(_MESSAGES.message("table_missing", engine=str(address), problem=_first(problem)))


def interrupted(address: Address) -> EngineRefused:
    """Somebody stopped the statement."""
    return EngineRefused(_MESSAGES.message("interrupted", engine=str(address)))


def failed(address: Address, problem: str) -> EngineRefused:
    """The engine cannot run the statement."""
    return EngineRefused(_MESSAGES.message("failed", engine=str(address), problem=_first(problem)))


def extra_missing(extra: str) -> UserError:
    """The adapter's library is not installed."""
    return UserError(_MESSAGES.message("extra_missing", extra=extra))


def _first(problem: str) -> str:
    """The first line that says something, within bounds: engines add plans and stacks."""
    lines = [line.strip() for line in problem.splitlines() if line.strip()]
    return lines[0][:_LONGEST] if lines else "—"
