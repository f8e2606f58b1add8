"""Which findings and actions a report tells, in whose language, and that nobody is told of what they may not see."""

from __future__ import annotations

import datetime as dt

import pytest

from salesloop.app.actions import services as actions
from salesloop.app.findings import services as findings
from salesloop.app.findings.services import members_of
from salesloop.app.org.services import scope_for
from salesloop.app.publishing.services import report_inputs
from salesloop.engine.model.scope import Scope
from tests.app.findings.drafts import EAST, NOW, SOUTH, ZHANG, draft, raised

NOVEMBER = (dt.date(2026, 11, 1), dt.date(2026, 11, 30))


def told(company, scope=None, days=NOVEMBER, **more):
    return report_inputs(company.path, scope or Scope.all(), *days, **({"lang": "zh-Hans"} | more))


def sentences(inputs) -> list[str]:
    return sorted(row.sentence for row in inputs.findings)


def test_a_finding_is_told_with_cause_state_owner_and_next_step(company, people):
    (finding,) = raised(draft(EAST))
    findings.assign(people.analyst, finding, people.manager)
    (row,) = told(company).findings
    assert row.sentence == finding.sentence("zh-Hans")
    assert (row.severity, row.kind, row.state, row.owner) == ("high", "低于预期", "待处理", "李静")
    assert row.causes == ("分销 80%",)
    assert (row.raised, row.next_step) == (dt.date(2026, 11, 21), "核对供货")


def test_in_the_language_of_the_report(company):
    (finding,) = raised(draft(EAST))
    (row,) = told(company, lang="en").findings
    assert (row.kind, row.state, row.next_step) == ("Below expectation", "Open", "Check supply")
    assert row.sentence == finding.sentence("en")


@pytest.mark.parametrize(
    ("who", "count"), [("rep", 1), ("manager", 2), ("other_manager", 1), ("analyst", 4), ("outsider", 0)]
)
def test_a_scope_shows_its_own_findings_only(company, people, who, count):
    raised(draft(EAST), draft(SOUTH), draft(ZHANG), draft(None))
    assert len(told(company, scope_for(getattr(people, who))).findings) == count


@pytest.mark.parametrize(("org", "count"), [("D1", 2), ("华东大区", 2), ("D2", 1), ("D11", 1), ("D0", 3), ("没有", 0)])
def test_one_unit_with_everything_below(company, org, count):
    raised(draft(EAST), draft(SOUTH), draft(ZHANG), draft(None))
    assert len(told(company, org=org).findings) == count


def test_the_scope_still_holds_inside_the_unit(company, people):
    raised(draft(EAST), draft(SOUTH), draft(ZHANG))
    assert told(company, scope_for(people.other_manager), org="D1").findings == ()


def test_what_does_not_concern_the_days_or_was_dismissed_is_left_out(company, people):
    about_november, dismissed = raised(draft(EAST), draft(SOUTH))
    findings.dismiss(people.analyst, dismissed, "促销", NOW)
    assert sentences(told(company)) == [about_november.sentence("zh-Hans")]
    january = (dt.date(2026, 1, 1), dt.date(2026, 1, 31))
    assert told(company, days=january).findings == ()


def test_an_action_is_told_with_its_owner_due_date_and_finding(company, people):
    (finding,) = raised(draft(EAST))
    actions.create(
        people.analyst,
        NOW,
        owner=people.manager,
        members=members_of(finding),
        finding=finding,
        title="补货",
        metric="revenue",
        start=dt.date(2026, 11, 10),
        due=dt.date(2026, 11, 20),
        expected_change=0.1,
    )
    inputs = told(company)
    (row,) = inputs.actions
    assert (row.title, row.state, row.owner, row.due, row.overdue) == (
        "补货",
        "待开始",
        "李静",
        dt.date(2026, 11, 20),
        True,
    )
    assert (row.expected, row.verdict, row.effect, row.chart) == ("▲10.0%", "open", "", None)
    assert inputs.findings[0].next_step == "补货"
    assert told(company, scope_for(people.other_manager)).actions == ()
