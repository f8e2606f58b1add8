"""Pages of quality: scores, records to mend and what was decided of them, coverage, data of departments."""

from __future__ import annotations

from dataclasses import replace
from typing import cast, get_args
from urllib.parse import quote

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from salesloop.app.accounts.services import needs
from salesloop.app.quality import decisions, departments, mending, scoring
from salesloop.app.quality.covering import fields_of, metrics_of
from salesloop.app.quality.models import Decision, Verdict
from salesloop.app.quality.page import person, quality_page
from salesloop.app.quality.records import objects_of, record_page
from salesloop.app.quality.sight import circumstances, judged_for
from salesloop.app.ui.paging import Pager, page_number
from salesloop.app.ui.ways import way_back
from salesloop.app.workspace.services import now, today
from salesloop.engine.analyze.quality.coverage import coverage_rate, field_coverage
from salesloop.engine.analyze.quality.mend import Chosen
from salesloop.engine.analyze.quality.scores import overall
from salesloop.engine.analyze.quality.source import State
from salesloop.engine.model.errors import UserError
from salesloop.engine.model.text import Messages

_MESSAGES = Messages("salesloop.app.quality")


@require_safe
def scores(request: HttpRequest) -> HttpResponse:
    of, at = judged_for(person(request)), circumstances()
    groups = scoring.groups(of)
    by = request.GET.get("by", next(iter(groups)))
    if by not in scoring.GROUPS:
        raise Http404
    tally = overall(of, at)
    context = {
        "tally": tally,
        "level": scoring.level(tally.score),
        "parts": scoring.parts(tally),
        "by": by,
        "groups": groups,
        "group": scoring.GROUPS[by],
        "rows": scoring.rows(of, by, at),
    }
    return quality_page(request, "scores", context)


@require_safe
def mend(request: HttpRequest) -> HttpResponse:
    of = judged_for(person(request))
    entity, check, employee, org_unit = (
        request.GET.get(part) or None for part in ("entity", "check", "employee", "org_unit")
    )
    state = request.GET.get("state", "open")
    if state not in get_args(State):
        raise Http404
    chosen = Chosen(entity, check, None, employee, org_unit, cast("State", state))
    kinds = mending.choices(of, chosen.state)
    if entity not in {None, *(name for name, _label, _checks in kinds)}:
        chosen = replace(chosen, entity=None, check=None)
    number = page_number(request)
    found, total = mending.records(of, chosen, number)
    context = {
        "records": found,
        "pager": Pager.at(request, found, total, number, mending.SIZE),
        "kinds": kinds,
        "states": mending.states(of, chosen),
        "chosen": chosen,
        "may_judge": person(request).has_perm("quality.judge"),
        "here": request.get_full_path(),
    }
    return quality_page(request, "mend", context)


@require_POST
@needs("quality.judge")
def decide(request: HttpRequest) -> HttpResponse:
    """Accept or return one record for one check."""
    entity, key, check = (request.POST.get(name, "") for name in ("entity", "key", "check"))
    verdict = request.POST.get("verdict", "")
    if verdict not in Verdict.values:
        raise UserError(_MESSAGES.message("no_decision"))
    record = decisions.failing_record(judged_for(person(request)), entity, key, check)
    if request.POST.get("mark", "") != record.mark:
        raise UserError(_MESSAGES.message("changed_meanwhile"))
    made = decisions.decide(
        person(request), record, key, check, Verdict(verdict), request.POST.get("note", "").strip(), now()
    )
    text = _("已认可，不再计入待改和得分。") if verdict == Verdict.ACCEPTED else _("已退回，负责人已收到通知。")
    messages.success(request, text, extra_tags=reverse("quality:withdraw", args=[made.pk]))
    return redirect(way_back(request, reverse("quality:mend")))


@require_POST
@needs("quality.judge")
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    decisions.withdraw(person(request), get_object_or_404(Decision, pk=pk), now())
    return redirect(way_back(request, reverse("quality:mend")))


@require_safe
def record(request: HttpRequest, entity: str) -> HttpResponse:
    """Everything known of one record that the person answers for."""
    key, user = request.GET.get("key", ""), person(request)
    found = record_page(judged_for(user), user, entity, key)
    if found is None:
        raise Http404
    trail = ""
    if user.has_perm("audit.see") and (objects := objects_of(entity, key)):
        trail = f"{reverse('audit:index')}?object={quote(objects)}"
    return render(request, "quality/record.html", {"record": found, "trail": trail})


@require_safe
def coverage(request: HttpRequest) -> HttpResponse:
    fields = field_coverage(judged_for(person(request)))
    metrics = metrics_of(fields)
    context = {
        "rate": coverage_rate(fields),
        "entities": fields_of(fields),
        "partly": [metric for metric in metrics if metric.rate < 1],
        "whole": [metric for metric in metrics if metric.rate == 1],
    }
    return quality_page(request, "coverage", context)


@require_safe
def sharing(request: HttpRequest) -> HttpResponse:
    """What each department supplies and uses, as far as the person answers for it."""
    found = departments.sharing(judged_for(person(request)), request.GET.get("unit", ""), today())
    if found is None:
        raise Http404
    return quality_page(request, "sharing", {"sharing": found})
