"""The guided import: drop files, correct what was recognised, preview, run, undo. One address an import; its state decides."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from salesloop.app.accounts.services import User, needs
from salesloop.app.data import report, uploads
from salesloop.app.data.decide import Undecided, decide
from salesloop.app.data.form import form_of
from salesloop.app.data.limits import MEGABYTE, MOST_BYTES
from salesloop.app.data.models import Draft, Step
from salesloop.app.data.planning import chosen_tables
from salesloop.app.data.shown import facts_of, files_of, first_to_decide
from salesloop.app.jobs.services import State, start
from salesloop.app.ui.language import current_lang
from salesloop.app.ui.typed import whole_number
from salesloop.app.workspace.services import workspace
from salesloop.engine.model.errors import UserError


@require_safe
@needs("data.import")
def new(request: HttpRequest) -> HttpResponse:
    return _new(request)


@require_POST
@needs("data.import")
def upload(request: HttpRequest) -> HttpResponse:
    """Files from the drop zone's script (the answer is then only what was wrong, or where to go) or from the plain form."""
    declared = int(request.META.get("CONTENT_LENGTH") or 0)
    try:
        draft = uploads.receive(_user(request), request.FILES.getlist("files"), declared)
    except UserError as error:
        return _new(request, error.text(current_lang()), status=422)
    target = reverse("data:draft", args=[draft.pk])
    return HttpResponse(headers={"HX-Redirect": target}) if request.headers.get("HX-Request") else redirect(target)


@require_safe
@needs("data.import")
def draft(request: HttpRequest, pk: int) -> HttpResponse:
    return _page(request, _draft(request, pk))


@require_POST
@needs("data.import")
def table(request: HttpRequest, pk: int, place: int) -> HttpResponse:
    """Keep the decisions about one table; another entity has its columns proposed anew."""
    found = _draft(request, pk)
    if not 0 <= place < len(found.tables):
        raise Http404
    kept = found.tables[place]
    entity = request.POST.get("entity", "")
    if entity and entity != kept["entity"] and workspace().model.has(entity):
        found.step = Step.READ
        params = {"draft": found.pk, "table": place, "entity": entity}
        found.job = start("read", found.owner, params)
        found.save()
        return redirect(_at(found, place))
    if not kept["mapping"] and request.POST.get("choice") != "skip":
        return redirect(_at(found, place))
    if request.POST.get("choice") == "skip":
        found.tables[place] = kept | {"choice": "skip", "decided": True}
    else:
        try:
            found.tables[place] = decide(kept, request.POST.dict())
        except UserError as error:
            if isinstance(error, Undecided):
                found.tables[place] = error.table
                found.save(update_fields=["tables", "changed_at"])
            return _page(request, found, place, error.text(current_lang()), status=422)
    found.save(update_fields=["tables", "changed_at"])
    if request.POST.get("then") == "preview":
        return _begin(found, "preview")
    return redirect(_at(found, first_to_decide(found) if found.tables[place]["decided"] else place))


@require_POST
@needs("data.import")
def encoding(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Read one file again, as another encoding."""
    found = _draft(request, pk)
    if not 0 <= number < len(found.files):
        raise Http404
    found.files[number]["encoding"] = request.POST.get("encoding") or None
    found.step = Step.READ
    found.job = start("read", found.owner, {"draft": found.pk, "file": number})
    found.save()
    return redirect("data:draft", pk)


@require_POST
@needs("data.import")
def preview(request: HttpRequest, pk: int) -> HttpResponse:
    return _begin(_draft(request, pk), "preview")


@require_POST
@needs("data.import")
def run(request: HttpRequest, pk: int) -> HttpResponse:
    found = _draft(request, pk)
    if found.step == Step.DONE:
        return redirect("data:draft", pk)
    return _begin(found, "import")


@require_POST
@needs("data.import")
def back(request: HttpRequest, pk: int) -> HttpResponse:
    """From the preview to the fields."""
    found = _draft(request, pk)
    if found.step == Step.PREVIEW:
        found.step, found.job = Step.MAP, None
        found.save()
    return redirect("data:draft", pk)


@require_POST
@needs("data.import")
def discard(request: HttpRequest, pk: int) -> HttpResponse:
    """Give an unfinished import up; what was imported stays."""
    found = _draft(request, pk)
    uploads.forget(found)
    found.delete()
    messages.success(request, _("已放弃这次导入，没有改变任何数据。"))
    return redirect("data:import")


def _new(request: HttpRequest, problem: str = "", status: int = 200) -> HttpResponse:
    unfinished = Draft.objects.filter(owner=_user(request)).exclude(step=Step.DONE)[:5]
    context = {"problem": problem, "unfinished": unfinished, "limit": MOST_BYTES // MEGABYTE}
    template = "data/import/problem.html" if problem and request.headers.get("HX-Request") else "data/import/new.html"
    return render(request, template, context, status=status)


def _page(
    request: HttpRequest, found: Draft, place: int | None = None, problem: str = "", status: int = 200
) -> HttpResponse:
    """The page of an import, as far as it has come."""
    job = found.job
    context: dict[str, object] = {"draft": found, "job": job, "problem": problem, "steps": _steps(found)}
    if job is not None and not job.is_over:
        return render(request, "data/import/running.html", context | {"back": request.path})
    if job is not None and job.state == State.FAILED and job.problem is not None and not problem:
        context["problem"] = job.problem.text(current_lang())
    if found.step == Step.READ:
        return render(request, "data/import/unread.html", context, status=status)
    if found.step == Step.MAP:
        return render(request, "data/import/fields.html", context | _fields(request, found, place), status=status)
    shown = report.shown(found.report)
    rows = sum(table["rows"] for table in chosen_tables(found))
    context |= {"report": shown, "rows": f"{rows:,}" if rows != shown.total.received else ""}
    return render(
        request, f"data/import/{'done' if found.step == Step.DONE else 'preview'}.html", context, status=status
    )


def _fields(request: HttpRequest, found: Draft, place: int | None) -> dict[str, object]:
    asked = whole_number(request.GET.get("table"))
    if place is None and asked is not None and asked < len(found.tables):
        place = asked
    if place is None:
        place = first_to_decide(found)
    shown = found.tables[place] if place is not None else None
    files = files_of(found)
    return {
        "files": files,
        "doubts": sum(file.doubt for file in files),
        "place": place,
        "table": shown,
        "facts": facts_of(shown) if shown else (),
        "form": form_of(place, shown) if place is not None and shown else None,
        "ready": sum(one["choice"] == "import" for one in found.tables),
        "undecided": sum(not one["decided"] for one in found.tables),
    }


def _steps(found: Draft) -> list[tuple[str, str]]:
    """(label, done, now or later) of the four steps."""
    order = [Step.READ, Step.MAP, Step.PREVIEW, Step.DONE]
    job = found.job
    here = order.index(Step(found.step))
    if job is not None and not job.is_over:
        here = {"read": 0, "preview": 2, "import": 3}.get(job.kind, here)
    labels = [_("识别"), _("核对字段"), _("预览"), _("导入")]
    finished = found.step == Step.DONE
    return [
        (label, "done" if number < here or finished else "now" if number == here else "later")
        for number, label in enumerate(labels)
    ]


def _begin(found: Draft, kind: str) -> HttpResponse:
    found.job = start(kind, found.owner, {"draft": found.pk})
    found.save(update_fields=["job", "changed_at"])
    return redirect("data:draft", found.pk)


def _at(found: Draft, place: int | None) -> str:
    address = reverse("data:draft", args=[found.pk])
    return address if place is None else f"{address}?table={place}"


def _draft(request: HttpRequest, pk: int) -> Draft:
    """A person's own import."""
    return get_object_or_404(Draft.objects.select_related("job"), pk=pk, owner=_user(request))


def _user(request: HttpRequest) -> User:
    return cast("User", request.user)
