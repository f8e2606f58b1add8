"""Talks for Ctrl K: write one down, or find one by its customer."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _

from salesloop.app.accounts.services import PersonalRequest
from salesloop.app.talks.sight import may_record, visible_to
from salesloop.app.ui.palette import Hit, matches

SHOWN = 5
SHORTEST = 2


def search(request: PersonalRequest, words: str) -> Iterator[Hit]:
    """The form, and from two characters on the latest talks with customers of that name."""
    if may_record(request.user) and matches(words, _("记录沟通"), "record talk visit call"):
        yield Hit(_("记录沟通"), reverse("talks:new"), "plus")
    if len(words) < SHORTEST:
        return
    for talk in visible_to(request.user).filter(customer_name__icontains=words)[:SHOWN]:
        yield Hit(talk.customer_name, reverse("talks:detail", args=[talk.pk]), "talk", f"{talk.happened_at:%Y-%m-%d}")
