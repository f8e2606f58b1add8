"""A chance that was heard of becomes an opportunity, and what becomes of that."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any, Final

from django.db import transaction

from salesloop.app.accounts.services import User
from salesloop.app.audit.services import log
from salesloop.app.talks.models import Deal, Talk
from salesloop.app.talks.publishing import publish_deals, publish_talks
from salesloop.app.talks.recording import MESSAGES
from salesloop.app.workspace.services import local_day, one_at_a_time, warehouse
from salesloop.engine.model.errors import UserError

FIRST_STAGE: Final = "初步接触"
"""Where a company has no opportunities yet whose stages could be taken."""
CHANGED: Final = ("name", "amount", "stage", "status", "expected_close", "closed_on", "lost_reason")


@transaction.atomic
def promote(actor: User, talk: Talk, wanted: Mapping[str, Any], now: dt.datetime) -> Deal:
    """Make an open opportunity of the talk's customer and owner; the talk's activity then belongs to it.

    `wanted`: name, amount, stage, expected_close. UserError where it was promoted before.
    """
    one_at_a_time()
    if Deal.objects.filter(talk=talk).exists():
        raise UserError(MESSAGES.message("already_promoted"))
    deal = Deal.objects.create(
        talk=talk,
        opportunity_id=f"{talk.activity_id}-deal",
        created_date=local_day(talk.happened_at),
        promoted_by=actor,
        entered_at=now,
        **{name: wanted[name] for name in ("name", "amount", "stage", "expected_close")},
    )
    log(actor, "talk.promoted", talk, {"opportunity_id": deal.opportunity_id, "amount": deal.amount})
    publish_deals(Deal.objects.filter(pk=deal.pk))
    publish_talks(Talk.objects.filter(pk=talk.pk))
    return deal


@transaction.atomic
def change_deal(actor: User, deal: Deal, wanted: Mapping[str, Any]) -> None:
    """Write how the opportunity stands now; old and new values go to the audit log."""
    one_at_a_time()
    changes = {name: [getattr(deal, name), wanted[name]] for name in CHANGED if getattr(deal, name) != wanted[name]}
    if not changes:
        return
    for name, (_before, after) in changes.items():
        setattr(deal, name, after)
    deal.save()
    log(actor, "talk.deal_changed", deal.talk, {"opportunity_id": deal.opportunity_id} | changes)
    publish_deals(Deal.objects.filter(pk=deal.pk))


def stages() -> list[str]:
    """The stages of open opportunities in the company's own words, the least certain first."""
    snapshot = warehouse().snapshot
    if not snapshot.has("opportunity"):
        return [FIRST_STAGE]
    rows = snapshot.rows(
        "SELECT stage FROM opportunity WHERE status = 'open' AND stage IS NOT NULL GROUP BY stage "
        "ORDER BY avg(probability) NULLS LAST, count(*) DESC, stage LIMIT 30"
    )
    return [row["stage"] for row in rows] or [FIRST_STAGE]
