from __future__ import annotations

from collections.abc import Callable

from django.test import Client
from django.utils.translation import gettext_noop

from salesloop.app.notices.services import notices_of, notify, unread_count
from tests.app.conftest import People
from tests.app.html import read

Window = Callable[[str], Client]
TEXT = gettext_noop("请处理：%(finding)s")


def test_each_person_is_told_once_in_their_own_language(as_: Window, people: People) -> None:
    people.rep.language = "en"
    people.rep.save()
    notify([people.rep, people.rep, people.manager], TEXT, "/metrics/", finding="甲")
    assert (unread_count(people.rep), unread_count(people.manager), unread_count(people.admin)) == (1, 1, 0)
    assert "Please look after: 甲" in read(as_("rep").get("/notices/panel/")).text
    assert "请处理：甲" in read(as_("manager").get("/notices/panel/")).text


def test_the_bell_counts_and_opening_marks_as_read(as_: Window, people: People) -> None:
    notify([people.rep], TEXT, "/metrics/revenue/", finding="甲")
    window = as_("rep")
    assert read(window.get("/notices/")).one("summary", class_="bell").one("span", class_="badge").text == "1"
    answer = window.post(f"/notices/{notices_of(people.rep).get().pk}/")
    assert answer["Location"] == "/metrics/revenue/"
    assert unread_count(people.rep) == 0


def test_others_notices_are_not_found(as_: Window, people: People) -> None:
    notify([people.rep], TEXT, "/metrics/", finding="甲")
    assert as_("manager").post(f"/notices/{notices_of(people.rep).get().pk}/").status_code == 404
    assert "甲" not in read(as_("manager").get("/notices/")).text


def test_all_at_once(as_: Window, people: People) -> None:
    notify([people.rep], TEXT, finding="甲")
    notify([people.rep], TEXT, finding="乙")
    as_("rep").post("/notices/read/")
    assert unread_count(people.rep) == 0


def test_a_notice_never_leads_away_from_us(as_: Window, people: People) -> None:
    notify([people.rep], TEXT, "https://evil.example/", finding="甲")
    assert as_("rep").post(f"/notices/{notices_of(people.rep).get().pk}/")["Location"] == "/notices/"
