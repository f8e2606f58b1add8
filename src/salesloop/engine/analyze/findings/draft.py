"""What a rule raises, before anybody has looked at it."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from dataclasses import dataclass

from salesloop.engine.analyze.diagnose.contribution import Member
from salesloop.engine.analyze.findings.rule import Kind, Severity
from salesloop.engine.model.text import Message, Text
from salesloop.engine.model.view import View


@dataclass(frozen=True)
class DraftCause:
    """A slice that makes `share` of the deviation (1 = all of it); numbers in the unit of the metric."""

    members: tuple[Member, ...]
    share: float
    observed: float
    expected: float


@dataclass(frozen=True)
class FindingDraft:
    """Something that deserves attention: `observed` against `expected` (unit of the metric) for a slice and a period.

    `fingerprint` names the trouble and not the period: the same trouble raised again updates one finding.
    `message` is the sentence with the number in it; `evidence` opens the page that shows it.
    """

    rule: str
    kind: Kind
    severity: Severity
    metric: str | None
    members: tuple[Member, ...]
    start: dt.date | None
    end: dt.date | None
    observed: float | None
    expected: float | None
    score: float | None
    message: Message
    evidence: View
    causes: tuple[DraftCause, ...] = ()
    suggestions: tuple[Text, ...] = ()
    detail: str = ""

    @property
    def fingerprint(self) -> str:
        slice_ = sorted((member.dimension, member.id or "") for member in self.members)
        key = json.dumps([self.rule, self.metric, slice_, self.detail], ensure_ascii=False)
        return hashlib.sha256(key.encode()).hexdigest()[:32]
