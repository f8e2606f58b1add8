"""Pages about all metrics: the tree, the calendar of reviews, which ones matter, whether targets are fair."""

from __future__ import annotations

from typing import cast
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from salesloop.app.accounts.services import User
from salesloop.app.governance.bottleneck import named_bottleneck, named_leak
from salesloop.app.governance.fair import judge
from salesloop.app.governance.requests import appeals, waiting_for
from salesloop.app.governance.reviews import may_review, punctuality, review_calendar
from salesloop.app.governance.tree import tree as tree_of
from salesloop.app.governance.worth import worths
from salesloop.app.pages.services import page_for, range_label
from salesloop.app.workspace.services import now, today, workspace
from salesloop.engine.governance.noticing import notice

Tabs = list[tuple[str, str, bool]]


def tabs(user: User, current: str) -> Tabs:
    """The parts of governance."""
    waiting = waiting_for(user)
    words = {
        "tree": _("指标树"),
        "reviews": _("复核日历"),
        "worth": _("哪些有用"),
        "fairness": _("是否公平"),
        "requests": _("变更申请") + (f" {waiting}" if waiting else ""),
    }
    return [(label, reverse(f"governance:{name}"), name == current) for name, label in words.items()]


@require_safe
def tree(request: HttpRequest) -> HttpResponse:
    page = page_for(request)
    context = page.context(tabs=tabs(page.user, "tree"), nodes=tree_of(page), query=page.view.to_query())
    return render(request, "governance/tree.html", context)


@require_safe
def bottleneck(request: HttpRequest) -> HttpResponse:
    page = page_for(request)
    context = page.context(named=named_bottleneck(page), stage=named_leak(page))
    return render(request, "governance/bottleneck.html", context)


@require_safe
def reviews(request: HttpRequest) -> HttpResponse:
    user = cast("User", request.user)
    notice(workspace(), now())
    calendar = review_calendar(user, today())
    mine = request.GET.get("who") == "me"
    context = {
        "tabs": tabs(user, "reviews"),
        "calendar": [(one, may_review(user, one.metric)) for one in calendar if one.mine or not mine],
        "punctuality": punctuality(today()),
        "late": sum(one.state == "late" for one in calendar),
        "mine": mine,
    }
    return render(request, "governance/reviews.html", context)


@require_safe
def worth(request: HttpRequest) -> HttpResponse:
    page = page_for(request)
    return render(request, "governance/worth.html", page.context(tabs=tabs(page.user, "worth")))


@require_safe
def worth_table(request: HttpRequest) -> HttpResponse:
    page = page_for(request)
    found = worths(page)
    advised = request.GET.get("only") == "advised"
    shown = [one for one in found if one.advice] if advised else found
    context = page.context(worths=shown, total=len(found), advised=advised, count=sum(bool(w.advice) for w in found))
    return render(request, "governance/worth_table.html", context)


@require_safe
def fairness(request: HttpRequest) -> HttpResponse:
    page = page_for(request)
    judged = judge(page, request.GET.get("metric", ""), request.GET.get("potential", ""))
    context = page.context(
        tabs=tabs(page.user, "fairness"),
        judged=judged,
        metric=page.registry.metric(judged.metric),
        potential=page.registry.metric(judged.potential) if judged.potential else None,
        period=range_label(judged.period, page.calendar, page.lang),
        appeals=appeals(judged.metric),
        evidence=f"{reverse('governance:fairness')}?{urlencode({'metric': judged.metric, 'potential': judged.potential})}",
    )
    return render(request, "governance/fairness.html", context)
