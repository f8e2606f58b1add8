"""Metric pages: the catalogue, one metric with its blocks, the rows behind it, its definition."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from salesloop.app.accounts.services import needs
from salesloop.app.audit.services import log
from salesloop.app.governance.services import count_open
from salesloop.app.metrics.ask import filters_of, has_data, missing_entities
from salesloop.app.metrics.breakdown import breakdown, dimensions_for, first_breakdown
from salesloop.app.metrics.cards import cards
from salesloop.app.metrics.catalogue import catalogue
from salesloop.app.metrics.definition import explain
from salesloop.app.metrics.details import rows_behind, rows_for_file
from salesloop.app.metrics.drafts import sees
from salesloop.app.metrics.export import csv_response, xlsx_response
from salesloop.app.metrics.trend import GRAINS, trend, trend_grain
from salesloop.app.pages.services import Page, page_for, range_label
from salesloop.app.ui.language import joined
from salesloop.app.ui.paging import SIZE, Pager, page_number


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    page = page_for(request)
    words = request.GET.get("q", "").strip()
    return render(request, "metrics/index.html", page.context(groups=catalogue(page, words), words=words))


@require_safe
def metric(request: HttpRequest, name: str) -> HttpResponse:
    page = _page(request, name)
    definition = page.registry.metric(name)
    missing = [page.workspace.model.entity(entity).label.get(page.lang) for entity in missing_entities(page, name)]
    count_open(name)
    context = page.context(
        metric=definition,
        tab="overview",
        successor=page.registry.metrics.get(definition.successor or ""),
        card=next(iter(cards(page, [name])), None) if not missing else None,
        missing=missing,
        filters=_filter_chips(page),
        query=page.view.to_query(),
    )
    return render(request, "metrics/metric.html", context)


@require_safe
def trend_block(request: HttpRequest, name: str) -> HttpResponse:
    page = _page(request, name)
    context = page.context(
        metric=page.registry.metric(name), trend=trend(page, name), grain=trend_grain(page), grains=GRAINS
    )
    return render(request, "metrics/trend.html", context)


@require_safe
def breakdown_block(request: HttpRequest, name: str) -> HttpResponse:
    page = _page(request, name)
    choices = dimensions_for(page, name)
    wanted = page.view.by[0].split(":")[0] if page.view.by else ""
    found = breakdown(page, name, wanted) if wanted in dict(choices) else first_breakdown(page, name)
    if found is None:
        return render(request, "metrics/no_breakdown.html", page.context())
    context = page.context(metric=page.registry.metric(name), choices=choices, breakdown=found)
    return render(request, "metrics/breakdown.html", context)


@require_safe
def rows(request: HttpRequest, name: str) -> HttpResponse:
    page = _page(request, name)
    number = page_number(request)
    found = rows_behind(page, name, limit=SIZE, offset=(number - 1) * SIZE)
    context = page.context(
        metric=page.registry.metric(name),
        found=found,
        pager=Pager.at(request, found.rows, found.total, number),
        filters=_filter_chips(page),
        query=page.view.to_query(),
    )
    return render(request, "metrics/rows.html", context)


@require_safe
@needs("rows.export")
def export(request: HttpRequest, name: str, kind: str) -> HttpResponseBase:
    page = _page(request, name)
    write = {"csv": csv_response, "xlsx": xlsx_response}.get(kind)
    if write is None:
        raise Http404
    header, lines = rows_for_file(page, name)
    log(
        page.user, "rows.exported", name, {"kind": kind, "view": page.view.to_query(), "snapshot": page.snapshot.number}
    )
    label = page.registry.metric(name).label.get(page.lang)
    return write(f"{label} {range_label(page.days, page.calendar, page.lang)}", header, lines)


@require_safe
def definition(request: HttpRequest, name: str) -> HttpResponse:
    page = _page(request, name)
    if not has_data(page, name):
        raise Http404
    template = "metrics/definition.html" if request.htmx else "metrics/definition_page.html"  # type: ignore[attr-defined]
    return render(request, template, page.context(explanation=explain(page, name)))


def _page(request: HttpRequest, name: str) -> Page:
    """The page of a metric; an unknown one, or a draft of somebody else, is not found. By default it is compared by month over the running year."""
    page = page_for(request)
    if name not in page.registry.metrics or not sees(page.user, page.registry.metric(name)):
        raise Http404
    return page


def _filter_chips(page: Page) -> list[tuple[str, str]]:
    """(what, address without it) for every filter in force, the scope in the breadcrumb left out."""
    chips = []
    for text, one in zip(page.view.where, filters_of(page), strict=True):
        if one.dimension in ("org_unit", "employee") or one.dimension not in page.registry.dimensions:
            continue
        label = page.registry.dimension(one.dimension).label.get(page.lang)
        values = joined(_value_name(page, one.dimension, value) for value in one.values)
        without = page.view.changed(where=tuple(other for other in page.view.where if other != text))
        chips.append((f"{label} {'≠' if one.negated else '='} {values}", f"?{without.to_query()}"))
    return chips


def _value_name(page: Page, dimension: str, value: str | None) -> str:
    """The name that people know for an id in a filter."""
    if value is None:
        return _("未归属")
    declared = page.registry.dimension(dimension)
    known = page.warehouse.values(declared, (value,)) if declared.entity else []
    return str(known[0]["name"]) if known else value
