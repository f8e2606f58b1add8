"""From history to a target and from a target to its parts: each is shown first and written when somebody says so."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_safe

from salesloop.app.accounts.services import needs
from salesloop.app.targets.checking import checked
from salesloop.app.targets.editing import Refused, apply, row_name, write
from salesloop.app.targets.grid import unit_of
from salesloop.app.targets.gridfile import read_grid
from salesloop.app.targets.models import Change
from salesloop.app.targets.outlook import Outlook
from salesloop.app.targets.people import year_target
from salesloop.app.targets.proposing import market_growth, proposed
from salesloop.app.targets.sheet import Sheet
from salesloop.app.targets.splitting import BELOW, TIME, Asked, children, plan
from salesloop.app.targets.state import (
    address,
    amount_of,
    context_of,
    in_currency,
    line_of,
    percent_of,
    sheet_of,
    tabs,
)
from salesloop.app.ui.typed import whole_number
from salesloop.app.workspace.services import now
from salesloop.engine.model.errors import UserError

STEPS = {
    "0.01": gettext_lazy("分"),
    "1": gettext_lazy("元"),
    "100": gettext_lazy("百元"),
    "1000": gettext_lazy("千元"),
    "10000": gettext_lazy("万元"),
}
WEIGHT = "w-"


@require_http_methods(["GET", "POST"])
@needs("targets.edit")
def split(request: HttpRequest, draft: int | None = None) -> HttpResponse:
    """Over the months or over the rows below: preview (GET), then write (POST to the same address)."""
    sheet = sheet_of(request, draft, lens=True)
    line = line_of(request, sheet)
    asked = request.GET
    how = "time" if asked.get("how") == "time" or not children(sheet, line) else "below"
    choices = TIME if how == "time" else BELOW
    by = asked.get("by", "") if asked.get("by", "") in choices else next(iter(choices))
    step = asked.get("step", "") if asked.get("step", "") in STEPS else "1"
    context = context_of(
        sheet,
        line=line,
        name=row_name(sheet, line),
        how=how,
        by=by,
        choices=choices.items(),
        steps=STEPS.items() if sheet.metric.format == "money" else (),
        step=step,
        asked=asked,
        can_below=bool(children(sheet, line)),
        can_time=line.editable,
        plan=None,
        problem="",
        here=request.get_full_path(),
        weights={name[len(WEIGHT) :]: asked[name] for name in asked if name.startswith(WEIGHT)},
        tabs=tabs(sheet, "index"),
    )
    try:
        found = plan(sheet, line, _asked(asked, sheet, how, by, Decimal(step)))
    except UserError as error:
        context["problem"] = error.text(sheet.page.lang)
        return render(request, _template(request, "split"), context, status=422 if request.method == "POST" else 200)
    context["plan"] = found
    if request.method == "POST":
        if how == "time" and not line.editable:
            raise PermissionDenied
        return _written(request, sheet, write(sheet, found.values, now()))
    return render(request, _template(request, "split"), context)


@require_http_methods(["GET", "POST"])
@needs("targets.plan")
def propose(request: HttpRequest, draft: int | None = None) -> HttpResponse:
    """A year from history, season, market and capacity: every input can be seen and changed before it is written."""
    sheet = sheet_of(request, draft)
    line = line_of(request, sheet)
    asked, known_market = request.GET, market_growth(sheet)
    fallback = "" if known_market is None else f"{known_market * 100:.1f}"
    context = context_of(
        sheet,
        line=line,
        name=row_name(sheet, line),
        asked=asked,
        market=asked.get("market", fallback),
        market_known=known_market is not None,
        step=asked.get("step", "1000"),
        steps=STEPS.items(),
        problem="",
        found=None,
        here=request.get_full_path(),
        tabs=tabs(sheet, "index"),
    )
    try:
        market, stretch = percent_of(context["market"]), percent_of(asked.get("stretch", ""))
        weight = percent_of(asked.get("weight", ""))
        people = asked.get("people", "").strip()
        found = proposed(
            sheet,
            line,
            market=None if market is None else float(market),
            market_weight=0.5 if weight is None else float(weight),
            stretch=float(stretch or 0),
            people=whole_number(people),
            step=Decimal(context["step"] if context["step"] in STEPS else "1"),
        )
    except UserError as error:
        context["problem"] = error.text(sheet.page.lang)
        return render(request, _template(request, "propose"), context, status=422 if request.method == "POST" else 200)
    context["found"] = found
    foreign = in_currency(sheet)
    context["foreign"] = foreign.currency
    context["months"] = [
        (month, amount, share, foreign.lens.converted(amount, sheet.columns[month].start) if foreign.lens else None)
        for month, amount, share in zip(sheet.months, found.proposal.periods, found.season.shares, strict=True)
    ]
    if request.method == "POST":
        if not line.editable:
            raise PermissionDenied
        if sheet.draft is not None:
            sheet.draft.basis = {**sheet.draft.basis, line.key: found.proposal.to_json()}
            sheet.draft.save(update_fields=["basis"])
        return _written(request, sheet, write(sheet, found.values, now()))
    return render(request, _template(request, "propose"), context)


@require_http_methods(["GET", "POST"])
@needs("targets.edit")
def file(request: HttpRequest, draft: int | None = None) -> HttpResponse:
    """Cells from a file. What it says of unknown rows is told; a cell that cannot be written refuses all."""
    sheet = sheet_of(request, draft, lens=True)
    context = context_of(sheet, problem="", problems=[], tabs=tabs(sheet, "index"))
    upload = request.FILES.get("file")
    if request.method == "POST" and upload is not None:
        try:
            found = read_grid(sheet, upload)
            change = apply(sheet, found.edits, unit_of(sheet).factor, now())
        except Refused as refused:
            context["problems"] = [message.text(sheet.page.lang) for _edit, message in refused.problems]
            return render(request, _template(request, "file"), context, status=422)
        except UserError as error:
            context["problem"] = error.text(sheet.page.lang)
            return render(request, _template(request, "file"), context, status=422)
        for message in found.left_out[:5]:
            messages.warning(request, message.text(sheet.page.lang))
        if change is None:
            messages.info(request, _("文件与表中一致，没有改动。"))
            return redirect(address(sheet, "index"))
        return _written(request, sheet, change)
    return render(request, _template(request, "file"), context, status=422 if request.method == "POST" else 200)


@require_safe
def check(request: HttpRequest, draft: int | None = None) -> HttpResponse:
    """The five tests of a row's target."""
    sheet = sheet_of(request, draft)
    line = line_of(request, sheet)
    found = checked(sheet, line)
    lang, foreign = sheet.page.lang, in_currency(sheet)
    context = context_of(
        sheet,
        line=line,
        name=row_name(sheet, line),
        found=found,
        checks=[(one.letter, one.passed, one.evidence.text(lang)) for one in found.checks],
        expected=None if found.chance is None else Decimal(repr(round(found.chance.expected, 2))),
        season=Outlook(sheet, line).season,
        foreign=foreign.currency,
        seen=year_target(foreign, foreign.lines[line.key]) if foreign.currency else None,
        tabs=tabs(sheet, "index"),
    )
    return render(request, _template(request, "check"), context)


def _asked(given: QueryDict, sheet: Sheet, how: Any, by: str, step: Decimal) -> Asked:
    low, high = percent_of(given.get("low", "")), percent_of(given.get("high", ""))
    weights = {name[len(WEIGHT) :]: percent_of(given.get(name, "")) for name in given if name.startswith(WEIGHT)}
    return Asked(
        how=how,
        by=by,
        amount=amount_of(given.get("amount", ""), sheet),
        step=step if sheet.metric.format == "money" else Decimal(1),
        low=None if low is None else 1 + low,
        high=None if high is None else 1 + high,
        weights={key: value for key, value in weights.items() if value is not None},
        left_out=frozenset(given.getlist("out")),
    )


def _written(request: HttpRequest, sheet: Sheet, change: Change) -> HttpResponse:
    count = len(change.before)
    words = ngettext("已保存 %(n)d 个目标。", "已保存 %(n)d 个目标。", count) % {"n": count}
    messages.success(request, words, extra_tags=reverse("targets:undo", args=[change.pk]))
    return redirect(address(sheet, "index"))


def _template(request: HttpRequest, name: str) -> str:
    """Into the drawer, or as a page of its own."""
    return f"targets/{name}.html" if request.htmx else f"targets/{name}_page.html"  # type: ignore[attr-defined]
