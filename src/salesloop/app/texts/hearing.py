"""What a page asks of the voice of the customer, and the answer in words and links."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from salesloop.app.customers.services import customer_names
from salesloop.app.org.services import employee_names
from salesloop.app.pages.services import Page, tick_label
from salesloop.engine.analyze.texts.collect import SOURCES, Asked, Days
from salesloop.engine.analyze.texts.keywords import Keyword
from salesloop.engine.analyze.texts.lexicon import Lexicon, load_lexicon
from salesloop.engine.analyze.texts.voice import ThemeLine, Voice, listen
from salesloop.engine.metrics import format_filter
from salesloop.engine.model.calendar import Grain
from salesloop.engine.model.periods import compared_range
from salesloop.engine.report.chart import ChartSpec, Series

DIMENSIONS: Final = ("region", "org_unit", "employee", "product", "category", "channel", "segment", "industry")
CHART_THEMES: Final = 5
SLICES: Final = 20
BESIDE: Final = ("revenue", "win_rate", "satisfaction")


@dataclass(frozen=True, slots=True)
class Narrowed:
    """What of the texts is looked at: of one source, one theme, with some words. What the address says wrongly is ''."""

    source: str
    theme: str
    words: str

    @classmethod
    def of(cls, query: QueryDict, lexicon: Lexicon) -> Narrowed:
        themes = {theme.theme for theme in lexicon.themes}
        source, theme = query.get("source", ""), query.get("theme", "")
        return cls(source if source in SOURCES else "", theme if theme in themes else "", query.get("q", "").strip())


@dataclass(frozen=True, slots=True)
class Line:
    """A theme as the table shows it. `change` is of the number of texts; None without any before."""

    line: ThemeLine
    label: str
    change: float | None
    numbers: list[tuple[str, float | None]]
    href: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class SliceLine:
    name: str
    count: int
    themes: list[tuple[str, int]]
    href: str


@dataclass(frozen=True, slots=True)
class Said:
    """One text; `href` leads to the customer."""

    day: dt.date
    text: str
    source: str
    themes: list[str]
    feeling: int
    who: str
    customer: str
    href: str


def lexicon_of(page: Page) -> Lexicon:
    """The themes of this company."""
    return load_lexicon(page.workspace.path)


def ask_voice(page: Page, narrowed: Narrowed) -> Voice:
    """The answer for the page's days, filters and scope, compared with the period before."""
    days = page.days
    before = compared_range(days, "previous", page.calendar, page.as_of)
    asked = Asked(
        Days(days.start, days.end),
        Days(before.start, before.end),
        where=page.view.where,
        by=chosen_dimension(page),
        sources=(narrowed.source,) if narrowed.source else (),
    )
    return listen(
        page.warehouse, page.registry, lexicon_of(page), asked, page.scope, today=page.as_of, grain=_grain(page)
    )


def chosen_dimension(page: Page) -> str | None:
    """The dimension of the address, where texts can be sliced by it."""
    wanted = page.view.by[0].split(":")[0] if page.view.by else ""
    return wanted if wanted in dict(dimensions(page)) else None


def dimensions(page: Page) -> list[tuple[str, str]]:
    """(id, label) of the dimensions by which some texts can be sliced."""
    offered = {d.dimension: d for source in SOURCES.values() for d in page.registry.dimensions_of(source.metric)}
    return [(name, offered[name].label.get(page.lang)) for name in DIMENSIONS if name in offered]


def sources(page: Page) -> list[tuple[str, str]]:
    """(entity, label) of those that have rows."""
    return [
        (entity, page.registry.metric(source.metric).label.get(page.lang))
        for entity, source in SOURCES.items()
        if page.warehouse.has(entity)
    ]


def lines(page: Page, voice: Voice, narrowed: Narrowed, query: QueryDict) -> list[Line]:
    """The themes, the most mentioned first; a click looks at one, a second click at all again."""
    lexicon = lexicon_of(page)
    return [
        Line(
            line,
            lexicon.label(line.theme).get(page.lang),
            (line.now - line.before) / line.before if line.before else None,
            [(name, line.numbers[name]) for name in shown_numbers(voice)],
            link(query, theme="" if line.theme == narrowed.theme else line.theme),
            line.theme == narrowed.theme,
        )
        for line in voice.themes
    ]


def shown_numbers(voice: Voice) -> list[str]:
    """The numbers beside that the data can give."""
    return [name for name in BESIDE if name in voice.numbers]


def chart(page: Page, voice: Voice, narrowed: Narrowed) -> ChartSpec | None:
    """The most mentioned themes over the days, or the chosen one."""
    lexicon, grain = lexicon_of(page), _grain(page)
    names = [narrowed.theme] if narrowed.theme else [line.theme for line in voice.themes[:CHART_THEMES]]
    names = [name for name in names if name in voice.trend]
    if not names or len(voice.periods) < 2:
        return None
    last = page.calendar.period_of(voice.periods[-1], grain)
    years = voice.periods[0].year != voice.periods[-1].year
    return ChartSpec(
        "trend",
        _("主题的走势"),
        tuple(tick_label(start, grain, page.calendar, page.lang, years=years) for start in voice.periods),
        tuple(
            Series(lexicon.label(name).get(page.lang), voice.trend[name], "main" if len(names) == 1 else "slice")
            for name in names
        ),
        "count",
        partial_last=last.start <= page.as_of < last.end,
    )


def slices(page: Page, voice: Voice) -> list[SliceLine]:
    """The parts of the chosen dimension with the themes heard most there."""
    by = chosen_dimension(page)
    if by is None:
        return []
    ids = list(voice.slices)[:SLICES]
    dimension, lexicon = page.registry.dimension(by), lexicon_of(page)
    names = {key: key for key in ids}
    if dimension.entity:
        names |= {row["id"]: row["name"] for row in page.warehouse.values(dimension, tuple(filter(None, ids)))}
    found = []
    for key in ids:
        themes = sorted(voice.slices[key].items(), key=lambda item: (-item[1], item[0]))
        view = page.view.changed(where=(*page.view.where, format_filter(by, [key or None])), by=())
        found.append(
            SliceLine(
                names.get(key, key) or _("未归属"),
                sum(voice.slices[key].values()),
                [(lexicon.label(theme).get(page.lang), count) for theme, count in themes[:3]],
                f"?{view.to_query()}",
            )
        )
    return found


def words(voice: Voice, query: QueryDict) -> list[tuple[Keyword, str]]:
    """(word, link to its texts): what moved first, then what is frequent."""
    order = {"new": 0, "rising": 0, "steady": 1, "falling": 2}
    known = sorted(
        voice.words, key=lambda word: (order[word.standing], -word.now if order[word.standing] else -(word.z or 0))
    )
    return [(word, link(query, q=word.term)) for word in known]


def said(page: Page, rows: Sequence[dict[str, Any]]) -> list[Said]:
    """Texts with the names of who said and heard them."""
    lexicon = lexicon_of(page)
    heard_by = employee_names({row["employee_id"] for row in rows if row["employee_id"]})
    customers = customer_names(page, {row["customer_id"] for row in rows if row["customer_id"]})
    labels = dict(sources(page))
    return [
        Said(
            row["day"],
            row["text"],
            labels.get(row["source"], row["source"]),
            [lexicon.label(theme).get(page.lang) for theme in row["themes"]],
            row["feeling"],
            heard_by.get(row["employee_id"], ""),
            customers.get(row["customer_id"], ""),
            reverse("customers:customer", args=[row["customer_id"]]) if row["customer_id"] in customers else "",
        )
        for row in rows
    ]


def matching(voice: Voice, narrowed: Narrowed) -> list[int]:
    """The rows of `voice.said` that have the theme and the words."""
    needle = narrowed.words.lower()
    columns = zip(voice.said["text"].to_pylist(), voice.said["themes"].to_pylist(), strict=True)
    return [
        place
        for place, (text, themes) in enumerate(columns)
        if (not narrowed.theme or narrowed.theme in themes) and (not needle or needle in text.lower())
    ]


def link(query: QueryDict, **changes: str) -> str:
    """The page's address with other narrowing, from its first page of texts."""
    changed = query.copy()
    changed.pop("page", None)
    for name, value in changes.items():
        changed[name] = value
        if not value:
            del changed[name]
    return f"{reverse('texts:index')}?{changed.urlencode(safe=',:|')}"


def _grain(page: Page) -> Grain:
    return "day" if page.days.days <= 14 else "week" if page.days.days <= 100 else "month"
