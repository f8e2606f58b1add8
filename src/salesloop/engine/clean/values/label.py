"""Text and identifiers: cells whose characters are the value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from salesloop.engine.clean.values.cells import (
    INVISIBLE,
    NOTHING,
    UNTIDY,
    contains,
    count,
    is_blank,
    is_excel_error,
    literal,
    looks_like_nothing,
    matches,
    replace,
    trimmed,
)
from salesloop.engine.clean.values.recipe import NONE_OFF, ColumnRule, Evidence, Off, Recipe

# Full-width ASCII but for the punctuation of Chinese prose: names agree whichever brackets a system writes.
_WIDE: Final = "".join(char for char in map(chr, range(0xFF01, 0xFF5F)) if char not in "！，：；？")
_NARROW: Final = "".join(chr(ord(char) - 0xFEE0) for char in _WIDE)
_ANY_WIDE: Final = "[＂-＋－-９＜-＞＠-～]"
_WIDE_BUT_BRACKETS: Final = "[＂-＇＊＋－-９＜-＞＠-～]"
_INNER_BLANKS: Final = rf"\S(?:\s\s+|[\t\r\n\f\v]|[^\x00-\x7F\P{{Z}}])\s*\S|[{INVISIBLE}]"
_ENDS: Final = r"^[\s\p{Z}]+|[\s\p{Z}]+$"
_MARKED: Final = r"""'.*|="[^"]*\""""
_ROUNDED: Final = r"\d(\.\d+)?[eE]\+\d{1,3}"
_FLOAT: Final = r"\d+\.0"
_LONG: Final = r"\d{17,}"
_LONG_ZEROS: Final = r"\d{15}00+"


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
        return {"odd": count(f"{x}_o"), **tidying(x)}

    def recipe(self, x: str, seen: Evidence, off: Off = NONE_OFF) -> Recipe:
        if not seen["odd"]:
            return Recipe(({f"{x}_v": f"nullif({x}, '')"},), f"{x}_v")
        steps = (
            self.probe(x),
            {f"{x}_n": f"CASE WHEN {x}_o THEN {tidy(x, off)} END"},
            {
                f"{x}_v": f"CASE WHEN NOT {x}_o THEN nullif({x}, '') "
                f"WHEN {looks_like_nothing(f'{x}_n')} OR {is_excel_error(x)} THEN NULL ELSE {x}_n END",
                f"{x}_s": f"CASE WHEN {x}_o THEN CASE WHEN {is_excel_error(x)} THEN '!excel_error' END END",
            },
        )
        return Recipe(steps, f"{x}_v", f"{x}_s", column_rules=tidied(seen, off))


def tidying(x: str) -> dict[str, str]:
    """Aggregates: one cell of each kind of tidying that changes more than the ends, and what becomes of it."""
    out: dict[str, str] = {}
    for rule, pattern in (("full_width", _ANY_WIDE), ("blanks", _INNER_BLANKS)):
        example = f"min(CASE WHEN {x}_o THEN CASE WHEN {contains(x, pattern)} AND NOT {is_blank(x)} THEN {x} END END)"
        out |= {rule: example, f"{rule}_after": tidy(example, NONE_OFF)}
    return out


def tidied(seen: Evidence, off: Off) -> tuple[ColumnRule, ...]:
    """The tidying of a column, recorded once with an example: nothing is lost by it, and it can stand in every cell."""
    rules = ("full_width", "blanks")
    return tuple(ColumnRule(r, seen[r], seen[f"{r}_after"]) for r in rules if seen[r] is not None and r not in off)


def tidy(x: str, off: Off) -> str:
    """A text without blanks at its ends; unless they are off, with half-width letters and single plain blanks inside."""
    text = x if "full_width" in off else _narrow(x)
    ends = replace(text, _ENDS, "") if "blanks" in off else trimmed(text)
    return f"CASE WHEN {contains(x, UNTIDY)} THEN {ends} ELSE {text} END"


def _narrow(x: str) -> str:
    # Brackets are frequent in names and `translate` is slow: they are done without it.
    brackets = f"replace(replace({x}, '（', '('), '）', ')')"
    wide = contains(x, _WIDE_BUT_BRACKETS)
    return f"CASE WHEN {wide} THEN translate({x}, {literal(_WIDE)}, {literal(_NARROW)}) ELSE {brackets} END"


@dataclass(frozen=True)
class Identifier:
    """Codes and numbers by which things are known: trimmed, half-width, without the text marks `'A001` and `="A001"`.

    A number that Excel has rounded has lost digits: unreadable, never guessed. It shows as 1.00021E+11, or as a column of
    more than 16 digits that all end in zeros behind the fifteenth. Where a whole column reads 123.0 (a code that went
    through a spreadsheet or a data frame as a float), the `.0` is taken off.
    """

    rewrite = None

    def probe(self, x: str) -> Mapping[str, str]:
        doubt = contains(x, rf"{UNTIDY}|^['=#]|{_ANY_WIDE}|^{_ROUNDED}$|^(?:{NOTHING})$")
        return {f"{x}_o": f"coalesce({doubt}, false)"}

    def evidence(self, x: str) -> Mapping[str, str]:
        float_end = f"ends_with({x}, '.0')"
        others = f"CASE WHEN {x}_o THEN NOT {is_blank(x)} ELSE {x} <> '' AND NOT {float_end} END"
        zeros = f"CASE WHEN strlen({x}) > 16 THEN CASE WHEN {matches(x, _LONG_ZEROS)} THEN {x} END END"
        marked = f"min(CASE WHEN {x}_o THEN CASE WHEN {matches(f'trim({x})', _MARKED)} THEN {x} END END)"
        return {
            "odd": count(f"{x}_o"),
            "floats": count(f"CASE WHEN {float_end} THEN {matches(x, _FLOAT)} END"),
            "float_code": f"min(CASE WHEN {float_end} THEN {x} END)",
            "others": count(others),
            "long": count(f"CASE WHEN strlen({x}) > 16 THEN {matches(x, _LONG)} END"),
            "long_zeros": f"count({zeros})",
            "long_differ": f"min({zeros}) <> max({zeros})",
            "text_mark": marked,
            "text_mark_after": unmarked(f"trim({marked})"),
            **tidying(x),
        }

    def recipe(self, x: str, seen: Evidence, off: Off = NONE_OFF) -> Recipe:
        rules = list(tidied(seen, off))
        floats = seen["floats"] > 0 and seen["others"] == 0 and "float_code" not in off
        usual = f"nullif({x}, '')"
        if floats:
            usual = f"CASE WHEN ends_with({x}, '.0') THEN left({x}, -2) ELSE {usual} END"
            rules.append(ColumnRule("float_code", seen["float_code"], seen["float_code"][:-2]))
        marked = seen["text_mark"] is not None and "text_mark" not in off
        if marked:
            rules.append(ColumnRule("text_mark", seen["text_mark"], seen["text_mark_after"]))
        zeros = seen["long"] == seen["long_zeros"] and bool(seen["long_differ"])
        if not seen["odd"] and not zeros:
            return Recipe(({f"{x}_v": usual},), f"{x}_v", column_rules=tuple(rules))
        doubt = f"({x}_o OR {matches(x, _LONG_ZEROS)})" if zeros else f"{x}_o"
        plain = unmarked(tidy(x, off)) if marked else tidy(x, off)
        lost = matches(f"{x}_n", f"'?{_ROUNDED}|{_LONG_ZEROS}" if zeros else f"'?{_ROUNDED}")
        error = is_excel_error(x)
        steps = (
            self.probe(x),
            {f"{x}_n": f"CASE WHEN {doubt} THEN CASE WHEN {is_blank(x)} THEN NULL ELSE {plain} END END"},
            {
                f"{x}_v": f"CASE WHEN NOT {doubt} THEN {usual} WHEN {lost} OR {error} THEN NULL ELSE {x}_n END",
                f"{x}_s": f"CASE WHEN {x}_n IS NULL THEN NULL WHEN {lost} THEN '!excel_rounded' "
                f"WHEN {error} THEN '!excel_error' END",
            },
        )
        return Recipe(steps, f"{x}_v", f"{x}_s", column_rules=tuple(rules))


def unmarked(x: str) -> str:
    """Without the marks by which Excel is told that digits are text."""
    return replace(f"ltrim({x}, '''')", r'^="([^"]*)"$', r"\1")
