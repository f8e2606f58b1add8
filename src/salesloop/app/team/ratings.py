"""Rate people, and read what was rated."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_noop

from salesloop.app.accounts.services import User, people_of_employees
from salesloop.app.audit.services import log
from salesloop.app.notices.services import notify
from salesloop.app.org.services import Employee
from salesloop.app.team.competencies import in_use
from salesloop.app.team.models import Competency, Rating


@dataclass(frozen=True, slots=True)
class Given:
    """What somebody says of one competency in one go."""

    competency: Competency
    level: int
    evidence: str
    link: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """One competency of one person: the newest rating by a manager and by themselves, and what the job asks for."""

    competency: Competency
    rated: Rating | None
    own: Rating | None
    required: int | None

    @property
    def gap(self) -> int | None:
        """How many levels are wanting (positive) or beyond; None where nobody rated or the job asks for none."""
        return self.required - self.rated.level if self.rated and self.required else None

    @property
    def difference(self) -> int | None:
        """By how many levels the person's own view is above the manager's."""
        return self.own.level - self.rated.level if self.rated and self.own else None

    @property
    def difference_text(self) -> str:
        """`+1`, `−1` or `0`."""
        return "" if self.difference is None else f"{self.difference:+d}".replace("-", "−").replace("+0", "0")


@transaction.atomic
def rate(actor: User, employee_id: str, quarter: dt.date, given: Iterable[Given], now: dt.datetime) -> list[Rating]:
    """Add ratings of a quarter; earlier ones stay. One's own are kept apart, a manager's are told to the person."""
    own = employee_id == actor.employee_id
    made = [
        Rating.objects.create(
            employee_id=employee_id,
            competency=one.competency,
            quarter=quarter,
            own=own,
            level=one.level,
            evidence=one.evidence,
            link=one.link,
            by=actor,
            at=now,
        )
        for one in given
    ]
    if not made:
        return []
    levels = {one.competency.name: one.level for one in made}
    data = {"quarter": quarter, "levels": levels}
    log(actor, "team.self_rated" if own else "team.rated", employee_id, data)
    if not own:
        people = people_of_employees([employee_id]).values()
        address = reverse("team:person", args=[employee_id])
        notify(people, gettext_noop("%(who)s 评了您的能力"), address, who=str(actor))
    return made


def standings(people: Iterable[Employee], until: dt.date) -> Mapping[str, list[Standing]]:
    """Every competency in use of each of these people, by the newest ratings of quarters that began by `until`."""
    people, competencies = list(people), list(in_use())
    ids = [one.id for one in people]
    newest: dict[tuple[str, int, bool], Rating] = {}
    found = Rating.objects.filter(employee_id__in=ids, quarter__lte=until).select_related("by")
    for rating in found.order_by("quarter", "id"):
        newest[rating.employee_id, rating.competency_id, rating.own] = rating
    return {
        person.id: [
            Standing(
                one,
                newest.get((person.id, one.pk, False)),
                newest.get((person.id, one.pk, True)),
                one.required_of(person.title),
            )
            for one in competencies
        ]
        for person in people
    }


def history(employee_id: str) -> list[Rating]:
    """All ratings of a person, the newest first."""
    return list(Rating.objects.filter(employee_id=employee_id).select_related("by", "competency"))
