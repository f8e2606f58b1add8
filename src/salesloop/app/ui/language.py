"""From Django's language codes to the engine's."""

from collections.abc import Iterable

from django.utils import translation

from salesloop.engine.model.text import DEFAULT_LANG, Lang

_LANGS: dict[str, Lang] = {"zh-hans": "zh-Hans", "zh-hant": "zh-Hant", "en": "en"}


def lang_of(code: str | None) -> Lang:
    """`zh-hant` → `zh-Hant`; anything unknown is the default language."""
    return _LANGS.get((code or "").lower(), DEFAULT_LANG)


def joined(words: Iterable[str]) -> str:
    """Words in a row, as the reader's language joins them."""
    return (", " if current_lang() == "en" else "、").join(words)


def current_lang() -> Lang:
    """The language of this request."""
    return lang_of(translation.get_language())
