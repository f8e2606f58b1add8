"""Bottom-up: what people commit to and acknowledge stands beside the target from above; and what is said about it."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from salesloop.app.audit.services import entries
from salesloop.app.notices.services import notices_of
from salesloop.app.targets.keys import Entry, Key
from salesloop.app.targets.models import Commitment
from salesloop.app.targets.store import enter
from tests.app.company import NOW
from tests.app.html import read


@pytest.mark.requirement("G05")
def test_a_commitment_stands_beside_the_target(as_, people, sheet):
    rep = as_("rep")
    page = read(rep.get("/targets/mine/"))
    assert page.text.split("2026 年目标 ")[1].startswith("2.00 万元"), page.text[300:600]
    assert rep.post("/targets/mine/", {"month:2026-11-01": "1.8", "month:2026-12-01": "3000元"}).status_code == 302
    assert {c.period_start.month: c.value for c in Commitment.objects.all()} == {11: 18_000, 12: 3_000}
    assert "与目标相差 +1,000 元" in read(rep.get("/targets/mine/")).text
    row = sheet("manager").line("employee:E12")
    assert row.one("td", class_="bottom-up").text == "2.1 确认 0/1"
    assert sheet("manager").line("org_unit:D11").one("td", class_="bottom-up").text == "2.1 确认 0/2"
    assert [notice.params["who"] for notice in notices_of(people.manager)] == ["张伟"]
    rep.post("/targets/mine/", {"month:2026-11-01": "1.8", "month:2026-12-01": ""})
    assert Commitment.objects.count() == 1


def test_what_cannot_be_read_is_not_committed(as_):
    answer = as_("rep").post("/targets/mine/", {"month:2026-11-01": "尽力", "month:2026-12-01": "3"})
    assert answer.status_code == 422
    assert "张伟 · 2026年11月：“尽力”读不成数字" in read(answer).text
    assert read(answer).one("input", id="month:2026-12-01").attributes["value"] == "3"
    assert Commitment.objects.count() == 0


@pytest.mark.requirement("G05")
def test_an_acknowledgement_holds_until_the_target_changes(as_, people, sheet):
    rep = as_("rep")
    assert rep.post("/targets/mine/seen/").status_code == 302
    assert "已确认" in read(rep.get("/targets/mine/")).text
    assert sheet("manager").line("employee:E12").one("td", class_="bottom-up").text == "– 确认 1/1"
    key = Key("revenue", "", "E12", dt.date(2026, 11, 1), "month")
    enter(people.analyst, "revenue", 2026, {key: Entry(True, Decimal(30_000))}, NOW)
    text = read(rep.get("/targets/mine/")).text
    assert "您确认之后目标有变动，原为 2.00 万元" in text
    assert "确认知悉" in text
    assert rep.post("/targets/mine/seen/?period=2030").status_code == 404  # there is no target to acknowledge
    assert len(entries(code="target.acknowledged")) == 1


@pytest.mark.requirement("G08")
def test_a_row_s_targets_are_discussed_where_they_stand(as_, people):
    as_("rep").post("/targets/row/remark/?row=employee:E12", {"text": "客户预算减了一半"})
    manager = as_("manager")
    assert "客户预算减了一半" in read(manager.get("/targets/row/?row=employee:E12")).text
    manager.post("/targets/row/remark/?row=employee:E12", {"text": "那就按 1.8 万"})
    assert [notice.params["who"] for notice in notices_of(people.rep)] == ["李静"]
    assert "那就按 1.8 万" in read(as_("rep").get("/targets/mine/")).text
    assert "客户预算" not in read(manager.get("/targets/row/?row=employee:E13")).text
    manager.post("/targets/row/remark/?row=employee:E12", {"text": "  "})
    assert len(entries(code="target.discussed")) == 2
