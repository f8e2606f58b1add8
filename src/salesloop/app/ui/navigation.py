"""The navigation is the loop. Each slice declares its entries as `navigation` of its AppConfig; what is not installed
does not show."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from django.apps import apps
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise, cached_property
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from salesloop.app.accounts.services import PersonalRequest

    Words = str | Promise

Group = Literal["home", "see", "do", "improve", "manage"]
GROUPS: dict[Group, Words] = {
    "home": "",
    "see": _("看清"),
    "do": _("做到"),
    "improve": _("做好"),
    "manage": _("管理"),
}


@dataclass(frozen=True, slots=True)
class NavItem:
    """One entry. `key` is pressed after g; `phone` is its place (1 to 4) among the tabs at the bottom of a phone.

    `badge` counts what the reader must act on (0 shows nothing); `urgent` gives it the colour of trouble.
    """

    group: Group
    label: Words
    url: str
    icon: str
    order: int
    key: str = ""
    permission: str = ""
    badge: Callable[[PersonalRequest], int] | None = None
    urgent: bool = False
    phone: int = 0


@dataclass(slots=True)
class Entry:
    """An entry for one reader."""

    item: NavItem
    href: str
    current: bool
    count: int


class Navigation:
    """What this reader may go to, worked out only when a template asks."""

    def __init__(self, request: PersonalRequest) -> None:
        self._request = request

    @cached_property
    def entries(self) -> list[Entry]:
        known = [
            Entry(item, href, False, item.badge(self._request) if item.badge else 0)
            for item in registered()
            if (href := _address(item)) and (not item.permission or self._request.user.has_perm(item.permission))
        ]
        self._mark_current(known)
        return known

    def _mark_current(self, known: list[Entry]) -> None:
        """Where the reader is: the entry of this slice; of several the one whose address begins this page's the longest."""
        match = self._request.resolver_match
        here = [entry for entry in known if match and entry.item.url.split(":")[0] == match.namespace]
        above = [entry for entry in here if self._request.path.startswith(entry.href)]
        for entry in here:
            entry.current = entry is max(above or here, key=lambda one: len(one.href))

    @property
    def groups(self) -> Iterator[tuple[Words, list[Entry]]]:
        for group, label in GROUPS.items():
            if entries := [entry for entry in self.entries if entry.item.group == group]:
                yield label, entries

    @property
    def tabs(self) -> list[Entry]:
        """Up to four entries of the phone's bottom bar; the fifth is “more”."""
        return sorted((e for e in self.entries if e.item.phone), key=lambda e: e.item.phone)[:4]

    @property
    def rest(self) -> list[Entry]:
        """What the phone shows under “more”."""
        tabs = self.tabs
        return [entry for entry in self.entries if entry not in tabs]

    @property
    def due(self) -> int:
        """How many things under “do” wait for the reader."""
        return sum(entry.count for entry in self.entries if entry.item.group == "do")

    @property
    def waiting(self) -> bool:
        """Whether something under “more” waits for the reader."""
        return any(entry.count for entry in self.rest)


def _address(item: NavItem) -> str:
    """Empty for a slice that has services but no pages."""
    try:
        return reverse(item.url)
    except NoReverseMatch:
        return ""


def registered() -> Sequence[NavItem]:
    """All entries of the installed slices, in the order of the loop."""
    order = list(GROUPS)
    items = [item for config in apps.get_app_configs() for item in getattr(config, "navigation", ())]
    return sorted(items, key=lambda item: (order.index(item.group), item.order))
