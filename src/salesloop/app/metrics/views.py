"""Metric pages: the catalogue, one metric with its blocks, the rows behind it, its definition."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from salesloop.app.accounts.services import needs
from salesloop.app.audit.services import log
from salesloop.app.governance.services import count_open
from salesloop.app.metrics.ask import has_data, missing_entities, refusal
from salesloop.app.metrics.cards import cards
from salesloop.app.metrics.catalogue import STATES, catalogue
from salesloop.app.metrics.chips import filter_chips
from salesloop.app.metrics.comparing import comparisons
from salesloop.app.metrics.definition import explain, review_rhythm
from salesloop.app.metrics.details import rows_behind, rows_for_file
from salesloop.app.metrics.drafts import sees
from salesloop.app.metrics.export import csv_response, xlsx_response
from salesloop.app.metrics.stamp import stamp
from salesloop.app.metrics.units import column_scale
from salesloop.app.pages.services import Page, page_for, range_label, with_more
from salesloop.app.ui.paging import SIZE, Pager, page_number


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    page = page_for(request)
    words = request.GET.get("q", "").strip()
    state, owner = request.GET.get("state", ""), request.GET.get("owner", "")
    found = catalogue(page, words, state if state in STATES else "", owner)
    states = [
        (label, count, with_more(page, q=words, owner=owner, state=name), name == state)
        for name, label, count in found.states
    ]
    context = page.context(catalogue=found, states=states, words=words, state=state, owner=owner)
    return render(request, "metrics/index.html", context)


@require_safe
def metric(request: HttpRequest, name: str) -> HttpResponse:
    page = metric_page(request, name)
    definition = page.registry.metric(name)
    missing = [page.workspace.model.entity(entity).label.get(page.lang) for entity in missing_entities(page, name)]
    count_open(name)
    card = next(iter(cards(page, [name])), None) if not missing else None
    lines = comparisons(page, name) if card else []
    context = page.context(
        metric=definition,
        tab="overview",
        successor=page.registry.metrics.get(definition.successor or ""),
        card=card,
        stamp=stamp(page, name),
        lines=lines,
        review=review_rhythm(definition),
        scale=column_scale(page, name, [value for line in lines for value in (line.value, line.difference)]),
        missing=missing,
        refused=refusal(page, name, where=page.view.where),
        filters=filter_chips(page),
        query=page.view.to_query(),
        asked=request.GET.urlencode(),
    )
    return render(request, "metrics/metric.html", context)


@require_safe
def rows(request: HttpRequest, name: str) -> HttpResponse:
    page = metric_page(request, name)
    number = page_number(request)
    found = rows_behind(page, name, limit=SIZE, offset=(number - 1) * SIZE)
    context = page.context(
        metric=page.registry.metric(name),
        found=found,
        pager=Pager.at(request, found.rows, found.total, number),
        filters=filter_chips(page),
        query=page.view.to_query(),
    )
    return render(request, "metrics/rows.html", context)


@require_safe
@needs("rows.export")
def export(request: HttpRequest, name: str, kind: str) -> HttpResponseBase:
    page = metric_page(request, name)
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
    page = metric_page(request, name)
    if not has_data(page, name):
        raise Http404
    template = "metrics/definition.html" if request.htmx else "metrics/definition_page.html"  # type: ignore[attr-defined]
    return render(request, template, page.context(explanation=explain(page, name)))


def metric_page(request: HttpRequest, name: str) -> Page:
    """The page of a metric; an unknown one, or a draft of somebody else, is not found. By default it is compared by month over the running year."""
    page = page_for(request)
    if name not in page.registry.metrics or not sees(page.user, page.registry.metric(name)):
        raise Http404
    return page
