"""A person makes, sees and revokes their own tokens."""

from __future__ import annotations

from django.test import Client

from salesloop.app.api.models import Token
from salesloop.app.audit.services import entries
from tests.app.html import read

PAGE = "/api/tokens/"


def test_the_profile_leads_there(as_):
    assert read(as_("rep").get("/account/profile/")).one("a", href=PAGE).text == "访问令牌"


def test_the_secret_is_shown_once_and_works(as_):
    page = read(as_("rep").post(PAGE, {"name": "每日取数"}))
    secret = page.one("code", id="new-secret").text
    assert Client(headers={"Authorization": f"Bearer {secret}"}).get("/api/v1/me").json()["login"] == "zhangwei"
    again = as_("rep").get(PAGE).content.decode()
    assert "每日取数" in again
    assert secret not in again
    assert secret not in str([entry.data for entry in entries()])


def test_a_token_needs_a_purpose(as_):
    assert as_("rep").post(PAGE, {"name": " "}).status_code == 422
    assert Token.objects.count() == 0


def test_revoking_ends_it_and_is_noted(as_):
    secret = read(as_("rep").post(PAGE, {"name": "旧"})).one("code", id="new-secret").text
    token = Token.objects.get()
    assert as_("manager").post(f"{PAGE}{token.pk}/revoke/").status_code == 404
    assert as_("rep").post(f"{PAGE}{token.pk}/revoke/")["Location"] == PAGE
    assert Client(headers={"Authorization": f"Bearer {secret}"}).get("/api/v1/me").status_code == 401
    assert [entry.code for entry in entries(code="access.")] == ["access.revoked", "access.created"]
    assert as_("rep").post(f"{PAGE}{token.pk}/revoke/").status_code == 404


def test_without_a_login(as_):
    assert as_("nobody").get(PAGE)["Location"].startswith("/account/login/")
    assert as_("nobody").post(f"{PAGE}1/revoke/")["Location"].startswith("/account/login/")
    assert as_("rep").get(f"{PAGE}1/revoke/").status_code == 405
