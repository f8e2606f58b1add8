"""The scope of a login, for the command line: importable without Django."""

from pathlib import Path

from salesloop.app.boot import start
from salesloop.engine.model.errors import UserError
from salesloop.engine.model.scope import Scope
from salesloop.engine.model.text import Messages

_MESSAGES = Messages("salesloop.app")


def scope_for_login(workspace: Path, login: str) -> Scope:
    """What the person who logs in as `login` may see in this workspace. UserError where nobody does."""
    start(workspace, migrate=True)
    from salesloop.app.accounts.services import user_by_login
    from salesloop.app.org.scope import scope_for

    user = user_by_login(login)
    if user is None or not user.is_active:
        raise UserError(_MESSAGES.message("unknown_login", login=login))
    return scope_for(user)
