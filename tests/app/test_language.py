from __future__ import annotations

from collections.abc import Callable

import pytest
from babel.messages.catalog import Catalog
from django.test import Client

from salesloop.engine.model.text import to_traditional
from scripts import messages
from tests.app.conftest import People
from tests.app.html import read

Window = Callable[[str], Client]
HEADINGS = {"zh-hans": "指标", "zh-hant": "指標", "en": "Metrics"}
TAGS = {"zh-hans": "zh-Hans", "zh-hant": "zh-Hant", "en": "en"}


@pytest.fixture(scope="module")
def texts() -> Catalog:
    return messages.texts()


@pytest.mark.parametrize("language", HEADINGS)
def test_a_person_reads_everything_in_their_language(as_: Window, people: People, language: str) -> None:
    people.analyst.language = language
    people.analyst.save()
    answer = as_("analyst").get("/metrics/", headers={"Accept-Language": "fr"})
    page = read(answer)
    assert page.one("html").attributes["lang"] == TAGS[language]
    assert page.one("h1").text == HEADINGS[language]
    labels = [item.one("a").text for item in page.all("article")]
    assert {"zh-hans": "销售额", "zh-hant": "銷售額", "en": "Revenue"}[language] in labels


def test_english_numbers_are_english(as_: Window, people: People) -> None:
    people.analyst.language = "en"
    people.analyst.save()
    page = read(as_("analyst").get("/metrics/revenue/"))
    assert page.one("p", class_="figure").text == "¥42.0 k"
    assert "Nov 2026 to 21 Nov" in page.one("header", class_="topbar").text


@pytest.mark.parametrize(
    ("accepts", "heading"), [("zh-CN", "登录"), ("zh-TW", "登入"), ("en-US,en", "Log in"), ("fr", "登录")]
)
def test_before_the_login_the_browser_decides(accepts: str, heading: str) -> None:
    page = read(Client().get("/account/login/", headers={"Accept-Language": accepts}))
    assert page.one("h1").text == heading


def test_the_switch_is_kept_with_the_person_and_the_device(as_: Window, people: People) -> None:
    window = as_("rep")
    answer = window.post("/account/language/", {"language": "en", "next": "/metrics/?period=2026-10"})
    assert answer["Location"] == "/metrics/?period=2026-10"
    people.rep.refresh_from_db()
    assert people.rep.language == "en"
    assert read(window.get("/metrics/")).one("h1").text == "Metrics"
    window.post("/account/logout/")
    assert read(window.get("/account/login/")).one("h1").text == "Log in"


def test_an_unknown_language_is_refused(as_: Window) -> None:
    assert as_("rep").post("/account/language/", {"language": "tlh"}).status_code == 400


def test_the_english_catalogue_is_complete(texts: Catalog) -> None:
    assert messages.missing(messages.english(texts)) == []


def test_the_traditional_catalogue_is_complete_and_converted(texts: Catalog) -> None:
    kept = messages._read("zh_Hant")
    made = messages.traditional(texts)
    assert messages.missing(made) == []
    assert {message.id: message.string for message in kept} == {message.id: message.string for message in made}
    assert kept["登录"].string == "登入"
    assert kept["数据"].string == to_traditional("数据")


def test_parameters_survive_translation(texts: Catalog) -> None:
    for language in ("en", "zh_Hant"):
        for message in messages._read(language):
            if not message.id:
                continue
            sources = [message.id] if isinstance(message.id, str) else message.id
            strings = [message.string] if isinstance(message.string, str) else message.string
            for string in strings or ():
                assert set(messages_parameters(string)) == set(messages_parameters(sources[0])), message.id


def messages_parameters(text: str) -> list[str]:
    import re

    return re.findall(r"%\((\w+)\)[sd]", text)
