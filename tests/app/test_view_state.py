"""The whole state of a page is in its address, and every control is a link to an address."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import parse_qs

import pytest
from django.http import QueryDict
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from salesloop.engine.model.view import View
from tests.app.html import Element, read

Window = Callable[[str], Client]


@given(
    metrics=st.lists(st.sampled_from(["revenue", "orders", "win_rate"]), unique=True),
    by=st.lists(st.sampled_from(["region", "region:2", "channel"]), unique=True),
    grain=st.sampled_from([None, "day", "week", "month"]),
    period=st.sampled_from(["this-month", "2026-11", "2026-Q4", "last-30-days", "2026-01-01..2026-11-21"]),
    where=st.lists(st.sampled_from(["region=华东", "channel!=直销", "category=A|B", "customer=甲 & 乙"]), unique=True),
    compare=st.lists(st.sampled_from(["previous", "year", "target"]), unique=True),
)
def test_an_address_holds_all_of_a_view(**parts: object) -> None:
    view = View(**parts)
    again = View.from_query(QueryDict(view.to_query()))
    assert again == view.changed(where=tuple(sorted(view.where)))
    assert again.to_query() == view.to_query()


def bar(as_: Window, query: str) -> Element:
    return read(as_("analyst").get(f"/metrics/revenue/{query}")).one("header", class_="topbar")


def links(element: Element) -> dict[str, str]:
    """The controls: links to the same page."""
    found = {link.text: link.attributes["href"] for link in element.all("a")}
    return {name: href for name, href in found.items() if href.startswith("?")}


def test_every_control_keeps_the_rest_of_the_state(as_: Window) -> None:
    query = "?by=channel&grain=week&period=2026-10&where=region%3D%E5%8D%8E%E4%B8%9C&compare=year&sort=-value"
    controls = links(bar(as_, query))
    assert len(controls) > 10
    for name, href in controls.items():
        state = parse_qs(href.lstrip("?"))
        assert state["by"] == ["channel"], name
        assert state["grain"] == ["week"], name
        assert "region=华东" in state["where"], name


@pytest.mark.parametrize(
    ("period", "label"),
    [
        ("2026-11", "2026年11月 截至 21 日"),
        ("2026-10", "2026年10月"),
        ("2026-Q4", "2026年4季度 截至 11月21日"),
        ("2026", "2026年 截至 11月21日"),
        ("2026-W46", "2026年第46周"),
        ("2026-11-20", "2026-11-20"),
        ("2026-11-01..2026-11-10", "2026-11-01 – 2026-11-10"),
    ],
)
def test_periods_are_named(as_: Window, period: str, label: str) -> None:
    assert label in bar(as_, f"?period={period}").text


def test_stepping_through_periods(as_: Window) -> None:
    assert links(bar(as_, "?period=2026-10"))["上一期"] == "?period=2026-09"
    assert links(bar(as_, "?period=2026-10"))["下一期"] == "?period=2026-11"
    assert "下一期" not in links(bar(as_, "?period=2026-11")), "the future has no numbers"
    assert links(bar(as_, "?period=2026-11-01..2026-11-10"))["上一期"] == "?period=2026-10-22..2026-10-31"


def test_the_chosen_period_is_marked(as_: Window) -> None:
    chosen = [link.text for link in bar(as_, "?period=2026-10").all("a", aria_current="true")]
    assert "上月" in chosen


def test_own_days_from_the_two_fields(as_: Window) -> None:
    page = read(as_("analyst").get("/metrics/revenue/", {"from": "2026-11-01", "to": "2026-11-10", "grain": "day"}))
    assert page.one("p", class_="figure").text == "3.70 万元"
    fields = page.one("form", data_days="period")
    assert fields.one("input", name="grain").attributes["value"] == "day"


def test_comparisons_are_switched_one_by_one(as_: Window) -> None:
    assert links(bar(as_, ""))["环比"] == "?compare=year,target"
    assert links(bar(as_, "?compare=year,target"))["环比"] == "?", "all three are what an address need not say"
    assert links(bar(as_, "?compare=year"))["同比"] == "?", "nothing at all is no choice: back to all three"


@pytest.mark.parametrize("query", ["?period=2026-13", "?grain=hour", "?where=region", "?by=nonsense", "?compare=moon"])
def test_a_wrong_address_is_explained(as_: Window, query: str) -> None:
    answer = as_("analyst").get(f"/metrics/revenue/breakdown/{query}")
    assert answer.status_code in (200, 422)
    if query != "?by=nonsense":  # an unknown dimension falls back to the usual one
        assert answer.status_code == 422
        assert read(answer).one("h1").text == "没有完成"
