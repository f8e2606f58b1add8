"""Themes by period, with the numbers of the customers who mention them, within a scope; everything by hand."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from salesloop.engine.analyze.texts.collect import Asked, Days
from salesloop.engine.analyze.texts.lexicon import load_lexicon
from salesloop.engine.analyze.texts.voice import Voice, listen
from salesloop.engine.metrics.warehouse import warehouse
from salesloop.engine.model.errors import UserError
from salesloop.engine.model.scope import Scope
from tests.engine.metrics.world import TODAY, World

NOVEMBER = Days(dt.date(2026, 11, 1), dt.date(2026, 11, 30))
OCTOBER = Days(dt.date(2026, 10, 1), dt.date(2026, 10, 31))
ASKED = Asked(NOVEMBER, OCTOBER)


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> World:
    """What was said in November, and the numbers beside.

    customer  said in November                       revenue  deals      survey
    C1 (E1)   太贵; 价格合理                              1000  1 won      9 of 10
    C2 (E1)   交期延期                                    500  1 lost     4 of 10 (货期太长)
    C3 (E2)   (mention nobody's) 质量好                    70
    """
    return World(
        tmp_path_factory.mktemp("texts") / "w",
        org_unit=[{"org_unit_id": "U1", "name": "一部"}, {"org_unit_id": "U2", "name": "二部"}],
        employee=[
            {"employee_id": "E1", "name": "甲", "org_unit_id": "U1"},
            {"employee_id": "E2", "name": "乙", "org_unit_id": "U2"},
        ],
        customer=[{"customer_id": f"C{n}", "name": f"客户{n}"} for n in (1, 2, 3)],
        activity=[
            _talk("A1", "2026-11-03", "C1", "E1", "太贵"),
            _talk("A2", "2026-11-20", "C1", "E1", "价格合理"),
            _talk("A3", "2026-11-05", "C2", "E1", "交期延期"),
            _talk("A4", "2026-11-06", "C3", "E2", "质量好"),
            _talk("A5", "2026-11-07", "C3", "E2", None),
            _talk("A6", "2026-10-07", "C3", "E2", "报价收到"),
            _talk("A7", "2026-09-07", "C3", "E2", "太贵"),
        ],
        opportunity=[
            _deal("O1", "C1", "won", None),
            _deal("O2", "C2", "lost", "价格太高"),
        ],
        survey_response=[
            {"response_id": "S1", "answered_at": "2026-11-09", "customer_id": "C2", "employee_id": "E1", "score": 4, "max_score": 10, "answer": "货期能接受"},
            {"response_id": "S2", "answered_at": "2026-11-09", "customer_id": "C1", "employee_id": "E1", "score": 9, "max_score": 10},
        ],
        mention=[{"mention_id": "M1", "published_at": "2026-11-10", "text": "质量好", "sentiment": "negative", "product_id": "P1"}],
        product=[{"product_id": "P1", "name": "打印机"}],
        order_line=[
            {"order_id": "B1", "line_no": "1", "order_date": "2026-11-02", "customer_id": "C1", "employee_id": "E1", "amount": 1000, "status": "completed"},
            {"order_id": "B2", "line_no": "1", "order_date": "2026-11-02", "customer_id": "C2", "employee_id": "E1", "amount": 500, "status": "completed"},
            {"order_id": "B3", "line_no": "1", "order_date": "2026-11-02", "customer_id": "C3", "employee_id": "E2", "amount": 70, "status": "completed"},
        ],
    )  # fmt: skip


def _talk(key: str, day: str, customer: str, who: str, feedback: str | None) -> dict[str, Any]:
    unit = {"E1": "U1", "E2": "U2"}[who]
    return {"activity_id": key, "type": "visit", "event_time": f"{day} 10:00:00", "customer_id": customer, "employee_id": who, "org_unit_id": unit, "feedback": feedback}  # fmt: skip


def _deal(key: str, customer: str, status: str, reason: str | None) -> dict[str, Any]:
    return {
        "opportunity_id": key, "customer_id": customer, "employee_id": "E1", "stage": status, "status": status, "amount": 9,
        "created_date": "2026-10-01", "close_date": "2026-11-11", "lost_reason": reason,
    }  # fmt: skip


def voice(company: World, asked: Asked = ASKED, scope: Scope | None = None) -> Voice:
    return listen(
        warehouse(company.workspace), company.registry, load_lexicon(None), asked, scope or Scope.all(), today=TODAY, grain="week"
    )  # fmt: skip


@pytest.mark.requirement("B17")
def test_themes_have_counts_change_feeling_and_the_numbers_of_those_who_mention_them(company: World) -> None:
    heard = voice(company)
    assert (heard.texts, heard.texts_before, heard.customers) == (7, 1, 3)
    lines = {line.theme: line for line in heard.themes}
    price = lines["price"]
    assert (price.now, price.before, price.good, price.bad, price.customers) == (3, 1, 1, 2, 2)
    assert price.share == pytest.approx(3 / 7)
    assert price.share_before == 1
    assert price.numbers == {"revenue": 1500, "win_rate": 0.5, "satisfaction": pytest.approx(13 / 20)}
    assert lines["quality"].numbers == {"revenue": 70, "win_rate": None, "satisfaction": None}
    assert heard.numbers["revenue"] == 1570
    assert [line.theme for line in heard.themes][:1] == ["price"]


def test_what_the_data_tell_of_the_feeling_goes_before_the_words(company: World) -> None:
    lines = {line.theme: line for line in voice(company).themes}
    assert (lines["quality"].good, lines["quality"].bad) == (1, 1)  # the mention is negative by its own field
    assert (lines["delivery"].good, lines["delivery"].bad) == (0, 2)  # 4 of 10 points is no praise


def test_themes_over_time_and_by_slice(company: World) -> None:
    heard = voice(company, Asked(NOVEMBER, OCTOBER, by="employee"))
    assert heard.periods[0] == dt.date(2026, 10, 26)
    assert heard.trend["price"] == (0, 1, 1, 1, 0, 0)
    assert heard.slices == {"E1": {"price": 3, "delivery": 2}, "E2": {"quality": 1}}
    assert heard.left_out == ("mention",)  # nobody owns a mention


def test_filters_and_sources_narrow_it(company: World) -> None:
    assert voice(company, Asked(NOVEMBER, None, where=("customer=C2",))).texts == 3
    assert voice(company, Asked(NOVEMBER, None, sources=("mention",))).texts == 1
    assert voice(company, Asked(NOVEMBER, None, where=("product=打印机",))).texts == 1
    with pytest.raises(UserError):
        voice(company, Asked(NOVEMBER, None, where=("product=没有的",)))


@pytest.mark.requirement("B17")
def test_a_person_hears_no_more_than_their_manager(company: World) -> None:
    own = Scope(False, frozenset(), frozenset({"E2"}))
    manager = Scope(False, frozenset({"U1", "U2"}), frozenset({"E1", "E2"}))
    mine, theirs = voice(company, scope=own), voice(company, scope=manager)
    mine_ids, their_ids = (set(heard.said["text_id"].to_pylist()) for heard in (mine, theirs))
    assert mine_ids < their_ids
    assert not {row for row in mine_ids if row.startswith(("opportunity", "survey"))}
    assert mine.numbers["revenue"] == 70


def test_an_entered_text_is_heard_at_once(company: World) -> None:
    company.enter(
        "activity",
        [{"activity_id": "N1", "type": "call", "event_time": dt.datetime(2026, 11, 21, 9), "customer_id": "C3", "employee_id": "E2", "feedback": "发票开错"}],
    )  # fmt: skip
    try:
        newest = voice(company).said.to_pylist()[0]
        assert (newest["text"], newest["themes"], newest["feeling"]) == ("发票开错", ["invoice"], -1)
    finally:
        (Path(company.workspace.entered.folder) / "activity.parquet").unlink()


def test_a_period_without_texts_is_empty(company: World) -> None:
    heard = voice(company, Asked(Days(dt.date(2020, 1, 1), dt.date(2020, 1, 31)), None))
    assert (heard.texts, heard.themes, heard.words, heard.said.num_rows) == (0, (), (), 0)
