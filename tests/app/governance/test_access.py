"""Who may open which page of governance, and who may decide."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client

Window = Callable[[str], Client]
EVERYBODY = {"rep", "manager", "analyst", "steward", "executive", "admin"}
DECIDERS = {"analyst", "admin"}
PAGES = {
    "/governance/": EVERYBODY,
    "/governance/bottleneck/": EVERYBODY,
    "/governance/reviews/": EVERYBODY,
    "/governance/worth/": EVERYBODY,
    "/governance/fairness/": EVERYBODY,
    "/governance/requests/": EVERYBODY,
    "/governance/requests/new/": EVERYBODY,
    "/governance/requests/999/": set(),
    "/governance/requests/999/preview/": set(),
    "/governance/requests/999/evidence/": set(),
    "/governance/metrics/revenue/versions/": EVERYBODY,
    "/governance/metrics/revenue/usage/": EVERYBODY,
    "/governance/metrics/revenue/discussion/": EVERYBODY,
    "/governance/metrics/revenue/review/": DECIDERS,
    "/governance/metrics/nothing/versions/": set(),
    "/governance/requests/new/?kind=nonsense&target=x": set(),
}
TABLE = "/governance/worth/table/"
"""Asks for two years of every metric: opened once, by the one who sees least (an analyst does in test_overviews)."""
POSTS = (
    "/governance/requests/999/propose/",
    "/governance/requests/999/approve/",
    "/governance/outside/metric/revenue/9/",
    "/governance/metrics/revenue/versions/1/restore/",
)


@pytest.mark.parametrize("address", [*PAGES, *POSTS, TABLE])
def test_without_a_login(shared: Path, as_: Window, address: str) -> None:
    for answer in (as_("nobody").get(address), as_("nobody").post(address)):
        assert answer.status_code == 302
        assert answer["Location"].startswith("/account/login/")


@pytest.mark.parametrize("who", sorted(EVERYBODY))
def test_pages_open_for_those_they_are_for(shared: Path, as_: Window, who: str) -> None:
    opened = {address for address in PAGES if as_(who).get(address).status_code == 200}
    assert opened == {address for address, people in PAGES.items() if who in people}


def test_a_representative_sees_which_metrics_matter(shared: Path, as_: Window) -> None:
    assert as_("rep").get(TABLE).status_code == 200


@pytest.mark.parametrize("address", POSTS)
def test_nothing_changes_by_a_link(shared: Path, as_: Window, address: str) -> None:
    assert as_("analyst").get(address).status_code == 405


def test_a_draft_is_for_its_owner_and_those_who_decide(as_: Window, folder: Path, big: str) -> None:
    (folder / "metrics" / "big.yaml").write_text(big + "status: draft\n", "utf-8")
    here = ("/metrics/big_orders/", "/governance/metrics/big_orders/versions/", "/api/v1/metrics/big_orders")
    for who, expected in {"rep": 200, "analyst": 200, "manager": 404}.items():  # the rep owns it
        assert [as_(who).get(address).status_code for address in here] == [expected] * 3, who
        listed = "大单数" in as_(who).get("/metrics/").content.decode()
        found = "大单数" in as_(who).get("/palette/?q=大单").content.decode()
        assert (listed, found) == (expected == 200, expected == 200), who
        assert as_(who).get("/api/v1/query?metrics=big_orders").status_code == expected


def test_a_deprecated_metric_says_what_replaces_it_wherever_it_is_shown(as_: Window, folder: Path, big: str) -> None:
    (folder / "metrics" / "big.yaml").write_text(big + "status: deprecated\nsuccessor: orders\n", "utf-8")
    for address in ("/metrics/big_orders/", "/metrics/", "/governance/metrics/big_orders/usage/"):
        page = as_("manager").get(address).content.decode()
        assert "即将停用，请改用：" in page, address
    assert "即将停用，请改用「订单数」（orders）" in str(as_("manager").get("/api/v1/query?metrics=big_orders").json())


def test_a_retired_metric_leads_to_its_successor(as_: Window, folder: Path, big: str) -> None:
    (folder / "metrics" / "big.yaml").write_text(big + "status: retired\nsuccessor: orders\n", "utf-8")
    page = as_("manager").get("/metrics/big_orders/").content.decode()
    assert "已停用，不再计算。请改用：" in page
    assert 'href="/metrics/orders/"' in page
    assert "大单数" not in as_("manager").get("/metrics/").content.decode()
    refused = as_("manager").get("/api/v1/query?metrics=big_orders")
    assert refused.status_code == 422
    assert "请改用「订单数」（orders）" in refused.json()["message"]
