"""What the layout of every page needs; parts that cost something are worked out when a template asks."""

from typing import TYPE_CHECKING, Any, cast

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from salesloop.app.ui.language import current_lang
from salesloop.app.ui.navigation import Navigation
from salesloop.app.workspace.services import workspace
from salesloop.engine.model.errors import UserError

if TYPE_CHECKING:
    from salesloop.app.accounts.services import PersonalRequest


def shell(request: HttpRequest) -> dict[str, Any]:
    """`nav`, `lang` (zh-Hans …), `theme`, `rise` (red or green) and the company's name."""
    user: Any = getattr(request, "user", AnonymousUser())
    known = user.is_authenticated
    return {
        "nav": Navigation(cast("PersonalRequest", request)) if known else None,
        "lang": current_lang(),
        "theme": user.theme if known else request.COOKIES.get("salesloop_theme", "auto"),
        "rise": SimpleLazyObject(lambda: "red" if red_up(user) else "green"),
        "company": SimpleLazyObject(company_name),
    }


def red_up(user: Any) -> bool:
    """Whether a rise is red for this person: their own choice, else the company's."""
    choice = getattr(user, "rise_colour", "company")
    try:
        return workspace().config.red_up if choice == "company" else choice == "red"
    except UserError:  # the workspace is gone or broken; the page that says so needs a colour all the same
        return True


def company_name() -> str:
    """What the company is called; nothing where its settings cannot be read."""
    try:
        return workspace().config.name
    except UserError:
        return ""
