"""What cannot be answered, as people meet it on pages and through the API: a sentence in their language, never a traceback."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from tests.app.conftest import People
from tests.app.html import read

LANGUAGES = ("zh-hans", "zh-hant", "en")
PAGES = {
    # address: what the sentence names in every language
    "/metrics/revenue/?grain=fortnight": ("grain", "fortnight"),
    "/metrics/revenue/?period=2026-99": ("2026-99", "last-30-days"),
    "/metrics/revenue/?where=region%3DAtlantis": ("Atlantis", "华东"),
    "/metrics/revenue/rows/?where=region%3DAtlantis": ("Atlantis", "华东"),
    "/metrics/revenue/?where=region": ("region", "category=A|B"),
    "/metrics/revenue/?compare=lastyear": ("lastyear", "festival"),
    "/metrics/revenue/?by=region:9": ("by", "region:9"),
}
QUESTIONS = {
    "metrics=revenu": ("unknown_metric", "revenue"),
    "metrics=revenue&by=stage": ("cannot_slice", "org_unit"),
    "metrics=revenue,visits&by=product": ("cannot_slice", "segment"),
    "metrics=revenue&by=regio": ("unknown_dimension", "region"),
    "metrics=revenue&grain=fortnight": ("bad_parameter", "fortnight"),
    "metrics=revenue&limit=0": ("bad_parameter", "limit"),
    "metrics=revenue&limit=many": ("bad_parameter", "many"),
    "by=region": ("bad_parameter", "metrics"),
    "metrics=revenue&from=2026-02-30": ("bad_period", "2026-02-30"),
    "metrics=revenue&where=region": ("bad_filter", "category=A|B"),
    "metrics=revenue&where=region%3DAtlantis": ("unknown_value", "华东"),
    "metrics=revenue&param=churn_days%3D1": ("no_parameters", "churn_days"),
    "metrics=revenue&grain=day&from=1900-01-01&to=2026-12-31": ("too_many_periods", "46386"),
    "metrics=win_rate&compare=share": ("no_share", ""),
}


@pytest.mark.requirement("D23")
@pytest.mark.parametrize("address", PAGES)
def test_a_page(as_: Callable[[str], Client], people: People, address: str) -> None:
    told = set()
    for language in LANGUAGES:
        answer = _speaking(as_, people, language).get(address)
        text = read(answer).text
        assert answer.status_code == 422
        assert "Traceback" not in text
        for word in PAGES[address]:
            assert word in text or language == "zh-hant", text
        told.add(" ".join(text.split()).split(" 错误编号")[0].split(" Error id")[0])
    assert len(told) == len(LANGUAGES)


@pytest.mark.requirement("D23")
@pytest.mark.parametrize("question", QUESTIONS)
def test_a_question_to_the_api(as_: Callable[[str], Client], people: People, question: str) -> None:
    code, names = QUESTIONS[question]
    told = {}
    for language in LANGUAGES:
        answer = _speaking(as_, people, language).get(f"/api/v1/query?{question}")
        assert (answer.status_code, answer.json()["code"]) == (422, code)
        told[language] = answer.json()["message"]
        assert names in told[language]
        assert "Input should" not in told[language]
    assert len(set(told.values())) == len(LANGUAGES)


def _speaking(as_: Callable[[str], Client], people: People, language: str) -> Client:
    people.analyst.language = language
    people.analyst.save()
    return as_("analyst")
