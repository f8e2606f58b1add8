"""The versions of a metric's year: what there is, who did what and why, and the steps from one state to the next."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from salesloop.app.accounts.services import User, needs
from salesloop.app.audit.services import history
from salesloop.app.targets import versions
from salesloop.app.targets.comparing import pairs
from salesloop.app.targets.grid import units_for
from salesloop.app.targets.models import Version
from salesloop.app.targets.state import (
    address,
    in_currency,
    metric_choices,
    money_units,
    sheet_of,
    sheet_of_version,
    tabs,
)
from salesloop.app.ui.typed import whole_number
from salesloop.app.workspace.services import now
from salesloop.engine.model.errors import UserError

State = Version.State
SAID = {
    "submit": gettext_lazy("已提交，等待批准。"),
    "return": gettext_lazy("已退回，成为草稿。"),
    "approve": gettext_lazy("已批准，从现在起生效。"),
    "freeze": gettext_lazy("已冻结，不再接受修改。"),
    "restore": gettext_lazy("已恢复这一版。"),
    "drop": gettext_lazy("草稿已删除。"),
}


@require_safe
@needs("targets.see_plans")
def index(request: HttpRequest) -> HttpResponse:
    sheet = sheet_of(request)
    page = sheet.page
    found = versions.visible_to(page.user).filter(metric=sheet.metric.metric, year=sheet.number)
    rows = [
        {
            "version": one,
            "address": address(sheet_of_version(page, one), "index"),
            "steps": _steps(page.user, one),
            "history": history(one),
        }
        for one in found.select_related("created_by", "submitted_by", "decided_by")
    ]
    calendar = page.calendar
    context = page.context(
        sheet=sheet,
        metric=sheet.metric,
        metrics=metric_choices(sheet),
        rows=rows,
        year=sheet.number,
        before=calendar.text(calendar.previous(sheet.year)),
        after=calendar.text(calendar.next(sheet.year)),
        query=page.view.to_query(),
        moneys=money_units(sheet),
        tabs=tabs(sheet, "versions"),
    )
    return render(request, "targets/versions.html", context)


@require_POST
@needs("targets.plan")
def begin(request: HttpRequest) -> HttpResponse:
    """A new draft of the address's metric and year."""
    sheet = sheet_of(request)
    why = request.POST.get("why", "").strip()
    draft = versions.begin(sheet.page.user, sheet.metric.metric, sheet.year, sheet.number, why, now())
    messages.success(request, _("新建了第 %(n)d 版草稿，批准后才生效。") % {"n": draft.number})
    return redirect(address(sheet_of_version(sheet.page, draft), "index"))


@require_POST
@needs("targets.see_plans")
def step(request: HttpRequest, pk: int, step: str) -> HttpResponse:
    """One step of a version's way."""
    sheet = sheet_of(request)
    user = sheet.page.user
    version = get_object_or_404(versions.visible_to(user), pk=pk)
    year, why, moment = sheet_of_version(sheet.page, version).year, request.POST.get("why", ""), now()
    ways: dict[str, Callable[[], None]] = {
        "submit": lambda: versions.submit(user, version, why, moment),
        "return": lambda: versions.send_back(user, version, why),
        "approve": lambda: versions.approve(user, version, year, why, moment),
        "freeze": lambda: versions.freeze(user, version, why, moment),
        "restore": lambda: versions.roll_back(user, version, year, why, moment),
        "drop": lambda: versions.drop(user, version),
    }
    if step not in ways:
        raise Http404
    back = f"{reverse('targets:versions')}?metrics={version.metric}&period={sheet.page.calendar.text(year)}"
    try:
        ways[step]()
    except UserError as error:
        messages.error(request, error.text(sheet.page.lang))
        return redirect(back)
    messages.success(request, str(SAID[step]))
    return redirect(back)


@require_safe
@needs("targets.see_plans")
def compare(request: HttpRequest) -> HttpResponse:
    """Two versions side by side; without `one` the other is held against what counts."""
    sheet = sheet_of(request, lens=True)
    page = sheet.page
    found = versions.visible_to(page.user).filter(metric=sheet.metric.metric, year=sheet.number)
    one = found.filter(pk=whole_number(request.GET.get("one")) or 0).first()
    other = found.filter(pk=whole_number(request.GET.get("other")) or 0).first()
    first = in_currency(sheet_of_version(page, one)) if one else sheet
    second = in_currency(sheet_of_version(page, other)) if other else sheet
    known = units_for(sheet.metric.format, page.lang, page.workspace.config.currency)
    context = page.context(
        sheet=sheet,
        metric=sheet.metric,
        year=sheet.number,
        versions=found,
        one=one,
        other=other,
        pairs=pairs(first, second),
        unit=known[0],
        tabs=tabs(sheet, "versions"),
    )
    return render(request, "targets/compare.html", context)


def _steps(user: User, version: Version) -> list[tuple[str, str, bool]]:
    """(step, label, whether a reason is asked for) of what this person may do next."""
    plans, approves = user.has_perm("targets.plan"), user.has_perm("targets.approve")
    made_it = user.pk in (version.created_by_id, version.submitted_by_id)
    possible = {
        State.DRAFT: [("submit", _("提交审批"), True, plans), ("drop", _("删除草稿"), False, plans)],
        State.SUBMITTED: [
            ("approve", _("批准"), False, approves and not made_it),
            ("return", _("退回"), True, approves),
        ],
        State.APPROVED: [("freeze", _("冻结"), False, approves)],
        State.REPLACED: [("restore", _("恢复这一版"), True, approves)],
        State.FROZEN: [],
    }
    return [(name, label, reason) for name, label, reason, may in possible[State(version.state)] if may]
