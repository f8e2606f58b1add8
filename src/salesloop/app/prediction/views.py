"""Pages of saved models: the versions, one version with its back-test, training and choosing."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from salesloop.app.accounts.services import User, needs
from salesloop.app.jobs.services import State, jobs_of, start
from salesloop.app.pages.services import Page, page_for
from salesloop.app.prediction.forms import ForecastForm, LifetimeForm
from salesloop.app.prediction.models import Kind, SavedModel
from salesloop.app.prediction.shown import forecast_page, foretellable, groups, lifetime_page
from salesloop.app.prediction.training import put_in_force
from salesloop.app.ui.language import current_lang


@require_safe
@needs("prediction.see")
def index(request: HttpRequest) -> HttpResponse:
    page = page_for(request)
    metric = request.GET.get("metric", "revenue")
    return render(request, "prediction/index.html", _index(page, LifetimeForm(), _forecast_form(page, metric)))


@require_safe
@needs("prediction.see")
def model(request: HttpRequest, pk: int) -> HttpResponse:
    page = page_for(request)
    saved = get_object_or_404(SavedModel.objects.select_related("trained_by"), pk=pk)
    shown = lifetime_page(saved) if saved.kind == Kind.LIFETIME else forecast_page(page, saved)
    others = SavedModel.objects.filter(kind=saved.kind, subject=saved.subject).select_related("trained_by")
    may_train = page.user.has_perm("prediction.train")
    context = {"page": page, "saved": saved, "others": others, "may_train": may_train, **shown}
    return render(request, f"prediction/{saved.kind}.html", context)


@require_POST
@needs("prediction.train")
def train(request: HttpRequest) -> HttpResponse:
    """Queue a training; a wrong choice is shown beside its field."""
    page = page_for(request)
    if request.POST.get("kind") == Kind.LIFETIME:
        chosen = LifetimeForm(request.POST)
        if chosen.is_valid():
            return _begin(page.user, Kind.LIFETIME, "", chosen.choices)
        return render(request, "prediction/index.html", _index(page, chosen, _forecast_form(page)), status=422)
    metric = ForecastForm(request.POST, metrics=foretellable(page))
    if metric.is_valid():
        return _begin(page.user, Kind.FORECAST, metric.cleaned_data["metric"], {})
    return render(request, "prediction/index.html", _index(page, LifetimeForm(), metric), status=422)


@require_safe
@needs("prediction.train")
def work(request: HttpRequest, pk: int) -> HttpResponse:
    """A training under way; when it is done, the new version."""
    job = get_object_or_404(jobs_of(_user(request)), pk=pk, kind="train")
    if job.state == State.DONE:
        saved = get_object_or_404(SavedModel, pk=job.result["model"])
        messages.success(request, _("已训练第 %(n)d 版，从现在起用它。") % {"n": saved.version})
        return redirect("prediction:model", saved.pk)
    if job.state == State.CANCELLED:
        messages.info(request, _("已停止，原来的版本照旧。"))
        return redirect("prediction:index")
    problem = job.problem.text(current_lang()) if job.problem else ""
    context = {"job": job, "problem": problem, "back": reverse("prediction:index")}
    return render(request, "prediction/work.html", context, status=422 if problem else 200)


@require_POST
@needs("prediction.train")
def use(request: HttpRequest, pk: int) -> HttpResponse:
    saved = get_object_or_404(SavedModel, pk=pk)
    before = SavedModel.objects.filter(kind=saved.kind, subject=saved.subject, in_force=True).first()
    put_in_force(_user(request), saved)
    undo = reverse("prediction:use", args=[before.pk]) if before and before != saved else ""
    messages.success(request, _("从现在起用第 %(n)d 版。") % {"n": saved.version}, extra_tags=undo)
    return redirect("prediction:model", saved.pk)


def _begin(user: User, kind: Kind, subject: str, choices: dict[str, float]) -> HttpResponse:
    job = start("train", user, {"kind": kind.value, "subject": subject, "choices": choices})
    return redirect("prediction:work", job.pk)


def _index(page: Page, lifetime: LifetimeForm, forecast: ForecastForm) -> dict[str, Any]:
    may_train = page.user.has_perm("prediction.train")
    return {
        "page": page,
        "groups": groups(page),
        "lifetime": lifetime,
        "forecast": forecast,
        "may_train": may_train,
    }


def _forecast_form(page: Page, metric: str = "revenue") -> ForecastForm:
    return ForecastForm(initial={"metric": metric}, metrics=foretellable(page))


def _user(request: HttpRequest) -> User:
    return cast("User", request.user)
