"""Pages of change requests."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from salesloop.app.accounts.services import User
from salesloop.app.audit.services import history, log
from salesloop.app.governance import requests
from salesloop.app.governance.evidence import evidence_of
from salesloop.app.governance.forms import RequestForm
from salesloop.app.governance.models import OPEN, ChangeRequest, State
from salesloop.app.governance.preview import effect_of
from salesloop.app.governance.views import tabs
from salesloop.app.pages.services import page_for
from salesloop.app.ui.language import current_lang
from salesloop.app.ui.paging import Pager
from salesloop.app.workspace.services import now, registry, snapshot, workspace
from salesloop.engine.governance.applying import in_force
from salesloop.engine.governance.comparing import difference
from salesloop.engine.governance.journal import history_of, text_of
from salesloop.engine.governance.kinds import KINDS, KindName, kind_of
from salesloop.engine.governance.noticing import approve, notice, waiting
from salesloop.engine.model.errors import UserError


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    user = _user(request)
    notice(workspace(), now())
    found = requests.all_requests()
    which = request.GET.get("state", "open")
    shown = {"open": found.filter(state__in=(*OPEN, State.APPROVED)), "mine": found.filter(author=user)}.get(
        which, found
    )
    context = {
        "tabs": tabs(user, "requests"),
        "pager": Pager.of(request, shown),
        "which": which,
        "outside": [_outside(version.kind, version.id, version.number) for version in waiting(workspace())],
        "may_decide": user.has_perm("definitions.decide"),
    }
    return render(request, "governance/requests.html", context)


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    user = _user(request)
    kind, target = request.GET.get("kind", ""), request.GET.get("target", "")
    current = in_force(workspace(), _kind(kind), target) if kind and target else None
    initial = {"kind": kind or "metric", "target": target, "evidence": request.GET.get("evidence", "")}
    initial["proposal"] = current.text.strip() + "\n" if current else ""
    form = RequestForm(request.POST or None, initial=initial, fixed=current is not None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        untouched = current is not None and said["proposal"].strip() == current.text.strip()
        try:
            made = requests.suggest(
                user, now(), snapshot=snapshot().number, **{**said, "proposal": "" if untouched else said["proposal"]}
            )
        except UserError as error:
            form.add_error("proposal" if said["proposal"] and not untouched else "target", error.text(current_lang()))
        else:
            messages.success(request, _("已提出，批准的人会收到通知；有结果会告诉您。"))
            return redirect("governance:request", made.pk)
    context = {"form": form, "current": current, "target": target, "name": _name(kind, target)}
    return render(request, "governance/request_form.html", context, status=422 if form.is_bound else 200)


@require_safe
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    user, found = _user(request), _request(pk)
    current = in_force(workspace(), _kind(found.kind), found.target)
    old = text_of(workspace(), _kind(found.kind), found.target, found.base) if found.base else ""
    decides = user.has_perm("definitions.decide")
    context = {
        "request_": found,
        "name": _name(found.kind, found.target),
        "lines": difference(old, found.proposal) if found.proposal else [],
        "current": current,
        "draft": found.proposal or (current.text.strip() + "\n" if current else ""),
        "comments": found.comments.select_related("author"),
        "history": history(found)[:20],
        "may_decide": requests.may_decide(user, found),
        "may_take_up": requests.may_decide(user, found) and found.state == State.SUGGESTED,
        "may_propose": requests.may_propose(user, found) and found.open,
        "may_apply": decides and found.state == State.APPROVED and bool(found.proposal),
        "may_withdraw": user == found.author and found.state in (*OPEN, State.APPROVED),
        "own": decides and found.open and user in (found.author, found.proposal_by),
        "previewed": found.kind == "metric" and bool(found.proposal) and bool(found.base),
    }
    return render(request, "governance/request.html", context)


@require_safe
def preview(request: HttpRequest, pk: int) -> HttpResponse:
    """Old and new numbers of the last twelve months, within the reader's scope."""
    found = _request(pk)
    if found.kind != "metric" or not found.proposal or not found.base:
        raise Http404
    page = page_for(request)
    old = text_of(page.workspace, "metric", found.target, found.base)
    return render(request, "governance/preview.html", page.context(effect=effect_of(page, old, found.proposal)))


@require_safe
def evidence(request: HttpRequest, pk: int) -> HttpResponse:
    """The number that the request points to, then and now, within the reader's scope."""
    page = page_for(request)
    return render(request, "governance/evidence.html", page.context(evidence=evidence_of(page, _request(pk))))


@require_POST
def propose(request: HttpRequest, pk: int) -> HttpResponse:
    text = request.POST.get("proposal", "").replace("\r\n", "\n")
    requests.propose(_user(request), _request(pk), text, now())
    messages.success(request, _("新的定义已保存，等别人批准。"))
    return redirect("governance:request", pk)


@require_POST
def move(request: HttpRequest, pk: int, step: str) -> HttpResponse:
    user, found, moment = _user(request), _request(pk), now()
    reason = request.POST.get("reason", "")
    match step:
        case "review":
            requests.take_up(user, found, moment)
        case "approve" | "reject":
            requests.decide(user, found, moment, approve=step == "approve", reason=reason)
        case "apply":
            requests.put_in_force(user, found, moment)
            messages.success(request, _("已生效，所有页面和报告从现在起按新的定义计算。"))
        case "withdraw":
            requests.withdraw(user, found, moment)
        case "comment":
            if text := request.POST.get("text", "").strip():
                requests.comment(user, found, text[:4000], moment)
        case _:
            raise Http404
    return redirect("governance:request", pk)


@require_POST
def accept_outside(request: HttpRequest, kind: str, target: str, number: int) -> HttpResponse:
    """Approve a version that was edited outside, with a reason."""
    user = _user(request)
    if not user.has_perm("definitions.decide"):
        raise PermissionDenied
    versions = history_of(workspace(), _kind(kind), target)
    if not 1 <= number <= len(versions):
        raise Http404
    why = request.POST.get("why", "")
    approve(workspace(), versions[number - 1], by=user.login, why=why, now=now())
    log(user, "definition.accepted", target, {"kind": kind, "version": number, "why": why})
    messages.success(request, _("已批准。"))
    return redirect("governance:requests")


def _outside(kind: KindName, target: str, number: int) -> dict[str, Any]:
    """A version edited outside with what it changed."""
    versions = history_of(workspace(), kind, target)
    texts = [
        "" if one < 1 or versions[one - 1].gone else text_of(workspace(), kind, target, one)
        for one in (number - 1, number)
    ]
    return {"version": versions[number - 1], "name": _name(kind, target), "lines": difference(*texts)}


def _name(kind: str, target: str) -> str:
    """What people call a definition: the label of a metric, the id of everything else."""
    metric = registry().metrics.get(target) if kind == "metric" else None
    return metric.label.get(current_lang()) if metric else target


def _request(pk: int) -> ChangeRequest:
    return get_object_or_404(requests.all_requests(), pk=pk)


def _kind(name: str) -> KindName:
    if name not in KINDS:
        raise Http404
    return kind_of(name).name


def _user(request: HttpRequest) -> User:
    return cast("User", request.user)
