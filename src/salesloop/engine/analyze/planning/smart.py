"""Is a target specific, measurable, achievable, relevant and timed? Five tests, each with its evidence in a sentence.

(Doran, There's a S.M.A.R.T. way to write management's goals and objectives, Management Review 70, 1981.)
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from salesloop.engine.analyze.planning.chance import MIN_MONTHS, Chance
from salesloop.engine.model.text import Message, Messages, Text

Letter = Literal["S", "M", "A", "R", "T"]
STALE_DAYS = 31
_MESSAGES = Messages("salesloop.engine.analyze.planning")


@dataclass(frozen=True)
class Facts:
    """What is known of a target. `owner` '' = nobody; `data_until` None = no data; `chance` None = history too short;
    `objective` '' = none; `parts` = how many periods inside start..end have a target of their own."""

    metric: Text
    status: Text
    owner: str
    data_until: dt.date | None
    today: dt.date
    chance: Chance | None
    objective: str
    stated: bool
    start: dt.date
    end: dt.date
    parts: int


@dataclass(frozen=True, slots=True)
class Check:
    """One test: whether it is passed, and why that is said."""

    letter: Letter
    passed: bool
    evidence: Message


def smart(facts: Facts) -> tuple[Check, ...]:
    """The five checks in the order of their letters."""
    return (_specific(facts), _measurable(facts), _achievable(facts), _relevant(facts), _timed(facts))


def _specific(facts: Facts) -> Check:
    if not facts.owner:
        return _check("S", False, "smart_specific_no")
    return _check("S", True, "smart_specific_yes", metric=facts.metric, status=facts.status, owner=facts.owner)


def _measurable(facts: Facts) -> Check:
    if facts.data_until is None:
        return _check("M", False, "smart_measurable_no")
    age = (facts.today - facts.data_until).days
    if age > STALE_DAYS:
        return _check("M", False, "smart_measurable_old", day=facts.data_until.isoformat(), days=age)
    return _check("M", True, "smart_measurable_yes", day=facts.data_until.isoformat())


def _achievable(facts: Facts) -> Check:
    found = facts.chance
    if found is None:
        return _check("A", False, "smart_achievable_unknown", months=MIN_MONTHS)
    said = {
        name: f"{value:.0%}" for name, value in (("chance", found.chance), ("low", found.low), ("high", found.high))
    }
    key = {"fair": "smart_achievable_yes", "hard": "smart_achievable_hard", "easy": "smart_achievable_easy"}
    return _check("A", found.verdict == "fair", key[found.verdict], **said)


def _relevant(facts: Facts) -> Check:
    if not facts.objective:
        return _check("R", False, "smart_relevant_no")
    return _check("R", True, "smart_relevant_yes", objective=facts.objective)


def _timed(facts: Facts) -> Check:
    if not facts.stated:
        return _check("T", False, "smart_timed_none")
    dates = {"start": facts.start.isoformat(), "end": facts.end.isoformat()}
    if facts.parts < 2:
        return _check("T", False, "smart_timed_no", **dates)
    return _check("T", True, "smart_timed_yes", parts=facts.parts, **dates)


def _check(letter: Letter, passed: bool, key: str, **params: object) -> Check:
    return Check(letter, passed, _MESSAGES.message(key, **params))
