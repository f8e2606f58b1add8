"""The page of predicted customer value, and its file."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from salesloop.app.accounts.services import needs
from salesloop.app.audit.services import log
from salesloop.app.customers.services import customer_values
from salesloop.app.customers.value_file import header, rows
from salesloop.app.customers.worth import SEGMENTS, worths
from salesloop.app.metrics.services import csv_response, xlsx_response
from salesloop.app.pages.services import Page, page_for
from salesloop.app.ui.paging import SIZE, Pager, page_number


def tabs(page: Page, here: str) -> list[tuple[str, str, bool]]:
    """The pages about all customers."""
    query = page.view.changed(tab="", sort="").to_query()
    words = {"index": _("客户"), "value": _("预计价值")}
    return [(label, f"{reverse(f'customers:{name}')}?{query}", name == here) for name, label in words.items()]


@require_safe
def value(request: HttpRequest) -> HttpResponse:
    page = page_for(request)
    found = customer_values(page)
    may_train = page.user.has_perm("prediction.train")
    context = page.context(place_only=True, tabs=tabs(page, "value"), found=found, may_train=may_train)
    if found and len(found.of):
        number = min(page_number(request), -(-len(found.of) // SIZE))
        places = found.order(page.view.sort)[(number - 1) * SIZE : number * SIZE]
        lines = found.lines(places)
        context |= {
            "lines": lines,
            "pager": Pager.at(request, lines, len(found.of), number),
            "worths": worths(page, found, request.GET.get("segment", "")),
            "segments": SEGMENTS.items(),
            "kept": [(name, text) for name, text in request.GET.items() if name not in ("segment", "page")],
            "query": request.GET.urlencode(),
        }
    return render(request, "customers/value.html", context)


@require_safe
@needs("rows.export")
def export(request: HttpRequest, kind: str) -> HttpResponseBase:
    page = page_for(request)
    found, write = customer_values(page), {"csv": csv_response, "xlsx": xlsx_response}.get(kind)
    if write is None or found is None:
        raise Http404
    saved = found.model.saved
    data = {"kind": kind, "view": page.view.to_query(), "snapshot": page.snapshot.number, "version": saved.version}
    log(page.user, "rows.exported", "customer_value", data)
    return write(f"{_('预计价值')} {page.as_of.isoformat()}", header(page, found), rows(found, page.view.sort))
