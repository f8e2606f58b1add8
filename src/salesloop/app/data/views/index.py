"""The data pages to look at: batches, quarantine, quality, tables, snapshots."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from salesloop.app.accounts.services import User, needs
from salesloop.app.data import quality as checks
from salesloop.app.data import snapshots, tables
from salesloop.app.data.batches import Batches
from salesloop.app.data.duplicates import duplicates_waiting
from salesloop.app.data.models import Draft, Step
from salesloop.app.data.quarantine import Quarantine, Status
from salesloop.app.data.services import waiting_for
from salesloop.app.org.services import scope_for
from salesloop.app.ui.paging import SIZE, Pager, page_number
from salesloop.app.workspace.services import workspace

BATCHES_PER_PAGE = 15
ROWS_PER_PAGE = 20
FIRST_ROWS = 20
TABS = {
    "batches": "data.see",
    "quarantine": "data.quarantine",
    "quality": "data.see",
    "tables": "data.see",
    "snapshots": "data.snapshots",
}
PAGES = {"duplicates": "data.duplicates"}


@require_safe
@needs("data.see")
def index(request: HttpRequest) -> HttpResponse:
    tab = request.GET.get("tab", "batches")
    if tab not in TABS:
        tab = "batches"
    if not request.user.has_perm(TABS[tab]):
        raise PermissionDenied(TABS[tab])
    show = {
        "batches": _batches,
        "quarantine": _quarantine,
        "quality": _quality,
        "tables": _tables,
        "snapshots": _snapshots,
    }
    context = {"tabs": tabs(request, tab), "may_import": request.user.has_perm("data.import"), **show[tab](request)}
    return render(request, f"data/{tab}.html", context)


@require_safe
@needs("data.see")
def failing(request: HttpRequest, entity: str, check: str) -> HttpResponse:
    """The rows that fail a check."""
    if not checks.has_check(entity, check):
        raise Http404
    number = page_number(request)
    rows, total = checks.rows_failing(entity, check, scope_for(_user(request)), limit=SIZE, offset=(number - 1) * SIZE)
    declared = workspace().model.entity(entity)
    context = {
        "title": checks.check_label(entity, check),
        "entity": declared,
        "columns": tables.columns_of(declared, rows),
        "rows": rows,
        "pager": Pager.at(request, rows, total, number),
    }
    return render(request, "data/failing.html", context)


@require_safe
@needs("data.see")
def table(request: HttpRequest, name: str) -> HttpResponse:
    """One entity: its dictionary and its first rows."""
    if not workspace().model.has(name):
        raise Http404
    declared = workspace().model.entity(name)
    rows, total = checks.rows_of(name, scope_for(_user(request)), limit=FIRST_ROWS)
    context = {
        "entity": declared,
        "fields": tables.fields_of(declared),
        "columns": tables.columns_of(declared, rows),
        "rows": rows,
        "total": total,
    }
    return render(request, "data/table.html", context)


@require_POST
@needs("data.snapshots")
def roll_back(request: HttpRequest, number: int) -> HttpResponse:
    snapshots.roll_back(_user(request), number, request.POST.get("reason", ""))
    messages.success(request, _("已回退到快照 %(n)d。") % {"n": number})
    return redirect(f"{reverse('data:index')}?tab=snapshots")


def _batches(request: HttpRequest) -> dict[str, Any]:
    words = request.GET.get("q", "").strip()
    found = Batches(words)
    user = _user(request)
    running = Draft.objects.none()
    if user.has_perm("data.import"):
        running = Draft.objects.filter(owner=user).exclude(step=Step.DONE).select_related("job")[:3]
    return {
        "pager": Pager.of(request, found, size=BATCHES_PER_PAGE),
        "q": words,
        "unfinished": running,
        "may_quarantine": user.has_perm("data.quarantine"),
    }


def _quarantine(request: HttpRequest) -> dict[str, Any]:
    asked = {name: request.GET.get(name, "") for name in ("entity", "reason", "batch")}
    status = request.GET.get("status", "open")
    status = cast("Status", status if status in ("open", "retried", "dropped") else "open")
    found = Quarantine(**asked, status=status)
    return {
        "pager": Pager.of(request, found, size=ROWS_PER_PAGE),
        "asked": asked,
        "status": status,
        "statuses": [("open", _("待处理")), ("retried", _("已重试通过")), ("dropped", _("已放弃"))],
        "filtered": any(asked.values()),
        "entities": found.entities(),
        "reasons": found.reasons(),
        "batches": found.batches(),
        "may_correct": request.user.has_perm("data.correct"),
    }


def _quality(request: HttpRequest) -> dict[str, Any]:
    return {"quality": checks.quality()}


def _tables(request: HttpRequest) -> dict[str, Any]:
    found = tables.tables()
    return {"filled": [one for one in found if one.rows], "empty": [one for one in found if not one.rows]}


def _snapshots(request: HttpRequest) -> dict[str, Any]:
    return {"snapshots": snapshots.snapshots(), "keep": workspace().config.keep_snapshots}


def tabs(request: HttpRequest, current: str) -> list[tuple[str, str, bool]]:
    """Label, address and whether it is this one, of every aspect of the data that this person may see."""
    waiting, doubled = waiting_for(_user(request)), duplicates_waiting(_user(request))
    labels = {
        "batches": _("批次"),
        "quarantine": f"{_('隔离')} {waiting}" if waiting else _("隔离"),
        "duplicates": f"{_('重复')} {doubled}" if doubled else _("重复"),
        "quality": _("质量"),
        "tables": _("数据表"),
        "snapshots": _("快照"),
    }
    return [
        (label, reverse("data:duplicates") if name in PAGES else f"{reverse('data:index')}?tab={name}", name == current)
        for name, label in labels.items()
        if request.user.has_perm((TABS | PAGES)[name])
    ]


def _user(request: HttpRequest) -> User:
    return cast("User", request.user)
