"""Pages of customer talks."""

from __future__ import annotations

import datetime as dt
from typing import Any, cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from salesloop.app.accounts.services import User, needs
from salesloop.app.audit.services import history, log
from salesloop.app.customers.services import customer_name, find_customers
from salesloop.app.metrics.services import csv_response, xlsx_response
from salesloop.app.pages.services import page_for
from salesloop.app.talks import deals, listing, recording, sight
from salesloop.app.talks.forms import DealForm, PromoteForm, TalkForm
from salesloop.app.talks.models import DealState, Kind, Talk
from salesloop.app.talks.planned import Plan, plan_of, plans_of
from salesloop.app.ui.paging import Pager
from salesloop.app.workspace.services import now, today

RECENT = 6


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    user, narrowed = _user(request), listing.Narrowed.of(request.GET)
    found = listing.talks(user, narrowed)
    context = {
        "pager": (pager := Pager.of(request, found)),
        "talks": pager.items,
        "narrowed": narrowed,
        "kinds": Kind.choices,
        "states": DealState.choices,
        "authors": listing.authors(user),
        "due": listing.steps_due(user),
        "today": today(),
        "may_record": sight.may_record(user),
        "query": request.GET.urlencode(),
    }
    return render(request, "talks/index.html", context)


@require_safe
@needs("rows.export")
def export(request: HttpRequest, kind: str) -> HttpResponseBase:
    write = {"csv": csv_response, "xlsx": xlsx_response}.get(kind)
    if write is None:
        raise Http404
    user = _user(request)
    found = listing.talks(user, listing.Narrowed.of(request.GET))
    log(user, "talk.exported", "talks", {"kind": kind, "query": request.GET.urlencode(), "rows": found.count()})
    return write(f"{_('沟通记录')} {today()}", listing.header(), listing.lines(found))


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """First the customer, then what was said; a plan brings both the customer and the kind."""
    user = _user(request)
    if not sight.may_record(user):
        raise PermissionDenied
    plan = _plan(request, user)
    key = plan.customer_id if plan else request.GET.get("customer", "")
    if not key:
        return _choose(request, user)
    name = plan.customer_name if plan else customer_name(page_for(request), key)
    if name is None:
        raise Http404
    initial = {
        "happened_at": min(plan.at, _this_minute()) if plan else _this_minute(),
        "kind": plan.kind if plan else Kind.VISIT,
    }
    form = TalkForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        talk = recording.record(user, (key, name), form.cleaned_data, now(), plan)
        messages.success(request, _("已记录，马上计入各项指标。"))
        return redirect("talks:detail", talk.pk)
    context = {"form": form, "customer": name, "plan": plan}
    return render(request, "talks/form.html", context, status=422 if form.is_bound else 200)


@require_safe
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    user, talk = _user(request), _visible(request, pk)
    context = {
        "talk": talk,
        "deal": listing.deal_of(talk),
        "versions": [(version, _shown(version.before)) for version in talk.versions.select_related("by")],
        "history": history(talk)[:20],
        "correctable": sight.may_correct(user, talk, now()),
        "until": talk.entered_at + sight.CORRECTABLE,
        "own": talk.author_id == user.pk,
        "promotable": sight.may_promote(user, talk),
        "today": today(),
    }
    return render(request, "talks/detail.html", context)


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    user, talk = _user(request), _visible(request, pk)
    if not sight.may_correct(user, talk, now()):
        raise PermissionDenied
    form = TalkForm(request.POST or None, instance=talk)
    if request.method == "POST" and form.is_valid():
        if recording.correct(user, talk, form.cleaned_data, now()):
            messages.success(request, _("已改正，原来的写法保留在页面下方。"))
        return redirect("talks:detail", pk)
    context = {"form": form, "customer": talk.customer_name, "talk": talk}
    return render(request, "talks/form.html", context, status=422 if form.is_bound else 200)


@require_POST
def done(request: HttpRequest, pk: int) -> HttpResponse:
    user, talk = _user(request), _visible(request, pk)
    if not sight.may_promote(user, talk):
        raise PermissionDenied
    recording.finish_step(user, talk, now())
    return redirect("talks:detail", pk)


@require_http_methods(["GET", "POST"])
def promote(request: HttpRequest, pk: int) -> HttpResponse:
    user, talk = _user(request), _visible(request, pk)
    if not sight.may_promote(user, talk):
        raise PermissionDenied
    if listing.deal_of(talk):
        return redirect("talks:deal", pk)
    initial = {"name": talk.chance, "amount": talk.chance_amount, "expected_close": talk.chance_close}
    form = PromoteForm(request.POST or None, initial=initial, stages=deals.stages())
    if request.method == "POST" and form.is_valid():
        deals.promote(user, talk, form.cleaned_data, now())
        messages.success(request, _("已转为商机，计入漏斗。"))
        return redirect("talks:detail", pk)
    context = {"form": form, "talk": talk}
    return render(request, "talks/deal.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
def deal(request: HttpRequest, pk: int) -> HttpResponse:
    user, talk = _user(request), _visible(request, pk)
    found = listing.deal_of(talk)
    if found is None:
        raise Http404
    if not sight.may_promote(user, talk):
        raise PermissionDenied
    form = DealForm(request.POST or None, instance=found, stages=deals.stages())
    if request.method == "POST" and form.is_valid():
        found.refresh_from_db()  # the form has filled it in; what changed is told from what is stored
        deals.change_deal(user, found, form.cleaned_data)
        messages.success(request, _("已保存。"))
        return redirect("talks:detail", pk)
    context = {"form": form, "talk": talk, "deal": found}
    return render(request, "talks/deal.html", context, status=422 if form.is_bound else 200)


def _choose(request: HttpRequest, user: User) -> HttpResponse:
    """The customer: those with a plan, those last spoken with, or those that a search finds."""
    page, words = page_for(request), request.GET.get("q", "").strip()
    found = find_customers(page, words) if page.snapshot.has("customer") else []
    recent = {} if words else dict(_recent(user))
    context = {
        "words": words,
        "plans": [] if words else plans_of(user.employee_id, today()),
        "recent": list(recent.items()),
        "found": [(key, name) for key, name in found if key not in recent],
    }
    return render(request, "talks/choose.html", context)


def _recent(user: User) -> list[tuple[str, str]]:
    mine = Talk.objects.filter(author=user).order_by("-happened_at").values_list("customer_id", "customer_name")[:40]
    return list(dict.fromkeys(mine))[:RECENT]


def _plan(request: HttpRequest, user: User) -> Plan | None:
    if not (wanted := request.GET.get("plan", "")):
        return None
    plan = plan_of(wanted, user.employee_id)
    if plan is None:
        raise Http404
    return plan


def _shown(before: dict[str, Any]) -> list[tuple[Any, str]]:
    """(label, earlier text) of what a correction changed."""
    choices = {"kind": dict(Kind.choices), "deal_state": dict(DealState.choices)}
    return [
        (Talk._meta.get_field(name).verbose_name, str(choices.get(name, {}).get(value, value or _("空"))))  # type: ignore[union-attr]
        for name, value in before.items()
    ]


def _visible(request: HttpRequest, pk: int) -> Talk:
    """The talk, or 404 where this person may not see it."""
    return get_object_or_404(sight.visible_to(_user(request)), pk=pk)


def _this_minute() -> dt.datetime:
    return now().replace(second=0, microsecond=0)


def _user(request: HttpRequest) -> User:
    return cast("User", request.user)
