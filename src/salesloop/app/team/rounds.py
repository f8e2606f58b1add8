"""Peer reviews: open, answer, close, and read what came of them without reading who said what."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from salesloop.app.accounts.services import User, people_of_employees
from salesloop.app.audit.services import log
from salesloop.app.notices.services import notify
from salesloop.app.team.models import LEVELS, Colleague, Round
from salesloop.engine.model.errors import UserError
from salesloop.engine.model.text import Messages

_MESSAGES = Messages("salesloop.app.team")
STATEMENTS: Final = (
    _("主动分享客户信息和经验"),
    _("答应同事的事按时办到"),
    _("有分歧时就事论事，愿意配合"),
)
LEAST: Final = 3
"""Fewer answers are not shown: they could be told apart."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What colleagues said of one person in one round: the mean of each statement and of all, from 1 to 5."""

    round: Round
    answers: int
    means: tuple[float, ...]
    mean: float

    @property
    def statements(self) -> list[tuple[str, float]]:
        """Each statement with its mean."""
        return [(str(words), mean) for words, mean in zip(STATEMENTS, self.means, strict=True)]


def is_open(one: Round, today: dt.date) -> bool:
    return one.closed_at is None and today <= one.due


@transaction.atomic
def open_round(actor: User, title: str, due: dt.date, employees: Sequence[str], now: dt.datetime) -> Round:
    """Ask these people about one another. UserError for fewer than `LEAST` + 1: nobody could get enough answers."""
    if len(set(employees)) <= LEAST:
        raise UserError(_MESSAGES.message("too_few_colleagues", least=LEAST + 1))
    made = Round.objects.create(title=title, due=due, opened_by=actor, opened_at=now)
    nothing = [0] * len(STATEMENTS)
    Colleague.objects.bulk_create(
        Colleague(round=made, employee_id=one, sums=nothing) for one in sorted(set(employees))
    )
    log(actor, "team.round_opened", made, {"due": due, "people": len(set(employees))})
    people = [one for one in people_of_employees(employees).values() if one != actor]
    notify(
        people, gettext_noop("%(who)s 请您匿名评价同事的协作"), reverse("team:round", args=[made.pk]), who=str(actor)
    )
    return made


@transaction.atomic
def answer(one: Round, rater: str, about: str, levels: Sequence[int], today: dt.date) -> None:
    """Say something of a colleague, once. It is not logged: the order of a log would tell who said what.

    UserError after the end, for oneself, for people outside the round, twice, or with levels that there are not.
    """
    if not is_open(one, today):
        raise UserError(_MESSAGES.message("round_over"))
    if len(levels) != len(STATEMENTS) or not set(levels) <= set(LEVELS):
        raise UserError(_MESSAGES.message("unknown_level"))
    people = {who.employee_id: who for who in one.colleagues.select_for_update().filter(employee_id__in=[rater, about])}
    if rater == about or set(people) != {rater, about} or about in people[rater].rated:
        raise UserError(_MESSAGES.message("not_yours_to_rate"))
    people[rater].rated = sorted([*people[rater].rated, about])
    people[rater].save(update_fields=["rated"])
    subject = people[about]
    subject.answers += 1
    subject.sums = [total + level for total, level in zip(subject.sums, levels, strict=True)]
    subject.save(update_fields=["answers", "sums"])


@transaction.atomic
def close(actor: User, one: Round, now: dt.datetime) -> None:
    """End a round before its day; closing it again changes nothing."""
    if one.closed_at is None:
        one.closed_at = now
        one.save(update_fields=["closed_at"])
        log(actor, "team.round_closed", one)


def outcomes(employees: Sequence[str], today: dt.date) -> Mapping[str, Outcome]:
    """What each person's colleagues said in the newest round that is over and brought enough answers about them.

    Never while a round runs: from one look to the next the answer in between could be worked out.
    """
    found: dict[str, Outcome] = {}
    rows = Colleague.objects.filter(employee_id__in=employees, answers__gte=LEAST).select_related("round")
    for row in rows.order_by("round_id"):
        if not is_open(row.round, today):
            means = tuple(total / row.answers for total in row.sums)
            found[row.employee_id] = Outcome(row.round, row.answers, means, sum(means) / len(means))
    return found
