"""The parts of a metric's page that load by themselves: trend, where a change comes from, parts, distribution."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from salesloop.app.metrics.ask import refusal
from salesloop.app.metrics.breakdown import breakdown, dimensions_for, first_breakdown
from salesloop.app.metrics.change import Change, against_of, change, explains
from salesloop.app.metrics.comparing import comparison_label
from salesloop.app.metrics.distribution import histogram
from salesloop.app.metrics.trend import GRAINS, trend, trend_grain
from salesloop.app.metrics.units import column_scale, unit_text
from salesloop.app.metrics.views import metric_page
from salesloop.app.pages.services import Choice, Page, with_more
from salesloop.engine.metrics.comparisons import Variant, variants
from salesloop.engine.report.number import Scale


@require_safe
def trend_block(request: HttpRequest, name: str) -> HttpResponse:
    page = metric_page(request, name)
    context = page.context(
        metric=page.registry.metric(name), trend=trend(page, name), grain=trend_grain(page), grains=GRAINS
    )
    return render(request, "metrics/trend.html", context)


@require_safe
def change_block(request: HttpRequest, name: str) -> HttpResponse:
    """Where the change comes from; the address says against what (`against`) and by which dimension (`by`)."""
    page = metric_page(request, name)
    asked = request.GET.get("against", "")
    possible = variants(page.compare) or ("previous",)
    against: Variant = next((one for one in possible if one == asked), against_of(page))
    found = change(page, name, page.view.by[0].split(":")[0] if page.view.by else "", against)
    context = page.context(
        metric=page.registry.metric(name),
        change=found,
        explains=explains(page, name),
        scale=_part_scale(page, found),
        has_mix=any(part.rate is not None for part in found.parts),
        mix_format="points" if found.is_rate else page.registry.metric(name).format,
        againsts=[
            Choice(comparison_label(page, one), with_more(page, against=one), one == against) for one in possible
        ],
    )
    return render(request, "metrics/change.html", context)


@require_safe
def breakdown_block(request: HttpRequest, name: str) -> HttpResponse:
    page = metric_page(request, name)
    choices = dimensions_for(page, name)
    wanted = page.view.by[0].split(":")[0] if page.view.by else ""
    found = breakdown(page, name, wanted) if wanted in dict(choices) else first_breakdown(page, name)
    if found is None:
        return render(request, "metrics/no_breakdown.html", page.context())
    refused = refusal(page, name, by=page.view.by[:1])
    context = page.context(metric=page.registry.metric(name), choices=choices, breakdown=found, refused=refused)
    return render(request, "metrics/breakdown.html", context)


@require_safe
def distribution_block(request: HttpRequest, name: str) -> HttpResponse:
    """The spread of the values behind; the address says of whose (`of`)."""
    page = metric_page(request, name)
    found = histogram(page, name, request.GET.get("of", ""))
    definition = page.registry.metric(name)
    context = page.context(
        metric=definition,
        unit=unit_text(definition.unit, page.lang),
        histogram=found,
        choices=[Choice(label, with_more(page, of=one), one == found.subject) for one, label in found.choices]
        if found
        else [],
    )
    return render(request, "metrics/distribution.html", context)


def _part_scale(page: Page, found: Change) -> Scale:
    return column_scale(page, found.metric, [value for part in found.lines for value in (part.now, part.before)])
