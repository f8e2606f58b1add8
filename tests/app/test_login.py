from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from salesloop.app.accounts.services import User
from salesloop.app.audit.services import entries
from tests.app.conftest import PASSWORD, People
from tests.app.html import read

Window = Callable[[str], Client]


def log_in(client: Client, login: str = "lijing", password: str = PASSWORD, **more: str):
    return client.post("/account/login/", {"login": login, "password": password, **more})


def test_it_works_in_any_case_and_is_recorded(people: People) -> None:
    client = Client()
    answer = log_in(client, "LiJing ")
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert client.get("/").status_code == 200
    assert entries(code="person.logged_in").get().actor == people.manager


def test_passwords_are_kept_as_argon2(settings) -> None:
    from salesloop.app.config import settings as shipped

    settings.PASSWORD_HASHERS = shipped.PASSWORD_HASHERS
    user = User.objects.create_user("somebody", PASSWORD, name="某人")
    assert user.password.startswith("argon2$argon2id$")


@pytest.mark.parametrize(("login", "password"), [("lijing", "wrong"), ("nobody", PASSWORD), ("lijing", PASSWORD + " ")])
def test_wrong_ones_are_refused_alike(people: People, login: str, password: str) -> None:
    answer = log_in(Client(), login, password)
    assert answer.status_code == 422
    assert "登录名或密码不对" in read(answer).text


def test_deactivated_people_cannot_log_in_and_open_sessions_end(people: People, as_: Window) -> None:
    window = as_("rep")
    assert window.get("/").status_code == 200
    people.rep.is_active = False
    people.rep.save()
    assert window.get("/").status_code == 302
    assert log_in(Client(), "zhangwei").status_code == 422


def test_after_six_wrong_passwords_even_the_right_one_waits(people: People) -> None:
    client = Client()
    for _ in range(5):
        assert log_in(client, password="wrong").status_code == 422
    locked = log_in(client, password="wrong")
    assert locked.status_code == 429
    assert "15 分钟后再试" in read(locked).text
    assert log_in(client).status_code == 429
    assert log_in(client, "zhangwei").status_code == 302, "others at the same place are not locked out"


@pytest.mark.parametrize(
    ("wanted", "leads_to"),
    [("/metrics/?period=2026-11", "/metrics/?period=2026-11"), ("https://evil.example/", "/"), ("//evil.example", "/")],
)
def test_after_the_login_only_our_own_pages_follow(people: People, wanted: str, leads_to: str) -> None:
    assert log_in(Client(), next=wanted)["Location"] == leads_to


def test_a_form_from_elsewhere_is_refused(people: People) -> None:
    answer = log_in(Client(enforce_csrf_checks=True))
    assert answer.status_code == 403
    assert "页面已过期" in read(answer).text


def test_logging_out_ends_the_session(as_: Window) -> None:
    window = as_("rep")
    assert window.post("/account/logout/")["Location"] == "/account/login/"
    assert window.get("/").status_code == 302


def test_a_new_password_ends_the_other_sessions(people: People) -> None:
    here, elsewhere = Client(), Client()
    log_in(here)
    log_in(elsewhere)
    new = "another horse 9"
    answer = here.post("/account/password/", {"old": PASSWORD, "new": new, "again": new})
    assert answer.status_code == 302
    assert here.get("/").status_code == 200
    assert elsewhere.get("/").status_code == 302
    assert log_in(Client(), password=new).status_code == 302


@pytest.mark.parametrize(
    ("old", "new", "again", "says"),
    [
        ("wrong", "another horse 9", "another horse 9", "密码不对"),
        (PASSWORD, "short", "short", "10"),
        (PASSWORD, "1234567890123", "1234567890123", "数字"),
        (PASSWORD, "password123", "password123", "常见"),
        (PASSWORD, "another horse 9", "another horse 8", "不一样"),
        (PASSWORD, PASSWORD, PASSWORD, "不能与现在的密码相同"),
    ],
)
def test_weak_or_mistyped_passwords_are_explained(as_: Window, old: str, new: str, again: str, says: str) -> None:
    answer = as_("manager").post("/account/password/", {"old": old, "new": new, "again": again})
    assert answer.status_code == 422
    assert says in read(answer).text


def test_a_one_time_password_leads_to_choosing_an_own_one(people: People) -> None:
    people.rep.must_change_password = True
    people.rep.save()
    client = Client()
    log_in(client, "zhangwei")
    assert client.get("/metrics/")["Location"] == "/account/password/"
    new = "another horse 9"
    client.post("/account/password/", {"old": PASSWORD, "new": new, "again": new})
    assert client.get("/metrics/").status_code == 200


def test_without_anybody_the_login_page_says_how_to_begin() -> None:
    assert "salesloop user add" in read(Client().get("/account/login/")).text
