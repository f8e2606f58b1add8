"""Cells that hold one of a few words: booleans (是/否, √/×, Y/N, 1/0) and choices (订单状态: 已完成, Completed …)."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from salesloop.engine.clean.values.cells import count_odd, half, is_blank, is_excel_error, literal, odd, tight
from salesloop.engine.clean.values.recipe import Evidence, Recipe
from salesloop.engine.model.fields import Choice
from salesloop.engine.model.text import LANGS

TRUE_WORDS: Final = ("是", "对", "對", "有", "真", "√", "✓", "✔", "☑", "yes", "y", "true", "t", "1", "1.0", "on", "已")
FALSE_WORDS: Final = (
    "否",
    "不是",
    "错",
    "假",
    "×",
    "✗",
    "✘",
    "☒",
    "x",
    "no",
    "n",
    "false",
    "f",
    "0",
    "0.0",
    "off",
    "未",
)


@dataclass(frozen=True)
class Words:
    """Known words (normalised by `key_of`) → the value that they mean; any other word is unreadable."""

    values: Mapping[str, str]
    target: str
    unknown: str = "!unreadable"
    rewrite = None

    def probe(self, x: str) -> Mapping[str, str]:
        """Words that stand exactly so in the list need no normalisation."""
        return {f"{x}_f": self._meaning(x)}

    def evidence(self, x: str) -> Mapping[str, str]:
        return {"odd": count_odd(x, f"{x}_f")}

    def recipe(self, x: str, seen: Evidence) -> Recipe:
        if not seen["odd"]:
            return Recipe((self.probe(x),), f"{x}_f")
        # 无 and 空 are blanks, unless the list knows them.
        key = f"CASE WHEN {odd(x, x + '_f')} THEN lower({tight(half(x))}) END"
        steps = (
            self.probe(x),
            {f"{x}_k": key},
            {f"{x}_v": f"coalesce({x}_f, {self._meaning(x + '_k')})"},
            {
                f"{x}_s": f"CASE WHEN {x}_v IS NOT NULL OR {x}_k IS NULL THEN NULL WHEN {is_blank(x)} THEN NULL "
                f"WHEN {is_excel_error(x)} THEN '!excel_error' ELSE {literal(self.unknown)} END"
            },
        )
        return Recipe(steps, f"{x}_v", f"{x}_s")

    def _meaning(self, x: str) -> str:
        cases = " ".join(f"WHEN {literal(word)} THEN {literal(value)}" for word, value in self.values.items())
        return f"CAST(CASE {x} {cases} END AS {self.target})"


def boolean() -> Words:
    """BOOLEAN."""
    values = dict.fromkeys(TRUE_WORDS, "true") | dict.fromkeys(FALSE_WORDS, "false")
    return Words(values, "BOOLEAN")


def choice(choices: Sequence[Choice]) -> Words:
    """The `value` of a choice, by its value, its labels and its aliases in simplified and traditional characters."""
    values: dict[str, str] = {}
    for one in choices:
        words = (one.value, *(one.label.get(lang) for lang in LANGS), *one.aliases)
        for word in words:
            for form in (word, _traditional(word)):
                values.setdefault(key_of(form), one.value)
    return Words(values, "VARCHAR", "!unknown_choice")


def key_of(word: str) -> str:
    """What words are compared by: NFKC, lower case, no blanks. The SQL of `Words.recipe` does the same to cells."""
    return "".join(unicodedata.normalize("NFKC", word).lower().split())


@cache
def _traditional(word: str) -> str:
    converted: str = _converter().convert(word)
    return converted


@cache
def _converter() -> Any:
    import opencc

    return opencc.OpenCC("s2t")
