"""What a browser may do with our pages."""

from __future__ import annotations

import logging
from collections.abc import Callable

import pytest
from django.test import Client

from tests.app.html import Element, read
from tests.app.test_access import EVERYBODY, PAGES

Window = Callable[[str], Client]
HTML = [address for address, who in PAGES.items() if who and not address.endswith(".csv")]


def test_the_policy_allows_our_own_files_only(as_: Window) -> None:
    header = as_("admin").get("/")["Content-Security-Policy"]
    policy = dict(part.strip().split(" ", 1) for part in header.split(";"))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["connect-src"] == policy["form-action"] == "'self'"
    assert policy["frame-ancestors"] == policy["base-uri"] == "'none'"
    assert "unsafe" not in header


@pytest.mark.parametrize("address", HTML)
def test_pages_hold_nothing_that_the_policy_forbids(as_: Window, address: str) -> None:
    def walk(element: Element) -> None:
        assert "style" not in element.attributes, element.attributes
        assert not any(name.startswith(("on", "hx-on")) for name in element.attributes), element.attributes
        assert element.tag != "style"
        if element.tag == "script" and "src" not in element.attributes:
            assert element.attributes.get("type") == "application/json"
        for child in element.children:
            if isinstance(child, Element):
                walk(child)

    walk(read(as_("admin").get(address)))


def test_other_headers(as_: Window) -> None:
    answer = as_("admin").get("/")
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] == "same-origin"


def test_cookies_are_out_of_reach_of_scripts(as_: Window, people: object) -> None:
    client = Client()
    client.post("/account/login/", {"login": "lijing", "password": "correct horse 9"})
    client.get("/account/login/")
    for name in ("salesloop_session",):
        assert client.cookies[name]["httponly"]
        assert client.cookies[name]["samesite"] == "Lax"


@pytest.mark.parametrize("who", sorted(EVERYBODY))
def test_names_from_the_data_are_text_and_never_markup(as_: Window, who: str) -> None:
    answer = as_(who).get("/metrics/revenue/", {"where": "channel=<script>alert(1)</script>"})
    assert "<script>alert" not in answer.content.decode()


def test_a_mistake_of_the_program_shows_an_id_and_logs_no_secret(
    as_: Window, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("planned")

    monkeypatch.setattr("salesloop.app.dashboards.views.headline_cards", broken)
    logging.getLogger("salesloop").addHandler(caplog.handler)
    window = as_("manager")
    window.raise_request_exception = False
    answer = window.get("/overview/kpis/", {"where": "channel=secret-customer"}, headers={"HX-Request": "true"})
    logging.getLogger("salesloop").removeHandler(caplog.handler)
    page = read(answer)
    error_id = page.one("code").text
    assert answer.status_code == 500
    assert answer["X-Request-Id"] == error_id
    assert page.one("button", data_retry="").text == "重试"
    assert "planned" not in page.text
    (record,) = [record for record in caplog.records if record.name == "salesloop.web"]
    assert error_id in record.getMessage()
    assert "secret-customer" not in record.getMessage()


def test_a_mistake_of_the_user_is_said_in_words(as_: Window) -> None:
    answer = as_("manager").get("/", {"period": "gestern"})
    assert answer.status_code == 422
    assert "gestern" in read(answer).text


def test_what_is_not_there_is_a_friendly_page(as_: Window) -> None:
    answer = as_("manager").get("/no/such/page/")
    assert answer.status_code == 404
    assert "没有找到" in read(answer).one("h1").text
