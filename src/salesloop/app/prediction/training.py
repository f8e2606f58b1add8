"""Train a model, keep it as the next version, and say which version counts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_noop

from salesloop.app.accounts.services import User
from salesloop.app.audit.services import log
from salesloop.app.jobs.services import Run
from salesloop.app.prediction.learning import learn
from salesloop.app.prediction.models import Kind, SavedModel
from salesloop.app.workspace.services import now, snapshot


def work(run: Run) -> dict[str, Any]:
    """The job: train what the parameters name."""
    run.at(gettext_noop("学习与检验"), 0.1)
    saved = train(run.job.owner, Kind(run.params["kind"]), run.params["subject"], run.params["choices"], now())
    return {"model": saved.pk}


def train(actor: User | None, kind: Kind, subject: str, choices: Mapping[str, float], at: dt.datetime) -> SavedModel:
    """The next version, in force from now on. UserError says why nothing can be learnt; the version in force then stays."""
    learnt_from = snapshot().number
    learnt = learn(kind, subject, choices)
    with transaction.atomic():
        same = SavedModel.objects.select_for_update().filter(kind=kind, subject=subject)
        last = same.order_by("-version").first()
        same.update(in_force=False)
        saved = SavedModel.objects.create(
            kind=kind,
            subject=subject,
            version=last.version + 1 if last else 1,
            in_force=True,
            choices=dict(choices),
            document=learnt.document,
            snapshot=learnt_from,
            first=learnt.first,
            until=learnt.until,
            error=learnt.error,
            naive_error=learnt.naive_error,
            trained_at=at,
            trained_by=actor,
        )
        log(actor, "model.trained", saved, {"version": saved.version, "snapshot": learnt_from, **choices})
    return saved


@transaction.atomic
def put_in_force(actor: User, saved: SavedModel) -> None:
    """This version answers from now on."""
    same = SavedModel.objects.select_for_update().filter(kind=saved.kind, subject=saved.subject)
    before = same.filter(in_force=True).first()
    if before == saved:
        return
    same.update(in_force=False)
    saved.in_force = True
    saved.save(update_fields=["in_force"])
    log(actor, "model.put_in_force", saved, {"version": saved.version, "before": before.version if before else None})
