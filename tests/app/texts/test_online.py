"""What is said online: volume and net sentiment over time and by topic, from an ordinary import."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Callable

import pytest
from django.conf import LazySettings
from django.test import Client

from salesloop.engine.pipeline import ImportRequest, import_files
from salesloop.engine.store import Workspace
from tests.app.company import NOW
from tests.app.html import read

Window = Callable[[str], Client]
HEADER = ["发布时间", "平台", "话题", "情感倾向", "标题", "原文链接", "竞争对手"]
HEARD = [
    ["2026-11-10 09:00", "微博", "交期", "差评", "等了一个月", "https://x.example/1", ""],
    ["2026-11-11 09:00", "微博", "交期", "负面", "又延期", "https://x.example/2", ""],
    ["2026-11-12 09:00", "知乎", "交期", "中评", "一般", "https://x.example/3", ""],
    ["2026-11-13 09:00", "知乎", "质量", "好评", "很稳", "https://x.example/4", ""],
    ["2026-11-13 10:00", "知乎", "质量", "好评", "对手很稳", "https://x.example/5", "远景打印"],
    ["2026-07-13 09:00", "知乎", "质量", "好评", "早先", "https://x.example/6", ""],
]


@pytest.fixture(scope="module")
def heard(company: Workspace, tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    folder = tmp_path_factory.mktemp("online") / "workspace"
    shutil.copytree(company.path, folder)
    file = folder.parent / "舆情.csv"
    with file.open("w", encoding="gb18030", newline="") as out:
        csv.writer(out).writerows([HEADER, *HEARD])
    workspace = Workspace.open(folder)
    report = import_files(workspace, [ImportRequest(file)], now=NOW)
    assert report.batches[0].entities["mention"].accepted == len(HEARD), "recognised without a word from anybody"
    return workspace


@pytest.fixture
def own(heard: Workspace, settings: LazySettings, _workspace: None) -> None:
    settings.WORKSPACE = heard.path


def rows(window: Client, query: str = "") -> list[list[str]]:
    return read(window.get(f"/texts/online/?period=2026-11{query}")).one("table").one("tbody").rows


@pytest.mark.requirement("B10")
def test_topics_with_their_volume_and_net_sentiment(as_: Window, own: None) -> None:
    found = [[row[0], row[1], row[4], row[5], row[6]] for row in rows(as_("analyst"))]
    assert found == [["交期", "3", "0", "2", "−66.7%"], ["质量", "1", "1", "0", "+100.0%"]], "of competitors nothing"


@pytest.mark.requirement("B10")
def test_by_platform_and_narrowed_to_one_topic(as_: Window, own: None) -> None:
    assert [row[:2] for row in rows(as_("analyst"), "&by=platform")] == [["微博", "2"], ["知乎", "2"]]
    page = read(as_("analyst").get("/texts/online/?period=2026-11"))
    (link,) = [link.attributes["href"] for link in page.all("a", class_="row-link") if link.text == "交期"]
    narrowed = read(as_("analyst").get(f"/texts/online/{link}"))
    assert [row[0] for row in narrowed.one("table").one("tbody").rows] == ["交期"]
    assert [chip.text for chip in narrowed.all("a", class_="filter-chip")] == ["话题 = 交期"]


def test_everybody_may_look_and_nothing_is_changed(as_: Window, own: None) -> None:
    for persona in ("rep", "manager", "steward", "executive", "admin"):
        assert as_(persona).get("/texts/online/").status_code == 200, persona
    assert as_("nobody").get("/texts/online/").status_code == 302
    assert as_("steward").post("/texts/online/").status_code == 405


def test_without_mentions_it_says_what_to_import(as_: Window) -> None:
    found = read(as_("steward").get("/texts/online/"))
    assert "舆情监测工具" in found.text
    assert "导入数据" in found.one("main").text
    assert "导入数据" not in read(as_("rep").get("/texts/online/")).one("main").text
