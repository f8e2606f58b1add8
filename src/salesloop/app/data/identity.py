"""Deciding about duplicates: kept at once, published by the worker."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_noop

from salesloop.app.accounts.services import User
from salesloop.app.audit.services import log
from salesloop.app.jobs.services import Job, Run, State, start
from salesloop.app.workspace.services import now, workspace
from salesloop.engine.pipeline.identity.automatic import look_and_merge
from salesloop.engine.pipeline.identity.deciding import decide, keep, publish, take_back
from salesloop.engine.pipeline.identity.decision import Decision

_WAIT = 600.0  # seconds for another writer to finish


def accept(actor: User, entity: str, ids: Sequence[str], survivor: str, fields: Mapping[str, str]) -> Decision:
    """These records are one, under the id `survivor`; `fields` (field → id) are values chosen by hand. UserError as `decide`."""
    one = _decided(actor, entity, ids, survivor, fields)
    keep(workspace(), [one])
    log(actor, "duplicates.merged", f"{entity} {survivor}", {"ids": list(ids), "decision": one.decision_id})
    publish_soon()
    return one


def accept_all(actor: User, cases: Sequence[tuple[str, Sequence[str], str]]) -> int:
    """Merge several cases (entity, ids, survivor) in one step; how many. UserError, and none is merged, where one cannot be."""
    decisions = [_decided(actor, entity, ids, survivor, {}) for entity, ids, survivor in cases]
    keep(workspace(), decisions)
    for one in decisions:
        log(
            actor,
            "duplicates.merged",
            f"{one.entity} {one.survivor}",
            {"ids": list(one.ids), "decision": one.decision_id},
        )
    publish_soon()
    return len(decisions)


def reject(actor: User, entity: str, ids: Sequence[str]) -> Decision:
    """These records are different and never asked about again. UserError as `decide`."""
    one = decide(workspace(), entity, "different", ids, by=actor.login, now=now())
    keep(workspace(), [one])
    log(actor, "duplicates.rejected", entity, {"ids": list(ids), "decision": one.decision_id})
    return one


def undo(actor: User, decision_id: str) -> Decision:
    """Take a decision back. UserError where there is none, or where it was taken back already."""
    one = take_back(workspace(), decision_id, by=actor.login, now=now())
    log(actor, "duplicates.undone", one.entity, {"ids": list(one.ids), "decision": decision_id})
    publish_soon()
    return one


def publish_soon() -> None:
    """Have the worker publish what was decided; decisions made until it begins go into the same snapshot."""
    if not Job.objects.filter(kind="merge", state=State.QUEUED).exists():
        start("merge", None)


def match_soon() -> None:
    """Have the worker match the records that an import brought."""
    if not Job.objects.filter(kind="match", state=State.QUEUED).exists():
        start("match", None)


def merge(run: Run) -> dict[str, Any]:
    """The job: a snapshot that follows all decisions."""
    run.at(gettext_noop("合并重复记录"), 0.2)
    return {"snapshot": publish(workspace(), now(), wait=_WAIT)}


def match(run: Run) -> dict[str, Any]:
    """The job: new records against all others, and the merges that need nobody."""
    run.at(gettext_noop("查找重复记录"), 0.1)
    found, merged = look_and_merge(workspace(), now=now(), wait=_WAIT)
    return {"records": sum(one.records for one in found.values()), "merged": merged}


def _decided(actor: User, entity: str, ids: Sequence[str], survivor: str, fields: Mapping[str, str]) -> Decision:
    return decide(workspace(), entity, "same", ids, by=actor.login, now=now(), survivor=survivor, fields=fields)
