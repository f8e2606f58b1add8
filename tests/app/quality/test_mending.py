"""Everybody's records to mend, and what a steward says of them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from salesloop.app.audit.services import entries
from salesloop.app.notices.services import notices_of
from salesloop.app.quality.models import Decision
from salesloop.app.workspace.services import workspace
from salesloop.engine.analyze.quality import judged
from salesloop.engine.analyze.quality.mend import Chosen, to_mend
from salesloop.engine.model.scope import Scope
from tests.app.conftest import People
from tests.app.html import Element, read

Window = Callable[[str], Client]


def records(window: Client, query: str = "") -> list[Element]:
    found = read(window.get(f"/quality/mend/{query}")).all("ul", class_="mend")
    return found[0].all("li", data_row="") if found else []


def judge(window: Client, verdict: str, **changes: str) -> int:
    """As the form of K2 on the page does; its fingerprint stands on the page."""
    form = {"entity": "customer", "key": '{"customer_id": "K2"}', "check": "name_unique", "verdict": verdict}
    return window.post(
        "/quality/mend/decide/", form | {"note": "两家门店", "mark": mark_of("K2")} | changes
    ).status_code


def mark_of(customer: str) -> str:
    of = judged(workspace(), Scope.all(), verdicts=())
    (row,) = to_mend(of, Chosen(entity="customer", key=(customer,)))
    return row.mark


def score(window: Client) -> float:
    """The overall score, before rounding."""
    found = window.get("/quality/").context["tally"].score
    assert found is not None
    return float(found)


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
def test_an_accepted_record_leaves_the_list_and_the_score_and_comes_back(as_: Window) -> None:
    window = as_("steward")
    before = score(window)
    assert judge(window, "accepted", note="两家门店") == 302
    (decision,) = Decision.objects.all()
    assert len(records(window)) == 1, "only that of 刘洋 is left"
    assert score(window) > before
    assert as_("rep").get("/quality/mend/").context["states"] == [
        ("open", "待改", 0),
        ("rejected", "已退回", 0),
        ("accepted", "已认可", 1),
    ]
    (shown,) = records(window, "?state=accepted")
    assert "认可 两家门店 · 何静怡 · 2026-11-21" in shown.text
    assert entries(code="quality.decided").get().data["verdict"] == "accepted"
    window.post(f"/quality/mend/{decision.pk}/withdraw/")
    assert len(records(window)) == 2
    assert score(window) == before
    assert Decision.objects.get().undone_at is not None, "it stays in the history"


@pytest.mark.requirement("C07")
def test_a_returned_record_reaches_its_owner_with_the_reason(as_: Window, people: People) -> None:
    assert judge(as_("steward"), "rejected", note="请补门店号") == 302
    (notice,) = notices_of(people.rep)
    assert str(notice) == "何静怡 退回了「同名贸易」：请补门店号"
    opened = as_("rep").post(f"/notices/{notice.pk}/")
    assert opened["Location"] == "/quality/mend/?state=rejected"
    (own,) = records(as_("rep"), "?state=rejected")
    assert "退回 请补门店号 · 何静怡" in own.text
    assert records(as_("other_manager"), "?state=rejected") == []
    assert notices_of(people.other_manager).count() == 0
    assert "退回 请补门店号" in records(as_("analyst"))[0].text, "it stays to be mended, before all others"


def test_without_a_login_of_the_owner_their_manager_is_told(as_: Window, people: People) -> None:
    assert judge(as_("steward"), "rejected", key='{"customer_id": "K4"}', mark=mark_of("K4")) == 302
    assert [str(one) for one in notices_of(people.other_manager)] == ["何静怡 退回了「同名贸易」：两家门店"]


def test_what_has_changed_since_the_page_was_opened_is_not_judged(as_: Window) -> None:
    assert judge(as_("steward"), "accepted", mark="0" * 32) == 422
    assert Decision.objects.count() == 0


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
        {"note": " "},
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
    links = read(as_("rep").get("/quality/")).all("a")
    offered = [link.text for link in links if link.attributes.get("href", "").startswith("?by=")]
    assert offered == ["人员", "来源"], "no departments for whoever sees none"
    rows = read(as_("rep").get("/quality/?by=employee")).rows[1:]
    assert [row[0] for row in rows] == ["张伟"]


@pytest.mark.requirement("B16")
def test_coverage_names_what_a_metric_lacks(as_: Window) -> None:
    page = read(as_("analyst").get("/quality/coverage/"))
    (lacking,) = [row for row in page.all("table")[0].rows[1:] if row[0].startswith("库存金额")]
    assert "库存快照·" in lacking[3]
    whole = page.one("p", class_="metric-links").text
    assert "销售额" in whole
    assert "库存金额" not in whole
