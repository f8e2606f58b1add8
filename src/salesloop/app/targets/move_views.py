"""People who leave or change units within the year, and what becomes of their targets: shown first, written on request."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from salesloop.app.accounts.services import needs
from salesloop.app.targets.editing import write
from salesloop.app.targets.models import Change, MoveDecision
from salesloop.app.targets.moving import Leaver, handover, leavers
from salesloop.app.targets.sheet import Line, Sheet
from salesloop.app.targets.state import address, context_of, sheet_of, tabs
from salesloop.app.targets.transfers import Mover, apply_transfer, movers, transfer
from salesloop.app.workspace.services import now
from salesloop.engine.model.errors import UserError

_LEAVING = ("successor", "team", "nobody")


@require_http_methods(["GET", "POST"])
@needs("targets.edit")
def moves(request: HttpRequest, draft: int | None = None) -> HttpResponse:
    """Who leaves or changes units with targets, and a proposal of what becomes of them."""
    sheet = sheet_of(request, draft, lens=True)
    leaving, moving = leavers(sheet), movers(sheet)
    who = request.GET.get("who", "")
    chosen = next((one for one in leaving if one.line.key == who), None)
    mover = next((one for one in moving if one.key == who), None)
    context = context_of(
        sheet,
        leavers=leaving,
        movers=moving,
        chosen=chosen,
        mover=mover,
        choices=MoveDecision.Choice.choices,
        to=request.GET.get("to", "follow" if mover else "successor"),
        proposal=None,
        problem="",
        here=request.get_full_path(),
        heir=request.GET.get("heir", ""),
        tabs=tabs(sheet, "index"),
    )
    posted = request.method == "POST"
    try:
        if chosen is not None and context["to"] in _LEAVING:
            return _leaving(request, sheet, chosen, context)
        if mover is not None and mover.decided is None and context["to"] in MoveDecision.Choice.values:
            return _moving(request, sheet, mover, context)
    except UserError as error:
        asked = posted or "to" in request.GET
        context["problem"] = error.text(sheet.page.lang) if asked else ""
        return render(request, "targets/moves.html", context, status=422 if posted else 200)
    return render(request, "targets/moves.html", context, status=422 if posted else 200)


def _leaving(request: HttpRequest, sheet: Sheet, leaver: Leaver, context: dict[str, Any]) -> HttpResponse:
    to = context["to"]
    heirs = [] if to == "nobody" else _heirs(leaver.team, to, context["heir"])
    context["proposal"] = found = handover(sheet, leaver, to, heirs)
    if request.method == "POST" and found.values:
        return _written(request, sheet, write(sheet, found.values, now()))
    return render(request, "targets/moves.html", context)


def _moving(request: HttpRequest, sheet: Sheet, mover: Mover, context: dict[str, Any]) -> HttpResponse:
    to = context["to"]
    heirs = _heirs(mover.team, to, context["heir"]) if to in ("successor", "team") else []
    context["proposal"] = found = transfer(sheet, mover, to, heirs)
    if request.method == "POST":
        return _written(request, sheet, apply_transfer(sheet, mover, to, found, now()))
    return render(request, "targets/moves.html", context)


def _heirs(team: tuple[Line, ...], to: str, heir: str) -> list[Line]:
    return list(team) if to == "team" else [one for one in team if one.key == heir]


def _written(request: HttpRequest, sheet: Sheet, change: Change) -> HttpResponse:
    count = len(change.before)
    words = ngettext("已保存 %(n)d 个目标。", "已保存 %(n)d 个目标。", count) % {"n": count}
    said = words if count else _("已记下。部门目标由人员相加得出，不用改。")
    messages.success(request, said, extra_tags=reverse("targets:undo", args=[change.pk]))
    return redirect(address(sheet, "moves"))
