"""Ctrl K."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from django.test import Client

from tests import yardstick
from tests.app.html import read

Window = Callable[[str], Client]


def find(window: Client, words: str = "") -> dict[str, str]:
    return {a.one("span").text: a.attributes["href"] for a in read(window.get("/palette/", {"q": words})).all("a")}


def test_it_begins_with_the_pages_that_one_may_open(as_: Window) -> None:
    assert find(as_("rep"))["总览"] == "/"
    assert "人员与权限" not in find(as_("rep"))
    assert "人员与权限" in find(as_("admin"))


@pytest.mark.parametrize("words", ["毛利率", "mll", "maolilv", "gross_margin", "Gross margin"])
def test_metrics_by_name_sound_and_id(as_: Window, words: str) -> None:
    assert find(as_("rep"), words)["毛利率"] == "/metrics/gross_margin/"


@pytest.mark.parametrize("words", ["销售额", "xse", "xiaoshoue"])
def test_what_is_called_just_so_comes_first(as_: Window, words: str) -> None:
    assert next(iter(find(as_("analyst"), words))) == "销售额", "a page is called 销售额管理"


def test_units_and_people_within_the_scope(as_: Window) -> None:
    assert find(as_("manager"), "上海一部")["上海一部"] == "/?where=org_unit%3DD11"
    assert find(as_("manager"), "wangfang")["王芳"] == "/?where=employee%3DE13"
    assert find(as_("manager"), "刘洋") == {}
    assert find(as_("rep"), "王芳") == {}


def test_nothing_found_is_said(as_: Window) -> None:
    assert "没有与“qqqq”相符" in read(as_("rep").get("/palette/", {"q": "qqqq"})).text


def test_it_answers_within_a_tenth_of_a_second(as_: Window) -> None:
    """Of processor time: whoever else is at work is no fault of the palette's."""
    window = as_("analyst")
    find(window, "销售")
    answering, worked = [], []
    for _ in range(5):
        before = time.process_time()
        find(window, "xs")
        answering.append(time.process_time() - before)
        worked.append(yardstick.work())
    assert min(answering) < yardstick.allowed(0.1, worked)
