"""Judge a record that fails a check, and take the judgement back."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from salesloop.app.accounts.services import User
from salesloop.app.audit.services import log
from salesloop.app.quality.models import Decision, Verdict


@transaction.atomic
def decide(actor: User, entity: str, key: str, check: str, verdict: Verdict, note: str, now: dt.datetime) -> Decision:
    """Say once what holds of a record and a check; an earlier word on the same is withdrawn."""
    Decision.objects.filter(entity=entity, key=key, check_name=check, undone_at=None).update(undone_at=now)
    made = Decision.objects.create(
        entity=entity, key=key, check_name=check, verdict=verdict, note=note, by=actor, at=now
    )
    log(actor, "quality.decided", made, {"verdict": verdict, "note": note})
    return made


def withdraw(actor: User, decision: Decision, now: dt.datetime) -> None:
    """Undo a decision; it stays in the history."""
    if decision.undone_at is None:
        decision.undone_at = now
        decision.save(update_fields=["undone_at"])
        log(actor, "quality.withdrawn", decision, {"verdict": decision.verdict})
