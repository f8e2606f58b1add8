"""Pages of peer reviews."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from salesloop.app.accounts.services import User, needs
from salesloop.app.org.services import employee_names
from salesloop.app.team import rounds
from salesloop.app.team.forms import RoundForm
from salesloop.app.team.models import LEVELS, Round
from salesloop.app.team.sight import seen
from salesloop.app.team.views import tabs
from salesloop.app.ui.language import current_lang
from salesloop.app.ui.typed import whole_number
from salesloop.app.workspace.services import now, today
from salesloop.engine.model.errors import UserError


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    user = _user(request)
    rows = [
        {
            "round": one,
            "open": rounds.is_open(one, today()),
            "people": len(one.colleagues.all()),
            "answered": sum(len(who.rated) for who in one.colleagues.all()),
            "asked": sum(who.employee_id == user.employee_id for who in one.colleagues.all()),
            "mine": one.opened_by_id == user.pk,
        }
        for one in _of(user)
    ]
    return render(request, "team/rounds.html", {"rows": rows, "tabs": tabs(user, "rounds")})


@require_http_methods(["GET", "POST"])
@needs("team.lead")
def new(request: HttpRequest) -> HttpResponse:
    user = _user(request)
    people = [one for one in seen(user) if one.id != user.employee_id]
    form = RoundForm(request.POST or None, people=people, today=today())
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            rounds.open_round(user, said["title"], said["due"], said["people"], now())
        except UserError as error:
            form.add_error("people", error.text(current_lang()))
        else:
            messages.success(request, _("已发起，有登录的同事会收到通知。"))
            return redirect("team:rounds")
    return render(request, "team/round_form.html", {"form": form}, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
def one(request: HttpRequest, pk: int) -> HttpResponse:
    """Say something of one's colleagues; only those who were asked come here."""
    user = _user(request)
    found = next((each for each in _of(user) if each.pk == pk), None)
    me = next((who for who in found.colleagues.all() if who.employee_id == user.employee_id), None) if found else None
    if found is None or me is None:
        raise Http404
    if request.method == "POST":
        levels = [request.POST.get(f"s{number}", "") for number in range(len(rounds.STATEMENTS))]
        said = [whole_number(level) or 0 for level in levels]
        rounds.answer(found, user.employee_id, request.POST.get("about", ""), said, today())
        messages.success(request, _("已匿名记下。"))
        return redirect("team:round", pk)
    others = [who.employee_id for who in found.colleagues.all() if who != me]
    names = employee_names(others)
    context = {
        "round": found,
        "open": rounds.is_open(found, today()),
        "people": [(other, names.get(other, other), other in me.rated) for other in others],
        "statements": rounds.STATEMENTS,
        "levels": LEVELS,
        "tabs": tabs(user, "rounds"),
    }
    return render(request, "team/round.html", context)


@require_POST
@needs("team.lead")
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """End a round that one opened."""
    user = _user(request)
    found = next((each for each in _of(user) if each.pk == pk and each.opened_by_id == user.pk), None)
    if found is None:
        raise Http404
    rounds.close(user, found, now())
    messages.success(request, _("互评已结束。"))
    return redirect("team:rounds")


def _of(user: User) -> list[Round]:
    """The rounds that a person opened or takes part in."""
    return [
        one
        for one in Round.objects.prefetch_related("colleagues").select_related("opened_by")
        if one.opened_by_id == user.pk
        or (user.employee_id and any(who.employee_id == user.employee_id for who in one.colleagues.all()))
    ]


def _user(request: HttpRequest) -> User:
    return cast("User", request.user)
