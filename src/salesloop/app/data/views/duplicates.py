"""The steward's queue of possible duplicates, what was decided, and undoing it."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from salesloop.app.accounts.services import User, needs
from salesloop.app.audit.services import log
from salesloop.app.data import identity
from salesloop.app.data.duplicates import Cases, Choice, Decisions, choices, counted, is_publishing, merged_record
from salesloop.app.data.views.index import tabs
from salesloop.app.ui.files import TABLES, file_of, written
from salesloop.app.ui.language import current_lang
from salesloop.app.ui.paging import Pager
from salesloop.app.ui.ways import way_back
from salesloop.app.workspace.services import workspace
from salesloop.engine.model.errors import UserError
from salesloop.engine.model.text import Messages
from salesloop.engine.pipeline.identity.export import export_crosswalk

CASES_PER_PAGE = 10
_FIELD = "field:"
_MESSAGES = Messages("salesloop.app.data")


@require_safe
@needs("data.duplicates")
def queue(request: HttpRequest) -> HttpResponse:
    """Cases of one entity side by side."""
    entities = choices()
    asked = request.GET.get("entity", "") or _first(entities)
    if asked not in {one.name for one in entities}:
        raise Http404
    context = {
        "tabs": tabs(request, "duplicates"),
        "may_import": request.user.has_perm("data.import"),
        "may_merge": request.user.has_perm("data.merge"),
        "entities": entities,
        "entity": asked,
        "is_publishing": is_publishing(),
        "pager": Pager.of(request, Cases(asked), size=CASES_PER_PAGE),
    }
    return render(request, "data/duplicates/queue.html", context)


@require_safe
@needs("data.duplicates")
def history(request: HttpRequest) -> HttpResponse:
    """Every decision, the latest first."""
    context = {
        "tabs": tabs(request, "duplicates"),
        "may_import": request.user.has_perm("data.import"),
        "may_merge": request.user.has_perm("data.merge"),
        "is_publishing": is_publishing(),
        "pager": Pager.of(request, Decisions(), size=20),
    }
    return render(request, "data/duplicates/history.html", context)


@require_safe
@needs("data.duplicates")
def merged(request: HttpRequest, entity: str) -> HttpResponse:
    """One merged record (`id` in the address) and where its values came from."""
    if not workspace().model.has(entity):
        raise Http404
    shown = merged_record(entity, request.GET.get("id", ""))
    if shown is None:
        raise Http404
    return render(request, "data/duplicates/merged.html", {"case": shown})


@require_POST
@needs("data.merge")
def accept(request: HttpRequest) -> HttpResponse:
    """Merge one case: `entity`, `id` (several), `survivor`, and `field:<name>` = id for values chosen by hand."""
    entity, ids, survivor = _case(request.POST)
    fields = {
        name.removeprefix(_FIELD): value for name, value in request.POST.items() if name.startswith(_FIELD) and value
    }
    one = identity.accept(_user(request), entity, ids, survivor, cast("dict[str, str]", fields))
    messages.success(request, counted(1), extra_tags=reverse("data:duplicates_undo", args=[one.decision_id]))
    return redirect(_back(request))


@require_POST
@needs("data.merge")
def accept_all(request: HttpRequest) -> HttpResponse:
    """Merge every ticked case: `case` (several), each a query of `entity`, `id` and `survivor`."""
    cases = [_case(QueryDict(text)) for text in request.POST.getlist("case")]
    if not cases:
        raise UserError(_MESSAGES.message("nothing_ticked"))
    messages.success(request, counted(identity.accept_all(_user(request), cases)))
    return redirect(_back(request))


@require_POST
@needs("data.merge")
def reject(request: HttpRequest) -> HttpResponse:
    """The records of one case are different."""
    entity, ids, _survivor = _case(request.POST)
    one = identity.reject(_user(request), entity, ids)
    undo_address = reverse("data:duplicates_undo", args=[one.decision_id])
    messages.success(request, _("已记下：不是同一条，不再询问。"), extra_tags=undo_address)
    return redirect(_back(request))


@require_POST
@needs("data.merge")
def undo(request: HttpRequest, decision_id: str) -> HttpResponse:
    identity.undo(_user(request), decision_id)
    messages.success(request, _("已撤销这个决定。"))
    return redirect(_back(request))


@require_POST
@needs("data.merge")
def publish(request: HttpRequest) -> HttpResponse:
    """Have decisions published that are not in the numbers yet, after a job that failed say."""
    identity.publish_soon()
    messages.info(request, _("数字正在更新。"))
    return redirect(_back(request))


@require_safe
@needs("data.duplicates")
def export(request: HttpRequest, kind: str) -> HttpResponse:
    """The crosswalk as a file."""
    if kind not in TABLES:
        raise Http404
    content, rows = written(kind, lambda path: export_crosswalk(workspace(), path, current_lang()))
    log(_user(request), "duplicates.exported", "crosswalk", {"rows": rows, "kind": kind})
    return file_of(content, _("编号对照表"), kind)


def _case(said: QueryDict) -> tuple[str, list[str], str]:
    return said.get("entity", ""), said.getlist("id"), said.get("survivor", "")


def _first(entities: list[Choice]) -> str:
    """The entity where something waits, else the first."""
    return next((one.name for one in entities if one.waiting), entities[0].name if entities else "")


def _back(request: HttpRequest) -> str:
    return way_back(request, reverse("data:duplicates"))


def _user(request: HttpRequest) -> User:
    return cast("User", request.user)
