"""The overview's blocks show figures that can be added up by hand from tests/app/company.py."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from salesloop.engine.store import Workspace
from tests.app.html import Element, read

Window = Callable[[str], Client]


def block(as_: Window, name: str, who: str = "manager", query: str = "") -> Element:
    return read(as_(who).get(f"/overview/{name}/{query}"))


def cards(page: Element) -> dict[str, Element]:
    return {card.one("h3").text: card for card in page.all("article", class_="kpi")}


@pytest.mark.requirement("D01", "D24", "E11")
def test_a_card_shows_value_changes_and_pace(as_: Window) -> None:
    card = cards(block(as_, "kpis"))["销售额"]
    assert card.one("p", class_="figure").text == "3.50 万元"
    # 35,000 against 22,000 of 1–21 October and 24,000 of 1–21 November 2025
    assert [delta.text for delta in card.all("span", class_="delta")] == ["▲ 59.1% 环比 变好", "▲ 45.8% 同比 变好"]
    # 35,000 of a target of 45,000, 21 of 30 days gone
    assert card.one("p", class_="kpi-foot").text == "达成 77.8% 时间进度 70.0%"
    bar = card.one("svg", class_="pace")
    assert bar.attributes["aria-label"] == "达成 77.8%，时间进度 70.0%"
    assert "behind" not in bar.attributes["class"]
    assert bar.one("rect", class_="pace-fill").attributes["width"] == "77.78%"
    assert bar.one("rect", class_="pace-tick").attributes["x"] == "70%"


def test_a_rate_without_target_says_so(as_: Window) -> None:
    card = cards(block(as_, "kpis"))["赢单率"]
    assert card.one("p", class_="figure").text == "66.7 %"
    assert "没有设目标" in card.text


def test_representatives_see_their_own_headline_numbers(as_: Window) -> None:
    assert list(cards(block(as_, "kpis", "rep")))[:3] == ["销售额", "订单数", "赢单率"]


def test_the_address_may_name_other_numbers(as_: Window) -> None:
    assert list(cards(block(as_, "kpis", query="?metrics=orders,gross_profit"))) == ["订单数", "毛利润"]


def test_comparisons_can_be_left_out(as_: Window) -> None:
    card = cards(block(as_, "kpis", query="?compare=year"))["销售额"]
    assert [delta.text for delta in card.all("span", class_="delta")] == ["▲ 45.8% 同比 变好"]
    assert card.all("svg", class_="pace") == []


@pytest.mark.requirement("E07", "E11")
def test_teams_stand_against_their_targets_with_what_is_needed_a_day(as_: Window) -> None:
    page = block(as_, "teams", query="?where=org_unit=D11")
    assert page.one("h2").text == "人员达成"
    header, *rows = page.rows
    assert header == ["名称", "销售额（万元）", "达成与进度", "达成", "每日还需"]
    # 王芳: 20,000 of 25,000, so 5,000 in 9 days; 张伟: 15,000 of 20,000, the same
    assert rows == [["王芳", "2.00", "", "80.0%", "0.06"], ["张伟", "1.50", "", "75.0%", "0.06"]]


def test_a_manager_sees_the_units_below(as_: Window) -> None:
    page = block(as_, "teams")
    assert [row[0] for row in page.rows[1:]] == ["上海一部"]
    assert page.all("a", class_="row-link")[0].attributes["href"] == "/?where=org_unit%3DD11"


def test_who_has_nobody_below_sees_customers(as_: Window) -> None:
    page = block(as_, "teams", "rep")
    assert page.one("h2").text == "客户"
    # 华星电子: 10,000 after 12,000 in October; 远大物流 is new
    assert page.rows[1:] == [["华星电子", "1.00", "▼ 16.7% 变差"], ["远大物流", "0.50", "–"]]


def options(page: Element) -> dict[str, dict]:
    (script,) = [script for script in page.all("script") if "content" in script.attributes]
    return json.loads(script.attributes["content"])


def chart_table(page: Element) -> list[list[str]]:
    return page.one("div", class_="chart-table").rows


@pytest.mark.requirement("I05")
def test_the_trend_stops_where_the_data_does(as_: Window) -> None:
    rows = {row[0]: row[1:] for row in chart_table(block(as_, "trend"))[1:]}
    assert list(rows) == [f"{month}月" for month in range(1, 13)]
    assert rows["10月"] == ["22,000.00 元", "–", "–"]
    assert rows["11月"] == ["35,000.00 元", "24,000.00 元", "45,000.00 元"]
    assert rows["12月"][0] == "–", "December has not happened: a gap, not a zero"


def test_a_chart_comes_in_two_layouts_as_plain_data(as_: Window) -> None:
    layouts = options(block(as_, "trend"))
    assert set(layouts) == {"below", "wide", "narrow", "links"}
    assert layouts["wide"]["option"]["series"]


@pytest.mark.parametrize(("grain", "periods", "last"), [("week", 26, "W47"), ("day", 60, "11-21")])
def test_the_trend_in_other_grains(as_: Window, grain: str, periods: int, last: str) -> None:
    page = block(as_, "trend", query=f"?grain={grain}")
    _header, *rows = chart_table(page)
    assert len(rows) == periods
    assert rows[-1][0] == last
    (chosen,) = page.one("span", class_="segments").all("a", aria_current="true")
    assert chosen.text == {"week": "周", "day": "日"}[grain]


@pytest.mark.requirement("I02", "G12")
def test_the_steps_of_a_change_add_up(as_: Window) -> None:
    page = block(as_, "change", query="?by=employee")
    assert page.one("h2").text == "为什么环比 +1.30 万元"
    steps = {row[0]: row[1] for row in chart_table(page)[1:]}
    assert steps == {
        "上月": "22,000.00 元",
        "王芳": "10,000.00 元",
        "张伟": "3,000.00 元",
        "本月": "35,000.00 元",
    }


def test_the_change_of_a_rate_adds_up_too(as_: Window) -> None:
    page = block(as_, "change", query="?metrics=gross_margin&by=channel&compare=year")
    values = [float(row[1].rstrip("%").replace("−", "-")) for row in chart_table(page)[1:]]
    assert sum(values[:-1]) == pytest.approx(values[-1], abs=0.001)


@pytest.mark.requirement("I07")
def test_the_funnel_without_stage_records(as_: Window) -> None:
    # November: 2 deals created; closed after 31, 33 and 14 days, two of three won
    rows = [row.text for row in block(as_, "funnel", "analyst").all("div", class_="funnel-row")]
    assert rows == ["新增商机 2 66.7% 26.0 天", "赢单数 2"]


def test_an_empty_workspace_says_how_to_begin(as_: Window, settings, tmp_path: Path) -> None:
    settings.WORKSPACE = Workspace.create(tmp_path / "new", name="新公司").path
    page = read(as_("admin").get("/"))
    assert "从第一个文件开始" in page.text
    assert page.one("main").all(data_block="") == []


def test_data_that_ended_is_not_compared_with_days_that_brought_nothing(
    as_: Window, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SALESLOOP_TODAY", dt.date(2026, 12, 20).isoformat())
    page = read(as_("manager").get("/"))
    assert "2026年11月 截至 21 日" in page.one("header", class_="topbar").text
    assert cards(block(as_, "kpis"))["销售额"].one("p", class_="figure").text == "3.50 万元"


def test_the_first_page_asks_little_of_the_database(as_: Window, django_assert_max_num_queries) -> None:
    as_("manager").get("/")
    with django_assert_max_num_queries(8):
        as_("manager").get("/")
    with django_assert_max_num_queries(3):
        as_("manager").get("/overview/kpis/")


def test_a_click_on_a_chart_leads_to_that_part(as_: Window) -> None:
    months = options(block(as_, "trend"))["links"]
    assert months[9] == "/metrics/revenue/?period=2026-10"
    assert months[11] == "", "December has not happened"
    steps: Any = options(block(as_, "change", query="?by=employee"))["links"]
    assert steps == ["", "/metrics/revenue/?where=employee%3DE13", "/metrics/revenue/?where=employee%3DE12", ""]
    table = block(as_, "change", query="?by=employee").one("div", class_="chart-table")
    assert [link.text for link in table.all("a")] == ["王芳", "张伟"]
