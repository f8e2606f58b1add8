"""Pages of channels."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from salesloop.app.accounts.services import User, needs
from salesloop.app.channels import notes
from salesloop.app.channels.acting import act_on_shift
from salesloop.app.channels.covering import SHOWN, coverage_map
from salesloop.app.channels.effort import effort
from salesloop.app.channels.models import ChannelNote
from salesloop.app.channels.partner import Channel, channel, measures, of_channel, partner_href, without_channel
from salesloop.app.channels.quadrant import quadrant
from salesloop.app.channels.scorecard import scorecard
from salesloop.app.metrics.services import askable
from salesloop.app.pages.services import Page, page_for
from salesloop.app.texts.services import heard_in
from salesloop.app.workspace.services import now

PERIOD = "last-365-days"
"""Channels move slowly, and a year has every season."""


@require_safe
@needs("channels.see")
def index(request: HttpRequest) -> HttpResponse:
    page = page_for(request, period=PERIOD)
    card = scorecard(page)
    context = page.context(
        tabs=_tabs(page, "index"),
        card=card,
        quadrant=quadrant(card) if card else None,
        effort=effort(page) if card else None,
        may_shift=page.user.has_perm("channels.shift"),
        query=page.view.to_query(),
    )
    return render(request, "channels/index.html", context)


@require_safe
@needs("channels.see")
def coverage(request: HttpRequest) -> HttpResponse:
    page = page_for(request, period=PERIOD)
    shown = page.view.tab if page.view.tab in SHOWN else "revenue"
    choices = [(name, page.registry.metric(name).label) for name in SHOWN]
    context = page.context(tabs=_tabs(page, "coverage"), map=coverage_map(page, shown), shown=shown, choices=choices)
    return render(request, "channels/coverage.html", context)


@require_POST
@needs("channels.shift")
def shift(request: HttpRequest) -> HttpResponse:
    """The recommended shift as an action; where the data recommend it no more, say so."""
    page = page_for(request, period=PERIOD)
    found = effort(page)
    if found.shift is None:
        messages.error(request, _("数据已经更新，不再建议挪动费用。"))
        return redirect(f"{reverse('channels:index')}?{page.view.to_query()}")
    action = act_on_shift(page, found, now())
    messages.success(request, _("行动已建立，到期后会衡量效果。"))
    return redirect("actions:detail", action.pk)


@require_safe
@needs("channels.see")
def partner(request: HttpRequest, key: str) -> HttpResponse:
    page = page_for(request, period=PERIOD)
    one = _channel(page, key)
    return render(request, "channels/partner.html", _partner(page, one))


@require_safe
@needs("channels.see")
def said(request: HttpRequest, key: str) -> HttpResponse:
    """What the customers of one channel said."""
    page = page_for(request, period=PERIOD)
    own = of_channel(page, _channel(page, key))
    return render(request, "channels/said.html", {"heard": heard_in(own), "query": own.view.to_query()})


@require_POST
@needs("channels.note")
def note(request: HttpRequest, key: str) -> HttpResponse:
    page = page_for(request, period=PERIOD)
    one = _channel(page, key)
    text = request.POST.get("text", "").strip()
    if not text:
        context = _partner(page, one) | {"note_error": _("请写点什么。")}
        return render(request, "channels/partner.html", context, status=422)
    written = notes.write(page.user, key, text, now())
    undo = reverse("channels:withdraw", args=[written.pk])
    messages.success(request, _("已记下。"), extra_tags=undo)
    return redirect(partner_href(page, key))


@require_POST
@needs("channels.note")
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(ChannelNote, pk=pk, withdrawn_at=None)
    notes.withdraw(cast("User", request.user), found, now())
    messages.success(request, _("已收回。"))
    return redirect("channels:partner", found.channel_id)


def _channel(page: Page, key: str) -> Channel:
    found = channel(page, key)
    if found is None:
        raise Http404
    return found


def _partner(page: Page, one: Channel) -> dict[str, Any]:
    lines, lacking = measures(page, one)
    own = of_channel(page, one)
    return page.context(
        channel=one,
        measures=lines,
        missing=lacking,
        has_revenue=bool(askable(own, ["revenue"])),
        query=own.view.to_query(),
        state=without_channel(page).view.to_query(),
        children=[(name, partner_href(page, key)) for key, name in one.children],
        parent=(one.parent[1], partner_href(page, one.parent[0])) if one.parent else None,
        notes=notes.notes_on(one.key),
        may_note=page.user.has_perm("channels.note"),
    )


def _tabs(page: Page, here: str) -> list[tuple[str, str, bool]]:
    query = page.view.changed(tab="", sort="").to_query()
    pages = (("index", _("对比")), ("coverage", _("覆盖")))
    return [(label, f"{reverse(f'channels:{name}')}?{query}", name == here) for name, label in pages]
