"""What every open page asks for: whether there are new data, and how fresh those of each source are."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from salesloop.app.pages.freshness import deliverings, published
from salesloop.app.workspace.services import snapshot


@require_safe
@never_cache
def pulse(request: HttpRequest) -> HttpResponse:
    """204 while the page shows what is published (`seen`); else the stamp of what is published now."""
    if request.GET.get("seen") == published():
        return HttpResponse(status=204)
    return render(request, "ui/freshness.html")


@require_safe
def freshness(request: HttpRequest) -> HttpResponse:
    """Each source: now − last successful delivery, against its rhythm."""
    held = snapshot()
    template = "pages/freshness.html" if request.htmx else "pages/freshness_page.html"  # type: ignore[attr-defined]
    context = {
        "sources": deliverings(),
        "number": held.number,
        "published_at": held.published_at,
        "stamped": True,
    }
    return render(request, template, context)
