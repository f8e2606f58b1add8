"""Measure the effect of actions that are due, and let the finding follow."""

from __future__ import annotations

import dataclasses
import datetime as dt

from django.db import transaction
from django.utils.translation import gettext_noop

from salesloop.app.accounts.services import User
from salesloop.app.actions.models import Action
from salesloop.app.actions.services import members_of, tell
from salesloop.app.audit.services import log
from salesloop.app.findings import services as findings
from salesloop.app.workspace import services as data
from salesloop.engine.analyze.asking import Asking
from salesloop.engine.analyze.effect.measure import Acted, measure
from salesloop.engine.analyze.effect.result import EffectResult
from salesloop.engine.model.scope import Scope


def measure_due(now: dt.datetime, today: dt.date) -> list[Action]:
    """Measure every action under way or done whose due date has come."""
    waiting = Action.objects.filter(state__in=("doing", "done"), due__lte=today)
    return [measure_effect(action, now) for action in waiting.select_related("finding", "owner")]


def measure_effect(action: Action, now: dt.datetime, actor: User | None = None) -> Action:
    """Measure one action from its start to its due date (or today) on the current snapshot."""
    return keep_result(action, _measure(action), now, actor)


@transaction.atomic
def keep_result(action: Action, result: EffectResult, now: dt.datetime, actor: User | None = None) -> Action:
    """Keep a measurement and let the finding follow.

    Improved: the finding closes. No evidence or worse: it opens again. Not measurable: nothing moves.
    """
    action.effect = to_json(result)
    action.verdict = result.verdict
    action.measured_at, action.measured_snapshot = now, data.snapshot().number
    if result.verdict != "unmeasurable":
        action.state = "measured"
    action.save(update_fields=["effect", "verdict", "measured_at", "measured_snapshot", "state"])
    log(actor, "action.measured", action, {"verdict": result.verdict})
    tell(action.owner, gettext_noop("行动「%(action)s」的效果已衡量"), action)
    _let_finding_follow(action, result, now)
    return action


def _measure(action: Action) -> EffectResult:
    asking = Asking(data.workspace(), data.registry(), Scope.all(), data.as_of())
    members = members_of(action)
    first = members[0].dimension if members else ""
    others = Action.objects.filter(metric=action.metric, start__lte=action.due, due__gte=action.start).exclude(
        pk=action.pk
    )
    touched = {
        other.members[0]["id"]
        for other in others
        if other.members and other.members[0]["dimension"] == first and other.members[1:] == action.members[1:]
    }
    mine = {members[0].id} if members else set()
    return measure(asking, Acted(action.metric, members, action.start, action.due, frozenset(touched - mine)))


def _let_finding_follow(action: Action, result: EffectResult, now: dt.datetime) -> None:
    finding = action.finding
    if finding is None or result.verdict == "unmeasurable":
        return
    if result.verdict == "improved":
        others = finding.actions.exclude(pk=action.pk).exclude(state__in=("measured", "cancelled"))
        if not others.exists():
            findings.close(finding, "", now)
    else:
        findings.reopen(finding, "")


def to_json(result: EffectResult) -> dict[str, object]:
    """What is kept of a measurement; `points` for the chart."""
    kept = dataclasses.asdict(dataclasses.replace(result, points=()))
    kept["message"] = result.message.to_json()
    kept["points"] = [
        {
            "start": str(point.start),
            "actual": point.actual,
            "counterfactual": point.counterfactual,
            "after": point.after,
        }
        for point in result.points
    ]
    return kept
