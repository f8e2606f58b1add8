"""Pages of sets of metrics: the list, a board, the form."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from salesloop.app.accounts.services import User
from salesloop.app.dashboards import sets
from salesloop.app.dashboards.models import MetricSet
from salesloop.app.dashboards.set_forms import SetForm
from salesloop.app.metrics.services import filter_chips
from salesloop.app.pages.services import page_for
from salesloop.app.workspace.services import now


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    page = page_for(request)
    shown = [(one, sets.filters_in_words(page, one), sets.labels(page, one)) for one in sets.visible_to(page.user)]
    return render(request, "dashboards/sets.html", page.context(sets=shown))


@require_safe
def board(request: HttpRequest, pk: int) -> HttpResponse:
    page = page_for(request)
    one = get_object_or_404(sets.visible_to(page.user), pk=pk)
    context = page.context(
        one=one,
        board=sets.board(page, one),
        fixed=sets.filters_in_words(page, one),
        filters=filter_chips(page),
        may_change=sets.may_change(page.user, one),
    )
    return render(request, "dashboards/board.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    return _form(request, MetricSet())


@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, pk: int) -> HttpResponse:
    return _form(request, _changeable(request, pk))


@require_POST
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    one = _changeable(request, pk)
    sets.delete(cast("User", request.user), one, now())
    messages.success(
        request, _("已删除「%(name)s」。") % {"name": one.name}, extra_tags=reverse("dashboards:set_restore", args=[pk])
    )
    return redirect("dashboards:sets")


@require_POST
def restore(request: HttpRequest, pk: int) -> HttpResponse:
    user = cast("User", request.user)
    sets.restore(user, get_object_or_404(sets.deleted_by(user), pk=pk))
    return redirect("dashboards:set", pk)


def _form(request: HttpRequest, one: MetricSet) -> HttpResponse:
    page = page_for(request)
    form = SetForm(request.POST or None, instance=one, page=page)
    if request.method == "POST" and form.is_valid():
        made = sets.save(page.user, form.save(commit=False), now())
        messages.success(request, _("已保存。"))
        return redirect("dashboards:set", made.pk)
    return render(
        request, "dashboards/set_form.html", page.context(form=form, one=one), status=422 if form.is_bound else 200
    )


def _changeable(request: HttpRequest, pk: int) -> MetricSet:
    user = cast("User", request.user)
    one = get_object_or_404(sets.visible_to(user), pk=pk)
    if not sets.may_change(user, one):
        raise PermissionDenied
    return one
