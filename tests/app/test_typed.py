"""What addresses and forms carry: nonsense leads to a page that says so, never to an error of ours or away from here."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client, RequestFactory

from salesloop.app.ui.typed import whole_number
from salesloop.app.ui.ways import way_back

Window = Callable[[str], Client]


@pytest.mark.parametrize(
    ("text", "number"),
    [("0", 0), ("12", 12), ("007", 7), ("²", None), ("٣", None), ("-1", None), ("", None), (None, None), ("9" * 19, None)],
)  # fmt: skip
def test_a_whole_number_is_plain_digits(text: str | None, number: int | None) -> None:
    assert whole_number(text) == number


@pytest.mark.parametrize("text", ["abc", "²", "9" * 30])
def test_no_such_thing_is_found(as_: Window, text: str) -> None:
    assert as_("analyst").get("/actions/new/", {"finding": text}).status_code == 404
    assert as_("executive").get("/targets/versions/compare/", {"one": text, "other": text}).status_code == 200


@pytest.mark.parametrize(
    ("wanted", "leads"),
    [
        ("/quality/mend/?page=2", "/quality/mend/?page=2"),
        ("https://elsewhere.example/", "/"),
        ("//elsewhere.example/", "/"),
        ("javascript:alert(1)", "/"),
        ("nowhere", "/"),  # `redirect` would look for a page of this name
        ("", "/"),
    ],
)
def test_a_way_back_is_a_path_of_ours(wanted: str, leads: str) -> None:
    assert way_back(RequestFactory().post("/", {"next": wanted}), "/") == leads
    assert way_back(RequestFactory().get("/", {"next": wanted}), "/") == leads
