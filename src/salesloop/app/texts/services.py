"""For the other slices: what the customers of a slice say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.http import QueryDict

from salesloop.app.pages.services import Page
from salesloop.app.texts.hearing import Line, Narrowed, Said, ask_voice, lines, said

__all__ = ["Heard", "heard_in"]

THEMES: Final = 6
TEXTS: Final = 5


@dataclass(frozen=True, slots=True)
class Heard:
    """The themes mentioned most and the newest texts, out of `count` of the page's days."""

    count: int
    themes: list[Line]
    texts: list[Said]


def heard_in(page: Page) -> Heard:
    """What was said within the page's days, filters and scope."""
    narrowed = Narrowed("", "", "")
    voice = ask_voice(page, narrowed)
    query = QueryDict(page.view.to_query())
    return Heard(
        voice.texts,
        lines(page, voice, narrowed, query)[:THEMES],
        said(page, voice.said.slice(0, TEXTS).to_pylist()),
    )
