"""The list of competencies: what is rated, and by which words."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from salesloop.app.accounts.services import User
from salesloop.app.audit.services import log
from salesloop.app.team.models import Competency


def in_use() -> QuerySet[Competency]:
    """What is rated now, in order."""
    return Competency.objects.filter(retired=False)


@transaction.atomic
def save(actor: User, competency: Competency, fields: dict[str, Any]) -> Competency:
    """Add one or change it. Ratings keep the level that they gave; what it meant is in the log."""
    before = {name: getattr(competency, name) for name in fields}
    for name, value in fields.items():
        setattr(competency, name, value)
    added = competency.pk is None
    competency.save()
    changes = {name: [before[name], value] for name, value in fields.items() if before[name] != value}
    log(actor, "team.competency_added" if added else "team.competency_changed", competency, changes)
    return competency
