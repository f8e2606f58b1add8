"""The tree, what metrics are used for, and whether targets are fair: as the reader's scope allows."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client

from salesloop.app.governance.models import MetricOpens
from salesloop.app.governance.usage import used

Window = Callable[[str], Client]


def text_of(answer: object) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))  # type: ignore[attr-defined]


@pytest.mark.requirement("F05")
def test_the_tree_goes_from_revenue_to_what_drives_it(shared: Path, as_: Window) -> None:
    page = text_of(as_("executive").get("/governance/?period=2026-11"))
    assert page.index("销售额") < page.index("订单数") < page.index("客单价")
    # 42,000 of 55,000 with 21 of 30 days gone: ahead of its season
    assert re.search(r"销售额 4\.20 万元 ▲ ?35\.5% .{0,20}达到进度", page), page[:3000]


def test_a_representative_sees_the_tree_in_their_own_numbers(shared: Path, as_: Window) -> None:
    assert re.search(r"销售额 1\.50 万元", text_of(as_("rep").get("/governance/?period=2026-11")))


@pytest.mark.requirement("F02")
def test_uses_are_counted(shared: Path, as_: Window) -> None:
    revenue = used()["revenue"]
    assert revenue.targets == 3
    assert revenue.reports == 1
    assert revenue.parts >= 2
    before = used()["orders"].opens
    as_("rep").get("/metrics/orders/")
    as_("manager").get("/metrics/orders/")
    assert used()["orders"].opens == before + 2
    assert MetricOpens.objects.get(metric="orders").month.isoformat() == "2026-11-01"
    page = text_of(as_("analyst").get("/governance/worth/table/"))
    assert "个指标有建议" in page
    assert "从未据此行动，也没有别处用到：考虑停用" in page


def test_where_a_metric_is_used(shared: Path, as_: Window) -> None:
    page = text_of(as_("rep").get("/governance/metrics/revenue/usage/"))
    assert "用来计算" in page
    assert "客单价" in page


@pytest.mark.requirement("F04")
def test_three_people_are_too_few_to_judge(shared: Path, as_: Window) -> None:
    page = text_of(as_("analyst").get("/governance/fairness/"))
    assert "少于 8 位，下不了结论" in page


@pytest.mark.requirement("F06")
def test_the_bottleneck_is_named_or_that_there_is_none(shared: Path, as_: Window) -> None:
    page = text_of(as_("analyst").get("/governance/bottleneck/?period=2026-11"))
    # nothing but revenue has a target, and three months are no history to fall behind of
    assert "没有一个落后于自己的历史或目标" in page
