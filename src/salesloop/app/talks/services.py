"""For the other slices: reminders, and where the record of an activity stands."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse

from salesloop.app.accounts.services import User
from salesloop.app.talks.publishing import publish_all
from salesloop.app.talks.reminders import remind
from salesloop.app.talks.sight import may_record, visible_to

__all__ = ["addresses_of", "may_record", "publish_all", "remind", "visible_to"]


def addresses_of(user: User, references: Iterable[str]) -> dict[str, str]:
    """Activity or opportunity id → page of the talk behind it, for those that the person sees."""
    wanted = set(references)
    seen = visible_to(user).select_related(None)
    found = dict(seen.filter(activity_id__in=wanted).values_list("activity_id", "pk"))
    found |= dict(seen.filter(deal__opportunity_id__in=wanted).values_list("deal__opportunity_id", "pk"))
    return {key: reverse("talks:detail", args=[pk]) for key, pk in found.items()}
