"""The overview and its blocks; each block is asked for by itself and fails by itself."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from salesloop.app.dashboards.attention import anomalies, needs
from salesloop.app.dashboards.funnel import funnel
from salesloop.app.dashboards.headline import headline_cards, headline_metrics, leading_metric
from salesloop.app.dashboards.loop import DAYS, loop
from salesloop.app.dashboards.revenue import managed
from salesloop.app.dashboards.teams import teams
from salesloop.app.metrics.services import GRAINS, against_of, change, filter_chips, trend, trend_grain
from salesloop.app.pages.services import Page, page_for
from salesloop.app.workspace.services import now


@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    page = page_for(request)
    context = page.context(
        greeting=_greeting(page),
        metric=leading_metric(page) if not page.empty else None,
        expected_cards=range(len(headline_metrics(page))) if not page.empty else (),
        query=page.view.to_query(),
    )
    return render(request, "dashboards/overview.html", context)


@require_safe
def revenue(request: HttpRequest) -> HttpResponse:
    page = page_for(request)
    context = page.context(managed=managed(page), filters=filter_chips(page), query=page.view.to_query())
    return render(request, "dashboards/revenue.html", context)


@require_safe
def attention_block(request: HttpRequest) -> HttpResponse:
    page = page_for(request)
    return render(request, "dashboards/attention.html", page.context(needs=needs(page, now())))


@require_safe
def kpis_block(request: HttpRequest) -> HttpResponse:
    page = page_for(request)
    return render(request, "dashboards/kpis.html", page.context(cards=headline_cards(page)))


@require_safe
def trend_block(request: HttpRequest) -> HttpResponse:
    page = page_for(request)
    metric = leading_metric(page)
    if metric is None:
        return render(request, "dashboards/nothing.html", page.context())
    context = page.context(
        metric=page.registry.metric(metric),
        trend=trend(page, metric, anomalies(page, metric)),
        grain=trend_grain(page),
        grains=GRAINS,
    )
    return render(request, "dashboards/trend.html", context)


@require_safe
def change_block(request: HttpRequest) -> HttpResponse:
    page = page_for(request)
    metric = leading_metric(page)
    if metric is None:
        return render(request, "dashboards/nothing.html", page.context())
    angle = page.view.by[0].split(":")[0] if page.view.by else ""
    context = page.context(metric=page.registry.metric(metric), change=change(page, metric, angle, against_of(page)))
    return render(request, "dashboards/change.html", context)


@require_safe
def teams_block(request: HttpRequest) -> HttpResponse:
    page = page_for(request)
    metric = leading_metric(page)
    if metric is None:
        return render(request, "dashboards/nothing.html", page.context())
    return render(
        request, "dashboards/teams.html", page.context(metric=page.registry.metric(metric), teams=teams(page, metric))
    )


@require_safe
def funnel_block(request: HttpRequest) -> HttpResponse:
    page = page_for(request)
    return render(request, "dashboards/funnel.html", page.context(funnel=funnel(page)))


@require_safe
def loop_block(request: HttpRequest) -> HttpResponse:
    page = page_for(request)
    return render(request, "dashboards/loop.html", page.context(loop=loop(page.user, now()), days=DAYS))


def _greeting(page: Page) -> str:
    hour = now().astimezone(page.timezone).hour
    words = (
        _("夜深了")
        if hour < 5
        else _("早上好")
        if hour < 9
        else _("上午好")
        if hour < 12
        else _("下午好")
        if hour < 18
        else _("晚上好")
    )
    return f"{words}，{page.user.name}" if page.lang != "en" else f"{words}, {page.user.name}"
