"""Revenue on one page: goal, indicators, tracking, analysis."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from tests.app.html import read

Window = Callable[[str], Client]


@pytest.mark.requirement("F09")
def test_goal_indicators_tracking_and_analysis_are_together(as_: Window) -> None:
    found = read(as_("analyst").get("/revenue/"))
    month = found.one("table").rows[1]
    # 42,000 of 55,000, after 21 of 30 days
    assert month[0] == "2026年11月"
    assert (month[1], month[2], month[4], month[5]) == ("5.50 万元", "4.20 万元", "76.4%", "70.0%")
    assert {"订单数", "客单价", "活跃客户数"} <= {card.one("h3").text for card in found.all("article", class_="kpi")}
    blocks = [block.attributes["hx-get"] for block in found.all("section") if "hx-get" in block.attributes]
    assert [address.split("?")[0] for address in blocks] == [
        "/metrics/revenue/trend/",
        "/overview/teams/",
        "/metrics/revenue/change/",
        "/governance/bottleneck/",
    ]


def test_everybody_manages_their_own(as_: Window) -> None:
    month = read(as_("rep").get("/revenue/")).one("table").rows[1]
    assert (month[1], month[2]) == ("2.00 万元", "1.50 万元")
