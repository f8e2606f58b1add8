"""Judge a record that fails a check, tell whoever owns it, and take the judgement back."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace
from typing import cast

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_noop

from salesloop.app.accounts.services import User, people_of_employees
from salesloop.app.audit.services import log
from salesloop.app.notices.services import notify
from salesloop.app.org.services import people_responsible_for
from salesloop.app.quality.mending import name_of
from salesloop.app.quality.models import Decision, Verdict
from salesloop.app.workspace.services import workspace
from salesloop.engine.analyze.quality import Judged
from salesloop.engine.analyze.quality import verdicts as engine
from salesloop.engine.analyze.quality.mend import Chosen, MendRow, to_mend
from salesloop.engine.model.errors import UserError
from salesloop.engine.model.text import Messages

_MESSAGES = Messages("salesloop.app.quality")


def failing_record(of: Judged, entity: str, key: str, check: str) -> MendRow:
    """The record with this canonical key. UserError unless it fails the check now, and the person answers for it."""
    texts = _texts(entity, key)
    if texts is None or check not in of.bits.get(entity, {}):
        raise UserError(_MESSAGES.message("not_failing"))
    found = to_mend(replace(of, verdicts=()), Chosen(entity=entity, check=check, key=texts), limit=1)
    if not found:
        raise UserError(_MESSAGES.message("not_failing"))
    return found[0]


@transaction.atomic
def decide(
    actor: User, record: MendRow, key: str, check: str, verdict: Verdict, note: str, now: dt.datetime
) -> Decision:
    """Say once what holds of a record and a check; an earlier word on the same is withdrawn. A returned record's owner is told."""
    if not note:
        raise UserError(_MESSAGES.message("no_reason"))
    Decision.objects.filter(entity=record.entity, key=key, check_name=check, undone_at=None).update(undone_at=now)
    made = Decision.objects.create(
        entity=record.entity, key=key, check_name=check, verdict=verdict, mark=record.mark, note=note, by=actor, at=now
    )
    log(actor, "quality.decided", made, {"verdict": verdict, "note": note})
    if verdict == Verdict.REJECTED:
        _tell_owner(actor, record, note)
    publish()
    return made


@transaction.atomic
def withdraw(actor: User, decision: Decision, now: dt.datetime) -> None:
    """Undo a decision; it stays in the history."""
    if decision.undone_at is None:
        decision.undone_at = now
        decision.save(update_fields=["undone_at"])
        log(actor, "quality.withdrawn", decision, {"verdict": decision.verdict})
        publish()


def publish() -> None:
    """Hand all decisions in force to the engine. Called in the transaction that changed them."""
    said = []
    for one in Decision.objects.filter(undone_at=None).order_by("id"):
        texts = _texts(one.entity, one.key)
        if texts is not None:
            word = cast("engine.Word", one.verdict)
            said.append(engine.Verdict(one.entity, texts, one.check_name, word, one.mark))
    engine.publish_verdicts(workspace(), said)


def _texts(entity: str, key: str) -> tuple[str, ...] | None:
    """The parts of a canonical key; None where they are not those of the entity."""
    model = workspace().model
    given = json.loads(key) if key.startswith("{") else {}
    if not model.has(entity) or set(given) != set(model.entity(entity).key):
        return None
    return tuple(str(given[name]) for name in model.entity(entity).key)


def _tell_owner(actor: User, record: MendRow, note: str) -> None:
    """The owner, or where they have no login whoever is responsible for them."""
    owners = people_of_employees([record.employee_id or ""]).values()
    people = list(owners) or people_responsible_for(record.org_unit_id or "", record.employee_id or "")
    notify(
        [person for person in people if person != actor],
        gettext_noop("%(who)s 退回了「%(record)s」：%(why)s"),
        f"{reverse('quality:mend')}?state={Verdict.REJECTED.value}",
        who=str(actor),
        record=name_of(record),
        why=note,
    )
