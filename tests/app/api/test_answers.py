"""What the API answers: the JSON of the command line, lists with totals, errors in the caller's language."""

from __future__ import annotations

import datetime as dt

import pytest

from salesloop.app.actions import services as actions
from salesloop.app.findings.services import members_of
from tests.app.company import TODAY
from tests.app.findings.drafts import EAST, NOW, SOUTH, draft, raised
from tests.cli.run import salesloop as command


@pytest.mark.parametrize(
    ("address", "arguments"),
    [
        ("metrics=revenue", "revenue"),
        (
            "metrics=revenue,gross_margin&by=region&grain=month&from=2026-10&compare=previous,target&order=-revenue",
            "revenue,gross_margin --by region --grain month --from 2026-10 --compare previous,target --order -revenue",
        ),
        (
            "metrics=revenue&from=2026-11-01&to=2026-11-21&where=channel%3D分销&where=region%3D华东&explain=true",
            "revenue --from 2026-11-01 --to 2026-11-21 --where channel=分销 --where region=华东 --explain",
        ),
    ],
)
def test_a_query_is_the_json_of_the_command_line(as_, company, address, arguments):
    answer = as_("analyst").get(f"/api/v1/query?{address}")
    line = command("-w", company.path, "query", *arguments.split(), "--format", "json", "--today", TODAY)
    assert line.code == 0, line.err
    assert answer.json() == line.json


def test_a_metric_is_described_in_the_reader_s_language(as_, people):
    people.analyst.language = "en"
    people.analyst.save()
    found = as_("analyst").get("/api/v1/metrics/revenue").json()
    assert (found["label"], found["format"], found["favorable"]) == ("Revenue", "money", "up")
    assert "region" in found["dimensions"]
    assert "revenue" in [item["metric"] for item in as_("analyst").get("/api/v1/metrics").json()["items"]]
    assert as_("analyst").get("/api/v1/metrics/nothing").status_code == 404


def test_findings_and_actions_are_listed_by_state(as_, people):
    east, _south = raised(draft(EAST), draft(SOUTH))
    made = actions.create(
        people.analyst,
        NOW,
        owner=people.manager,
        members=members_of(east),
        finding=east,
        title="补货",
        metric="revenue",
        start=dt.date(2026, 11, 10),
        due=dt.date(2026, 11, 20),
    )
    window = as_("analyst")
    assert [item["id"] for item in window.get("/api/v1/findings?state=acting").json()["items"]] == [east.pk]
    page = window.get("/api/v1/findings?limit=1&offset=1").json()
    assert (page["total"], len(page["items"])) == (2, 1)
    (action,) = window.get("/api/v1/actions?state=planned").json()["items"]
    assert (action["id"], action["finding"], action["owner"], action["overdue"]) == (made.pk, east.pk, "lijing", True)
    assert window.get("/api/v1/actions?state=done").json() == {"items": [], "total": 0}


@pytest.mark.parametrize(("language", "words"), [("zh-hans", "没有名为「revenu」的指标"), ("en", "There is no metric")])
def test_a_mistake_is_told_in_the_caller_s_language(as_, people, language, words):
    people.analyst.language = language
    people.analyst.save()
    answer = as_("analyst").get("/api/v1/query?metrics=revenu")
    assert answer.status_code == 422
    assert answer.json()["code"] == "unknown_metric"
    assert words in answer.json()["message"]


@pytest.mark.parametrize("address", ["query", "query?metrics=revenue&grain=hour", "findings?limit=0", "findings/x"])
def test_a_parameter_that_makes_no_sense(as_, address):
    answer = as_("analyst").get(f"/api/v1/{address}")
    assert answer.status_code in (404, 422)
    if answer.status_code == 422:
        assert answer.json()["code"] == "bad_parameter"
