"""Sampling audits: draw, compare with the evidence, sign."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Mapping
from typing import Any, Literal, cast

from django.db import transaction

from salesloop.app.accounts.services import User
from salesloop.app.audit.services import log
from salesloop.app.quality.models import Audit, Sample
from salesloop.engine.analyze.quality import Judged
from salesloop.engine.analyze.quality.sampling import Accuracy, accuracy, draw
from salesloop.engine.model.errors import UserError
from salesloop.engine.model.text import Messages

_MESSAGES = Messages("salesloop.app.quality")
Stratum = Literal["", "source", "employee"]


@transaction.atomic
def start(actor: User, of: Judged, entity: str, size: int, stratum: Stratum, now: dt.datetime) -> Audit:
    """Draw `size` records and keep them as they stand. UserError where the entity has none."""
    audit = drawn(of, Audit(entity=entity, stratum=stratum, started_by=actor, started_at=now), size)
    log(actor, "quality.sampled", audit, {"entity": entity, "records": audit.samples.count(), "seed": audit.seed})
    return audit


def drawn(of: Judged, audit: Audit, size: int) -> Audit:
    """Save a new audit with its sample."""
    seed = secrets.randbelow(2**31)
    found = draw(of, audit.entity, size, seed, by=cast("Stratum", audit.stratum) or None)
    if not found:
        raise UserError(_MESSAGES.message("nothing_to_draw"))
    audit.seed, audit.snapshot = seed, of.snapshot.number
    audit.save()
    Sample.objects.bulk_create(
        Sample(audit=audit, place=place, key=_key(one.key), values=_plain(one.values), stratum=one.stratum or "")
        for place, one in enumerate(found, 1)
    )
    return audit


def compare(sample: Sample, wrong: Mapping[str, str], now: dt.datetime) -> None:
    """Record what the evidence says: `wrong` names the fields that differ, with the true value. UserError once signed."""
    if sample.audit.signed_at is not None:
        raise UserError(_MESSAGES.message("already_signed"))
    sample.right, sample.wrong, sample.compared_at = not wrong, dict(wrong), now
    sample.save(update_fields=["right", "wrong", "compared_at"])


def sign(actor: User, audit: Audit, note: str, now: dt.datetime) -> None:
    """Close an audit. UserError while a record was not compared, or where it is signed already."""
    if audit.signed_at is not None:
        raise UserError(_MESSAGES.message("already_signed"))
    left = audit.samples.filter(right=None).count()
    if left:
        raise UserError(_MESSAGES.message("not_compared", count=left))
    audit.signed_by, audit.signed_at, audit.note = actor, now, note
    audit.save(update_fields=["signed_by", "signed_at", "note"])
    log(actor, "quality.audited", audit, {"note": note})


def result(audit: Audit) -> Accuracy | None:
    """How accurate the compared records are; None before the first comparison."""
    compared = [sample.right for sample in audit.samples.all() if sample.right is not None]
    return accuracy(sum(compared), len(compared)) if compared else None


def _key(values: Mapping[str, Any]) -> dict[str, str]:
    """The parts of a key as canonical keys have them; what is blank stays away."""
    return {name: str(value) for name, value in values.items() if value not in (None, "")}


def _plain(values: Mapping[str, Any]) -> dict[str, str]:
    """Values as people read them; what is blank stays away."""
    return {name: _text(value) for name, value in values.items() if value not in (None, "")}


def _text(value: Any) -> str:
    if isinstance(value, dt.datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    return f"{value:f}".rstrip("0").rstrip(".") if hasattr(value, "as_tuple") and "." in f"{value:f}" else str(value)
