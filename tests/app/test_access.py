"""Every address of the product, and who may open it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

Window = Callable[[str], Client]

EVERYBODY = {"rep", "manager", "analyst", "steward", "executive", "admin"}
ADMIN = {"admin"}

# address → who gets it (200); everybody else is refused with 403 or 404. Without a login all lead to the login page.
PAGES: dict[str, set[str]] = {
    "/": EVERYBODY,
    "/overview/attention/": EVERYBODY,
    "/overview/kpis/": EVERYBODY,
    "/overview/trend/": EVERYBODY,
    "/overview/change/": EVERYBODY,
    "/overview/teams/": EVERYBODY,
    "/overview/funnel/": EVERYBODY,
    "/overview/loop/": EVERYBODY,
    "/revenue/": EVERYBODY,
    "/metrics/": EVERYBODY,
    "/metrics/revenue/": EVERYBODY,
    "/metrics/revenue/trend/": EVERYBODY,
    "/metrics/revenue/breakdown/": EVERYBODY,
    "/metrics/revenue/change/": EVERYBODY,
    "/metrics/revenue/distribution/": EVERYBODY,
    "/metrics/revenue/rows/": EVERYBODY,
    "/metrics/revenue/rows.csv": EVERYBODY,
    "/metrics/revenue/definition/": EVERYBODY,
    "/metrics/no_such_metric/": set(),
    "/customers/": EVERYBODY,
    "/customers/value/": EVERYBODY,
    "/customers/value/customers.csv": set(),  # without a model there is no file
    "/customers/of/C1/": EVERYBODY,
    "/customers/of/C4/": {"analyst", "steward", "executive", "admin"},
    "/customers/of/nobody/": set(),
    "/customers/timeline/C4/": {"analyst", "steward", "executive", "admin"},
    "/account/password/": EVERYBODY,
    "/account/profile/": EVERYBODY,
    "/notices/": EVERYBODY,
    "/notices/panel/": EVERYBODY,
    "/palette/": EVERYBODY,
    "/pulse/": EVERYBODY,
    "/freshness/": EVERYBODY,
    "/admin/people/": ADMIN,
    "/admin/people/new/": ADMIN,
    "/admin/people/1/": ADMIN,
    "/admin/settings/": {"admin", "analyst"},
    "/admin/audit/": ADMIN,
}
# Addresses that only take a POST.
POSTS: dict[str, set[str]] = {
    "/admin/people/1/password/": ADMIN,
    "/admin/people/1/deactivate/": ADMIN,
    "/admin/people/1/activate/": ADMIN,
    "/notices/1/": set(),
    "/notices/read/": EVERYBODY,
    "/account/logout/": EVERYBODY,
    "/account/language/": EVERYBODY,
    "/account/theme/": EVERYBODY,
}
WITHOUT_LOGIN = {"/account/login/", "/account/language/", "/account/theme/"}
OTHER_TESTS = (
    "sets/",
    "quality/",
    "governance/",
    "findings/",
    "actions/",
    "data/",
    "jobs/",
    "targets/",
    "reports/",
    "api/",
    "talks/",
    "texts/",
    "channels/",
    "team/",
    "prediction/",
)
"""Slices with an access test of their own."""


def addresses(patterns: list[URLPattern | URLResolver] | None = None, prefix: str = "") -> Iterator[str]:
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern.url_patterns, prefix + str(pattern.pattern))
        else:
            yield prefix + str(pattern.pattern)


def test_every_address_is_listed_here() -> None:
    listed = {*PAGES, *POSTS, *WITHOUT_LOGIN}
    for route in addresses():
        if route.startswith(OTHER_TESTS):
            continue
        wanted = re.compile("/" + re.sub(r"<[^>]+>", "[^/]+", route))
        assert any(wanted.fullmatch(address) for address in listed), f"{route} has no access test"


@pytest.mark.parametrize("address", [*PAGES, *POSTS])
def test_without_a_login_everything_leads_to_the_login_page(as_: Window, address: str) -> None:
    if address in WITHOUT_LOGIN:
        return
    answer = as_("nobody").get(address) if address in PAGES else as_("nobody").post(address)
    assert answer.status_code == 302
    assert answer["Location"].startswith("/account/login/?next=")


@pytest.mark.parametrize("who", sorted(EVERYBODY))
def test_pages_open_for_those_they_are_for(as_: Window, who: str) -> None:
    for address, allowed in PAGES.items():
        status = as_(who).get(address).status_code
        assert status == 200 if who in allowed else status in (403, 404), (address, status)


@pytest.mark.parametrize("who", sorted(EVERYBODY - ADMIN))
def test_changes_are_refused_to_others(as_: Window, who: str) -> None:
    for address, allowed in POSTS.items():
        if who not in allowed:
            assert as_(who).post(address).status_code in (403, 404), address


@pytest.mark.parametrize("address", POSTS)
def test_changes_are_never_made_by_a_link(as_: Window, address: str) -> None:
    assert as_("admin").get(address).status_code == 405
