"""Units and people for Ctrl K."""

from collections.abc import Iterator

from django.urls import reverse

from salesloop.app.accounts.services import PersonalRequest
from salesloop.app.org.directory import directory
from salesloop.app.org.scope import scope_for
from salesloop.app.ui.palette import Hit, matches
from salesloop.engine.metrics.query import format_filter
from salesloop.engine.model.view import View


def search(request: PersonalRequest, words: str) -> Iterator[Hit]:
    """What the person may see, by name, sounds or id; nothing before something is typed."""
    if not words:
        return
    known, scope = directory(), scope_for(request.user)
    for unit in known.units.values():
        if (scope.everything or unit.id in scope.org_units) and matches(words, unit.name, unit.id):
            above = known.units.get(unit.parent)
            yield Hit(unit.name, _overview("org_unit", unit.id), "org", above.name if above else "")
    for person in known.employees.values():
        if (scope.everything or person.id in scope.employees) and matches(words, person.name, person.id):
            team = known.units.get(person.unit)
            yield Hit(person.name, _overview("employee", person.id), "person", team.name if team else person.title)


def _overview(dimension: str, id: str) -> str:
    view = View(where=(format_filter(dimension, [id]),))
    return f"{reverse('dashboards:overview')}?{view.to_query()}"
