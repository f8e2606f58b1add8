"""The themes and the words of feeling: built in, with what a workspace adds in `standards/themes.yaml`."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Final

import yaml
from opencc import OpenCC
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from salesloop.engine.model.errors import UserError
from salesloop.engine.model.text import Messages, Text

_MESSAGES: Final = Messages("salesloop.engine.analyze.texts")
FILE: Final = "themes.yaml"
_TO_TRADITIONAL: Final = ("s2t", "s2twp")


class _Said(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)


class Theme(_Said):
    """`phrases` name the theme, `good` and `bad` name it and judge at once."""

    theme: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    label: Text | None = None
    phrases: tuple[str, ...] = ()
    good: tuple[str, ...] = ()
    bad: tuple[str, ...] = ()


class Feelings(_Said):
    """Words that judge whatever stands beside them; `not_` turns them round, `more` and `less` weigh, `beside` says that the
    theme named next is not what it is about."""

    good: tuple[str, ...] = ()
    bad: tuple[str, ...] = ()
    not_: tuple[str, ...] = Field(default=(), alias="not")
    more: tuple[str, ...] = ()
    less: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()


class _File(_Said):
    themes: tuple[Theme, ...] = ()
    feelings: Feelings = Feelings()


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Every theme has a label."""

    themes: tuple[Theme, ...]
    feelings: Feelings

    def label(self, theme: str) -> Text:
        return next(one.label for one in self.themes if one.theme == theme and one.label)


def load_lexicon(workspace: Path | None) -> Lexicon:
    """The built-in lexicon with the workspace's additions. UserError where those cannot be read."""
    path = workspace / "standards" / FILE if workspace else None
    if path is None or not path.is_file():
        return _lexicon(None, 0)
    return _lexicon(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=4)
def _lexicon(path: Path | None, _mark: int) -> Lexicon:
    text = resources.files("salesloop.engine.analyze.texts").joinpath(FILE).read_text("utf-8")
    own = _File.model_validate(yaml.load(text, Loader=yaml.CSafeLoader))
    if path is None:
        return Lexicon(own.themes, own.feelings)
    try:
        added = _File.model_validate(yaml.safe_load(path.read_text("utf-8")) or {})
    except (OSError, UnicodeDecodeError, yaml.YAMLError, ValidationError) as error:
        problem = error.errors()[0]["msg"] if isinstance(error, ValidationError) else str(error).splitlines()[0]
        raise UserError(_MESSAGES.message("bad_themes", file=f"standards/{FILE}", problem=problem)) from error
    themes = {theme.theme: theme for theme in own.themes}
    for theme in added.themes:
        known = themes.get(theme.theme)
        if known is None and theme.label is None:
            raise UserError(_MESSAGES.message("theme_without_label", file=f"standards/{FILE}", theme=theme.theme))
        themes[theme.theme] = _joined(known, theme) if known else theme
    both = {name: (*getattr(own.feelings, name), *getattr(added.feelings, name)) for name in Feelings.model_fields}
    return Lexicon(tuple(themes.values()), own.feelings.model_copy(update=both))


def _joined(known: Theme, added: Theme) -> Theme:
    lists = {name: (*getattr(known, name), *getattr(added, name)) for name in ("phrases", "good", "bad")}
    return known.model_copy(update={"label": added.label or known.label, **lists})


def pattern(words: Iterable[str]) -> str:
    """A regular expression (RE2) that finds any of the words: Chinese ones anywhere and in both scripts, English ones as
    whole words, also in the plural. The longest come first. It needs small letters."""
    chinese, english = set(), set()
    for word in words:
        if word.isascii():
            english.add(word.lower())
        else:
            chinese |= {word, *(_converter(how).convert(word) for how in _TO_TRADITIONAL)}
    parts = [re.escape(word) for word in sorted(chinese, key=lambda one: (-len(one), one))]
    if english:
        alternatives = "|".join(re.escape(word) for word in sorted(english, key=lambda one: (-len(one), one)))
        parts.append(rf"\b(?:{alternatives})(?:s|es)?\b")
    return f"(?:{'|'.join(parts)})" if parts else r"(?:[^\s\S])"


@lru_cache(maxsize=2)
def _converter(how: str) -> OpenCC:
    return OpenCC(how)
