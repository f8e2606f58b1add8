"""Whose talks a person sees, and what they may do with them."""

from __future__ import annotations

import io

import pytest
from python_calamine import CalamineWorkbook

from salesloop.app.talks.models import Talk
from tests.app.html import read
from tests.app.talks.conftest import Recorder, Window

ADDRESSES = ("", "edit/", "promote/")


def seen(window: Window, who: str, query: str = "") -> list[str]:
    return [link.text for link in read(window(who).get(f"/talks/{query}")).all("a", class_="row-link")]


def test_what_a_person_sees_is_within_what_their_manager_sees(record: Recorder, as_: Window) -> None:
    record("rep", "C1")
    record("manager", "C3")
    record("other_manager", "C4")
    assert seen(as_, "rep") == ["华星电子"]
    assert set(seen(as_, "manager")) == {"华星电子", "恒通商贸"}
    assert seen(as_, "other_manager") == ["南方印务"]
    for who in ("analyst", "executive", "admin"):
        assert len(seen(as_, who)) == 3
    assert seen(as_, "outsider") == []
    assert seen(as_, "manager", "?who=E12") == ["华星电子"]
    assert seen(as_, "manager", "?who=E20") == []


@pytest.mark.parametrize("part", ADDRESSES)
def test_unseen_is_not_found_and_seen_is_not_always_changed(record: Recorder, as_: Window, part: str) -> None:
    talk = record()
    address = f"/talks/{talk.pk}/{part}"
    assert as_("nobody").get(address)["Location"].startswith("/account/login/")
    assert as_("other_manager").get(address).status_code == 404
    assert as_("outsider").get(address).status_code == 404
    assert as_("manager").get(address).status_code == 200
    assert as_("analyst").get(address).status_code == (200 if part == "" else 403)


def test_other_addresses(record: Recorder, as_: Window) -> None:
    talk = record(next_step="回电")
    for address in ("/talks/", "/talks/new/", "/talks/export.csv", f"/talks/{talk.pk}/deal/"):
        assert as_("nobody").get(address)["Location"].startswith("/account/login/")
    assert as_("nobody").post(f"/talks/{talk.pk}/done/")["Location"].startswith("/account/login/")
    assert as_("other_manager").post(f"/talks/{talk.pk}/done/").status_code == 404
    assert as_("analyst").post(f"/talks/{talk.pk}/done/").status_code == 403
    assert as_("rep").get(f"/talks/{talk.pk}/deal/").status_code == 404  # nothing was promoted
    assert as_("rep").get("/talks/export.doc").status_code == 404
    assert as_("rep").get("/talks/new/?customer=C4").status_code == 404
    assert Talk.objects.get().next_done_at is None


def test_the_list_as_a_file_holds_what_is_seen_and_no_formula(record: Recorder, as_: Window) -> None:
    record(feedback="=1+1", chance="扩建", chance_amount="1000")
    record("other_manager", "C4")
    text = b"".join(as_("rep").get("/talks/export.csv").streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    lines = text.splitlines()
    assert len(lines) == 2
    assert "'=1+1" in lines[1]
    book = CalamineWorkbook.from_filelike(io.BytesIO(as_("rep").get("/talks/export.xlsx").content))
    rows = book.get_sheet_by_index(0).to_python()
    assert rows[1][6] == "=1+1"
    assert rows[1][12] == 1000


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("?q=交期", 1),
        ("?q=没有的词", 0),
        ("?kind=call", 0),
        ("?kind=nonsense", 1),
        ("?state=interested", 1),
        ("?step=due", 1),
    ],
)
def test_the_list_is_narrowed_by_its_address(record: Recorder, as_: Window, query: str, count: int) -> None:
    record(next_step="回电", next_due="2026-11-21")
    assert len(seen(as_, "rep", query)) == count
