"""The page of the voice of the customer."""

from __future__ import annotations

import pyarrow as pa
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from salesloop.app.pages.services import Page, page_for
from salesloop.app.texts import hearing
from salesloop.app.ui.paging import Pager, page_number

PERIOD = "last-90-days"
SIZE = 20
WORDS = 40


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    page = _page(request)
    narrowed = hearing.Narrowed.of(request.GET, hearing.lexicon_of(page))
    context = page.context(
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


def _page(request: HttpRequest) -> Page:
    return page_for(request, period=PERIOD)
