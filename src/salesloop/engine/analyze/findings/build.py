"""From a raised slice to a finding with its sentence, its causes and the page that shows it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from salesloop.engine.analyze.asking import Asking
from salesloop.engine.analyze.diagnose.contribution import Cause, Member
from salesloop.engine.analyze.findings.draft import DraftCause, FindingDraft
from salesloop.engine.analyze.findings.rule import MESSAGES, Rule
from salesloop.engine.metrics.query import format_filter
from salesloop.engine.model.calendar import Period
from salesloop.engine.model.text import Message
from salesloop.engine.model.view import View


@dataclass(frozen=True)
class Raised:
    """A slice that a rule found wanting in a period; numbers in the unit of the metric."""

    rule: Rule
    key: tuple[Member, ...]
    period: Period
    observed: float
    expected: float
    score: float | None = None
    causes: tuple[Cause, ...] = ()

    def explained(self, causes: Sequence[Cause]) -> Raised:
        return replace(self, causes=tuple(causes))

    def filters(self, where: Sequence[str] = ()) -> tuple[str, ...]:
        """The slice as query filters, together with those of the rule."""
        return (*where, *(filter_of(member) for member in self.key))


def filter_of(member: Member) -> str:
    """`region=华东`: a member as a query filter, by id (the empty filter stands for rows without one)."""
    return format_filter(member.dimension.split(":", maxsplit=1)[0], [member.id])


def outside_direction(asking: Asking, rule: Rule, difference: float) -> bool:
    """Whether a difference (observed − expected) is of the kind that the rule watches for."""
    direction = rule.direction
    if direction == "unfavorable":
        favorable = asking.metric(rule.metric or "").favorable
        direction = {"up": "below", "down": "above"}.get(favorable, "both")  # type: ignore[assignment]
    return direction == "both" or (difference < 0) == (direction == "below")


def draft(asking: Asking, raised: Raised, message: Message) -> FindingDraft:
    """The finding of a metric: its evidence is the metric page for that slice and period."""
    rule = raised.rule
    return FindingDraft(
        rule=rule.rule,
        kind=rule.kind,
        severity=rule.severity,
        metric=rule.metric,
        members=raised.key,
        start=raised.period.start,
        end=raised.period.end,
        observed=raised.observed,
        expected=raised.expected,
        score=raised.score,
        message=message,
        evidence=View(
            metrics=(rule.metric,) if rule.metric else (),
            period=asking.calendar.text(raised.period),
            where=raised.filters(rule.where),
            compare=("year", "target"),
        ),
        causes=tuple(
            DraftCause(cause.slice.members, cause.share, cause.slice.observed, cause.slice.expected)
            for cause in raised.causes
        ),
        suggestions=rule.suggestions,
    )


def sentence(asking: Asking, raised: Raised, key: str, **params: object) -> Message:
    """The sentence of a metric finding; `key` has its own variant for rates (`anomaly` → `anomaly_rate_below`)."""
    difference = raised.observed - raised.expected
    common: dict[str, object] = {
        "subject": subject(raised.key),
        "metric": asking.metric(raised.rule.metric or "").label,
        "observed": raised.observed,
        "gap": abs(difference / raised.expected) if raised.expected else 0.0,
        "points": abs(difference) * 100,
    }
    return MESSAGES.message(key, **(common | params))


def subject(key: Sequence[Member]) -> object:
    """What the sentence is about: the names of the slice, or 整体."""
    if not key:
        return MESSAGES.message("whole")
    return [member.name if member.name is not None else MESSAGES.message("unassigned") for member in key]
