"""Findings and actions in the words of a report."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

from django.db.models import Q, QuerySet
from django.utils import timezone, translation

from salesloop.app.actions.services import Action, action_register, effect_chart
from salesloop.app.findings.services import Finding, Shown, State
from salesloop.app.org.services import org_tree, units_called
from salesloop.app.workspace.services import today, workspace
from salesloop.engine.model.scope import Scope
from salesloop.engine.model.text import Lang
from salesloop.engine.report.builders import ReportInputs
from salesloop.engine.report.document import ActionRow, FindingRow, Severity, Verdict
from salesloop.engine.report.number import format_change

_SEVERITY: Final[dict[str, Severity]] = {"critical": "high", "warning": "medium", "info": "low"}
_VERDICTS: Final[dict[str, Verdict]] = {"improved": "improved", "no_evidence": "no_evidence", "worse": "worse"}


def inputs(scope: Scope, start: dt.date, end: dt.date, *, lang: Lang, org: str | None) -> ReportInputs:
    """What concerns the days from `start` to `end`, both included."""
    zone = workspace().config.timezone
    with translation.override(lang.lower()), timezone.override(zone):
        owned = _owned(scope) & (_inside(org) if org else Q())
        findings = _findings(owned, start, end)
        actions = _actions(owned, start, end, findings)
        return ReportInputs(
            tuple(_finding_row(finding) for finding in findings), tuple(_action_row(action, lang) for action in actions)
        )


def _owned(scope: Scope) -> Q:
    """Rows of slices that the scope shows. What belongs to no unit and no person is for those who see everything."""
    if scope.everything:
        return Q()
    return Q(org_unit_id__in=scope.org_units) | Q(employee_id__in=scope.employees)


def _inside(org: str) -> Q:
    """Rows of the units of this id or name, of what is below them, and of their people."""
    tree = org_tree()
    units = set(units_called(org))
    below = units.union(*(tree.descendants(unit) for unit in units))
    people = frozenset[str]().union(*(tree.members(unit) for unit in units))
    return Q(org_unit_id__in=below) | Q(employee_id__in=people)


def _findings(owned: Q, start: dt.date, end: dt.date) -> list[Finding]:
    """About these days, or open at some time in them; what was dismissed is no news."""
    about = Q(start__lte=end, end__gte=start)
    open_then = Q(raised_at__date__lte=end) & (Q(closed_at=None) | Q(closed_at__date__gte=start))
    found = Finding.objects.filter(owned, about | open_then).exclude(state=State.DISMISSED)
    return list(found.select_related("owner").prefetch_related("actions").order_by("-seen_at", "-id"))


def _actions(owned: Q, start: dt.date, end: dt.date, findings: list[Finding]) -> QuerySet[Action]:
    """Under way in these days or measured since, and those that the listed findings led to."""
    under_way = Q(start__lte=end) & (Q(measured_at=None) | Q(measured_at__date__gte=start) | Q(due__gte=start))
    found = Action.objects.filter(owned, under_way | Q(finding__in=findings)).exclude(state="cancelled")
    return found.select_related("owner").order_by("due", "id")


def _finding_row(finding: Finding) -> FindingRow:
    shown = Shown(finding)
    action: Any = shown.action
    next_step = action.title if action else next(iter(shown.suggestions), "")
    return FindingRow(
        severity=_SEVERITY[finding.severity],
        kind=shown.kind,
        sentence=shown.sentence,
        state=str(State(finding.state).label),
        causes=tuple(f"{cause.name} {cause.share_text}" for cause in shown.causes),
        owner=str(finding.owner) if finding.owner else "",
        raised=timezone.localtime(finding.raised_at).date(),
        next_step=next_step if finding.state in (State.OPEN, State.ACTING) else "",
    )


def _action_row(action: Action, lang: Lang) -> ActionRow:
    register = action_register()
    expected = "" if action.expected_change is None else str(format_change(action.expected_change, "money", lang))
    return ActionRow(
        title=action.title,
        state=register.states[action.state].label.get(lang),
        owner=str(action.owner),
        due=action.due,
        overdue=action.state in register.open and action.due < today(),
        expected=expected,
        verdict=_VERDICTS.get(action.verdict, "open"),
        effect=action.effect_sentence(lang),
        chart=effect_chart(action),
    )
