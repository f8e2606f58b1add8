"""The grid of targets, of what counts or of a draft, and what it sends."""

from __future__ import annotations

import json

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from salesloop.app.accounts.services import needs
from salesloop.app.targets.currency import plan_rate
from salesloop.app.targets.editing import Edit, Refused, apply, write
from salesloop.app.targets.grid import unit_of
from salesloop.app.targets.models import Change
from salesloop.app.targets.next_year import plan, read_factor
from salesloop.app.targets.people import remark as say
from salesloop.app.targets.people import remarks
from salesloop.app.targets.reading import read_numbers
from salesloop.app.targets.sheet import Sheet
from salesloop.app.targets.state import (
    address,
    context_of,
    line_of,
    metric_choices,
    moneys,
    sheet_of,
    slices,
    tabs,
)
from salesloop.app.targets.store import lock as lock_cells
from salesloop.app.targets.store import undo
from salesloop.app.ui.ways import way_back
from salesloop.app.workspace.services import now
from salesloop.engine.model.errors import UserError
from salesloop.engine.model.text import Messages

_MESSAGES = Messages("salesloop.app.targets")


@require_safe
def index(request: HttpRequest, draft: int | None = None) -> HttpResponse:
    sheet = sheet_of(request, draft, lens=True)
    if draft is not None and sheet.draft is None:  # it counts now
        return redirect(address(sheet, "index"))
    more = {
        "metrics": metric_choices(sheet),
        "slices": slices(sheet),
        "moneys": moneys(sheet),
        "tabs": tabs(sheet, "index"),
    }
    return render(request, "targets/index.html", context_of(sheet, **more))


@require_safe
def table(request: HttpRequest, draft: int | None = None) -> HttpResponse:
    return render(request, "targets/grid.html", context_of(sheet_of(request, draft, lens=True)))


@require_POST
@needs("targets.edit")
def save(request: HttpRequest, draft: int | None = None) -> HttpResponse:
    """Cells typed or pasted: JSON {"cells": [{"row", "column", "text"}]}. Answers with the new table, or 422 and what is wrong."""
    sheet = sheet_of(request, draft, lens=True)
    try:
        change = apply(sheet, _edits(request.body), unit_of(sheet).factor, now())
    except Refused as refused:
        return _refused(request, sheet, refused)
    answer = render(request, "targets/grid.html", context_of(sheet_of(request, draft, lens=True)))
    if change is not None:
        answer["HX-Trigger"] = _toast(change)
    return answer


@require_POST
@needs("targets.edit")
def undo_change(request: HttpRequest, pk: int) -> HttpResponse:
    change = get_object_or_404(Change, pk=pk, by=request.user)
    undo(change.by, change, now())
    messages.success(request, _("已撤销。"))
    return redirect(way_back(request, reverse("targets:index")))


@require_POST
@needs("targets.edit")
def lock(request: HttpRequest, draft: int | None = None) -> HttpResponse:
    """Lock a cell, or unlock it. A sum stands for its months. Answers with the new table."""
    sheet = sheet_of(request, draft, lens=True)
    line, column = sheet.lines.get(request.POST.get("row", "")), request.POST.get("column", "")
    if line is None or column not in sheet.columns:
        raise Http404
    if not sheet.open or not line.editable:
        return HttpResponse(status=403)
    span = sheet.columns[column]
    mine = [
        sheet.key_of(line, key)
        for key, period in sheet.columns.items()
        if key == column or (period.grain == "month" and period.start in span)
    ]
    wanted = not any(sheet.held.get(key) == "locked" for key in mine)
    try:
        lock_cells(sheet.page.user, mine, sheet.draft, locked=wanted)
    except UserError as error:
        problem = {"row": line.key, "column": column, "text": error.text(sheet.page.lang)}
        return render(request, "targets/problems.html", {"problems": [problem], "count": 1}, status=422)
    return render(request, "targets/grid.html", context_of(sheet_of(request, draft, lens=True)))


@require_POST
@needs("targets.plan")
def rate(request: HttpRequest) -> HttpResponse:
    """The rate by which the year's targets in the currency of the address count; a blank one forgets it."""
    sheet = sheet_of(request, lens=True)
    text = request.POST.get("rate", "").strip()
    (value,) = read_numbers([text], "number")
    if not sheet.currency:
        raise Http404
    if text and (value is None or not 0 < value < 1_000_000):
        raise UserError(_MESSAGES.message("bad_rate", value=text[:40]))
    plan_rate(sheet.page.user, sheet.number, sheet.currency, value, now())
    messages.success(request, _("计划汇率已保存，目标已重新折算。") if text else _("已改回当期汇率。"))
    return redirect(address(sheet, "index"))


@require_POST
def remark(request: HttpRequest, draft: int | None = None) -> HttpResponse:
    """Say something about a row: everybody who sees it may."""
    sheet = sheet_of(request, draft, lens=True)
    line = line_of(request, sheet)
    text = request.POST.get("text", "").strip()
    if text:
        say(sheet.page.user, sheet, line, text, now())
    context = {"remarks": remarks(sheet, line.key), "line": line, "at": {"remark": address(sheet, "remark")}}
    if request.htmx:  # type: ignore[attr-defined]
        return render(request, "targets/remarks.html", context)
    return redirect(address(sheet, "row", row=line.key))


@require_http_methods(["GET", "POST"])
def row(request: HttpRequest, draft: int | None = None) -> HttpResponse:
    """One row as a form, one field a line: the way in on a phone; and what is said about it."""
    sheet = sheet_of(request, draft, lens=True)
    line = line_of(request, sheet)
    context = context_of(sheet, remarks=remarks(sheet, line.key), line=line)
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
        return redirect(address(sheet, "index"))
    return render(request, _template(request, "row"), context)


@require_http_methods(["GET", "POST"])
@needs("targets.edit")
def year(request: HttpRequest, draft: int | None = None) -> HttpResponse:
    """The year built on the one before: preview, then write."""
    sheet = sheet_of(request, draft, lens=True)
    calendar = sheet.page.calendar
    last = Sheet(sheet.page, sheet.metric, calendar.previous(sheet.year), currency=sheet.currency)
    asked = request.POST if request.method == "POST" else request.GET
    text, overwrite = asked.get("factor", "110"), asked.get("overwrite") == "1"
    context = context_of(
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
        change = write(sheet, context["plan"].values, now(), context["plan"].currencies)
        messages.success(request, _saved(change), extra_tags=reverse("targets:undo", args=[change.pk]))
        return redirect(address(sheet, "index"))
    return render(request, _template(request, "year"), context)


def _template(request: HttpRequest, name: str) -> str:
    """Into the drawer, or as a page of its own."""
    return f"targets/{name}.html" if request.htmx else f"targets/{name}_page.html"  # type: ignore[attr-defined]


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
