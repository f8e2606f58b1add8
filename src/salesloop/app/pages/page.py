"""The state of one page that shows numbers."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cached_property
from typing import Any, cast
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.http import HttpRequest, QueryDict

from salesloop.app.accounts.services import User
from salesloop.app.org.services import Surroundings, place_of, scope_for
from salesloop.app.pages.bar import COMPARISONS, SCOPE_DIMENSIONS, USUAL_COMPARISONS, Bar
from salesloop.app.ui.language import current_lang
from salesloop.app.workspace.services import as_of, calendar, registry, warehouse, workspace
from salesloop.engine.metrics import Registry, parse_filter
from salesloop.engine.metrics.warehouse import Warehouse
from salesloop.engine.model.calendar import Calendar
from salesloop.engine.model.periods import DateRange
from salesloop.engine.model.scope import Scope
from salesloop.engine.model.text import Lang
from salesloop.engine.model.view import View
from salesloop.engine.store import Snapshot, Workspace


@dataclass(frozen=True)
class Page:
    """Who asks for what: every number of the page is asked with this `view` within this `scope`.

    `as_of` is the day up to which numbers are compared (see workspace.services.as_of).
    """

    user: User
    view: View
    scope: Scope
    workspace: Workspace
    warehouse: Warehouse
    registry: Registry
    calendar: Calendar
    as_of: dt.date
    lang: Lang

    @property
    def snapshot(self) -> Snapshot:
        """The published snapshot that all numbers of this page come from."""
        return self.warehouse.snapshot

    @cached_property
    def days(self) -> DateRange:
        """The days of the page's period."""
        return self.view.range(self.calendar, self.as_of)

    @cached_property
    def place(self) -> Surroundings:
        """Where in the organisation the page looks, with what is above, beside and below."""
        return place_of(self.user, self.scope_filter)

    @cached_property
    def scope_filter(self) -> tuple[str, str] | None:
        """The org unit or person that the address narrows to: (dimension, id or name)."""
        for text in self.view.where:
            found = parse_filter(text)
            if found.dimension in SCOPE_DIMENSIONS and not found.negated and len(found.values) == 1 and found.values[0]:
                return found.dimension, found.values[0]
        return None

    @property
    def compare(self) -> tuple[str, ...]:
        """What to compare with; an address that does not say means the three usual ones."""
        return self.view.compare or USUAL_COMPARISONS

    @property
    def own_comparison(self) -> str:
        """The period that somebody chose to compare with; '' without one."""
        return next((text for text in self.compare if text not in COMPARISONS), "")

    @property
    def elapsed(self) -> float | None:
        """The share of the period that has passed; None where the range is no period of the calendar."""
        if self.days.grain is None:
            return None
        return self.calendar.elapsed_share(self.calendar.period_of(self.days.start, self.days.grain), self.as_of)

    @property
    def running(self) -> bool:
        """Whether the period is not finished, so that its numbers are of a part."""
        return self.days.start <= self.as_of < self.days.end

    @property
    def timezone(self) -> ZoneInfo:
        """The company's time zone."""
        return self.workspace.config.zone

    @property
    def empty(self) -> bool:
        """Whether nothing was imported yet."""
        return not self.snapshot.freshness()

    @cached_property
    def bar(self) -> Bar:
        """The top of the page."""
        return Bar(self)

    def context(self, **more: Any) -> dict[str, Any]:
        """What templates of such a page get: `page`, `view`, `bar`, and more."""
        return {"page": self, "view": self.view, "bar": self.bar, **more}


def page_for(request: HttpRequest, **defaults: Any) -> Page:
    """Read the page's state from the address and the person. `defaults` fill parts that the address leaves out.

    UserError where the address is wrong: it is shown to the person as it is. Http404 where it names a place out of sight.
    """
    page = page_of(cast("User", request.user), _view(request.GET, defaults), current_lang())
    page.place  # noqa: B018 - a place that this person may not see is not found, whatever part of the page is asked for
    return page


def page_of(user: User, view: View, lang: Lang) -> Page:
    """What `user` would see of `view`, outside of a request."""
    return Page(
        user=user,
        view=view,
        scope=scope_for(user),
        workspace=workspace(),
        warehouse=warehouse(),
        registry=registry(),
        calendar=calendar(),
        as_of=as_of(),
        lang=lang,
    )


def with_more(page: Page, **more: str) -> str:
    """The address of the page's state with parts that only one page or block knows; empty ones are left out."""
    own = urlencode({name: value for name, value in more.items() if value})
    return "?" + "&".join(part for part in (page.view.to_query(), own) if part)


def _view(query: QueryDict, defaults: dict[str, Any]) -> View:
    view = View.from_query(query)
    chosen = {name: value for name, value in defaults.items() if name not in query}
    if query.get("from") and query.get("to"):  # the two fields of the period menu
        chosen["period"] = f"{query['from']}..{query['to']}"
    if query.get("against_from") and query.get("against_to"):  # those of the comparison menu
        own = f"{query['against_from']}..{query['against_to']}"
        chosen["compare"] = (*(name for name in query.get("against", "").split(",") if name), own)
    return view.changed(**chosen) if chosen else view
