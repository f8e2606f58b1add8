"""The list of customers and the page of one: what was bought, talked about, and who may know it."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.test import Client

from salesloop.engine.pipeline import ImportRequest, import_files
from salesloop.engine.store import Workspace
from tests.app.company import NOW
from tests.app.html import Element, read

Window = Callable[[str], Client]


def names(window: Client, query: str = "") -> list[str]:
    body = read(window.get(f"/customers/{query}")).all("tbody")
    return [row[0] for row in body[0].rows] if body else []


def happened(page: Element) -> list[str]:
    return [event.one("p", class_="small").text.split(" · ")[0] for event in page.one("ul", class_="events").all("li")]


@pytest.mark.requirement("B02")
def test_the_most_important_customers_come_first(as_: Window) -> None:
    """Revenue of the 365 days to 2026-11-21: 恒通 20,000 + 10,000, 华星 10,000 + 12,000, 南方 7,000 + 9,000, 远大 5,000."""
    assert names(as_("analyst")) == ["恒通商贸", "华星电子", "南方印务", "远大物流", "=1+1"]


def test_everybody_finds_only_their_own_customers_and_those_they_sell_to(as_: Window) -> None:
    assert names(as_("rep")) == ["华星电子", "远大物流"]
    assert names(as_("other_manager")) == ["南方印务"]
    assert names(as_("manager")) == ["恒通商贸", "华星电子", "远大物流", "=1+1"]
    assert "南方" not in read(as_("rep").get("/customers/?q=南方")).one("main").text


@pytest.mark.parametrize("words", ["远大", "c2"])
def test_search(as_: Window, words: str) -> None:
    assert names(as_("analyst"), f"?q={words}") == ["远大物流"]
    assert "没有相符的客户" in read(as_("analyst").get("/customers/?q=查无此人")).text


def test_a_quote_in_the_search_is_only_text(as_: Window) -> None:
    assert names(as_("analyst"), "?q=%27%20OR%201=1%20--") == []
    assert as_("analyst").get("/customers/of/x' OR '1'='1/").status_code == 404


@pytest.mark.requirement("B02")
def test_the_page_of_one_customer_has_its_own_numbers(as_: Window) -> None:
    page = read(as_("analyst").get("/customers/of/C1/?period=2026-11"))
    cards = {card.one("h3").text: card.one("p", class_="figure").text for card in page.all("article", class_="kpi")}
    assert cards["销售额"] == "1.00 万元"
    assert cards["订单数"] == "1 单"
    assert "激光打印机" in page.text


@pytest.mark.requirement("B02")
def test_what_happened_newest_first(as_: Window) -> None:
    everything = happened(read(as_("analyst").get("/customers/timeline/C1/")))
    assert everything == sorted(everything, reverse=True)
    page = read(as_("analyst").get("/customers/timeline/C1/?tab=order"))
    assert happened(page) == ["2026-11-05", "2026-10-06", "2025-11-07"]
    assert set(happened(page)) < set(everything)
    assert "SO-1" in page.text
    assert "张伟" in page.text


def test_ctrl_k_finds_customers_within_the_scope(as_: Window) -> None:
    assert "华星电子" in read(as_("rep").get("/palette/?q=华星")).text
    assert "南方印务" not in read(as_("rep").get("/palette/?q=南方")).text


@pytest.mark.requirement("B03")
def test_preferences_and_needs_with_their_history(as_: Window, settings: LazySettings, tmp_path: Path) -> None:
    store = Workspace.create(tmp_path / "company")
    settings.WORKSPACE = store.path
    header = ["客户编码", "客户名称", "客户等级", "偏好", "需求", "电话"]
    for number, row in enumerate(
        [
            ["C1", "华星电子", "B", "夜间送货", "两台激光打印机", "13800138000"],
            ["C1", "华星电子", "A", "夜间送货", "整层楼的租赁方案", "13800138000"],
        ]
    ):
        _write(tmp_path / f"客户{number}.csv", [header, row])
        import_files(store, [ImportRequest(tmp_path / f"客户{number}.csv")], now=NOW + dt.timedelta(days=number))
    people = [["客户编码", "联系人", "职务", "手机"], ["C1", "钱经理", "采购经理", "13900139000"]]
    _write(tmp_path / "联系人.csv", people)
    import_files(store, [ImportRequest(tmp_path / "联系人.csv", entity="contact")], now=NOW)
    page = read(as_("analyst").get("/customers/of/C1/"))
    facts = page.all("dl", class_="facts")
    assert "整层楼的租赁方案" in facts[0].text
    assert "夜间送货" in facts[0].text
    history = page.one("ul", class_="timeline").text
    assert "两台激光打印机 → 整层楼的租赁方案" in history
    assert "B → A" in history
    assert "夜间送货" not in history, "what stayed is no change"
    assert "钱经理 采购经理" in page.text


def _write(path: Path, rows: list[list[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
