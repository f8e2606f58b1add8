"""Notes on channel partners: written, read, taken back."""

from __future__ import annotations

import datetime as dt

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet

from salesloop.app.accounts.services import User
from salesloop.app.audit.services import log
from salesloop.app.channels.models import ChannelNote

LONGEST = 4000


def notes_on(key: str) -> QuerySet[ChannelNote]:
    """The notes on a channel that stand, the newest first."""
    return ChannelNote.objects.filter(channel_id=key, withdrawn_at=None).select_related("author")


@transaction.atomic
def write(actor: User, key: str, text: str, now: dt.datetime) -> ChannelNote:
    """Note something about a channel."""
    found = ChannelNote.objects.create(channel_id=key, text=text[:LONGEST], author=actor, at=now)
    log(actor, "channel.noted", found, {"channel": key})
    return found


@transaction.atomic
def withdraw(actor: User, note: ChannelNote, now: dt.datetime) -> None:
    """Take one's own note back. PermissionDenied for those of others."""
    if note.author != actor:
        raise PermissionDenied
    note.withdrawn_at = now
    note.save(update_fields=["withdrawn_at"])
    log(actor, "channel.note_withdrawn", note, {"channel": note.channel_id})
