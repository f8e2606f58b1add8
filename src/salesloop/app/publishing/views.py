"""Pages of reports: the list, one with its preview, its files."""

from __future__ import annotations

from typing import get_args

from csp.constants import NONE, SELF
from csp.decorators import csp_replace, csp_update
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from salesloop.app.audit.services import log
from salesloop.app.pages.services import page_for
from salesloop.app.publishing.reports import Edition, definitions, edition
from salesloop.app.ui.files import TYPES, file_of
from salesloop.engine.report.render import FILE_FORMATS, FileFormat

# A report carries its own style and pictures and runs nothing; the page that shows it may measure it, hence same-origin.
DOCUMENT_POLICY = {
    "default-src": [NONE],
    "style-src": ["'unsafe-inline'"],
    "img-src": ["data:"],
    "font-src": ["data:"],
    "base-uri": [NONE],
    "form-action": [NONE],
    "frame-ancestors": [SELF],
    "sandbox": ["allow-same-origin"],
    "script-src": None,
    "connect-src": None,
    "manifest-src": None,
}


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    page = page_for(request)
    return render(
        request, "publishing/index.html", page.context(definitions=definitions(page), query=page.view.to_query())
    )


@require_safe
@csp_update({"frame-src": [SELF]})  # type: ignore[arg-type] # its types know only views without parameters
def report(request: HttpRequest, name: str) -> HttpResponse:
    found = _edition(request, name)
    context = found.page.context(
        edition=found,
        definition=found.definition,
        label=found.label,
        periods=found.periods,
        query=found.page.view.to_query(),
        formats=FILE_FORMATS,
    )
    return render(request, "publishing/report.html", context)


@require_safe
@xframe_options_sameorigin
@csp_replace(DOCUMENT_POLICY)  # type: ignore[arg-type] # as above
def preview(request: HttpRequest, name: str) -> HttpResponse:
    """The document itself, for the frame of the page."""
    return HttpResponse(_edition(request, name).write("html"), content_type=TYPES["html"])


@require_safe
@csp_replace(DOCUMENT_POLICY)  # type: ignore[arg-type] # as above
def file(request: HttpRequest, name: str, kind: str) -> HttpResponse:
    """The report as a file to keep."""
    if kind not in get_args(FileFormat):
        raise Http404
    wanted: FileFormat = kind  # type: ignore[assignment] # one of them, as just checked
    found = _edition(request, name)
    content = found.write(wanted)
    page = found.page
    log(
        page.user,
        "report.exported",
        name,
        {"kind": kind, "period": page.calendar.text(found.period), "org": found.org, "snapshot": page.snapshot.number},
    )
    title = f"{found.definition.title.get(page.lang)} {found.label}"
    return file_of(content, title, kind)


def _edition(request: HttpRequest, name: str) -> Edition:
    return edition(page_for(request), name, request.GET.get("period", ""))
