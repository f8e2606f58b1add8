"""Small sentences that every format shows alike: the stamp, attainment and pace, who owes what by when."""

from __future__ import annotations

from dataclasses import dataclass

from salesloop.engine.model.text import Lang, Messages
from salesloop.engine.report import document as doc
from salesloop.engine.report.number import Number, format_number, to_decimal
from salesloop.engine.report.table import date_text

_MESSAGES = Messages("salesloop.engine.report")


def stamp_lines(report: doc.Report) -> list[str]:
    """As-of day and data, then snapshot and time of making."""
    stamp, lang = report.stamp, report.lang
    until = date_text(stamp.data_until, lang) if stamp.data_until else "–"
    return [
        _MESSAGES.say("stamp_as_of", lang, day=date_text(stamp.as_of, lang), until=until),
        _MESSAGES.say("stamp_snapshot", lang, snapshot=stamp.snapshot, time=f"{stamp.created_at:%Y-%m-%d %H:%M}"),
    ]


def attained(goal: doc.Attainment, lang: Lang) -> tuple[str, str]:
    """达成 68.4% on the left; on the right how much of the time has passed, or for rates the target itself."""
    left = f"{goal.label} {format_number(goal.share, 'percent', lang)}"
    if goal.pace is None:
        return left, goal.pace_label
    return left, f"{goal.pace_label} {format_number(goal.pace, 'percent', lang)}"


def is_late(share: Number, pace: float | None) -> bool:
    """Behind the elapsed share of the season, or for rates below the target."""
    number = to_decimal(share)
    return number is not None and float(number) < (1.0 if pace is None else pace)


@dataclass(frozen=True, slots=True)
class Line:
    """A list entry in words: the tag, the causes in one sentence, and state · owner · dates."""

    tag: str
    causes: str
    state: str


def finding_line(row: doc.FindingRow, lang: Lang) -> Line:
    """Kind, causes, and where the finding stands."""
    raised = _MESSAGES.say("raised_on", lang, day=date_text(row.raised, lang)) if row.raised else ""
    next_step = _MESSAGES.say("next_step", lang, step=row.next_step) if row.next_step else ""
    joiner = "; " if lang == "en" else "；"
    return Line(row.kind, joiner.join(row.causes), _joined(row.state, row.owner, raised, next_step))


def action_line(row: doc.ActionRow, lang: Lang) -> Line:
    """The verdict (or the state while there is none), and who owes what by when."""
    due = (
        _MESSAGES.say("overdue_since" if row.overdue else "due_on", lang, day=date_text(row.due, lang))
        if row.due
        else ""
    )
    expected = _MESSAGES.say("expected", lang, change=row.expected) if row.expected else ""
    tag = row.state if row.verdict == "open" else _MESSAGES.say(f"verdict_{row.verdict}", lang)
    state = row.state if row.verdict != "open" else ""
    return Line(tag, "", _joined(state, row.owner, due, expected))


def _joined(*parts: str) -> str:
    return " · ".join(part for part in parts if part)
