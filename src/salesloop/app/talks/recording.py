"""Write a talk down, correct it, and say that its next step is done."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Any, Final

from django.db import transaction

from salesloop.app.accounts.services import User
from salesloop.app.audit.services import log
from salesloop.app.org.services import org_tree
from salesloop.app.talks.models import Talk, Version
from salesloop.app.talks.planned import Plan
from salesloop.app.talks.publishing import publish_talks
from salesloop.app.workspace.services import local_day, one_at_a_time
from salesloop.engine.model.errors import UserError
from salesloop.engine.model.text import Messages

MESSAGES: Final = Messages("salesloop.app.talks")
WRITTEN: Final = (
    "kind", "happened_at", "feedback", "deal_state", "next_step", "next_due", "competitor", "chance", "chance_amount",
    "chance_close",
)  # fmt: skip
"""What a person writes; the customer of a talk stays."""


@transaction.atomic
def record(
    author: User, customer: tuple[str, str], written: Mapping[str, Any], now: dt.datetime, plan: Plan | None = None
) -> Talk:
    """Keep a talk with a customer (id, name). It counts in every number when this returns.

    Next steps that the author had agreed on with this customer before are done by it. UserError where the planned
    activity was written down already.
    """
    one_at_a_time()
    if plan is not None and Talk.objects.filter(activity_id=plan.activity_id).exists():
        raise UserError(MESSAGES.message("already_recorded"))
    talk = Talk.objects.create(
        activity_id=plan.activity_id if plan else f"talk-{uuid.uuid4().hex[:16]}",
        planned_date=plan.day if plan else None,
        opportunity_id=plan.opportunity_id if plan else "",
        author=author,
        employee_id=author.employee_id,
        org_unit_id=org_tree().unit_of(author.employee_id, local_day(written["happened_at"])) or "",
        customer_id=customer[0],
        customer_name=customer[1][:200],
        entered_at=now,
        **{name: written[name] for name in WRITTEN},
    )
    earlier = Talk.objects.filter(employee_id=talk.employee_id, customer_id=talk.customer_id, next_done_at=None)
    earlier.filter(happened_at__lt=talk.happened_at).exclude(next_step="").update(next_done_at=now)
    log(author, "talk.recorded", talk, {"kind": talk.kind, "customer_id": talk.customer_id})
    publish_talks(Talk.objects.filter(pk=talk.pk))
    return talk


@transaction.atomic
def correct(actor: User, talk: Talk, written: Mapping[str, Any], now: dt.datetime) -> bool:
    """Change what was written and keep how it read before. False where nothing differs."""
    one_at_a_time()
    talk = Talk.objects.select_for_update().get(pk=talk.pk)
    before = {name: getattr(talk, name) for name in WRITTEN if getattr(talk, name) != written[name]}
    if not before:
        return False
    for name in before:
        setattr(talk, name, written[name])
    if "next_due" in before:
        talk.reminded_on = None
    talk.save()
    plain = {name: None if value is None else str(value) for name, value in before.items()}
    Version.objects.create(talk=talk, at=now, by=actor, before=plain)
    log(actor, "talk.corrected", talk, {"before": plain})
    publish_talks(Talk.objects.filter(pk=talk.pk))
    return True


@transaction.atomic
def finish_step(actor: User, talk: Talk, now: dt.datetime) -> None:
    """The next step is done; nobody is reminded any more."""
    if talk.next_done_at is None:
        talk.next_done_at = now
        talk.save(update_fields=["next_done_at"])
        log(actor, "talk.step_done", talk)
