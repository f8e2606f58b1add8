"""Pages that are open notice new data; pages with numbers say how fresh these are, source by source."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.test import Client

from salesloop.app.pages.freshness import published
from salesloop.engine.analyze.quality import learn
from salesloop.engine.store import Workspace
from tests.app.company import NOW
from tests.app.html import read
from tests.engine.analyze.deliveries import Source

Window = Callable[[str], Client]
PAGES_WITH_NUMBERS = ("/", "/metrics/revenue/", "/targets/attainment/", "/quality/", "/quality/sharing/", "/reports/")


@pytest.fixture
def copied(company: Workspace, tmp_path: Path, settings: LazySettings) -> Workspace:
    """A copy that a test may publish in."""
    folder = Path(shutil.copytree(company.path, tmp_path / "company"))
    settings.WORKSPACE = folder
    return Workspace.open(folder)


def publish(workspace: Workspace, mondays: int = 0) -> None:
    """A new snapshot, with deliveries of a source on so many Mondays up to 2026-11-16."""
    with workspace.writing(NOW, "import") as building:
        first = dt.datetime(2026, 11, 16, 1) - dt.timedelta(weeks=max(mondays - 1, 0))
        source = Source(building.con, workspace, first=first, name="门店订单")
        for _ in range(mondays):
            source.bring()


@pytest.mark.requirement("A03")
@pytest.mark.parametrize("address", PAGES_WITH_NUMBERS)
def test_a_page_with_numbers_is_stamped_with_what_it_shows(as_: Window, address: str) -> None:
    (stamp,) = read(as_("executive").get(address)).all("a", class_="freshness")
    assert stamp.attributes["data-seen"] == published()
    assert "数据截至" in stamp.text
    assert stamp.attributes["href"] == "/freshness/"


@pytest.mark.requirement("A03")
def test_the_pulse_is_silent_until_something_is_published(as_: Window, copied: Workspace) -> None:
    seen = published()
    assert as_("rep").get("/pulse/", {"seen": seen}).status_code == 204
    publish(copied)
    answer = as_("rep").get("/pulse/", {"seen": seen})
    assert answer.status_code == 200
    assert f'data-seen="{published()}"' in answer.content.decode()
    assert published() != seen
    assert answer["Cache-Control"].startswith("max-age=0")


def test_going_back_to_an_earlier_snapshot_is_news(copied: Workspace) -> None:
    before = published()
    publish(copied)
    copied.rollback(copied.current().parent or 0)
    assert published() == before, "it is what the page showed at first"


def test_the_pulse_does_not_open_the_warehouse(as_: Window, copied: Workspace) -> None:
    """The file of the snapshot is none any more: whoever opened it would fail."""
    path = copied.current().path
    path.with_suffix(".new").write_bytes(b"no database")
    path.with_suffix(".new").replace(path)
    assert as_("rep").get("/pulse/", {"seen": published()}).status_code == 204


@pytest.mark.requirement("A03")
def test_each_source_says_how_long_ago_it_delivered_and_how_often_it_does(
    as_: Window, copied: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fifteen Mondays at 09:00: a week is five working days, and on Saturday 21 November four have passed since the last."""
    publish(copied, mondays=learn.ENOUGH + 1)
    monkeypatch.setenv("SALESLOOP_TODAY", "2026-11-21T09:30")
    row = source_row(as_("rep"), "门店订单")
    assert "5 天" in row
    assert "2026-11-16 09:00" in row
    assert "按时" in row
    assert "每 5 个工作日一次" in row
    orders = source_row(as_("rep"), "订单")
    assert "0 分钟" in orders, "the company's own file was imported at this very minute"
    assert "学习中" in orders


@pytest.mark.requirement("A03")
def test_a_source_that_is_late_colours_the_stamp(
    as_: Window, copied: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(copied, mondays=learn.ENOUGH + 1)
    monkeypatch.setenv("SALESLOOP_TODAY", "2026-11-22T09:30")  # a day after the file that is imported now and then
    assert stamp_dot(as_("rep")) == "dot"
    monkeypatch.setenv("SALESLOOP_TODAY", "2026-12-07T09:30")  # two more Mondays without anything
    assert stamp_dot(as_("rep")) == "dot late"
    assert "迟到" in source_row(as_("rep"), "门店订单")


def test_as_long_as_no_rhythm_is_known_a_day_is_what_data_may_be_old(
    as_: Window, copied: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SALESLOOP_TODAY", "2026-11-22T09:00")
    assert stamp_dot(as_("rep")) == "dot"
    monkeypatch.setenv("SALESLOOP_TODAY", "2026-11-22T10:00")
    assert stamp_dot(as_("rep")) == "dot late"


def source_row(client: Client, source: str) -> str:
    """The line of a source in the list of freshness."""
    rows = [row for row in read(client.get("/freshness/")).all("tr") if row.text.split()[:1] == [source]]
    assert len(rows) == 1, [row.text for row in rows]
    return rows[0].text


def stamp_dot(client: Client) -> str:
    """The class of the dot before the stamp."""
    (stamp,) = read(client.get("/")).all("a", class_="freshness")
    (dot,) = stamp.all("i")
    return str(dot.attributes["class"]).strip()
