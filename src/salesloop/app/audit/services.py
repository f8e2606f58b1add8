"""Write to and read from the audit log."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Model, Q, QuerySet

from salesloop.app.audit.models import Entry
from salesloop.app.audit.words import AREAS

if TYPE_CHECKING:
    from salesloop.app.accounts.services import User

_SECRET = ("password", "token", "secret", "key")


def log(
    actor: User | None, code: str, object: Model | str | None = None, data: Mapping[str, Any] | None = None
) -> Entry:
    """Record that `actor` (None: the system or the command line) did `code`, a stable dotted name such as
    `person.added`, to `object`: a saved model, or the id of something that the engine keeps (a batch, a snapshot).
    A model whose name the product words gives it as `label_message`, a stored `Message`.
    Values under a name that sounds secret are not kept."""
    kind, key, label = "", "", ""
    if isinstance(object, Model):
        kind, key, label = object._meta.label_lower, str(object.pk), str(object)
    elif object is not None:
        kind, key, label = code.split(".", maxsplit=1)[0], object, object
    kept = {
        name: "•••" if any(word in name.lower() for word in _SECRET) else value for name, value in (data or {}).items()
    }
    return Entry.objects.create(
        actor=actor,
        code=code,
        object_type=kind,
        object_id=key[:64],
        object_label=label[:200],
        object_message=getattr(object, "label_message", None),
        data=json.loads(json.dumps(kept, cls=DjangoJSONEncoder, default=str)),
    )


def entries(*, code: str = "", actor_id: int | None = None, text: str = "", object: str = "") -> QuerySet[Entry]:
    """The newest first, narrowed to a code prefix, a person, words in the object's name, or objects.

    `object`: `type:id`, several joined by commas, as `Entry.about` gives it.
    """
    found = Entry.objects.select_related("actor")
    if code:
        found = found.filter(code__startswith=code)
    if actor_id:
        found = found.filter(actor_id=actor_id)
    if text:
        found = found.filter(object_label__icontains=text)
    if object:
        asked = Q(pk=None)
        for one in object.split(","):
            kind, _, key = one.partition(":")
            asked |= Q(object_type=kind, object_id=key)
        found = found.filter(asked)
    return found


def history(object: Model) -> QuerySet[Entry]:
    """What was done to one object, newest first."""
    return Entry.objects.select_related("actor").filter(object_type=object._meta.label_lower, object_id=str(object.pk))


def areas() -> list[tuple[str, str]]:
    """(beginning of the codes, what they are about), for narrowing the log."""
    return [(code, str(label)) for code, label in AREAS.items()]
