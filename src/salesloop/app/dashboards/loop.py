"""The loop in numbers: of the findings of the last 90 days, how many have a cause, an action, a measured effect."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from statistics import median

from django.db.models import Count, Q

from salesloop.app.accounts.services import User
from salesloop.app.actions import services as actions
from salesloop.app.findings import services as findings
from salesloop.app.workspace.services import local_day

DAYS = 90


@dataclass(frozen=True, slots=True)
class Loop:
    """Counts of findings; `rate` = findings with a verified effect ÷ findings raised (A02).

    `days_to_effect`: the median from raising to a measured improvement.
    """

    raised: int
    with_cause: int
    with_action: int
    due: int
    improved: int
    no_evidence: int
    worse: int
    days_to_effect: float | None

    @property
    def rate(self) -> float | None:
        return self.improved / self.raised if self.raised else None

    @property
    def dash(self) -> str:
        """The drawn part of a circle of circumference 100."""
        return f"{(self.rate or 0) * 100:.2f} 100"


def loop(user: User, now: dt.datetime) -> Loop:
    """The loop of what this person may see."""
    raised = findings.visible_to(user).filter(raised_at__gte=now - dt.timedelta(days=DAYS)).values("pk")
    inside = findings.Finding.objects.filter(pk__in=raised)
    taken = actions.visible_to(user).filter(finding__in=raised).exclude(state="cancelled")
    found = inside.aggregate(
        raised=Count("pk", distinct=True),
        with_cause=Count("pk", filter=~Q(causes=[]), distinct=True),
        improved=Count("pk", filter=Q(actions__verdict="improved"), distinct=True),
        no_evidence=Count("pk", filter=Q(actions__verdict="no_evidence"), distinct=True),
        worse=Count("pk", filter=Q(actions__verdict="worse"), distinct=True),
    )
    return Loop(
        with_action=taken.values("finding").distinct().count(),
        due=taken.filter(due__lte=local_day(now)).values("finding").distinct().count(),
        days_to_effect=_days_to_effect(
            list(taken.filter(verdict="improved").values_list("finding__raised_at", "measured_at"))
        ),
        **found,
    )


def _days_to_effect(pairs: list[tuple[dt.datetime, dt.datetime | None]]) -> float | None:
    days = [(measured - raised).total_seconds() / 86_400 for raised, measured in pairs if measured]
    return median(days) if days else None
