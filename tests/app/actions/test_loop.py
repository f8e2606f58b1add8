"""From a finding to an action to its effect: the finding closes, or opens again."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied

from salesloop.app.actions import services
from salesloop.app.actions.measuring import measure_due, measure_effect
from salesloop.app.actions.models import Action
from salesloop.app.actions.register import action_register
from salesloop.app.actions.reminders import remind
from salesloop.app.findings.services import State, members_of
from salesloop.engine.analyze.effect.measure import MESSAGES
from salesloop.engine.analyze.effect.result import EffectResult
from tests.app.findings.drafts import EAST, NOW, ZHANG, draft, raised

TODAY = dt.date(2026, 11, 21)


def action(people, finding=None, **changes) -> Action:
    fields = {
        "title": "补货",
        "metric": "revenue",
        "start": TODAY - dt.timedelta(weeks=6),
        "due": TODAY - dt.timedelta(days=1),
        "owner": people.manager,
        "members": members_of(finding) if finding else (EAST,),
        "finding": finding,
    }
    return services.create(people.analyst, NOW, **(fields | changes))


@pytest.mark.requirement("N01", "N02", "A02")
def test_taking_up_an_action(people):
    (finding,) = raised(draft(EAST))
    made = action(people, finding, checklist=["定名单", "发报价"])
    finding.refresh_from_db()
    assert finding.state == State.ACTING
    assert [step.text for step in made.checklist.all()] == ["定名单", "发报价"]
    assert (made.state, made.org_unit_id) == ("planned", "D1")
    assert "给您的行动：补货，2026-11-20 到期" in [str(notice) for notice in people.manager.notices.all()]


def result(verdict: str, key: str) -> EffectResult:
    message = MESSAGES.message(key, metric="销售额", way="上升", change="10%", low="+2%", high="+18%", placebo="")
    return EffectResult(verdict, "difference_in_differences", message, "week", change=1.0)  # type: ignore[arg-type]


@pytest.mark.requirement("N05")
def test_too_early_to_measure_nothing_moves(people):
    (finding,) = raised(draft(EAST))
    made = measure_effect(action(people, finding, start=TODAY - dt.timedelta(days=8)), NOW)
    assert made.verdict == "unmeasurable"
    assert made.state == "planned"
    finding.refresh_from_db()
    assert finding.state == State.ACTING


def test_a_handful_of_orders_cannot_be_measured(people):
    """Six orders in a year and one other area to compare with: whatever happened, it proves nothing."""
    made = measure_effect(action(people), NOW)
    assert made.verdict == "unmeasurable"


@pytest.mark.requirement("N05", "A02")
@pytest.mark.parametrize(
    ("verdict", "key", "state"),
    [
        ("improved", "improved", State.CLOSED),
        ("no_evidence", "no_evidence", State.OPEN),
        ("worse", "worse", State.OPEN),
    ],
)
def test_the_finding_follows_the_verdict(people, verdict, key, state):
    from salesloop.app.actions.measuring import keep_result

    (finding,) = raised(draft(EAST))
    made = action(people, finding)
    keep_result(made, result(verdict, key), NOW)
    finding.refresh_from_db()
    assert finding.state == state
    assert made.state == "measured"
    assert made.effect_sentence("zh-Hans").startswith(("见效", "无证据", "变差"))
    assert finding.reason == ""  # the action says why, in the language of whoever reads


def test_one_of_two_actions_does_not_close_the_finding(people):
    from salesloop.app.actions.measuring import keep_result

    (finding,) = raised(draft(EAST))
    first, _second = action(people, finding), action(people, finding, title="另一件")
    keep_result(first, result("improved", "improved"), NOW)
    finding.refresh_from_db()
    assert finding.state == State.ACTING


def test_only_due_ones_are_measured(people):
    due = action(people)
    services.move(people.manager, due, "doing", NOW)
    action(people, due=TODAY + dt.timedelta(days=3))
    assert measure_due(NOW, TODAY) == [due]


def test_moves_follow_the_register(people):
    made = action(people)
    with pytest.raises(PermissionDenied):
        services.move(people.manager, made, "measured", NOW)
    services.move(people.manager, made, "doing", NOW)
    services.move(people.manager, made, "done", NOW)
    assert (made.state, made.done_at) == ("done", NOW)


@pytest.mark.requirement("N02")
def test_reminders_before_on_and_after_the_due_date(people):
    made = action(people, owner=people.rep, members=(ZHANG,), due=TODAY, start=TODAY - dt.timedelta(days=30))
    days = {offset: remind(TODAY + dt.timedelta(days=offset)) for offset in range(-5, 8)}
    assert [offset for offset, sent in days.items() if sent] == [-3, 0, 1, 4, 7]
    made.refresh_from_db()
    assert made.reminded_on == TODAY + dt.timedelta(days=7)
    # From the third day on the manager (赵敏 has no login: 李静, above her) hears of it as well.
    late = [str(notice) for notice in people.manager.notices.all() if "逾期" in str(notice)]
    assert late == ["张伟 的行动「补货」已逾期（2026-11-21 到期）"] * 2


def test_a_reminder_is_sent_once_a_day(people):
    action(people, due=TODAY, start=TODAY - dt.timedelta(days=9))
    assert (remind(TODAY), remind(TODAY)) == (1, 0)


def test_the_register_is_whole():
    register = action_register()
    reachable = {register.initial}
    for _ in register.states:
        reachable |= {move for state in reachable for move in register.states[state].moves}
    assert reachable | {"measured"} == set(register.states)
