"""Sets of metrics by product line and channel: made, looked at, changed, taken back; by whom."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from salesloop.app.audit.services import entries
from salesloop.app.dashboards.models import MetricSet
from tests.app.html import read

Window = Callable[[str], Client]
NEW = {
    "name": "耗材",
    "category": "耗材",
    "channel": "",
    "by": "employee",
    "metrics": ["revenue", "orders"],
    "shared": "on",
}


def made(as_: Window, who: str = "manager", **other: Any) -> int:
    answer = as_(who).post("/sets/new/", {**NEW, **other})
    assert answer.status_code == 302, answer.content.decode()
    return int(answer["Location"].strip("/").split("/")[-1])


@pytest.mark.requirement("F07")
def test_a_set_shows_its_metrics_for_its_product_line(as_: Window) -> None:
    found = read(as_("analyst").get(f"/sets/{made(as_)}/?period=2026-11"))
    cards = {card.one("h3").text: card.one("p", class_="figure").text for card in found.all("article", class_="kpi")}
    # 耗材 in November: 5,000 (张伟), 7,000 (刘洋) and an order of nothing
    assert cards["销售额"] == "1.20 万元"
    rows = {row[0]: row[1] for row in found.one("table").rows[1:]}
    assert rows["刘洋"].startswith("7,000")
    assert entries(code="set.created").get().data["where"] == ["category=耗材"]


def test_everybody_sees_their_own_part_of_it(as_: Window) -> None:
    found = read(as_("rep").get(f"/sets/{made(as_)}/?period=2026-11"))
    assert "5,000 元" in {card.one("p", class_="figure").text for card in found.all("article", class_="kpi")}


def test_a_set_of_ones_own_is_not_found_by_others(as_: Window) -> None:
    number = made(as_, "rep", shared="")
    assert as_("rep").get(f"/sets/{number}/").status_code == 200
    assert as_("manager").get(f"/sets/{number}/").status_code == 404
    assert as_("analyst").get(f"/sets/{number}/change/").status_code == 404


def test_only_its_maker_and_analysts_change_a_shared_set(as_: Window) -> None:
    number = made(as_)
    assert as_("rep").get(f"/sets/{number}/change/").status_code == 403
    assert as_("rep").post(f"/sets/{number}/delete/").status_code == 403
    changed = as_("analyst").post(f"/sets/{number}/change/", {**NEW, "channel": "直销"})
    assert changed.status_code == 302
    assert MetricSet.objects.get(pk=number).where == ["category=耗材", "channel=直销"]
    assert MetricSet.objects.get(pk=number).owner.login == "lijing"


def test_a_deleted_set_comes_back(as_: Window) -> None:
    number = made(as_)
    as_("manager").post(f"/sets/{number}/delete/")
    assert as_("manager").get(f"/sets/{number}/").status_code == 404
    assert as_("rep").post(f"/sets/{number}/restore/").status_code == 404
    as_("manager").post(f"/sets/{number}/restore/")
    assert as_("manager").get(f"/sets/{number}/").status_code == 200


def test_a_deleted_set_of_ones_own_comes_back_to_its_owner_alone(as_: Window) -> None:
    number = made(as_, "rep", shared="")
    as_("rep").post(f"/sets/{number}/delete/")
    assert as_("analyst").post(f"/sets/{number}/restore/").status_code == 404
    as_("rep").post(f"/sets/{number}/restore/")
    assert as_("rep").get(f"/sets/{number}/").status_code == 200


def test_a_set_without_metrics_or_with_too_many_is_refused(as_: Window) -> None:
    assert as_("manager").post("/sets/new/", {**NEW, "metrics": []}).status_code == 422
    assert as_("manager").post("/sets/new/", {**NEW, "metrics": ["nonsense"]}).status_code == 422


@pytest.mark.parametrize("address", ["", "new/", "1/", "1/change/", "1/delete/", "1/restore/"])
def test_without_a_login(as_: Window, address: str) -> None:
    for answer in (as_("nobody").get(f"/sets/{address}"), as_("nobody").post(f"/sets/{address}")):
        assert answer.status_code == 302
        assert answer["Location"].startswith("/account/login/")


def test_nothing_changes_by_a_link(as_: Window) -> None:
    number = made(as_)
    for step in ("delete", "restore"):
        assert as_("manager").get(f"/sets/{number}/{step}/").status_code == 405


def test_the_metric_knows_its_boards(as_: Window) -> None:
    made(as_)
    found = read(as_("rep").get("/governance/metrics/revenue/usage/"))
    assert "总览：关键指标 · 总览：走势与变化 · 耗材" in found.text
