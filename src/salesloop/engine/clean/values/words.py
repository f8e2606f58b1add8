"""Cells that hold one of a few words: booleans (是/否, √/×, Y/N, 1/0) and choices (订单状态: 已完成, Completed …)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final

from salesloop.engine.clean.values.cells import (
    count,
    count_odd,
    half,
    is_blank,
    is_excel_error,
    literal,
    odd,
    replace,
    tight,
)
from salesloop.engine.clean.values.recipe import NONE_OFF, Evidence, Off, Recipe
from salesloop.engine.model.fields import Choice
from salesloop.engine.model.text import LANGS

TRUE_WORDS: Final = (
    *("是", "是的", "对", "對", "有", "真", "已", "通过", "通過", "合格", "及格", "启用", "啟用"),
    *("√", "✓", "✔", "☑", "✅", "■", "yes", "y", "true", "t", "1", "1.0", "on"),
)
FALSE_WORDS: Final = (
    *(
        "否",
        "非",
        "不",
        "不是",
        "错",
        "錯",
        "假",
        "未",
        "不通过",
        "未通过",
        "不通過",
        "未通過",
        "不合格",
        "不及格",
        "停用",
    ),
    *("×", "✗", "✘", "☒", "☐", "❌", "□", "x", "no", "n", "false", "f", "0", "0.0", "off"),
)
HAS_NOT: Final = ("无", "無", "没有", "沒有")
"""Say "no" in a column that says 有 elsewhere; in any other column they say nothing."""


@dataclass(frozen=True)
class Words:
    """Known words (normalised by `key_of`) → the value that they mean; any other word is unreadable.

    `paired`: words that count only where the column has `beside`. `bare`: words are compared without punctuation.
    """

    values: Mapping[str, str]
    target: str
    unknown: str = "!unreadable"
    paired: Mapping[str, str] = field(default_factory=dict)
    beside: str = ""
    bare: bool = False
    rewrite = None

    def probe(self, x: str) -> Mapping[str, str]:
        """Words that stand exactly so in the list need no normalisation."""
        return {f"{x}_f": _meaning(x, self.values, self.target)}

    def evidence(self, x: str) -> Mapping[str, str]:
        return {"odd": count_odd(x, f"{x}_f")} | (
            {"beside": count(f"trim({x}) = {literal(self.beside)}")} if self.beside else {}
        )

    def recipe(self, x: str, seen: Evidence, off: Off = NONE_OFF) -> Recipe:  # noqa: ARG002 - has no rules
        if not seen["odd"]:
            return Recipe((self.probe(x),), f"{x}_f")
        values = {**self.values, **(self.paired if self.beside and seen["beside"] else {})}
        plain = tight(half(x))
        if self.bare:
            plain = replace(plain, r"\p{P}", "")
        # 无 and 空 are blanks, unless the list knows them.
        key = f"CASE WHEN {odd(x, x + '_f')} THEN lower({plain}) END"
        steps = (
            self.probe(x),
            {f"{x}_k": key},
            {f"{x}_v": f"coalesce({x}_f, {_meaning(x + '_k', values, self.target)})"},
            {
                f"{x}_s": f"CASE WHEN {x}_v IS NOT NULL OR {x}_k IS NULL THEN NULL WHEN {is_blank(x)} THEN NULL "
                f"WHEN {is_excel_error(x)} THEN '!excel_error' ELSE {literal(self.unknown)} END"
            },
        )
        return Recipe(steps, f"{x}_v", f"{x}_s")


def _meaning(x: str, values: Mapping[str, str], target: str) -> str:
    cases = " ".join(f"WHEN {literal(word)} THEN {literal(value)}" for word, value in values.items())
    return f"CAST(CASE {x} {cases} END AS {target})"


def boolean() -> Words:
    """BOOLEAN."""
    values = dict.fromkeys(TRUE_WORDS, "true") | dict.fromkeys(FALSE_WORDS, "false")
    return Words(values, "BOOLEAN", paired=dict.fromkeys(HAS_NOT, "false"), beside="有")


def choice(choices: Sequence[Choice]) -> Words:
    """The `value` of a choice, by its value, its labels and its aliases in simplified and traditional characters."""
    values: dict[str, str] = {}
    for one in choices:
        words = (one.value, *(one.label.get(lang) for lang in LANGS), *one.aliases)
        for word in words:
            for form in (word, _traditional(word)):
                values.setdefault(key_of(form), one.value)
                values.setdefault(_PUNCTUATION.sub("", key_of(form)), one.value)
    return Words(values, "VARCHAR", "!unknown_choice", bare=True)


def key_of(word: str) -> str:
    """What words are compared by: NFKC, lower case, no blanks. The SQL of `Words.recipe` does the same to cells, and
    leaves punctuation out of those that may be a choice."""
    return "".join(unicodedata.normalize("NFKC", word).lower().split())


_PUNCTUATION: Final = re.compile(r"[^\w\s]|_")


@cache
def _traditional(word: str) -> str:
    converted: str = _converter().convert(word)
    return converted


@cache
def _converter() -> Any:
    import opencc

    return opencc.OpenCC("s2t")
