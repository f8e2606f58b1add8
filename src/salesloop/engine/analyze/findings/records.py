"""Findings about the data themselves: records that fail checks, and records that stopped coming."""

from __future__ import annotations

import datetime as dt

from salesloop.engine.analyze.asking import Asking
from salesloop.engine.analyze.findings.draft import FindingDraft
from salesloop.engine.analyze.findings.rule import MESSAGES, Rule
from salesloop.engine.analyze.quality import judged
from salesloop.engine.analyze.quality.monitors import alarms
from salesloop.engine.analyze.quality.standing import standing
from salesloop.engine.clean.quality import Circumstances, book_of
from salesloop.engine.clean.quality.definition import TABLE_KINDS
from salesloop.engine.clean.quality.tables import table_results
from salesloop.engine.model.scope import Scope
from salesloop.engine.model.text import Message
from salesloop.engine.model.view import View


def find_failing_checks(asking: Asking, rule: Rule) -> list[FindingDraft]:
    """One finding for each check that more than `rule.limit` of the rows fail."""
    assert rule.limit is not None  # noqa: S101 - the rule's own validation
    of, found = judged(asking.workspace, Scope.all()), []
    at = Circumstances.of(asking.workspace.config, asking.today)
    for each in sorted(standing(of, at), key=lambda one: (one.check.entity, one.check.check)):
        check, share = each.check, each.share
        if isinstance(check, TABLE_KINDS) or share <= rule.limit:
            continue
        entity, label = of.book.model.entity(check.entity), check.label
        message = MESSAGES.message("data_quality", entity=entity.label, check=label, failed=each.failed, share=share)
        found.append(
            _record_finding(
                rule,
                message,
                observed=share,
                expected=rule.limit,
                detail=f"{check.entity}.{check.check}",
                tab="quality",
            )
        )
    return found


def find_failing_tables(asking: Asking, rule: Rule) -> list[FindingDraft]:
    """One finding for each check of freshness, volume or mix that fails today; hints are left to the page."""
    snapshot, book = asking.workspace.current(), book_of(asking.workspace)
    at = Circumstances.of(asking.workspace.config, asking.today)
    return [
        _record_finding(
            rule,
            MESSAGES.message("table_check", entity=book.model.entity(result.entity).label, check=result.label),
            observed=float(result.failed),
            expected=0.0,
            detail=f"{result.entity}.{result.check}",
            tab="quality",
        )
        for result in table_results(snapshot.rows, book, at)
        if result.failed and result.severity != "info"
    ]


def find_unusual_deliveries(asking: Asking, rule: Rule) -> list[FindingDraft]:
    """One finding for each monitor of a source whose last delivery is off the usual, or that is late."""
    of = judged(asking.workspace, Scope.all())
    return [
        _record_finding(
            rule,
            alarm.message(of),
            observed=alarm.observed,
            expected=alarm.expected or 0.0,
            detail=f"{alarm.entity}.{alarm.source}.{alarm.monitor}.{alarm.field}",
            tab="quality",
        )
        for alarm in alarms(of, asking.today, asking.workspace.config.timezone)
    ]


def find_missing_data(asking: Asking, rule: Rule) -> list[FindingDraft]:
    """A finding where the newest event of an entity is more than `rule.limit` days old. Entities without any row say nothing."""
    assert rule.limit is not None and rule.entity is not None  # noqa: S101, PT018 - the rule's own validation
    freshness = asking.workspace.current().freshness().get(rule.entity)
    if freshness is None or freshness.last_event is None:
        return []
    last = freshness.last_event.date() if isinstance(freshness.last_event, dt.datetime) else freshness.last_event
    days = (asking.today - last).days
    if days <= rule.limit:
        return []
    message = MESSAGES.message(
        "missing_data", entity=asking.workspace.model.entity(rule.entity).label, days=days, last=last
    )
    return [
        _record_finding(rule, message, observed=float(days), expected=rule.limit, detail=rule.entity, tab="batches")
    ]


def _record_finding(
    rule: Rule, message: Message, *, observed: float, expected: float, detail: str, tab: str
) -> FindingDraft:
    return FindingDraft(
        rule=rule.rule,
        kind=rule.kind,
        severity=rule.severity,
        metric=None,
        members=(),
        start=None,
        end=None,
        observed=observed,
        expected=expected,
        score=None,
        message=message,
        evidence=View(tab=tab),
        suggestions=rule.suggestions,
        detail=detail,
    )
