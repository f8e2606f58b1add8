"""What Ctrl K finds. Each slice that has something to find declares `search` in its AppConfig: (request, words) → hits,
best first, only what this person may see."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.apps import apps
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from pypinyin import lazy_pinyin

from salesloop.app.ui.navigation import Navigation

if TYPE_CHECKING:
    from salesloop.app.accounts.services import PersonalRequest
    from salesloop.app.ui.navigation import Words

PER_GROUP = 6


@dataclass(frozen=True, slots=True)
class Hit:
    """One line of the palette."""

    label: str | Words
    href: str
    icon: str
    hint: str = ""


def find(request: PersonalRequest, text: str) -> list[tuple[str, list[Hit]]]:
    """Hits by group: one with something called just so, then pages, then what the slices know. Without words: the pages and the
    slices' suggestions."""
    words = text.strip()
    groups = [(_("页面"), [*_pages(request, words)])]
    for config in apps.get_app_configs():
        declared = getattr(config, "search", None)
        if declared:
            label, path = declared
            groups.append((str(label), [*import_string(path)(request, words)]))
    found = [(label, hits if place == 0 else hits[:PER_GROUP]) for place, (label, hits) in enumerate(groups) if hits]
    return sorted(found, key=lambda group: not any(_called(str(hit.label), words) for hit in group[1]))


def _called(label: str, words: str) -> bool:
    """Whether the words are the whole name, as written or as its sounds."""
    return words.lower() in (label.lower(), *_sounds(label).split())


def _pages(request: PersonalRequest, words: str) -> Iterator[Hit]:
    for entry in Navigation(request).entries:
        if matches(words, str(entry.item.label), entry.item.url):
            yield Hit(entry.item.label, entry.href, entry.item.icon)


def matches(words: str, *names: str) -> bool:
    """Whether every word is in one of the names, as written or as the sounds of the Chinese (xse, xiaoshoue → 销售额)."""
    haystack = " ".join(name.lower() for name in names) + " " + " ".join(_sounds(name) for name in names)
    return all(word in haystack for word in words.lower().split())


def _sounds(name: str) -> str:
    if name.isascii():
        return ""
    syllables = lazy_pinyin(name)
    return "".join(syllables) + " " + "".join(syllable[:1] for syllable in syllables)
