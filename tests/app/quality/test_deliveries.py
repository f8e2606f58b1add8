"""What the last delivery of each source brought, against what is usual; the stewards are told of alarms."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.test import Client

from salesloop.app.notices.services import notices_of
from salesloop.app.quality.services import tell_alarms
from salesloop.engine.analyze.quality import learn
from salesloop.engine.store import Workspace
from tests.app.company import NOW
from tests.app.conftest import People
from tests.app.html import read
from tests.engine.analyze.deliveries import Source

Window = Callable[[str], Client]
FIRST = dt.datetime(2026, 8, 10, 1)


@pytest.fixture(scope="module")
def watched(company: Workspace, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Fifteen Mondays of orders; the last, of 16 November, brings a fifth and no quantities."""
    folder = Path(shutil.copytree(company.path, tmp_path_factory.mktemp("watched") / "company"))
    workspace = Workspace.open(folder)
    with workspace.writing(NOW, "import") as building:
        source = Source(building.con, workspace, first=FIRST, name="门店订单")
        for step in range(learn.ENOUGH):
            source.bring(rows=100 + step % 3)
        source.bring(rows=20, blank=100)
    return folder


@pytest.fixture(autouse=True)
def _watched(watched: Path, _flawed: None, settings: LazySettings) -> None:
    settings.WORKSPACE = watched


@pytest.mark.requirement("C05")
def test_the_page_shows_what_is_off_with_what_is_usual(as_: Window) -> None:
    page = read(as_("steward").get("/quality/deliveries/"))
    (card,) = (
        each
        for each in page.all("section")
        if each.attributes.get("id", "").startswith("order_line-") and "2 项异常" in each.text
    )
    assert "门店订单15.csv" in card.text
    rows = {row[0]: row for row in card.all("table")[0].rows[1:]}
    volume, blanks = rows["行数 异常"], rows["空白 数量 异常"]
    assert volume[1] == "20"
    low, high = (int(part) for part in volume[2].split("–"))
    assert 60 < low < 101 < high < 160
    assert blanks[1] == "100.0%"
    assert blanks[2].startswith("不超过 ")
    assert len(card.all("svg", class_="banded")) == len(card.all("tr")) - 2 - 1, "all but lateness have a history"
    assert "2023–2026" in page.text


@pytest.mark.requirement("C05")
def test_stewards_are_told_of_an_alarm_once(as_: Window, people: People) -> None:
    day = dt.date(2026, 11, 21)
    assert tell_alarms(day) == 1
    assert tell_alarms(day) == 0
    (notice,) = notices_of(people.steward)
    assert str(notice).startswith("送来的数据异常：「门店订单」的订单明细：本次 20 行，通常 ")
    assert str(notice).endswith("，另有 1 项")
    assert notices_of(people.analyst).count() == 0
    opened = as_("steward").post(f"/notices/{notice.pk}/")
    assert opened["Location"].startswith("/quality/deliveries/#order_line-")


def test_a_delivery_that_stays_away_is_a_new_alarm(people: People) -> None:
    tell_alarms(dt.date(2026, 11, 21))
    assert tell_alarms(dt.date(2026, 12, 21)) == 1
    assert "没有送来" in str(notices_of(people.steward)[0])


def test_a_year_without_published_holidays_says_so(as_: Window, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "尚未收录" not in read(as_("steward").get("/quality/deliveries/")).text
    monkeypatch.setenv("SALESLOOP_TODAY", "2027-01-05")
    assert "今年的安排尚未收录" in read(as_("steward").get("/quality/deliveries/")).text
