"""Requests to change a definition: suggested, reviewed, decided by somebody else, applied as a new version."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from salesloop.app.accounts.services import User
from salesloop.app.audit.services import log
from salesloop.app.governance.models import OPEN, ChangeRequest, Comment, State
from salesloop.app.governance.people import deciders
from salesloop.app.notices.services import notify
from salesloop.app.workspace.services import workspace
from salesloop.engine.governance.applying import Change, apply, in_force, read_proposal, rehearse
from salesloop.engine.governance.journal import read_histories, text_of
from salesloop.engine.governance.kinds import KindName, kind_of
from salesloop.engine.governance.noticing import notice
from salesloop.engine.model.errors import UserError
from salesloop.engine.model.text import Messages

MESSAGES = Messages("salesloop.app.governance")


def all_requests() -> QuerySet[ChangeRequest]:
    """Every request: definitions are everybody's, and so is what is said about them."""
    return ChangeRequest.objects.select_related("author", "decided_by", "applied_by")


def requests_about(kind: str, target: str) -> QuerySet[ChangeRequest]:
    """The requests about one definition, newest first."""
    return all_requests().filter(kind=kind, target=target)


def appeals(metric: str) -> QuerySet[ChangeRequest]:
    """Requests about a metric that were raised from the page of fairness."""
    return requests_about("metric", metric).filter(evidence__startswith=reverse("governance:fairness"))


def waiting_for(user: User) -> int:
    """How many requests this person is to decide or to apply."""
    if not user.has_perm("definitions.decide"):
        return 0
    undecided = ChangeRequest.objects.filter(state__in=OPEN).exclude(author=user).count()
    return undecided + ChangeRequest.objects.filter(state=State.APPROVED).exclude(proposal="").count()


@transaction.atomic
def suggest(
    actor: User,
    now: dt.datetime,
    *,
    kind: KindName,
    target: str,
    title: str,
    why: str,
    snapshot: int,
    evidence: str = "",
    proposal: str = "",
    restores: int | None = None,
) -> ChangeRequest:
    """Ask for a change. A proposal must hold together with all other definitions. UserError says what does not."""
    kind_of(kind)
    if proposal.strip():
        check_proposal(kind, target, proposal)
    elif in_force(workspace(), kind, target) is None:
        raise UserError(MESSAGES.message("no_definition", name=target))
    notice(workspace(), now)
    request = ChangeRequest.objects.create(
        kind=kind,
        target=target,
        title=title,
        why=why,
        evidence=evidence,
        snapshot=snapshot,
        proposal=proposal,
        proposal_by=actor if proposal.strip() else None,
        base=current_version(kind, target),
        restores=restores,
        author=actor,
        created_at=now,
    )
    log(actor, "definition.suggested", request, {"kind": kind, "definition": target, "restores": restores})
    _tell(deciders(but=actor), gettext_noop("%(who)s 建议修改 %(definition)s：%(title)s"), request, actor)
    return request


def restore(
    actor: User, now: dt.datetime, kind: KindName, target: str, number: int, why: str, snapshot: int
) -> ChangeRequest:
    """Ask for an earlier version to count again."""
    text = text_of(workspace(), kind, target, number)
    title = _("恢复第 %(number)s 版") % {"number": number}
    return suggest(
        actor, now, kind=kind, target=target, title=title, why=why, snapshot=snapshot, proposal=text, restores=number
    )


def check_proposal(kind: KindName, target: str, text: str) -> None:
    """UserError where the proposed definition is wrong, or says nothing new."""
    proposal = read_proposal(kind, target, text)
    current = in_force(workspace(), kind, target)
    if current is not None and current.meaning == proposal.meaning:
        raise UserError(MESSAGES.message("proposal_same"))
    rehearse(workspace(), kind, target, text)


@transaction.atomic
def propose(actor: User, request: ChangeRequest, text: str, now: dt.datetime) -> None:
    """Write or replace the proposed definition while it is not decided: its author, or whoever may decide.

    Whoever writes it becomes an author of it: they may not approve it then.
    """
    request = _locked(request)
    if not request.open or not may_propose(actor, request):
        raise PermissionDenied
    check_proposal(_kind(request), request.target, text)
    request.proposal, request.proposal_by = text, actor
    request.base = current_version(_kind(request), request.target)
    request.save(update_fields=["proposal", "proposal_by", "base"])
    log(actor, "definition.proposed", request)
    _tell([request.author], gettext_noop("%(who)s 为您的建议「%(title)s」写了新的定义"), request, actor)


@transaction.atomic
def take_up(actor: User, request: ChangeRequest, now: dt.datetime) -> None:
    """Say that it is being looked at."""
    request = _decidable(actor, request, State.SUGGESTED)
    request.state = State.REVIEWING
    request.save(update_fields=["state"])
    log(actor, "definition.reviewing", request)
    _tell([request.author], gettext_noop("%(who)s 正在审议您的建议「%(title)s」"), request, actor)


@transaction.atomic
def decide(actor: User, request: ChangeRequest, now: dt.datetime, *, approve: bool, reason: str) -> None:
    """Approve or reject, with a reason. PermissionDenied for its own author, and for those who may not decide."""
    request = _decidable(actor, request, *OPEN)
    if not reason.strip():
        raise UserError(MESSAGES.message("decision_needs_reason"))
    if approve and request.proposal:
        check_proposal(_kind(request), request.target, request.proposal)
    request.state = State.APPROVED if approve else State.REJECTED
    request.decided_by, request.decided_at, request.decision = actor, now, reason.strip()
    request.save(update_fields=["state", "decided_by", "decided_at", "decision"])
    log(actor, "definition.approved" if approve else "definition.rejected", request, {"reason": reason.strip()})
    approved = gettext_noop("%(who)s 批准了您的建议「%(title)s」：%(reason)s")
    rejected = gettext_noop("%(who)s 没有采纳您的建议「%(title)s」：%(reason)s")
    _tell([request.author], approved if approve else rejected, request, actor, reason=reason.strip())


@transaction.atomic
def put_in_force(actor: User, request: ChangeRequest, now: dt.datetime) -> None:
    """Apply an approved proposal as a new version: file, check and journal together, or nothing.

    UserError where the definition has changed since the proposal was written.
    """
    request = _locked(request)
    if not actor.has_perm("definitions.decide") or request.state != State.APPROVED or not request.proposal:
        raise PermissionDenied
    kind = _kind(request)
    notice(workspace(), now)
    if current_version(kind, request.target) != request.base:
        raise UserError(MESSAGES.message("changed_since", name=request.target))
    change = Change(
        kind,
        request.target,
        request.proposal,
        request.author.login,
        request.why,
        request.decided_by.login if request.decided_by else "",
        "restored" if request.restores else "request",
        str(request.pk),
    )
    version = apply(workspace(), change, now)
    request.state, request.version = State.APPLIED, version.number
    request.applied_by, request.applied_at = actor, now
    request.save(update_fields=["state", "version", "applied_by", "applied_at"])
    log(actor, "definition.applied", request, {"definition": request.target, "version": version.number})
    _tell(
        [request.author, *([request.decided_by] if request.decided_by else [])],
        gettext_noop("「%(title)s」已生效：%(definition)s 第 %(version)s 版"),
        request,
        actor,
        version=version.number,
    )


@transaction.atomic
def withdraw(actor: User, request: ChangeRequest, now: dt.datetime) -> None:
    """Take one's own request back, until it is applied."""
    request = _locked(request)
    if actor != request.author or request.state not in (*OPEN, State.APPROVED):
        raise PermissionDenied
    request.state = State.WITHDRAWN
    request.save(update_fields=["state"])
    log(actor, "definition.withdrawn", request)


@transaction.atomic
def comment(actor: User, request: ChangeRequest, text: str, now: dt.datetime) -> Comment:
    """Say something; everybody who took part hears of it."""
    said = Comment.objects.create(request=request, author=actor, text=text, at=now)
    took_part = {one.author for one in request.comments.select_related("author")} | {request.author}
    if request.decided_by is not None:
        took_part.add(request.decided_by)
    _tell(took_part, gettext_noop("%(who)s 评论了「%(title)s」"), request, actor)
    return said


def may_decide(user: User, request: ChangeRequest) -> bool:
    """Four eyes: whoever may decide, but never about what they wrote themselves."""
    return user.has_perm("definitions.decide") and user not in (request.author, request.proposal_by) and request.open


def may_propose(user: User, request: ChangeRequest) -> bool:
    """Who may write the proposed definition: the author, and those who decide."""
    return user == request.author or user.has_perm("definitions.decide")


def current_version(kind: KindName, target: str) -> int:
    """The number of the version in force; 0 where nothing is recorded."""
    return len(read_histories(workspace()).get((kind, target), ()))


def _decidable(actor: User, request: ChangeRequest, *states: str) -> ChangeRequest:
    request = _locked(request)
    if request.state not in states or not may_decide(actor, request):
        raise PermissionDenied
    return request


def _locked(request: ChangeRequest) -> ChangeRequest:
    """The request as it is now, for nobody else to change meanwhile."""
    return (
        ChangeRequest.objects.select_for_update(of=("self",)).select_related("author", "decided_by").get(pk=request.pk)
    )


def _kind(request: ChangeRequest) -> KindName:
    return kind_of(request.kind).name


def _tell(people: Any, text: str, request: ChangeRequest, actor: User, **params: Any) -> None:
    notify(
        [person for person in people if person != actor],
        text,
        reverse("governance:request", args=[request.pk]),
        who=str(actor),
        title=request.title,
        definition=request.target,
        **params,
    )
