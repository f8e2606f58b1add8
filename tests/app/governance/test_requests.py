"""Anybody suggests a change, somebody else decides, it becomes a version, and the one who suggested it hears each step."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client

from salesloop.app.audit.services import history
from salesloop.app.governance.models import ChangeRequest, State
from salesloop.app.notices.services import notices_of
from salesloop.engine.governance.journal import history_of
from salesloop.engine.metrics import load_registry
from salesloop.engine.pipeline import ImportRequest, import_files
from salesloop.engine.store import Workspace
from tests.app.company import FILES, NOW
from tests.app.conftest import People
from tests.app.html import read

Window = Callable[[str], Client]
NEW = "/governance/requests/new/?kind=metric&target=big_orders"
EVIDENCE = "/metrics/big_orders/?period=2026-10"


def suggest(window: Client, proposal: str, evidence: str = EVIDENCE) -> ChangeRequest:
    said = {"kind": "metric", "target": "big_orders", "title": "门槛太低", "why": "两成订单都算大单"}
    answer = window.post(NEW, {**said, "evidence": evidence, "proposal": proposal})
    assert answer.status_code == 302, answer.content.decode()
    return ChangeRequest.objects.get(pk=answer["Location"].rstrip("/").rsplit("/", 1)[1])


def told(person: object) -> list[str]:
    return [notice.text % notice.params for notice in notices_of(person)]  # type: ignore[arg-type]


@pytest.mark.requirement("F08")
@pytest.mark.requirement("B18")
def test_from_a_suggestion_to_a_version(as_: Window, people: People, folder: Path, big: str) -> None:
    request = suggest(as_("rep"), big.replace("10000", "15000"))
    assert (request.state, request.base, request.author) == (State.SUGGESTED, 1, people.rep)
    assert any("建议修改 big_orders" in text for text in told(people.analyst))
    here = f"/governance/requests/{request.pk}/"

    page = as_("analyst").get(here).content.decode()
    assert "<del>filter: amount &gt;= 10000</del>" in page
    assert "<ins>filter: amount &gt;= 15000</ins>" in page
    assert as_("analyst").post(here + "review/").status_code == 302
    assert any("正在审议" in text for text in told(people.rep))
    assert as_("analyst").post(here + "approve/", {"reason": ""}).status_code == 422
    assert as_("analyst").post(here + "approve/", {"reason": "同意"}).status_code == 302
    assert any("批准了您的建议「门槛太低」：同意" in text for text in told(people.rep))
    assert as_("admin").post(here + "apply/").status_code == 302
    assert any("已生效：big_orders 第 2 版" in text for text in told(people.rep))

    metric = load_registry(folder).metric("big_orders")
    assert (metric.version, metric.reason, metric.approved_by) == (2, "两成订单都算大单", "linxiao")
    last = history_of(Workspace.open(folder), "metric", "big_orders")[-1]
    assert (last.by, last.approved_by, last.request) == ("zhangwei", "linxiao", str(request.pk))
    assert [entry.code for entry in history(request)][::-1] == [
        "definition.suggested",
        "definition.reviewing",
        "definition.approved",
        "definition.applied",
    ]


@pytest.mark.requirement("A06")
def test_a_request_carries_its_evidence(as_: Window, big: str) -> None:
    request = suggest(as_("rep"), "", "http://testserver/metrics/revenue/?period=2026-10&by=region")
    assert (request.evidence, request.snapshot) == ("/metrics/revenue/?period=2026-10&by=region", 1)
    page = as_("executive").get(f"/governance/requests/{request.pk}/").content.decode()
    assert 'href="/metrics/revenue/?period=2026-10&amp;by=region"' in page
    assert "快照 1" in page


@pytest.mark.parametrize("evidence", ["javascript:alert(1)", "somewhere"])
def test_evidence_is_a_page_of_ours(as_: Window, big: str, evidence: str) -> None:
    said = {"kind": "metric", "target": "big_orders", "title": "x", "why": "y", "evidence": evidence, "proposal": ""}
    assert as_("rep").post(NEW, said).status_code == 422


def test_the_effect_on_the_last_year_is_shown_before(as_: Window, big: str) -> None:
    request = suggest(as_("rep"), big.replace("10000", "12000"))
    page = as_("analyst").get(f"/governance/requests/{request.pk}/preview/").content.decode()
    october = page[page.index("2026年10月") :]
    assert "1 个月会变" in page
    assert october.index(">2<") < october.index(">1<")


def test_nobody_approves_what_they_wrote(as_: Window, big: str) -> None:
    request = suggest(as_("analyst"), big.replace("10000", "15000"))
    here = f"/governance/requests/{request.pk}/"
    assert as_("analyst").post(here + "approve/", {"reason": "同意"}).status_code == 403
    assert "四眼原则" in as_("analyst").get(here).content.decode()
    assert as_("admin").post(here + "approve/", {"reason": "同意"}).status_code == 302

    wish = suggest(as_("rep"), big)  # untouched: only a wish
    assert wish.proposal == ""
    there = f"/governance/requests/{wish.pk}/"
    assert as_("admin").post(there + "propose/", {"proposal": big.replace("10000", "20000")}).status_code == 302
    assert as_("admin").post(there + "approve/", {"reason": "同意"}).status_code == 403
    assert as_("analyst").post(there + "approve/", {"reason": "同意"}).status_code == 302


def test_a_rejection_says_why_and_ends_it(as_: Window, people: People, big: str) -> None:
    request = suggest(as_("rep"), big.replace("10000", "15000"))
    here = f"/governance/requests/{request.pk}/"
    assert as_("analyst").post(here + "reject/", {"reason": "上月刚改过"}).status_code == 302
    assert any("没有采纳您的建议「门槛太低」：上月刚改过" in text for text in told(people.rep))
    assert as_("analyst").post(here + "approve/", {"reason": "改主意"}).status_code == 403
    assert as_("analyst").post(here + "apply/").status_code == 403


def test_a_proposal_that_does_not_hold_is_said_at_once(as_: Window, big: str) -> None:
    said = {"kind": "metric", "target": "big_orders", "title": "x", "why": "y", "evidence": ""}
    for wrong, words in (
        (big.replace("amount >=", "shoe_size >="), "shoe_size"),
        ("metric: [", "YAML"),
        (big.replace("big_orders", "other"), "other"),
    ):
        answer = as_("rep").post(NEW, {**said, "proposal": wrong})
        assert answer.status_code == 422
        assert words in answer.content.decode()
    assert ChangeRequest.objects.count() == 0


def test_a_definition_that_moved_on_is_not_overwritten(as_: Window, folder: Path, big: str) -> None:
    request = suggest(as_("rep"), big.replace("10000", "15000"))
    here = f"/governance/requests/{request.pk}/"
    as_("analyst").post(here + "approve/", {"reason": "同意"})
    (folder / "metrics" / "big.yaml").write_text(big.replace("10000", "11000"), "utf-8")
    answer = as_("analyst").post(here + "apply/")
    assert answer.status_code == 422
    assert "又变了" in answer.content.decode()
    assert "11000" in (folder / "metrics" / "big.yaml").read_text("utf-8")
    request.refresh_from_db()
    assert request.state == State.APPROVED


@pytest.mark.requirement("B18")
def test_rules_checks_and_mappings_are_changed_the_same_way(as_: Window, folder: Path) -> None:
    rule = "rule: few-orders\nlabel: {zh-Hans: 订单少, en: Few}\nkind: threshold\nmetric: orders\nlimit: 3\n"
    said = {
        "kind": "rule",
        "target": "few-orders",
        "title": "新规则",
        "why": "早点知道",
        "evidence": "",
        "proposal": rule,
    }
    made = as_("manager").post("/governance/requests/new/", said)
    here = made["Location"]
    as_("analyst").post(here + "approve/", {"reason": "好"})
    assert as_("analyst").post(here + "apply/").status_code == 302
    assert (folder / "checks" / "few-orders.yaml").read_text("utf-8") == rule


def test_an_earlier_version_is_restored_by_a_request(as_: Window, folder: Path, big: str) -> None:
    as_("rep").get("/governance/metrics/big_orders/versions/")
    (folder / "metrics" / "big.yaml").write_text(big.replace("10000", "15000"), "utf-8")
    page = as_("rep").get("/governance/metrics/big_orders/versions/").content.decode()
    assert "待批准" in page
    made = as_("rep").post("/governance/metrics/big_orders/versions/1/restore/", {"why": "改错了"})
    here = made["Location"]
    as_("analyst").post(here + "approve/", {"reason": "同意"})
    assert as_("analyst").post(here + "apply/").status_code == 302
    assert "amount >= 10000" in (folder / "metrics" / "big.yaml").read_text("utf-8")
    assert history_of(Workspace.open(folder), "metric", "big_orders")[-1].origin == "restored"


def test_a_hand_made_edit_waits_for_an_approver(as_: Window, people: People, folder: Path, big: str) -> None:
    page = as_("analyst").get("/governance/requests/").content.decode()
    assert "在外部修改，待批准" in page
    there = "/governance/outside/metric/big_orders/1/"
    assert as_("rep").post(there, {"why": "好"}).status_code == 403
    assert as_("analyst").post(there, {"why": " "}).status_code == 422
    assert as_("analyst").post(there, {"why": "一起看过"}).status_code == 302
    assert history_of(Workspace.open(folder), "metric", "big_orders")[-1].approved_by == "linxiao"
    assert "待批准" not in as_("analyst").get("/governance/requests/").content.decode()


def test_a_discussion_reaches_those_who_took_part(as_: Window, people: People, big: str) -> None:
    request = suggest(as_("rep"), "")
    here = f"/governance/requests/{request.pk}/"
    as_("manager").post(here + "comment/", {"text": "支持"})
    assert any("李静 评论了「门槛太低」" in text for text in told(people.rep))
    as_("rep").post(here + "comment/", {"text": "谢谢"})
    assert any("张伟 评论了「门槛太低」" in text for text in told(people.manager))
    assert "支持" in as_("executive").get(here).content.decode()
    as_("manager").post("/governance/metrics/big_orders/discussion/", {"text": "为什么是一万？"})
    assert any("评论了指标「大单数」" in text for text in told(people.rep)), "the owner"
    assert "为什么是一万？" in as_("rep").get("/governance/metrics/big_orders/discussion/").content.decode()


def test_one_takes_back_ones_own_request_only(as_: Window, big: str) -> None:
    request = suggest(as_("rep"), "")
    here = f"/governance/requests/{request.pk}/"
    assert as_("admin").post(here + "withdraw/").status_code == 403
    assert as_("rep").post(here + "withdraw/").status_code == 302
    assert as_("analyst").post(here + "approve/", {"reason": "同意"}).status_code == 403


@pytest.mark.requirement("A06")
def test_the_evidence_is_opened_again_as_it_was_and_as_it_is(as_: Window, folder: Path, big: str) -> None:
    request = suggest(as_("rep"), "", "/metrics/revenue/?period=last-month")
    corrected = folder / "订单.csv"
    header, lines = FILES["订单"][0], [row for row in FILES["订单"] if row[0] == "SO-5"]
    changed = [["13000" if cell == "12000" else cell for cell in row] for row in lines]
    corrected.write_text("\n".join(",".join(row) for row in (header, *changed)), "utf-8")
    import_files(Workspace.open(folder), [ImportRequest(corrected)], now=NOW)

    page = read(as_("analyst").get(f"/governance/requests/{request.pk}/evidence/"))
    then, now = (item.text for item in page.all("dd")[1:])
    # 12,000 + 10,000 + 9,000 in October, before an order of 张伟 was corrected by 1,000
    assert then == "3.10 万元 快照 1"
    assert now == "3.20 万元 快照 2"
    assert "2026年10月" in page.all("dd")[0].text, "last month is that of the request"
    assert page.one("a").attributes["href"] == "/metrics/revenue/?period=2026-10"


def test_evidence_shows_nobody_more_than_they_may_see(as_: Window, folder: Path, big: str) -> None:
    request = suggest(as_("analyst"), "", "/metrics/revenue/?period=2026-10")
    page = read(as_("rep").get(f"/governance/requests/{request.pk}/evidence/"))
    assert page.all("dd")[1].text == "1.20 万元 快照 1"


def test_evidence_that_is_no_metric_is_only_a_link(as_: Window, folder: Path, big: str) -> None:
    request = suggest(as_("rep"), "", "/findings/?state=open")
    assert read(as_("rep").get(f"/governance/requests/{request.pk}/evidence/")).all("dd") == []
