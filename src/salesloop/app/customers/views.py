"""Pages of customers."""

from __future__ import annotations

import dataclasses

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from salesloop.app.customers.listing import listing
from salesloop.app.customers.moved import merged_into
from salesloop.app.customers.profile import profile
from salesloop.app.customers.sight import CUSTOMER
from salesloop.app.customers.timeline import SIZE, events, kinds_of
from salesloop.app.customers.value import value_of
from salesloop.app.customers.value_views import tabs
from salesloop.app.metrics.services import askable, breakdown, cards
from salesloop.app.pages.services import Page, page_for
from salesloop.app.prediction.services import lifetime_in_force
from salesloop.app.quality.services import history_address
from salesloop.app.talks.services import may_record
from salesloop.app.ui.paging import page_number
from salesloop.engine.analyze.predict.lifetime.history import ORDERS
from salesloop.engine.metrics import format_filter

CARDS = ("revenue", "gross_margin", "orders", "won_amount", "visits", "returns_amount")
CARDS_SHOWN = 4
PERIOD = "last-365-days"
"""Of one customer a month says little."""


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    page = page_for(request, period=PERIOD)
    words = request.GET.get("q", "").strip()
    found = listing(page, words) if page.snapshot.has(CUSTOMER) else None
    metric = page.registry.metric(found.metric) if found and found.metric else None
    return render(
        request, "customers/index.html", page.context(tabs=tabs(page, "index"), found=found, metric=metric, words=words)
    )


@require_safe
def customer(request: HttpRequest, key: str) -> HttpResponse:
    page = page_for(request, period=PERIOD)
    found = profile(page, key) if page.snapshot.has(CUSTOMER) else None
    if found is None:
        return _moved(request, page, key)
    own = _of(page, key)
    bought = askable(own, ["revenue"])
    lifetime = lifetime_in_force()
    context = page.context(
        profile=found,
        lifetime=lifetime,
        worth=value_of(page, lifetime, key) if lifetime and page.snapshot.has(ORDERS) else None,
        cards=cards(own, CARDS)[:CARDS_SHOWN],
        products=breakdown(own, bought[0], "product") if bought else None,
        metric=page.registry.metric(bought[0]) if bought else None,
        query=own.view.to_query(),
        may_record=may_record(page.user),
        history=history_address(page.user, CUSTOMER, {"customer_id": key}),
    )
    return render(request, "customers/customer.html", context)


@require_safe
def timeline(request: HttpRequest, key: str) -> HttpResponse:
    page = page_for(request, period=PERIOD)
    if not page.snapshot.has(CUSTOMER) or profile(page, key) is None:
        raise Http404
    kinds = kinds_of(page, key)
    kind = page.view.tab if page.view.tab in {name for name, _label, _n in kinds} else ""
    number = page_number(request)
    total = sum(n for name, _label, n in kinds if kind in ("", name))
    context = page.context(
        key=key,
        kinds=kinds,
        kind=kind,
        all=sum(n for _name, _label, n in kinds),
        events=events(page, key, kind, offset=(number - 1) * SIZE),
        next=number + 1 if number * SIZE < total else 0,
        first=number == 1,
    )
    return render(request, "customers/timeline.html", context)


def _moved(request: HttpRequest, page: Page, key: str) -> HttpResponse:
    """To the customer into whom this one was merged. Not for good: merges can be undone."""
    found = merged_into(page, key) if page.snapshot.has(CUSTOMER) else None
    if found is None:
        raise Http404
    messages.info(request, _("%(old)s 已并入「%(name)s」，这里是合并后的客户。") % {"old": key, "name": found.name})
    query = request.GET.urlencode()
    return redirect(reverse("customers:customer", args=[found.key]) + (f"?{query}" if query else ""))


def _of(page: Page, key: str) -> Page:
    """The page narrowed to one customer."""
    view = page.view.changed(where=(*page.view.where, format_filter(CUSTOMER, [key])), tab="")
    return dataclasses.replace(page, view=view)
