"""A sample is drawn, compared with the evidence, and signed."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from salesloop.app.quality.models import Audit
from tests.app.html import read

Window = Callable[[str], Client]


def drawn(window: Client, size: int = 4) -> Audit:
    answer = window.post("/quality/audits/new/", {"entity": "order_line", "size": str(size), "stratum": ""})
    assert answer.status_code == 302, answer.content.decode()
    return Audit.objects.latest("id")


def compare(window: Client, audit: Audit, place: int, **true: str) -> None:
    sample = audit.samples.get(place=place)
    form = {f"true:{name}": value for name, value in (sample.values | true).items()}
    assert window.post(f"/quality/audits/{audit.pk}/compare/{place}/", form).status_code == 302


@pytest.mark.requirement("C06")
def test_from_the_draw_to_the_signature(as_: Window) -> None:
    """3 of 4 right: 75 %, Wilson 95 % from 30.1 to 95.4 %."""
    window = as_("steward")
    audit = drawn(window)
    assert audit.samples.count() == 4
    for place in (1, 2, 3):
        compare(window, audit, place)
    assert window.post(f"/quality/audits/{audit.pk}/sign/").status_code == 422, "one is not compared"
    compare(window, audit, 4, amount="1")
    wrong = audit.samples.get(place=4)
    assert (wrong.right, wrong.wrong) == (False, {"amount": "1"})
    page = read(window.get(f"/quality/audits/{audit.pk}/"))
    assert page.one("p", class_="figure").text == "75.0%"
    assert "30.1% – 95.4%" in page.text
    window.post(f"/quality/audits/{audit.pk}/sign/", {"note": "与纸质订单对照"})
    audit.refresh_from_db()
    assert (str(audit.signed_by), audit.note) == ("何静怡", "与纸质订单对照")
    sample = audit.samples.get(place=1)
    answer = window.post(f"/quality/audits/{audit.pk}/compare/1/", {"true:amount": "2"})
    assert answer.status_code == 422, "a signed audit stays as it is"
    assert audit.samples.get(place=1).wrong == sample.wrong
    assert "已签字" in read(as_("executive").get("/quality/audits/")).text


def test_who_may_only_look_gets_no_form(as_: Window) -> None:
    audit = drawn(as_("steward"))
    page = read(as_("analyst").get(f"/quality/audits/{audit.pk}/"))
    assert page.all("button", class_="btn-primary") == []
    assert "readonly" in page.all("input", class_="input")[0].attributes


@pytest.mark.parametrize("size", ["0", "501", "-1", "many", ""])
def test_a_size_out_of_bounds_is_explained(as_: Window, size: str) -> None:
    answer = as_("steward").post("/quality/audits/new/", {"entity": "order_line", "size": size})
    assert answer.status_code == 422
    assert "500" in answer.content.decode()


def test_an_entity_without_records_cannot_be_drawn(as_: Window) -> None:
    assert as_("steward").post("/quality/audits/new/", {"entity": "quote", "size": "5"}).status_code == 404
