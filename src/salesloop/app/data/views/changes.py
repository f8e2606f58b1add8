"""What is changed from the data pages: undo an import, correct rows and retry, drop rows; and the page of such work."""

from __future__ import annotations

from pathlib import Path
from typing import cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from salesloop.app.accounts.services import User, needs
from salesloop.app.audit.services import log
from salesloop.app.data.batches import Batches
from salesloop.app.data.models import Draft, Step
from salesloop.app.data.report import shown
from salesloop.app.jobs.services import Job, State, jobs_of, start
from salesloop.app.ui.files import TABLES, file_of, written
from salesloop.app.ui.language import current_lang
from salesloop.app.ui.typed import whole_number
from salesloop.app.ui.ways import way_back
from salesloop.app.workspace.services import snapshot, workspace
from salesloop.engine.model.errors import UserError
from salesloop.engine.model.text import Messages
from salesloop.engine.pipeline.quarantine import export_waiting, waiting_rows

_MESSAGES = Messages("salesloop.app.data")
_CELL = "cell:"


@require_POST
@needs("data.import")
def undo_batch(request: HttpRequest, batch_id: str) -> HttpResponse:
    _batch_or_404(batch_id)
    return _begin(request, "undo", {"batches": [batch_id]}, f"{reverse('data:index')}?tab=batches")


@require_POST
@needs("data.import")
def undo_import(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back everything that one guided import brought."""
    draft = get_object_or_404(Draft, pk=pk, owner=_user(request), step=Step.DONE)
    batches = shown(draft.report).undoable
    if not batches:
        raise Http404
    return _begin(request, "undo", {"batches": batches}, f"{reverse('data:index')}?tab=batches")


@require_POST
@needs("data.correct")
def retry(request: HttpRequest, batch_id: str) -> HttpResponse:
    """Retry the rows whose cells were changed in the form: fields `cell:<row>:<column>`."""
    _batch_or_404(batch_id)
    corrections = _changed(batch_id, request.POST.dict())
    if not corrections:
        raise UserError(_MESSAGES.message("nothing_corrected"))
    return _begin(request, "retry", {"batch": batch_id, "corrections": corrections}, _back(request))


@require_POST
@needs("data.correct")
def drop(request: HttpRequest, batch_id: str) -> HttpResponse:
    """Give one row up, with a reason."""
    _batch_or_404(batch_id)
    reason = request.POST.get("reason", "").strip()
    if not reason:
        raise UserError(_MESSAGES.message("no_reason"))
    rows = [row for text in request.POST.getlist("row") if (row := whole_number(text)) is not None]
    return _begin(request, "drop", {"batch": batch_id, "rows": rows, "reason": reason}, _back(request))


@require_safe
@needs("data.correct")
def export(request: HttpRequest, batch_id: str, kind: str) -> HttpResponse:
    """The waiting rows of a batch as a file to correct; text that looks like a formula is made harmless."""
    batch = _batch_or_404(batch_id)
    if kind not in TABLES:
        raise Http404
    content, rows = written(kind, lambda path: export_waiting(workspace(), batch_id, path, current_lang()))
    log(_user(request), "quarantine.exported", batch_id, {"rows": rows, "kind": kind})
    return file_of(content, f"{_('隔离')} {Path(batch).stem}", kind)


@require_safe
@needs("data.see")
def work(request: HttpRequest, pk: int) -> HttpResponse:
    """A change under way; when it is done, back to where it was begun."""
    job = get_object_or_404(jobs_of(_user(request)), pk=pk, kind__in=("undo", "retry", "drop"))
    back = job.params["next"]
    if job.state == State.DONE:
        messages.success(request, _outcome(job))
        return redirect(back)
    if job.state == State.CANCELLED:
        messages.info(request, _("已停止，没有改变任何数据。"))
        return redirect(back)
    problem = job.problem.text(current_lang()) if job.problem else ""
    status = 422 if problem else 200
    context = {"job": job, "problem": problem, "back": back, "title": _title(job)}
    return render(request, "data/work.html", context, status=status)


def _begin(request: HttpRequest, kind: str, params: dict[str, object], back: str) -> HttpResponse:
    return redirect("data:work", start(kind, _user(request), params | {"next": back}).pk)


def _title(job: Job) -> str:
    return {"undo": _("撤销导入"), "retry": _("重试隔离的行"), "drop": _("放弃隔离的行")}[job.kind]


def _outcome(job: Job) -> str:
    count = job.result.get("rows", 0)
    if job.kind == "undo":
        return ngettext("导入已撤销，移除 %(n)d 行。", "导入已撤销，移除 %(n)d 行。", count) % {"n": count}
    if job.kind == "drop":
        return ngettext("已放弃 %(n)d 行。", "已放弃 %(n)d 行。", count) % {"n": count}
    waiting = job.result.get("waiting", 0)
    if not count:
        return _("没有行通过：改正后的值仍然读不懂。") if waiting else _("没有变化。")
    done = ngettext("%(n)d 行已通过并写入。", "%(n)d 行已通过并写入。", count) % {"n": count}
    return done + (" " + _("还有 %(n)d 行待处理。") % {"n": waiting} if waiting else "")


def _changed(batch_id: str, answers: dict[str, str]) -> dict[str, dict[str, str]]:
    """Row → column → text, only where the text differs from what was delivered."""
    delivered = {str(row.row): row.raw for row in waiting_rows(snapshot(), batch_id, limit=1_000_000)}
    out: dict[str, dict[str, str]] = {}
    for name, value in answers.items():
        row, _colon, column = name.removeprefix(_CELL).partition(":")
        if name.startswith(_CELL) and row in delivered and value != (delivered[row].get(column) or ""):
            out.setdefault(row, {})[column] = value
    return out


def _batch_or_404(batch_id: str) -> str:
    """The name of the file of a batch that is not undone."""
    batch = Batches().one(batch_id)
    if batch is None or batch.undone:
        raise Http404
    return batch.file


def _back(request: HttpRequest) -> str:
    return way_back(request, f"{reverse('data:index')}?tab=quarantine")


def _user(request: HttpRequest) -> User:
    return cast("User", request.user)
