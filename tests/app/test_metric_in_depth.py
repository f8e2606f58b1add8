"""A metric's page in depth: what it is compared with, where a change comes from, how values are spread, how fresh it is."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from tests.app.html import Element, read

Window = Callable[[str], Client]


def page(as_: Window, address: str, who: str = "analyst") -> Element:
    return read(as_(who).get(f"/metrics/{address}"))


def lines(found: Element) -> dict[str, list[str]]:
    """The rows of the first table by their first cell."""
    return {row[0]: row[1:] for row in found.rows[1:]}


@pytest.mark.requirement("D24")
def test_every_comparison_has_its_days_and_its_difference(as_: Window) -> None:
    found = lines(page(as_, "revenue/?period=2026-11&compare=previous,year,target,2026-10-01..2026-10-10"))
    # 42,000 against 31,000 and 24,000 of the same 21 days, 55,000 to reach, 22,000 in the first ten days of October
    assert found == {
        "环比 2026-10-01 – 2026-10-21": ["3.10", "1.10", "▲ 35.5% 变好"],
        "同比 2025-11-01 – 2025-11-21": ["2.40", "1.80", "▲ 75.0% 变好"],
        "较 2026-10-01 – 2026-10-10": ["2.20", "2.00", "▲ 90.9% 变好"],
        "目标": ["5.50", "−1.30", "达成 76.4%"],
    }


def test_a_part_is_held_against_the_whole(as_: Window) -> None:
    found = lines(page(as_, "revenue/?period=2026-11&where=channel=分销"))
    assert found["占全部"] == ["4.20", "–", "71.4%"]


def test_the_aligned_year_ago_is_a_comparison_like_any_other(as_: Window) -> None:
    found = page(as_, "revenue/?period=2026-11&compare=festival")
    assert [label.split()[0] for label in lines(found)] == ["春节对齐"]
    chosen = [link.text for link in found.one("header", class_="topbar").all("a", aria_checked="true")]
    assert chosen == ["春节对齐的同比"]


def test_a_period_of_ones_own_is_chosen_by_two_days(as_: Window) -> None:
    asked = {"against_from": "2026-10-01", "against_to": "2026-10-31", "against": "year", "period": "2026-11"}
    found = read(as_("analyst").get("/metrics/revenue/", asked))
    assert list(lines(found)) == ["同比 2025-11-01 – 2025-11-21", "较 2026年10月"]
    form = found.one("form", data_days="against")
    assert form.one("input", name="against_from").attributes["value"] == "2026-10-01"
    chart = page(as_, "revenue/trend/?period=2026-11&compare=2026-10")
    assert chart.one("table").rows[0] == ["期间", "本年", "较 2026年10月"]


def test_two_periods_of_ones_own_are_refused(as_: Window) -> None:
    answer = as_("analyst").get("/metrics/revenue/?compare=2026-10,2026-09")
    assert answer.status_code == 422
    assert "2026-09" in answer.content.decode()


@pytest.mark.requirement("I02")
def test_the_contributions_add_up_to_the_change(as_: Window) -> None:
    found = page(as_, "revenue/change/?period=2026-11&by=employee")
    assert found.one("h2").text == "变化从哪里来 +1.10 万元"
    parts = {row[0]: row[3:] for row in found.all("table")[-1].rows[1:]}
    # 20,000 after 10,000; 15,000 after 12,000; 7,000 after 9,000
    assert parts["王芳"] == ["+1.00 万元", "90.9%"]
    assert parts["张伟"] == ["+3,000 元", "27.3%"]
    assert parts["刘洋"] == ["−2,000 元", "−18.2%"]
    assert parts["合计"][0] == "+1.10 万元"


def test_a_rate_changes_by_its_parts_own_rates_and_by_their_weights(as_: Window) -> None:
    table = page(as_, "gross_margin/change/?period=2026-11&by=category&against=year").all("table")[-1]
    assert table.rows[0] == ["产品类别", "对比期", "本期", "贡献", "其中自身", "其中占比变化", "占变化"]


def test_what_does_not_add_up_says_so(as_: Window) -> None:
    assert "不能按部分相加" in page(as_, "active_customers/change/?period=2026-11").text


def test_the_spread_of_orders_and_that_it_is_few(as_: Window) -> None:
    found = page(as_, "revenue/distribution/?period=2026-11")
    figures = {item.one("dt").text: item.one("dd").text for item in found.one("dl", class_="figures").all("div")}
    # orders of 10,000, 5,000, 20,000, 7,000 and 0
    assert figures["中位数"].startswith("7,000")
    assert figures["平均"].startswith("8,400")
    assert figures["九成不超过"].startswith("1.60 万元")
    assert "只有 5 个值" in found.text
    assert [link.text for link in found.one("span", class_="segments").all("a")] == ["订单", "客户", "人员"]


def test_the_spread_is_that_of_what_one_sees(as_: Window) -> None:
    assert "只有 2 个值" in page(as_, "revenue/distribution/?period=2026-11", "rep").text


def test_shares_and_targets_have_no_spread(as_: Window) -> None:
    assert "没有可看的分布" in page(as_, "attainment/distribution/?period=2026-11").text


@pytest.mark.requirement("A03")
def test_every_number_says_how_fresh_it_is(as_: Window) -> None:
    stamp = page(as_, "revenue/").one("p", class_="stamp").text
    assert stamp == "数据截至 2026-11-21 · 最近一次导入 2026-11-21 09:30 · 快照 1 · 定义 v1"


@pytest.mark.requirement("F01")
def test_the_list_says_what_can_be_computed_and_what_is_missing(as_: Window) -> None:
    states = {link.text.rsplit(" ", 1)[0] for link in page(as_, "").one("span", aria_label="状态").all("a")}
    assert {"全部", "能算", "缺数据"} <= states
    missing = page(as_, "?state=missing")
    assert "还缺数据：库存快照" in {item.one("a").text: item.text for item in missing.all("article")}["库存金额"]
    assert "导入库存快照，就能多算" in missing.text
    assert "销售额" not in [item.one("a").text for item in missing.all("article")]


def test_the_list_is_narrowed_to_an_owner(as_: Window) -> None:
    owned = page(as_, "?owner=finance").all("article")
    assert owned
    assert all(item.text.endswith("finance") for item in owned)
