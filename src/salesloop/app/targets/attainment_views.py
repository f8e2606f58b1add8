"""The attainment page and its blocks."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from salesloop.app.metrics.services import column_scale, has_data
from salesloop.app.pages.services import page_for
from salesloop.app.targets.attainment import Asked, board, course, whole
from salesloop.app.targets.outlook import Outlook
from salesloop.app.targets.reasons import bridge, differences, gap_of, pipeline_of, spread_of, words
from salesloop.app.targets.sheet import Sheet
from salesloop.app.targets.state import DEFAULT, metric_choices, tabs, top_line
from salesloop.engine.analyze.planning.pace import season_elapsed


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    asked = _asked(request)
    sheet = _sheet(asked)
    stand = whole(asked) if has_data(asked.page, asked.name) else None
    year = asked.page.days == type(asked.page.days)(sheet.year.start, sheet.year.end, asked.page.days.grain)
    season = Outlook(sheet, top_line(sheet)).season if stand and asked.adds_up and year and sheet.lines else None
    return _answer(
        request,
        asked,
        "attainment",
        stand=stand,
        spec=course(asked, season) if stand else None,
        has_data=has_data(asked.page, asked.name),
        metrics=metric_choices(sheet),
        tabs=tabs(sheet, "attainment"),
    )


@require_safe
def rows(request: HttpRequest) -> HttpResponse:
    """The places or people below."""
    asked = _asked(request)
    found = board(asked)
    scale = column_scale(asked.page, asked.name, [row.actual for row in found])
    largest = max((row.stand.attainment or 0 for row in found if row.stand), default=0)
    return _answer(
        request,
        asked,
        "attainment_rows",
        rows=found,
        scale=scale,
        largest=Decimal(repr(max(largest, 1.0))),
        by=asked.by,
    )


@require_safe
def gap(request: HttpRequest) -> HttpResponse:
    """The drivers of the gap."""
    asked = _asked(request)
    stand = whole(asked)
    found = gap_of(asked, stand) if stand is not None else None
    names = words()
    return _answer(
        request,
        asked,
        "attainment_gap",
        stand=stand,
        gap=found,
        spec=bridge(asked, found) if found is not None else None,
        drivers=[(names[name], value) for name, value in found.drivers.items()] if found is not None else [],
        pipeline=pipeline_of(asked, stand) if stand is not None else None,
    )


@require_safe
def outlook(request: HttpRequest) -> HttpResponse:
    """Where the year will end, and how likely that is enough."""
    asked = _asked(request)
    sheet = _sheet(asked)
    line = top_line(sheet)
    target = line.cells[next(key for key in sheet.columns if key.startswith("year"))].target
    chance = Outlook(sheet, line).chance(target) if target is not None and asked.adds_up else None
    shown = (
        {name: Decimal(repr(round(getattr(chance, name), 2))) for name in ("expected", "low10", "high90")}
        if chance
        else {}
    )
    season = Outlook(sheet, line).season if asked.adds_up else None
    months = [sheet.columns[month] for month in sheet.months]
    return _answer(
        request,
        asked,
        "attainment_outlook",
        target=target,
        chance=chance,
        shown=shown,
        season=season_elapsed(season, months, asked.page.as_of) if season is not None else None,
        year=sheet.number,
    )


@require_safe
def people(request: HttpRequest) -> HttpResponse:
    """Why people differ."""
    asked = _asked(request)
    found = differences(asked)
    return _answer(
        request,
        asked,
        "attainment_people",
        people=found,
        spread=spread_of(found),
        factors=[_("客户数"), _("每客户订单"), _("每单金额")],
        scale=column_scale(asked.page, asked.name, [Decimal(repr(one.amount)) for one in found]),
    )


def _asked(request: HttpRequest) -> Asked:
    page = page_for(request, period="this-year")
    name = page.view.metrics[0] if page.view.metrics else DEFAULT
    metric = page.registry.metrics.get(name)
    if metric is None or metric.type == "target":
        raise Http404
    return Asked(page, metric)


def _sheet(asked: Asked) -> Sheet:
    return Sheet(asked.page, asked.metric, asked.page.calendar.period_of(asked.page.days.start, "year"))


def _answer(request: HttpRequest, asked: Asked, name: str, **more: Any) -> HttpResponse:
    page = asked.page
    context = page.context(
        asked=asked,
        metric=asked.metric,
        query=page.view.to_query(),
        **more,
    )
    return render(request, f"targets/{name}.html", context)
