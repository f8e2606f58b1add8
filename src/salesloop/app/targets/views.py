"""The page of targets and what its grid sends."""

from __future__ import annotations

import json
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from salesloop.app.accounts.services import needs
from salesloop.app.pages.services import Page, page_for
from salesloop.app.targets.editing import Edit, Refused, apply, write
from salesloop.app.targets.grid import grid, unit_of, units_for
from salesloop.app.targets.models import Change
from salesloop.app.targets.next_year import plan, read_factor
from salesloop.app.targets.rights import Rights
from salesloop.app.targets.sheet import Sheet
from salesloop.app.targets.store import last_change, undo
from salesloop.app.workspace.services import now
from salesloop.engine.model.errors import UserError
from salesloop.engine.model.text import Messages

_MESSAGES = Messages("salesloop.app.targets")
DEFAULT = "revenue"


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    sheet = _sheet(request)
    return render(request, "targets/index.html", _context(sheet, metrics=_choices(sheet)))


@require_safe
def table(request: HttpRequest) -> HttpResponse:
    return render(request, "targets/grid.html", _context(_sheet(request)))


@require_POST
@needs("targets.edit")
def save(request: HttpRequest) -> HttpResponse:
    """Cells typed or pasted: JSON {"cells": [{"row", "column", "text"}]}. Answers with the new table, or 422 and what is wrong."""
    sheet = _sheet(request)
    try:
        change = apply(sheet, _edits(request.body), unit_of(sheet).factor, now())
    except Refused as refused:
        return _refused(request, sheet, refused)
    answer = render(request, "targets/grid.html", _context(_sheet(request)))
    if change is not None:
        answer["HX-Trigger"] = _toast(change)
    return answer


@require_POST
@needs("targets.edit")
def undo_change(request: HttpRequest, pk: int) -> HttpResponse:
    change = get_object_or_404(Change, pk=pk, by=request.user)
    undo(change.by, change, now())
    messages.success(request, _("已撤销。"))
    back = request.POST.get("next", "")
    ours = url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure())
    return redirect(back if ours else "targets:index")


@require_http_methods(["GET", "POST"])
def row(request: HttpRequest) -> HttpResponse:
    """One row as a form, one field a line: the way in on a phone."""
    sheet = _sheet(request)
    line = sheet.lines.get(request.GET.get("row", ""))
    if line is None:
        raise Http404
    context = _context(sheet)
    context["row"] = next((one for one in context["grid"].rows if one.key == line.key), None)
    if context["row"] is None:
        raise Http404
    if request.method == "POST":
        if not line.editable:
            return HttpResponse(status=403)
        shown = {cell.column: cell.exact for cell in context["row"].cells}
        edits = [
            Edit(line.key, column, request.POST[column])
            for column, before in shown.items()
            if column in request.POST and request.POST[column].strip() != before
        ]
        try:
            change = apply(sheet, edits, unit_of(sheet).factor, now())
        except Refused as refused:
            context["problems"] = [message.text(sheet.page.lang) for _edit, message in refused.problems]
            context["typed"] = request.POST.dict()
            return render(request, "targets/row_page.html", context, status=422)
        if change is not None:
            messages.success(request, _saved(change), extra_tags=reverse("targets:undo", args=[change.pk]))
        return redirect(f"{reverse('targets:index')}?{sheet.page.view.to_query()}")
    return render(request, _template(request, "row"), context)


@require_http_methods(["GET", "POST"])
@needs("targets.edit")
def year(request: HttpRequest) -> HttpResponse:
    """The year built on the one before: preview, then write."""
    sheet = _sheet(request)
    calendar = sheet.page.calendar
    last = Sheet(sheet.page, sheet.metric, calendar.previous(sheet.year))
    asked = request.POST if request.method == "POST" else request.GET
    text, overwrite = asked.get("factor", "110"), asked.get("overwrite") == "1"
    context = _context(
        sheet,
        factor=text,
        overwrite=overwrite,
        last_year=calendar.year_number(last.year.start),
        problem="",
        plan=None,
    )
    try:
        context["plan"] = plan(sheet, last, read_factor(text), overwrite=overwrite)
    except UserError as error:
        context["problem"] = error.text(sheet.page.lang)
        return render(request, _template(request, "year"), context, status=422 if request.method == "POST" else 200)
    if request.method == "POST" and context["plan"].values:
        change = write(sheet, context["plan"].values, now())
        messages.success(request, _saved(change), extra_tags=reverse("targets:undo", args=[change.pk]))
        return redirect(f"{reverse('targets:index')}?{sheet.page.view.to_query()}")
    return render(request, _template(request, "year"), context)


def _template(request: HttpRequest, name: str) -> str:
    """Into the drawer, or as a page of its own."""
    return f"targets/{name}.html" if request.htmx else f"targets/{name}_page.html"  # type: ignore[attr-defined]


def _sheet(request: HttpRequest) -> Sheet:
    """The sheet of the address: metric, the year of its period, place. An unknown metric is not found."""
    page = page_for(request, period="this-year")
    name = page.view.metrics[0] if page.view.metrics else DEFAULT
    metric = page.registry.metrics.get(name)
    if metric is None or metric.type == "target":
        raise Http404
    return Sheet(page, metric, page.calendar.period_of(page.days.start, "year"))


def _context(sheet: Sheet, **more: Any) -> dict[str, Any]:
    page, calendar = sheet.page, sheet.page.calendar
    change = last_change(page.user, sheet.metric.metric, calendar.year_number(sheet.year.start))
    rights = Rights(page.user)
    return page.context(
        sheet=sheet,
        metric=sheet.metric,
        grid=grid(sheet),
        units=units_for(sheet.metric.format, page.lang, page.workspace.config.currency),
        year=calendar.year_number(sheet.year.start),
        before=calendar.text(calendar.previous(sheet.year)),
        after=calendar.text(calendar.next(sheet.year)),
        query=page.view.to_query(),
        editable=rights.any and any(line.editable for line in sheet.lines.values()),
        change=change,
        **more,
    )


def _choices(sheet: Sheet) -> list[tuple[str, str]]:
    """(id, label) of the metrics that can have targets."""
    page: Page = sheet.page
    return [
        (name, metric.label.get(page.lang))
        for name, metric in page.registry.metrics.items()
        if not metric.hidden and metric.type not in ("target", "cumulative")
    ]


def _edits(body: bytes) -> list[Edit]:
    try:
        cells = json.loads(body)["cells"]
        return [Edit(str(cell["row"]), str(cell["column"]), str(cell["text"])) for cell in cells]
    except (ValueError, KeyError, TypeError) as error:
        raise UserError(_MESSAGES.message("bad_request")) from error


def _refused(request: HttpRequest, sheet: Sheet, refused: Refused) -> HttpResponse:
    lang = sheet.page.lang
    problems = [
        {"row": edit.row, "column": edit.column, "text": message.text(lang)} for edit, message in refused.problems
    ]
    return render(request, "targets/problems.html", {"problems": problems, "count": len(problems)}, status=422)


def _toast(change: Change) -> str:
    return json.dumps({"toast": {"text": _saved(change), "undo": reverse("targets:undo", args=[change.pk])}})


def _saved(change: Change) -> str:
    count = len(change.before)
    return ngettext("已保存 %(n)d 个目标。", "已保存 %(n)d 个目标。", count) % {"n": count}
