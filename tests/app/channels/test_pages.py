"""Channels compared, one partner among its peers, the map of gaps: with the figures of a firm added up by hand."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.conf import LazySettings
from django.test import Client

from salesloop.app.actions.services import Action
from salesloop.app.audit.models import Entry
from salesloop.app.channels.models import ChannelNote
from salesloop.engine.store import Workspace
from tests.app.channels.firm import build_firm
from tests.app.html import Element, read

Window = Callable[[str], Client]
SEES = {"manager", "analyst", "steward", "executive", "admin"}
NOTES = SEES - {"steward"}


@pytest.fixture(scope="session")
def firm(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return build_firm(tmp_path_factory.mktemp("firm"))


@pytest.fixture
def at_firm(firm: Workspace, settings: LazySettings) -> None:
    settings.WORKSPACE = firm.path


def card(page: Element, title: str) -> Element:
    return next(one for one in page.all("section", class_="card") if one.all("h2") and title in one.one("h2").text)


@pytest.mark.parametrize("who", ["rep", *sorted(SEES), "nobody"])
def test_who_opens_the_pages(as_: Window, who: str) -> None:
    window = as_(who)
    for path in ("/channels/", "/channels/coverage/", "/channels/of/分销/", "/channels/said/分销/"):
        status = window.get(path).status_code
        assert status == (302 if who == "nobody" else 200 if who in SEES else 403), (who, path)


@pytest.mark.parametrize("who", ["rep", *sorted(SEES), "nobody"])
def test_who_writes(as_: Window, who: str) -> None:
    allowed = who in NOTES
    noted = as_(who).post("/channels/note/分销/", {"text": "缺货"})
    shifted = as_(who).post("/channels/shift/")
    assert (noted.status_code, shifted.status_code) == ((302, 302) if allowed or who == "nobody" else (403, 403))
    assert ChannelNote.objects.count() == (1 if allowed else 0)
    assert not Action.objects.exists()  # this company's history recommends nothing


def test_a_channel_that_does_not_exist(as_: Window) -> None:
    for path in ("/channels/of/nothing/", "/channels/said/nothing/", "/channels/of/x' OR '1'='1/"):
        assert as_("analyst").get(path).status_code == 404
    assert as_("analyst").post("/channels/note/nothing/", {"text": "?"}).status_code == 404


@pytest.mark.requirement("E01", "E04")
def test_the_scorecard_shows_what_is_in_scope(as_: Window) -> None:
    """November: 分销 10,000 + 20,000, 直销 5,000 + 7,000; of the manager in the east 30,000 and 5,000."""

    def shares(who: str) -> dict[str, str]:
        table = card(read(as_(who).get("/channels/?period=2026-11")), "渠道对比").one("tbody")
        return {row.one("th").text: row.all("td")[2].text for row in table.all("tr")}

    assert shares("analyst") == {"分销": "71.4%", "直销": "28.6%"}
    assert shares("manager") == {"分销": "85.7%", "直销": "14.3%"}


def test_what_is_missing_is_named_and_not_zero(as_: Window) -> None:
    page = read(as_("analyst").get("/channels/"))
    assert "还没有数据：渠道费用" in card(page, "渠道对比").text
    assert "缺少：渠道费用" in card(page, "力气往哪里挪").text


@pytest.mark.requirement("E04")
def test_a_shift_is_recommended_and_becomes_an_action(as_: Window, at_firm: None) -> None:
    """A further yuan brings 0.5 in 分销 and 3 in 电商; a tenth of what 分销 spends a month, about 10,000, would bring 2.5 times
    as much."""
    window = as_("executive")
    told = card(read(window.get("/channels/")), "力气往哪里挪")
    assert "建议每月从「分销」挪一部分费用到「电商」" in told.text
    slopes = {row.one("th").text: row.all("td")[0].text for row in told.one("tbody").all("tr")}
    assert {name: round(float(slope), 1) for name, slope in slopes.items()} == {"电商": 3.0, "分销": 0.5}
    answer = window.post("/channels/shift/")
    action = Action.objects.get()
    assert answer["Location"] == f"/actions/{action.pk}/"
    assert (action.metric, action.owner.login) == ("channel_profit", "zhoumingyuan")
    assert action.members == [{"dimension": "channel:1", "id": "CH2", "name": "电商"}]
    assert "毛利在「电商」多 3.0" in action.note
    assert action.expected_change == pytest.approx(1000 * 2 / 70_000, rel=0.15)
    assert f'href="{action.evidence}"' in window.get(answer["Location"]).content.decode()
    assert window.get(action.evidence).status_code == 200


@pytest.mark.requirement("E05")
def test_a_partner_among_its_peers(as_: Window, at_firm: None) -> None:
    """电商: one invoice of two paid in time, the peer's only one; half of its orders were shipped late, none of the peer."""
    table = card(read(as_("analyst").get("/channels/of/CH2/")), "评分卡").one("tbody")
    rows = {row.one("th").text: [cell.text for cell in row.all("td")] for row in table.all("tr")}
    assert rows["按时付款率"][0].replace(" ", "") == "50.0%"
    assert rows["按时付款率"][2].replace(" ", "") == "100.0%"
    assert rows["按时付款率"][3].replace(" ", "") == "2/2"
    assert rows["延迟发货率"][0].replace(" ", "") == "50.0%"
    assert rows["工单响应时间"][0] == "没有数据"  # its customers wrote no ticket
    said = as_("analyst").get("/channels/said/CH1/")
    assert "发货太慢" in read(said).text
    assert "发货太慢" not in read(as_("analyst").get("/channels/said/CH2/")).text


@pytest.mark.requirement("E05")
def test_notes_are_kept_audited_and_only_ones_own_taken_back(as_: Window, at_firm: None) -> None:
    assert as_("manager").post("/channels/note/CH1/", {"text": "  "}).status_code == 422
    as_("manager").post("/channels/note/CH1/", {"text": "想要更长的账期"})
    page = read(as_("steward").get("/channels/of/CH1/"))
    assert "想要更长的账期" in card(page, "渠道反馈").text
    note = ChannelNote.objects.get()
    assert as_("analyst").post(f"/channels/notes/{note.pk}/withdraw/").status_code == 403
    assert as_("manager").post(f"/channels/notes/{note.pk}/withdraw/").status_code == 302
    assert "想要更长的账期" not in read(as_("steward").get("/channels/of/CH1/")).text
    assert set(Entry.objects.values_list("code", flat=True)) >= {"channel.noted", "channel.note_withdrawn"}


@pytest.mark.requirement("E06")
def test_gaps_come_by_potential(as_: Window, at_firm: None) -> None:
    """分销 sells in 华东 and 华南, 电商 in 华东 only; each market is 10 million. 电商 has the larger share of its one market."""
    page = read(as_("analyst").get("/channels/coverage/"))
    gaps = [[cell.text for cell in row.all("td")][:2] for row in card(page, "空白").one("tbody").all("tr")]
    assert gaps == [["华南", "电商"], ["西北", "电商"], ["西北", "分销"]]
    rates = {row.one("th").text: row.all("td")[1].text for row in card(page, "覆盖率与服务").one("tbody").all("tr")}
    assert rates == {"分销": "66.7%", "电商": "33.3%"}
