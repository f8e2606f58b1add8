"""Pages of actions."""

from __future__ import annotations

import datetime as dt
from typing import Any, cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from salesloop.app.accounts.services import User
from salesloop.app.actions import services
from salesloop.app.actions.chart import effect_chart
from salesloop.app.actions.forms import ActionForm
from salesloop.app.actions.measuring import measure_effect
from salesloop.app.actions.models import Action
from salesloop.app.actions.register import action_register
from salesloop.app.actions.slices import members_from, spoken_slice
from salesloop.app.audit.services import history
from salesloop.app.findings.services import Finding, members_of, sentence_of
from salesloop.app.findings.services import visible_to as findings_visible_to
from salesloop.app.org.services import scope_for
from salesloop.app.ui.language import current_lang
from salesloop.app.ui.typed import whole_number
from salesloop.app.workspace.services import now, registry, today
from salesloop.engine.model.text import Text

DEFAULT_DAYS = 28


@require_safe
def board(request: HttpRequest) -> HttpResponse:
    user, register = _user(request), action_register()
    mine = request.GET.get("who", "") == "me"
    found = services.visible_to(user).select_related("owner", "finding")
    if mine:
        found = found.filter(owner=user)
    late = request.GET.get("late") == "1"
    if late:
        found = found & services.overdue(today())
    lang, columns = current_lang(), []
    for state in register.board:
        # Measured ones pile up: the board shows the latest, the list all.
        items = list(found.filter(state=state).order_by("due" if state in register.open else "-due")[:30])
        columns.append((state, register.states[state].label.get(lang), items))
    context = {
        "columns": columns,
        "any": services.visible_to(user).exists(),
        "shown": sum(len(items) for _state, _label, items in columns),
        "overdue": services.visible_to(user).filter(pk__in=services.overdue(today())).count(),
        "mine": mine,
        "late": late,
        "today": today(),
        "open_states": register.open,
    }
    return render(request, "actions/board.html", context)


@require_safe
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    user, action = _user(request), _visible(request, pk)
    register, lang = action_register(), current_lang()
    editable = services.may_edit(user, action)
    definition = registry().metrics.get(action.metric)
    context = {
        "action": action,
        "metric": definition,
        "members": [member["name"] or _("未归属") for member in action.members],
        "finding_sentence": sentence_of(action.finding) if action.finding else "",
        "sentence": action.effect_sentence(lang),
        "effect": action.effect,
        "spec": effect_chart(action),
        "state_label": register.states[action.state].label.get(lang),
        "moves": [(to, register.states[to].label.get(lang)) for to in register.states[action.state].moves]
        if editable
        else [],
        "checklist": action.checklist.all(),
        "comments": action.comments.select_related("author"),
        "history": history(action)[:20],
        "editable": editable,
        "late": action.state in register.open and action.due < today(),
    }
    return render(request, "actions/detail.html", context)


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    user = _user(request)
    if not (user.has_perm("findings.assign") or Finding.objects.filter(owner=user).exists()):
        raise PermissionDenied
    finding = _finding(request, user)
    form = ActionForm(request.POST or None, initial=_initial(user, finding))
    if request.method == "POST" and form.is_valid():
        try:
            members = members_from(form.cleaned_data["metric"], form.cleaned_data["slice"], scope_for(user))
        except ValueError as error:
            form.add_error("slice", str(error))
        else:
            same = finding is not None and [m.id for m in members_of(finding)] == [m.id for m in members]
            action = services.create(
                user,
                now(),
                owner=form.cleaned_data["owner"],
                members=members_of(finding) if same and finding is not None else members,
                checklist=form.step_lines,
                finding=finding,
                expected_change=form.expected_change,
                **{name: form.cleaned_data[name] for name in ("title", "metric", "start", "due", "note")},
            )
            messages.success(request, _("行动已建立，到期后会衡量效果。"))
            return redirect("actions:detail", action.pk)
    context = {"form": form, "finding": finding, "sentence": sentence_of(finding) if finding else ""}
    return render(request, "actions/form.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    user, action = _user(request), _visible(request, pk)
    if not services.may_edit(user, action):
        raise PermissionDenied
    percent = None if action.expected_change is None else round(action.expected_change * 100, 2)
    form = ActionForm(request.POST or None, instance=action, initial={"expected_percent": percent})
    if request.method == "POST" and form.is_valid():
        changes: dict[str, Any] = {name: form.cleaned_data[name] for name in ("title", "owner", "start", "due", "note")}
        changes["expected_change"] = form.expected_change
        services.change(user, Action.objects.get(pk=pk), changes)
        messages.success(request, _("已保存。"))
        return redirect("actions:detail", pk)
    context = {"form": form, "action": action}
    return render(request, "actions/form.html", context, status=422 if form.is_bound else 200)


@require_POST
def move(request: HttpRequest, pk: int) -> HttpResponse:
    action = _visible(request, pk)
    services.move(_user(request), action, request.POST.get("to", ""), now())
    if request.POST.get("back") == "board":
        return redirect("actions:board")
    return redirect("actions:detail", pk)


@require_POST
def measure(request: HttpRequest, pk: int) -> HttpResponse:
    """Measure now, on the data that are there."""
    user, action = _user(request), _visible(request, pk)
    if not services.may_edit(user, action):
        raise PermissionDenied
    measure_effect(action, now(), user)
    return redirect("actions:detail", pk)


@require_POST
def comment(request: HttpRequest, pk: int) -> HttpResponse:
    text = request.POST.get("text", "").strip()
    if text:
        services.comment(_user(request), _visible(request, pk), text[:4000], now())
    return redirect("actions:detail", pk)


@require_POST
def tick(request: HttpRequest, pk: int, item: int) -> HttpResponse:
    step = get_object_or_404(_visible(request, pk).checklist, pk=item)
    services.tick(_user(request), step, now(), done=request.POST.get("done") == "1")
    return redirect("actions:detail", pk)


def _initial(user: User, finding: Finding | None) -> dict[str, Any]:
    start = today()
    initial: dict[str, Any] = {
        "owner": user.pk,
        "metric": "revenue",
        "start": start,
        "due": start + dt.timedelta(days=DEFAULT_DAYS),
    }
    if finding is not None:
        suggestion = finding.suggestions[0] if finding.suggestions else {}
        cause = finding.causes[0]["members"] if finding.causes else []
        slice_ = [*finding.members, *cause]
        initial |= {
            "owner": finding.owner_id or user.pk,
            "metric": finding.metric,
            "note": Text.parse(suggestion).get(current_lang()) if suggestion else "",
            "slice": spoken_slice(slice_),
        }
    return initial


def _finding(request: HttpRequest, user: User) -> Finding | None:
    wanted = request.POST.get("finding") or request.GET.get("finding")
    return get_object_or_404(findings_visible_to(user), pk=whole_number(wanted)) if wanted else None


def _visible(request: HttpRequest, pk: int) -> Action:
    """The action, or 404 where this person may not see it."""
    return get_object_or_404(
        services.visible_to(_user(request)).select_related("owner", "finding", "created_by"), pk=pk
    )


def _user(request: HttpRequest) -> User:
    return cast("User", request.user)
