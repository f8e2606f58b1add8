"""Who gets an answer from the API, with a session or a token, and that it is theirs only."""

from __future__ import annotations

import pytest
from django.test import Client

from salesloop.app.api import tokens
from salesloop.app.api.models import Token
from tests.app.company import NOW
from tests.app.findings.drafts import EAST, SOUTH, draft, raised

READS = [
    "/api/v1/me",
    "/api/v1/query?metrics=revenue",
    "/api/v1/metrics",
    "/api/v1/metrics/revenue",
    "/api/v1/findings",
    "/api/v1/findings/1",
    "/api/v1/actions",
    "/api/v1/actions/1",
]


def bearer(secret: str) -> Client:
    return Client(headers={"Authorization": f"Bearer {secret}"})


@pytest.mark.parametrize("address", READS)
def test_without_a_login_the_answer_is_401_in_json(as_, address):
    answer = as_("nobody").get(address)
    assert (answer.status_code, answer["WWW-Authenticate"]) == (401, "Bearer")
    assert answer.json()["code"] == "not_logged_in"


@pytest.mark.parametrize("address", READS)
def test_the_api_only_reads(as_, address):
    for method in ("post", "put", "patch", "delete"):
        assert getattr(as_("admin"), method)(address.split("?")[0]).status_code == 405


def test_a_token_acts_for_its_person(people):
    _, secret = tokens.create(people.manager, "报表", NOW)
    me = bearer(secret).get("/api/v1/me").json()
    assert (me["login"], me["role"], me["sees_everything"]) == ("lijing", "manager", False)
    assert me["org_units"] == ["D1", "D11"]
    assert me["employees"] == ["E10", "E11", "E12", "E13"]


def test_a_token_that_is_wrong_revoked_or_of_somebody_who_left_opens_nothing(people):
    token, secret = tokens.create(people.manager, "报表", NOW)
    assert bearer(secret + "x").get("/api/v1/me").status_code == 401
    people.manager.is_active = False
    people.manager.save()
    assert bearer(secret).get("/api/v1/me").status_code == 401
    people.manager.is_active = True
    people.manager.save()
    assert bearer(secret).get("/api/v1/me").status_code == 200
    tokens.revoke(people.manager, token, NOW)
    assert bearer(secret).get("/api/v1/me").status_code == 401


def test_a_token_opens_no_page(people):
    _, secret = tokens.create(people.admin, "报表", NOW)
    assert bearer(secret).get("/admin/people/")["Location"].startswith("/account/login/")


def test_only_a_digest_is_kept_and_the_use_is_noted(people):
    token, secret = tokens.create(people.manager, "报表", NOW)
    assert secret not in str(Token.objects.values().get())
    assert token.last_used_at is None
    bearer(secret).get("/api/v1/me")
    token.refresh_from_db()
    assert token.last_used_at is not None


@pytest.mark.parametrize(
    ("who", "revenue"),
    [("rep", 15_000), ("manager", 35_000), ("other_manager", 7_000), ("executive", 42_000), ("outsider", None)],
)
def test_numbers_are_within_the_scope(as_, who, revenue):
    answer = as_(who).get("/api/v1/query?metrics=revenue&from=2026-11-01&to=2026-11-21").json()
    assert (answer["rows"][0]["revenue"] or None) == revenue
    assert answer["meta"]["scope"] == ("everything" if who == "executive" else "limited")


def test_findings_and_actions_out_of_sight_are_not_found(as_):
    east, south = raised(draft(EAST), draft(SOUTH))
    listed = as_("manager").get("/api/v1/findings").json()
    assert (listed["total"], [item["id"] for item in listed["items"]]) == (1, [east.pk])
    assert as_("manager").get(f"/api/v1/findings/{east.pk}").json()["sentence"] == east.sentence("zh-Hans")
    assert as_("manager").get(f"/api/v1/findings/{south.pk}").status_code == 404
    assert as_("manager").get("/api/v1/actions/99").json()["code"] == "not_found"
