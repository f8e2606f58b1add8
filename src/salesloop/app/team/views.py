"""Pages of the team evaluation."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from salesloop.app.accounts.services import User, needs
from salesloop.app.org.services import unit_names
from salesloop.app.pages.services import Page, page_for, period_label
from salesloop.app.team import board, competencies, ratings
from salesloop.app.team.facts import Facts, appeal_address, quarter_of
from salesloop.app.team.forms import CompetencyForm, rating_forms
from salesloop.app.team.models import Competency
from salesloop.app.team.rounds import LEAST, outcomes
from salesloop.app.team.sight import employee_seen, may_rate, seen
from salesloop.app.team.training import courses_of, next_courses
from salesloop.app.workspace.services import now, today

PERIOD = "this-year"


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Everybody whom the reader leads, in five aspects; people who lead nobody go to their own card."""
    user = _user(request)
    if not user.has_perm("team.see_others") and seen(user):
        return redirect("team:person", user.employee_id)
    page = page_for(request, period=PERIOD)
    rows = board.rows(page, seen(user))
    return _render(request, page, "index", rows=rows, tabs=tabs(user, "index"))


@require_safe
@needs("team.see_others")
def matrix(request: HttpRequest) -> HttpResponse:
    """People × competencies."""
    page = page_for(request, period=PERIOD)
    people = board.chosen(page, seen(_user(request)))
    standings = ratings.standings(people, quarter_of(page))
    context = {
        "competencies": competencies.in_use(),
        "rows": [(person, standings[person.id]) for person in people],
        "rated": any(one.rated for all_ in standings.values() for one in all_),
        "tabs": tabs(_user(request), "matrix"),
    }
    return _render(request, page, "matrix", **context)


@require_safe
def person(request: HttpRequest, employee: str) -> HttpResponse:
    """The scorecard of one person."""
    user, found = _user(request), employee_seen(_user(request), employee)
    page = page_for(request, period=PERIOD)
    facts = Facts(page)
    standings = ratings.standings([found], quarter_of(page))[found.id]
    taken = courses_of(page.snapshot, found.id)
    context = {
        "person": found,
        "unit": unit_names([found.unit]).get(found.unit, ""),
        "own": found.id == user.employee_id,
        "may_rate": may_rate(user, found.id),
        "result": facts.result(found),
        "efficiency": facts.work(found, "efficiency"),
        "quality": facts.work(found, "quality"),
        "peers": facts.peers(found),
        "shared": facts.shared(found),
        "peer_review": outcomes([found.id], today()).get(found.id),
        "least": LEAST,
        "standings": standings,
        "summary": board.summary(standings),
        "advice": next_courses(page.snapshot, standings, taken),
        "courses": taken,
        "history": ratings.history(found.id),
        "attainment_address": facts.attainment_address(found.id),
        "revenue_address": facts.address("revenue", found.id),
        "appeal": appeal_address(found.id, page.view.period),
        "tabs": tabs(user, ""),
    }
    return _render(request, page, "person", **context)


@require_http_methods(["GET", "POST"])
def rate(request: HttpRequest, employee: str) -> HttpResponse:
    """Rate somebody, or oneself, in this quarter."""
    user, found = _user(request), employee_seen(_user(request), employee)
    if not may_rate(user, found.id):
        raise PermissionDenied
    page = page_for(request, period="this-quarter")
    quarter = quarter_of(page)
    forms = rating_forms(request.POST or None)
    valid = [form.is_valid() for form in forms]  # each of them, so that every mistake shows at once
    if request.method == "POST" and all(valid):
        made = ratings.rate(user, found.id, quarter, [form.given for form in forms if form.given], now())
        if made:
            messages.success(request, _("已保存；以前的评价仍在历史里。"))
        return redirect("team:person", found.id)
    context = {
        "person": found,
        "own": found.id == user.employee_id,
        "forms": list(zip(forms, ratings.standings([found], quarter)[found.id], strict=True)),
        "period": period_label(page.calendar.period_of(quarter, "quarter"), page.calendar, page.lang),
    }
    return render(request, "team/rate.html", context, status=422 if request.method == "POST" else 200)


@require_safe
def competency_list(request: HttpRequest) -> HttpResponse:
    """What is rated, for everybody to read."""
    context = {"competencies": Competency.objects.all(), "tabs": tabs(_user(request), "competencies")}
    return render(request, "team/competencies.html", context)


@require_http_methods(["GET", "POST"])
@needs("team.set_competencies")
def competency(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Add a competency or change one."""
    known = get_object_or_404(Competency, pk=pk) if pk else Competency()
    form = CompetencyForm(request.POST or None, competency=known, titles=board.titles())
    if request.method == "POST" and form.is_valid():
        competencies.save(_user(request), known, form.said)
        messages.success(request, _("已保存。"))
        return redirect("team:competencies")
    context = {"form": form, "competency": known}
    return render(request, "team/competency.html", context, status=422 if form.is_bound else 200)


def tabs(user: User, current: str) -> list[tuple[str, str, bool]]:
    """The parts of the evaluation; who sees only themselves has no lists of people."""
    words = {"index": _("总览"), "matrix": _("能力矩阵"), "rounds": _("同事互评"), "competencies": _("能力项")}
    if not user.has_perm("team.see_others"):
        del words["matrix"]
        words["index"] = _("我的计分卡")
    return [
        (label, reverse(f"team:{name}"), name == current or (not current and "matrix" not in words and name == "index"))
        for name, label in words.items()
    ]


def _render(request: HttpRequest, page: Page, template: str, **more: Any) -> HttpResponse:
    return render(request, f"team/{template}.html", page.context(**more))


def _user(request: HttpRequest) -> User:
    return cast("User", request.user)
