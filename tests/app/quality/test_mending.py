"""Everybody's records to mend, and what a steward says of them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from salesloop.app.audit.services import entries
from salesloop.app.quality.models import Decision
from tests.app.html import Element, read

Window = Callable[[str], Client]


def records(window: Client, query: str = "") -> list[Element]:
    found = read(window.get(f"/quality/mend/{query}")).all("ul", class_="mend")
    return found[0].all("li", data_row="") if found else []


def judge(window: Client, verdict: str, **changes: str) -> int:
    form = {"entity": "customer", "key": '{"customer_id": "K2"}', "check": "name_unique", "verdict": verdict}
    return window.post("/quality/mend/decide/", form | changes).status_code


@pytest.mark.requirement("C07")
def test_each_person_sees_their_own_records(as_: Window) -> None:
    assert len(records(as_("analyst"))) == 2
    (own,) = records(as_("rep"))
    assert "同名贸易" in own.text
    assert "张伟" in own.text
    assert "客户.csv · 第 3 行" in own.text
    assert "应当：" in own.text
    assert [record.text.split()[2] for record in records(as_("other_manager"))] == ["刘洋"]


def test_filters(as_: Window) -> None:
    assert len(records(as_("analyst"), "?entity=customer&check=name_unique")) == 2
    assert len(records(as_("analyst"), "?employee=E21")) == 1
    assert records(as_("rep"), "?employee=E21") == []


@pytest.mark.requirement("C03")
def test_a_steward_accepts_and_takes_it_back(as_: Window) -> None:
    window = as_("steward")
    assert judge(window, "accepted", note="两家门店") == 302
    (decision,) = Decision.objects.all()
    page = read(window.get("/quality/mend/")).one("ul", class_="mend").text
    assert "认可 · 何静怡 · 两家门店" in page
    assert entries(code="quality.decided").get().data["verdict"] == "accepted"
    window.post(f"/quality/mend/{decision.pk}/withdraw/")
    assert "两家门店" not in read(window.get("/quality/mend/")).one("ul", class_="mend").text
    assert Decision.objects.get().undone_at is not None, "it stays in the history"


def test_a_second_word_replaces_the_first(as_: Window) -> None:
    judge(as_("steward"), "accepted")
    judge(as_("steward"), "rejected")
    assert [(one.verdict, one.undone_at is None) for one in Decision.objects.order_by("id")] == [
        ("accepted", False),
        ("rejected", True),
    ]


@pytest.mark.parametrize(
    "changes",
    [
        {"key": '{"customer_id": "K3"}'},
        {"key": "K2"},
        {"key": '{"customer_id": "K2", "more": "x"}'},
        {"key": """{"customer_id": "x' OR '1'='1"}"""},
        {"check": "no_such_check"},
        {"entity": "no_such_entity"},
        {"verdict": "maybe"},
    ],
)
def test_only_what_fails_can_be_judged(as_: Window, changes: dict[str, str]) -> None:
    assert judge(as_("steward"), **({"verdict": "accepted"} | changes)) == 422
    assert Decision.objects.count() == 0


@pytest.mark.requirement("C05", "C08")
def test_scores_by_person_and_source_come_worst_first(as_: Window) -> None:
    people = read(as_("analyst").get("/quality/?by=employee")).rows[1:]
    assert {row[0] for row in people if row[5] == "1"} == {"张伟", "刘洋"}
    scores = [float(row[1].rstrip("%")) for row in people]
    assert scores == sorted(scores)
    sources = read(as_("analyst").get("/quality/?by=source")).rows[1:]
    assert sum(int(row[5]) for row in sources) == 2
    assert as_("analyst").get("/quality/?by=nonsense").status_code == 404


def test_a_representative_is_scored_on_their_own_records_alone(as_: Window) -> None:
    rows = read(as_("rep").get("/quality/?by=employee")).rows[1:]
    assert [row[0] for row in rows] == ["张伟"]


@pytest.mark.requirement("B16")
def test_coverage_names_what_a_metric_lacks(as_: Window) -> None:
    page = read(as_("analyst").get("/quality/coverage/"))
    rows = {row[0]: row for row in page.all("table")[0].rows[1:]}
    assert "库存快照·" in rows["库存金额"][3]
    whole = page.one("p", class_="metric-links").text
    assert "销售额" in whole
    assert "库存金额" not in whole
