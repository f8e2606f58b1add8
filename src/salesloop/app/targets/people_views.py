"""A person's own targets: what was set, what they commit to, and that they have seen it."""

from __future__ import annotations

from decimal import Decimal

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from salesloop.app.pages.services import period_label
from salesloop.app.targets.grid import unit_of, units_for
from salesloop.app.targets.people import (
    acknowledge,
    acknowledgement,
    commit,
    commitments,
    remarks,
    year_target,
)
from salesloop.app.targets.reading import read_numbers
from salesloop.app.targets.sheet import Line, Sheet
from salesloop.app.targets.state import address, metric_choices, sheet_of, tabs
from salesloop.app.workspace.services import now
from salesloop.engine.model.text import Messages

_MESSAGES = Messages("salesloop.app.targets")


@require_http_methods(["GET", "POST"])
def mine(request: HttpRequest) -> HttpResponse:
    """One's own months with a field for what one commits to."""
    sheet = sheet_of(request)
    line = _own(sheet)
    page, unit = sheet.page, unit_of(sheet)
    said = commitments(sheet.metric.metric, sheet.number, page.user.employee_id)
    typed, problems = {}, []
    if request.method == "POST":
        typed = {month: request.POST.get(month, "").strip() for month in sheet.months}
        values = read_numbers(list(typed.values()), sheet.metric.format, unit.factor)
        for (month, text), value in zip(typed.items(), values, strict=True):
            if text and (value is None or value < 0):
                place = {"row": page.user.name, "column": period_label(sheet.columns[month], page.calendar, page.lang)}
                problems.append(_MESSAGES.message("not_a_number", value=text[:40], **place).text(page.lang))
        if not problems:
            wanted = {sheet.columns[month].start: value for month, value in zip(typed, values, strict=True)}
            changed = {day: value for day, value in wanted.items() if value != said.get(day)}
            if changed:
                commit(page.user, sheet.metric.metric, sheet.number, page.user.employee_id, changed, now())
            messages.success(request, _("已报上您的承诺。"))
            return redirect(address(sheet, "mine"))
    total = year_target(sheet, line)
    seen = acknowledgement(sheet.metric.metric, sheet.number, page.user.employee_id)
    months = []
    for month in sheet.months:
        period, value = sheet.columns[month], said.get(sheet.columns[month].start)
        shown = typed.get(month, _plain(value, unit.factor, unit.label) if value is not None else "")
        months.append((month, period_label(period, page.calendar, page.lang), line.cells[month], shown))
    calendar = page.calendar
    context = page.context(
        sheet=sheet,
        metric=sheet.metric,
        metrics=metric_choices(sheet),
        line=line,
        months=months,
        total=total,
        committed=sum(said.values(), Decimal(0)) if said else None,
        gap=sum(said.values(), Decimal(0)) - total if said and total is not None else None,
        seen=seen,
        current=seen is not None and seen.total == total,
        problems=problems,
        unit=unit,
        units=units_for(sheet.metric.format, page.lang, page.workspace.config.currency),
        year=sheet.number,
        before=calendar.text(calendar.previous(sheet.year)),
        after=calendar.text(calendar.next(sheet.year)),
        query=page.view.to_query(),
        remarks=remarks(sheet, line.key),
        at={"remark": address(sheet, "remark")},
        tabs=tabs(sheet, "mine"),
    )
    return render(request, "targets/mine.html", context, status=422 if problems else 200)


@require_POST
def seen(request: HttpRequest) -> HttpResponse:
    """Acknowledge one's target of the year as it stands."""
    sheet = sheet_of(request)
    total = year_target(sheet, _own(sheet))
    if total is None:
        raise Http404
    acknowledge(sheet.page.user, sheet.metric.metric, sheet.number, sheet.page.user.employee_id, total, now())
    messages.success(request, _("已确认。目标若再变动，会请您重新确认。"))
    return redirect(address(sheet, "mine"))


def _own(sheet: Sheet) -> Line:
    """The row of the person who asks. Not found for who is no employee."""
    line = sheet.person(sheet.page.user.employee_id)
    if line is None:
        raise Http404
    return line


def _plain(value: Decimal, factor: int, unit: str) -> str:
    text = f"{value / (Decimal(1) / 100 if unit == '%' else Decimal(factor)):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
