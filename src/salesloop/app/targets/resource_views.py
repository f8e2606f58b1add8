"""The page of what a forecast asks for: people, budget, stock. It only suggests; nothing is written."""

from __future__ import annotations

import math
from decimal import Decimal

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from salesloop.app.accounts.services import needs
from salesloop.app.targets.marketing import WINDOW, touches
from salesloop.app.targets.outlook import last_year_days
from salesloop.app.targets.people import year_target
from salesloop.app.targets.reading import read_numbers
from salesloop.app.targets.resources import Assumed, Resources
from salesloop.app.targets.sheet import Sheet
from salesloop.app.targets.state import DEFAULT, percent_of, sheet_of, tabs, top_line
from salesloop.engine.analyze.planning.resources import StockNeed
from salesloop.engine.model.errors import UserError


@require_safe
@needs("targets.see_plans")
def index(request: HttpRequest) -> HttpResponse:
    asked = sheet_of(request)
    page = asked.page
    sheet = Sheet(page, page.registry.metric(DEFAULT), asked.year)
    calendar, problem, assumed = page.calendar, "", Assumed()
    try:
        assumed = _assumed(request)
    except UserError as error:
        problem = error.text(page.lang)
    found = Resources(sheet, top_line(sheet), assumed)
    context = page.context(
        sheet=sheet,
        metric=sheet.metric,
        found=found,
        assumed=assumed,
        shown=_shown(assumed),
        given=request.GET,
        problem=problem,
        target=year_target(sheet, found.line),
        expected=None if found.forecast is None else _exact(found.forecast.expected),
        band=None if found.forecast is None else (_exact(found.forecast.low10), _exact(found.forecast.high90)),
        year=sheet.number,
        before=calendar.text(calendar.previous(sheet.year)),
        after=calendar.text(calendar.next(sheet.year)),
        budget=[
            (m, line, [_exact(v) for v in (line.spent, line.sales, line.amount, *line.span)])
            for m, line in found.budget
        ],
        stock=[(name, _whole(need)) for name, need in found.stock],
        productivity=None if found.people is None else _exact(found.people.productivity),
        query=page.view.to_query(),
        tabs=tabs(sheet, "resources"),
    )
    return render(request, "targets/resources.html", context, status=422 if problem else 200)


@require_safe
@needs("targets.see_plans")
def marketing(request: HttpRequest) -> HttpResponse:
    """What marketing brought in the past year, by last touch."""
    asked = sheet_of(request)
    sheet = Sheet(asked.page, asked.page.registry.metric(DEFAULT), asked.year)
    found = [
        (one, [_exact(value) for value in (one.credit.revenue, one.credit.profit, one.cost or 0.0)])
        for one in touches(sheet.page, last_year_days(sheet))
    ]
    return render(request, "targets/marketing.html", sheet.page.context(touches=found, window=WINDOW))


def _assumed(request: HttpRequest) -> Assumed:
    """What the address assumes, the usual where it says nothing. UserError for what is no number."""
    usual, given = Assumed(), request.GET
    leaving, service = percent_of(given.get("leaving", "")), percent_of(given.get("service", ""))
    texts = [given.get(name, "") for name in ("ramp", "days")]
    ramp, days = read_numbers(texts, "number")
    (each,) = read_numbers([given.get("each", "")], "money", 10_000)
    return Assumed(
        leaving=usual.leaving if leaving is None else min(max(float(leaving), 0.0), 0.9),
        ramp_months=usual.ramp_months if ramp is None else min(max(float(ramp), 0.0), 36.0),
        productivity=float(each) if each else None,
        days=usual.days if days is None else min(max(int(days), 1), 180),
        service=usual.service if service is None else min(max(float(service), 0.5), 0.999),
    )


def _shown(assumed: Assumed) -> dict[str, str]:
    return {
        "leaving": f"{assumed.leaving * 100:g}",
        "ramp": f"{assumed.ramp_months:g}",
        "each": "" if assumed.productivity is None else f"{assumed.productivity / 10_000:g}",
        "days": str(assumed.days),
        "service": f"{assumed.service * 100:g}",
    }


def _whole(need: StockNeed) -> StockNeed:
    """In whole pieces, rounded up where they have to be there."""
    safety = None if need.safety is None else math.ceil(need.safety)
    return StockNeed(round(need.cover), safety, None if need.on_hand is None else round(need.on_hand))


def _exact(value: float) -> Decimal:
    return Decimal(repr(round(value, 2)))
