"""A talk is written down and counts at once; it can be corrected, and nothing of it is lost."""

from __future__ import annotations

import datetime as dt

import pytest

from salesloop.app.audit.models import Entry
from salesloop.app.talks.models import Talk, Version
from salesloop.engine.metrics import Query, load_registry, run
from salesloop.engine.model.scope import Scope
from salesloop.engine.store import Workspace
from tests.app.company import TODAY
from tests.app.html import read
from tests.app.talks.conftest import VISIT, Recorder, Window, write

NOVEMBER = {"start": dt.date(2026, 11, 1), "end": dt.date(2026, 11, 30)}


def visits(workspace: Workspace, scope: Scope | None = None, **how: object) -> object:
    query = Query(("visits",), **(NOVEMBER | how))  # type: ignore[arg-type]
    return run(workspace, load_registry(workspace.path), query, scope or Scope.all(), today=TODAY).one("visits")


@pytest.mark.requirement("B13", "B15")
def test_a_visit_counts_in_the_metrics_at_once_in_the_unit_of_its_author(record: Recorder, own: Workspace) -> None:
    assert visits(own) in (0, None)
    talk = record()
    assert (talk.employee_id, talk.org_unit_id, talk.customer_name) == ("E12", "D11", "华星电子")
    assert visits(own) == 1
    assert visits(own, where=("org_unit=上海一部",)) == 1
    assert visits(own, where=("customer=C2",)) == 0
    assert visits(own, Scope(False, frozenset(), frozenset({"E21"}))) in (0, None)
    (row,) = own.entered.read("activity").to_pylist()
    assert row["event_time"] == dt.datetime(2026, 11, 20, 10)  # wall time of the company
    assert (row["type"], row["result"], row["feedback"]) == ("visit", "有意向", VISIT["feedback"])


@pytest.mark.requirement("B15")
def test_it_stands_on_the_customers_page_and_leads_to_the_record(record: Recorder, as_: Window) -> None:
    talk = record()
    page = read(as_("manager").get("/customers/timeline/C1/"))
    link = page.one("a", href=f"/talks/{talk.pk}/")
    assert link.text == "有意向"
    assert "觉得价格偏高" in page.text


def test_the_form_says_what_is_wrong_and_keeps_what_was_written(as_: Window) -> None:
    wrong = {"happened_at": "2026-11-25T10:00", "next_due": "2026-11-30", "chance_amount": "-5", "feedback": ""}
    answer = write(as_("rep"), **wrong)
    text = read(answer).text
    assert answer.status_code == 422
    assert Talk.objects.count() == 0
    for said in ("还没有发生的沟通不能记录", "也请写下一步做什么", "金额不能为负"):
        assert said in text


def test_the_customer_is_found_by_name_within_what_the_person_sees(as_: Window) -> None:
    def offered(words: str) -> list[str]:
        links = read(as_("rep").get(f"/talks/new/?q={words}")).one("main").all("a")
        return [link.text for link in links if "customer=" in link.attributes["href"]]

    assert offered("华星") == ["华星电子 C1"]
    assert offered("南方") == []
    assert as_("rep").get("/talks/new/?customer=C4").status_code == 404


def test_the_last_customers_are_offered_first(record: Recorder, as_: Window) -> None:
    record(customer="C2")
    sections = [part.text for part in read(as_("rep").get("/talks/new/")).all("section")]
    assert sections[0].startswith("最近联系过")
    assert "远大物流" in sections[0]


@pytest.mark.requirement("B15")
def test_the_author_corrects_it_for_a_time_and_then_the_manager(
    record: Recorder, as_: Window, own: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    talk = record()
    assert as_("rep").post(f"/talks/{talk.pk}/edit/", VISIT | {"kind": "call"}).status_code == 302
    assert visits(own) in (0, None)
    (version,) = Version.objects.all()
    assert version.before == {"kind": "visit"}
    monkeypatch.setenv("SALESLOOP_TODAY", "2026-11-25")
    assert as_("rep").get(f"/talks/{talk.pk}/edit/").status_code == 403
    assert as_("manager").post(f"/talks/{talk.pk}/edit/", VISIT | {"feedback": "价格谈妥"}).status_code == 302
    talk.refresh_from_db()
    assert talk.feedback == "价格谈妥"
    assert talk.entered_at.date() == dt.date(2026, 11, 21)
    shown = read(as_("manager").get(f"/talks/{talk.pk}/")).text
    assert "觉得价格偏高" in shown
    assert [entry.code for entry in Entry.objects.filter(code__startswith="talk.").order_by("id")] == [
        "talk.recorded",
        "talk.corrected",
        "talk.corrected",
    ]


def test_saving_without_a_change_keeps_no_version(record: Recorder, as_: Window) -> None:
    talk = record()
    as_("rep").post(f"/talks/{talk.pk}/edit/", VISIT)
    assert not Version.objects.exists()


def test_the_next_talk_with_the_customer_does_the_step_agreed_before(record: Recorder, as_: Window) -> None:
    first = record(next_step="送样品", next_due="2026-11-21")
    other = record(customer="C2", next_step="报价", next_due="2026-11-21")
    assert "有 2 个约好的下一步到期了" in read(as_("rep").get("/talks/")).text
    record(happened_at="2026-11-20T15:00")
    first.refresh_from_db()
    other.refresh_from_db()
    assert (first.next_done_at is None, other.next_done_at is None) == (False, True)
    as_("rep").post(f"/talks/{other.pk}/done/")
    assert "到期了" not in read(as_("rep").get("/talks/")).text


def test_who_is_no_employee_cannot_record(as_: Window) -> None:
    assert as_("analyst").get("/talks/new/").status_code == 403
    assert "记录沟通" not in read(as_("analyst").get("/talks/")).one("main").text


def test_markup_in_a_talk_is_only_text(record: Recorder, as_: Window) -> None:
    talk = record(feedback="<script>alert(1)</script>", next_step="<b>x</b>")
    assert b"<script>alert" not in as_("rep").get(f"/talks/{talk.pk}/").content


def test_the_palette_finds_the_form_and_the_talk(record: Recorder, as_: Window) -> None:
    record()
    text = read(as_("rep").get("/palette/?q=华星")).text
    assert "2026-11-20" in text
    assert "记录沟通" in read(as_("rep").get("/palette/?q=jlgt")).text
