"""Cells that could not be read, and the correction file for whoever keeps the source."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from salesloop.app.accounts.services import needs
from salesloop.app.audit.services import log
from salesloop.app.jobs.services import start
from salesloop.app.quality.doubts import doubts, is_in_doubt
from salesloop.app.quality.page import person, quality_page
from salesloop.app.ui.files import file_of, written
from salesloop.app.ui.language import current_lang
from salesloop.app.ui.paging import page_number
from salesloop.app.ui.typed import whole_number
from salesloop.app.ui.ways import way_back
from salesloop.app.workspace.services import workspace
from salesloop.engine.model.errors import UserError
from salesloop.engine.model.text import Messages
from salesloop.engine.pipeline.correction_file import write_correction_file

_MESSAGES = Messages("salesloop.app.quality")


@require_safe
@needs("quality.audits")
def cells(request: HttpRequest) -> HttpResponse:
    number = page_number(request)
    found, more = doubts(number)
    context = {
        "doubts": found,
        "before": number - 1,
        "after": number + 1 if more else 0,
        "here": request.get_full_path(),
        "may_judge": person(request).has_perm("quality.judge"),
    }
    return quality_page(request, "cells", context)


@require_POST
@needs("quality.judge")
def correct(request: HttpRequest) -> HttpResponse:
    """Read a delivery again with another text in one of its cells, or with nothing in it (`clear`)."""
    batch, row, column, value = (request.POST.get(name, "").strip() for name in ("batch", "row", "column", "value"))
    number = whole_number(row)
    if number is None or not is_in_doubt(batch, number, column):
        raise UserError(_MESSAGES.message("not_in_doubt"))
    if request.POST.get("clear"):
        value = ""
    elif not value:
        raise UserError(_MESSAGES.message("no_value"))
    params = {"batch": batch, "corrections": {row: {column: value}}, "next": way_back(request, reverse("quality:mend"))}
    return redirect("data:work", start("retry", person(request), params).pk)


@require_safe
@needs("quality.judge")
def corrections(request: HttpRequest) -> HttpResponse:
    """What is wrong, in the words of its source, for whoever keeps the source."""
    content, lines = written("xlsx", lambda path: write_correction_file(workspace(), path, current_lang()))
    log(person(request), "quality.handed_out", None, {"lines": lines})
    return file_of(content, _("待改记录"), "xlsx")
