"""Who may open which page of quality, and who may judge."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

Window = Callable[[str], Client]

EVERYBODY = {"rep", "manager", "analyst", "steward", "executive", "admin"}
KEEPERS = {"analyst", "steward", "executive", "admin"}
JUDGES = {"steward", "admin"}
PAGES = {
    "/quality/": EVERYBODY,
    "/quality/mend/": EVERYBODY,
    "/quality/coverage/": EVERYBODY,
    "/quality/sharing/": EVERYBODY,
    "/quality/cells/": KEEPERS,
    "/quality/corrections.xlsx": JUDGES,
    "/quality/deliveries/": KEEPERS,
    "/quality/audits/": KEEPERS,
    "/quality/reviews/": KEEPERS,
    "/quality/diagnosis/": KEEPERS,
    "/quality/audits/999/": set(),
    "/quality/records/customer/": set(),
}
POSTS = (
    "/quality/mend/decide/",
    "/quality/mend/999/withdraw/",
    "/quality/cells/correct/",
    "/quality/audits/new/",
    "/quality/audits/plan/",
    "/quality/audits/plan/999/stop/",
    "/quality/audits/999/compare/1/",
    "/quality/audits/999/sign/",
    "/quality/reviews/sign/",
)


@pytest.mark.parametrize("address", [*PAGES, *POSTS])
def test_without_a_login(as_: Window, address: str) -> None:
    for answer in (as_("nobody").get(address), as_("nobody").post(address)):
        assert answer.status_code == 302
        assert answer["Location"].startswith("/account/login/")


@pytest.mark.parametrize("who", sorted(EVERYBODY))
def test_pages_open_for_those_they_are_for(as_: Window, who: str) -> None:
    opened = {address for address in PAGES if as_(who).get(address).status_code == 200}
    assert opened == {address for address, people in PAGES.items() if who in people}


@pytest.mark.parametrize("who", sorted(EVERYBODY - JUDGES))
@pytest.mark.parametrize("address", POSTS)
def test_only_stewards_judge(as_: Window, who: str, address: str) -> None:
    assert as_(who).post(address).status_code == 403


@pytest.mark.parametrize("address", POSTS)
def test_nothing_changes_by_a_link(as_: Window, address: str) -> None:
    assert as_("steward").get(address).status_code == 405
