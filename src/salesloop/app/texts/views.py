"""The page of the voice of the customer."""

from __future__ import annotations

import pyarrow as pa
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from salesloop.app.metrics.services import askable, cards, filter_chips
from salesloop.app.pages.services import Page, page_for
from salesloop.app.texts import hearing
from salesloop.app.texts import online as mentioned
from salesloop.app.ui.paging import Pager, page_number

PERIOD = "last-90-days"
SIZE = 20
WORDS = 40


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    page = _page(request)
    narrowed = hearing.Narrowed.of(request.GET, hearing.lexicon_of(page))
    context = page.context(
        tabs=_tabs("index"),
        narrowed=narrowed,
        sources=hearing.sources(page),
        dimensions=hearing.dimensions(page),
        by=hearing.chosen_dimension(page),
        query=request.GET.urlencode(),
        kept=[(name, value) for name, value in request.GET.items() if name not in ("q", "source", "by", "page")],
    )
    return render(request, "texts/index.html", context)


@require_safe
def heard(request: HttpRequest) -> HttpResponse:
    """Themes, words and texts: everything that is worked out of them."""
    page = _page(request)
    narrowed = hearing.Narrowed.of(request.GET, hearing.lexicon_of(page))
    voice = hearing.ask_voice(page, narrowed)
    places = hearing.matching(voice, narrowed)
    number = min(page_number(request), max(1, -(-len(places) // SIZE)))
    shown = voice.said.take(pa.array(places[(number - 1) * SIZE : number * SIZE], pa.int64())).to_pylist()
    lines = hearing.lines(page, voice, narrowed, request.GET)
    context = page.context(
        narrowed=narrowed,
        voice=voice,
        lines=lines,
        largest=max((line.line.now for line in lines), default=0),
        numbers=[(name, page.registry.metric(name), voice.numbers[name]) for name in hearing.shown_numbers(voice)],
        spec=hearing.chart(page, voice, narrowed),
        slices=hearing.slices(page, voice),
        words=hearing.words(voice, request.GET)[:WORDS],
        texts=hearing.said(page, shown),
        pager=Pager.at(request, shown, len(places), number, SIZE),
        everything=hearing.link(request.GET, theme="", q=""),
        left_out=[label for entity, label in hearing.sources(page) if entity in voice.left_out],
        cut=[label for entity, label in hearing.sources(page) if entity in voice.cut],
    )
    return render(request, "texts/heard.html", context)


@require_safe
def online(request: HttpRequest) -> HttpResponse:
    """Mentions in media and on platforms: volume and tone over time and by topic."""
    page = _page(request)
    lines = mentioned.heard(page) if page.snapshot.has(mentioned.MENTION) else []
    by = mentioned.chosen(page)
    context = page.context(
        tabs=_tabs("online"),
        cards=cards(page, askable(page, mentioned.CARDS)),
        charts=mentioned.CARDS[:2],
        query=page.view.changed(by=()).to_query(),
        chips=filter_chips(page),
        dimensions=mentioned.dimensions(page),
        by=by,
        by_label=page.registry.dimension(by).label.get(page.lang),
        lines=lines,
        largest=max((line.mentions for line in lines), default=0),
        may_import=page.user.has_perm("data.import"),
    )
    return render(request, "texts/online.html", context)


def _tabs(current: str) -> list[tuple[str, str, bool]]:
    labels = {"index": _("客户说的话"), "online": _("网上口碑")}
    return [(label, reverse(f"texts:{name}"), name == current) for name, label in labels.items()]


def _page(request: HttpRequest) -> Page:
    return page_for(request, period=PERIOD)
