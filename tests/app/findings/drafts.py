"""Findings as the rules would raise them, for the small company."""

from __future__ import annotations

import datetime as dt
from typing import Any

from salesloop.app.findings import services
from salesloop.app.findings.services import Finding
from salesloop.engine.analyze.diagnose.contribution import Member
from salesloop.engine.analyze.findings.draft import DraftCause, FindingDraft
from salesloop.engine.analyze.findings.rule import MESSAGES
from salesloop.engine.model.text import Text
from salesloop.engine.model.view import View

NOW = dt.datetime(2026, 11, 21, 9, 30, tzinfo=dt.UTC)
EAST = Member("org_unit:2", "D1", "华东大区")
SOUTH = Member("org_unit:2", "D2", "华南大区")
ZHANG = Member("employee", "E12", "张伟")


def draft(member: Member | None = EAST, **changes: Any) -> FindingDraft:
    """Revenue a fifth below what was to be expected, made by distribution."""
    names = [member.name] if member else [MESSAGES.message("whole")]
    values: dict[str, Any] = {
        "rule": "revenue-below-season",
        "kind": "anomaly",
        "severity": "critical",
        "metric": "revenue",
        "members": (member,) if member else (),
        "start": dt.date(2026, 11, 1),
        "end": dt.date(2026, 11, 30),
        "observed": 35000.0,
        "expected": 43750.0,
        "score": -4.2,
        "message": MESSAGES.message("anomaly_below", subject=names, metric=Text("销售额", "Revenue"), gap=0.2),
        "evidence": View(metrics=("revenue",), period="2026-11", where=("org_unit=D1",)),
        "causes": (DraftCause((Member("channel", "分销", "分销"),), 0.8, 30000.0, 37000.0),),
        "suggestions": (Text("核对供货", "Check supply"),),
    }
    return FindingDraft(**(values | changes))


def raised(*drafts: FindingDraft) -> list[Finding]:
    """Record drafts and return the findings, in the same order."""
    drafts = drafts or (draft(),)
    services.record(drafts, 1, NOW, ran=["revenue-below-season"])
    return [Finding.objects.get(fingerprint=one.fingerprint) for one in drafts]
