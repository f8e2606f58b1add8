"""Pages of findings."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.db.models import Case, IntegerField, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from salesloop.app.accounts.services import User, needs, people
from salesloop.app.audit.services import history
from salesloop.app.findings import services
from salesloop.app.findings.models import Finding, Severity, State
from salesloop.app.findings.shown import Shown
from salesloop.app.jobs.services import Job, jobs_of, start
from salesloop.app.jobs.services import State as JobState
from salesloop.app.ui.language import current_lang
from salesloop.app.ui.paging import Pager
from salesloop.app.ui.typed import whole_number
from salesloop.app.workspace.services import now
from salesloop.engine.model.text import Message

WORST_FIRST = Case(
    *(When(severity=value, then=place) for place, value in enumerate(("critical", "warning", "info"))),
    output_field=IntegerField(),
)


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    user = _user(request)
    state, severity = request.GET.get("state", "waiting"), request.GET.get("severity", "")
    found = services.visible_to(user).prefetch_related("actions").select_related("owner")
    counts = {value: found.filter(state=value).count() for value in State.values}
    if state == "waiting":
        found = found.filter(state__in=(State.OPEN, State.ACTING))
    elif state in State.values:
        found = found.filter(state=state)
    if severity in Severity.values:
        found = found.filter(severity=severity)
    pager = Pager.of(request, found.order_by(WORST_FIRST, "-seen_at", "-id"), size=20)
    tabs = [("waiting", _("未闭环"), counts[State.OPEN] + counts[State.ACTING])]
    tabs += [(value, str(label), counts[value]) for value, label in State.choices]
    context = {
        "pager": pager,
        "found": [Shown(finding) for finding in pager.items],
        "tabs": [(f"{label} {count}", f"?state={value}", value == state) for value, label, count in tabs],
        "state": state,
        "severity": severity,
        "severities": Severity.choices,
        "any": sum(counts.values()) > 0,
        "may_run": user.has_perm("findings.run"),
        "under_way": _under_way(user),
    }
    return render(request, "findings/list.html", context)


@require_safe
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    user = _user(request)
    finding = _visible(request, pk)
    context = {
        "shown": Shown(finding),
        "finding": finding,
        "actions": finding.actions.select_related("owner"),
        "history": history(finding)[:20],
        "people": people(active=True) if user.has_perm("findings.assign") else (),
        "may_assign": user.has_perm("findings.assign"),
        "may_dismiss": user.has_perm("findings.dismiss"),
        "may_act": user.has_perm("findings.assign") or finding.owner == user,
    }
    return render(request, "findings/detail.html", context)


@require_POST
@needs("findings.assign")
def assign(request: HttpRequest, pk: int) -> HttpResponse:
    finding = _visible(request, pk)
    owner = get_object_or_404(User, pk=whole_number(request.POST.get("owner")), is_active=True)
    services.assign(_user(request), finding, owner)
    messages.success(request, _("已指派给 %(name)s。") % {"name": owner})
    return redirect("findings:detail", pk)


@require_POST
@needs("findings.dismiss")
def dismiss(request: HttpRequest, pk: int) -> HttpResponse:
    finding = _visible(request, pk)
    reason = request.POST.get("reason", "").strip()
    if not reason:
        messages.error(request, _("请写明忽略的原因，方便以后回看。"))
        return redirect("findings:detail", pk)
    services.dismiss(_user(request), finding, reason, now())
    messages.success(request, _("已忽略。"), extra_tags=reverse("findings:reopen", args=[pk]))
    return redirect("findings:list")


@require_POST
@needs("findings.dismiss")
def reopen(request: HttpRequest, pk: int) -> HttpResponse:
    services.reopen(_visible(request, pk), "", _user(request))
    return redirect("findings:detail", pk)


@require_POST
@needs("findings.run")
def run(request: HttpRequest) -> HttpResponse:
    """Run the rules now, or look at the run that this person has begun already."""
    user = _user(request)
    return redirect("findings:running", (_under_way(user) or start("findings", user)).pk)


@require_safe
@needs("findings.run")
def running(request: HttpRequest, pk: int) -> HttpResponse:
    """The rules under way, then what came of it; a broken rule is named and does not hide the others."""
    job = get_object_or_404(jobs_of(_user(request)), pk=pk, kind="findings")
    lang = current_lang()
    if job.state == JobState.DONE:
        count = job.result["new"]
        messages.success(
            request, ngettext("检查完成，新发现 %(n)d 项。", "检查完成，新发现 %(n)d 项。", count) % {"n": count}
        )
        for rule, problem in job.result["problems"]:
            said = {"rule": rule, "problem": Message.from_json(problem).text(lang)}
            messages.warning(request, _("规则 %(rule)s 没有运行：%(problem)s") % said)
        return redirect("findings:list")
    if job.state == JobState.CANCELLED:
        messages.info(request, _("检查已停止，没有记录任何发现。"))
        return redirect("findings:list")
    problem = job.problem.text(lang) if job.problem else ""
    return render(request, "findings/running.html", {"job": job, "problem": problem}, status=422 if problem else 200)


def _under_way(user: User) -> Job | None:
    """The run of the rules that this person waits for."""
    return jobs_of(user).filter(kind="findings", state__in=(JobState.QUEUED, JobState.RUNNING)).first()


def _visible(request: HttpRequest, pk: int) -> Finding:
    """The finding, or 404 where this person may not see it."""
    return get_object_or_404(services.visible_to(_user(request)), pk=pk)


def _user(request: HttpRequest) -> User:
    return cast("User", request.user)
