"""How far a job is, and the button that stops it."""

from __future__ import annotations

from typing import cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from salesloop.app.accounts.services import User
from salesloop.app.jobs import services
from salesloop.app.jobs.shown import figures_of, state_of
from salesloop.app.ui.ways import way_back


@require_safe
@never_cache
def progress(request: HttpRequest, pk: int) -> HttpResponse:
    """The part of a page that shows a running job. Once the job is over the whole page is asked for again."""
    return _shown(request, _own(request, pk))


@require_POST
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    job = _own(request, pk)
    services.cancel(job)
    if request.htmx:  # type: ignore[attr-defined] # set by django-htmx
        job.refresh_from_db()
        return _shown(request, job)  # the page stays and tells once how it ended
    return redirect(way_back(request, reverse("dashboards:overview")))


def _shown(request: HttpRequest, job: services.Job) -> HttpResponse:
    context = {
        "job": job,
        "state": state_of(job),
        "figures": figures_of(job),
        "no_worker": not job.is_over and not services.worker_runs(),
    }
    response = render(request, "jobs/progress.html", context)
    if job.is_over:
        response["HX-Refresh"] = "true"
    return response


def _own(request: HttpRequest, pk: int) -> services.Job:
    return get_object_or_404(services.jobs_of(cast("User", request.user)), pk=pk)
