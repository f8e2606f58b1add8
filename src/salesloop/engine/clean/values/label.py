"""Text, identifiers, e-mail addresses: cells whose characters are the value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from salesloop.engine.clean.values.cells import (
    NOTHING,
    UNTIDY,
    contains,
    count_odd,
    for_odd,
    half,
    is_blank,
    is_excel_error,
    literal,
    looks_like_nothing,
    matches,
    tight,
    trimmed,
)
from salesloop.engine.clean.values.recipe import Evidence, Recipe

# Full-width ASCII but for the punctuation of Chinese prose: names agree whichever brackets a system writes.
_WIDE: Final = "".join(char for char in map(chr, range(0xFF01, 0xFF5F)) if char not in "！，：；？")
_NARROW: Final = "".join(chr(ord(char) - 0xFEE0) for char in _WIDE)
_ANY_WIDE: Final = "[＂-＋－-９＜-＞＠-～]"
_WIDE_BUT_BRACKETS: Final = "[＂-＇＊＋－-９＜-＞＠-～]"
_ROUNDED: Final = r"\d(\.\d+)?[eE]\+\d{1,3}"
_FLOAT: Final = r"\d+\.0"


@dataclass(frozen=True)
class Text:
    """Free text and names: trimmed, inner blanks as one space, full-width letters, digits and signs as half-width.

    Names of companies and products are compared as they stand here.
    """

    rewrite = None

    def probe(self, x: str) -> Mapping[str, str]:
        doubt = contains(x, rf"{UNTIDY}|{_ANY_WIDE}|^(?:{NOTHING})$")
        return {f"{x}_o": f"coalesce({doubt}, false)"}

    def evidence(self, x: str) -> Mapping[str, str]:
        return {"odd": f"count(*) FILTER ({x}_o)"}

    def recipe(self, x: str, seen: Evidence) -> Recipe:
        if not seen["odd"]:
            return Recipe(({f"{x}_v": f"nullif({x}, '')"},), f"{x}_v")
        steps = (
            self.probe(x),
            {f"{x}_n": f"CASE WHEN {x}_o THEN {_tidy(x)} END"},
            {
                f"{x}_v": f"CASE WHEN NOT {x}_o THEN nullif({x}, '') "
                f"WHEN {looks_like_nothing(f'{x}_n')} THEN NULL ELSE {x}_n END",
                f"{x}_s": f"CASE WHEN {x}_o THEN CASE WHEN {is_excel_error(x)} THEN '!excel_error' END END",
            },
        )
        return Recipe(steps, f"{x}_v", f"{x}_s")


def _tidy(x: str) -> str:
    return f"CASE WHEN {contains(x, UNTIDY)} THEN {trimmed(_narrow(x))} ELSE {_narrow(x)} END"


def _narrow(x: str) -> str:
    # Brackets are frequent in names and `translate` is slow: they are done without it.
    brackets = f"replace(replace({x}, '（', '('), '）', ')')"
    wide = contains(x, _WIDE_BUT_BRACKETS)
    return f"CASE WHEN {wide} THEN translate({x}, {literal(_WIDE)}, {literal(_NARROW)}) ELSE {brackets} END"


@dataclass(frozen=True)
class Identifier:
    """Codes and numbers by which things are known: trimmed, half-width, without Excel's text mark `'`.

    A number that Excel has rounded to 1.00021E+11 has lost digits: unreadable, never guessed. Where a whole column reads
    123.0 (a code that went through a spreadsheet or a data frame as a float), the `.0` is taken off.
    """

    rewrite = None

    def probe(self, x: str) -> Mapping[str, str]:
        doubt = contains(x, rf"{UNTIDY}|^'|{_ANY_WIDE}|^{_ROUNDED}$|^(?:{NOTHING})$")
        return {f"{x}_o": f"coalesce({doubt}, false)"}

    def evidence(self, x: str) -> Mapping[str, str]:
        float_end = f"ends_with({x}, '.0')"
        return {
            "odd": f"count(*) FILTER ({x}_o)",
            "floats": f"count(*) FILTER (CASE WHEN {float_end} THEN {matches(x, _FLOAT)} END)",
            "others": f"count(*) FILTER (CASE WHEN {x}_o THEN NOT {is_blank(x)} ELSE {x} <> '' AND NOT {float_end} END)",
        }

    def recipe(self, x: str, seen: Evidence) -> Recipe:
        floats = seen["floats"] > 0 and seen["others"] == 0
        usual = f"nullif({x}, '')"
        if floats:
            usual = f"CASE WHEN ends_with({x}, '.0') THEN left({x}, -2) ELSE {usual} END"
        if not seen["odd"]:
            return Recipe(({f"{x}_v": usual},), f"{x}_v")
        plain = f"ltrim({_tidy(x)}, '''')"
        rounded, error = matches(f"{x}_n", _ROUNDED), is_excel_error(x)
        steps = (
            self.probe(x),
            {f"{x}_n": f"CASE WHEN {x}_o THEN CASE WHEN {is_blank(x)} THEN NULL ELSE {plain} END END"},
            {
                f"{x}_v": f"CASE WHEN NOT {x}_o THEN {usual} WHEN {rounded} OR {error} THEN NULL ELSE {x}_n END",
                f"{x}_s": f"CASE WHEN {x}_n IS NULL THEN NULL WHEN {rounded} THEN '!excel_rounded' "
                f"WHEN {error} THEN '!excel_error' END",
            },
        )
        return Recipe(steps, f"{x}_v", f"{x}_s")


@dataclass(frozen=True)
class Email:
    """One e-mail address in lower case; of several in one cell, the first."""

    rewrite = None

    _ADDRESS = r"[a-z0-9._%+'-]+@[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,}"

    def probe(self, x: str) -> Mapping[str, str]:
        return {f"{x}_f": f"CASE WHEN {matches(x, self._ADDRESS)} THEN {x} END"}

    def evidence(self, x: str) -> Mapping[str, str]:
        return {"odd": count_odd(x, f"{x}_f")}

    def recipe(self, x: str, seen: Evidence) -> Recipe:
        if not seen["odd"]:
            return Recipe((self.probe(x),), f"{x}_f")
        plain = f"lower({tight(half(x))})"
        framed = rf"^(?:mailto:|.*<|e-?mail:)?({self._ADDRESS})(?:>.*|[;,；，/].*)?$"
        steps = (
            self.probe(x),
            {f"{x}_n": for_odd(x, f"{x}_f", plain)},
            {f"{x}_v": f"coalesce({x}_f, nullif(regexp_extract({x}_n, {literal(framed)}, 1), ''))"},
            {
                f"{x}_s": f"CASE WHEN {x}_n IS NULL THEN NULL "
                f"WHEN {x}_v IS NULL THEN CASE WHEN {is_excel_error(x)} THEN '!excel_error' ELSE '!unreadable' END "
                f"WHEN {contains(f'{x}_n', '[;,；，/].*@')} THEN 'first_of_several' END"
            },
        )
        return Recipe(steps, f"{x}_v", f"{x}_s")
