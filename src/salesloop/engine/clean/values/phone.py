"""Telephone numbers: 138 1234 5678, +86-138-1234-5678, 010-12345678转8001, 400-800-1234, +1 (206) 555-9857.

Result: Chinese mobiles as 11 digits, Chinese landlines as area-number, extensions as `-8001` behind, numbers abroad as
+country…; numbers whose country nothing tells are kept as written. Of several in one cell, the first; a note beside the
number (张三, 微信同号) is dropped. A mobile with a digit too many or too few, or with hidden digits, is unreadable.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from salesloop.engine.clean.values.cells import (
    contains,
    count_odd,
    extract,
    for_odd,
    full_width,
    half,
    matches,
    replace,
    trimmed,
    unreadable,
)
from salesloop.engine.clean.values.recipe import NONE_OFF, Evidence, Off, Recipe, repaired

_TIDY: Final = r"[0-9+()-]+(?: [0-9+()-]+)*"
_FLOAT: Final = r"\.0$"
_USUAL: Final = r"1[3-9]\d{9}"
_LABEL: Final = r"(?:联系电话|电话|電話|手机|手機|固话|座机|tel|phone|mobile|cell|m|t)?[:.]? *"
_CHINA: Final = r"(?:(?:\+|00) ?86|[(]\+?86[)]|\+[(]86[)]|86[- ])[- ]?"
_MOBILE: Final = rf"(?:{_CHINA}|86|0)?1[3-9](?:[-. ]?\d){{9}}"
_AREA: Final = r"(?:10|2\d|[3-9]\d{2})"
_LOCAL: Final = r"\d{3,4}[- ]?\d{4}"
_LANDLINE: Final = rf"(?:{_CHINA}[(\[]?0?|[(\[]?0){_AREA}[)\]]?[-/ ]{{0,3}}{_LOCAL}"
_SERVICE: Final = rf"(?:{_CHINA})?(?:[48]00[- ]?\d{{3}}[- ]?\d{{4}}|[48]00\d[- ]?\d{{3}}[- ]?\d{{3}})"
_EXTENSION: Final = r" *[(]?(?:转分机|转|轉|分机|ext\.?|x|#|\*|-) *[:.]? *(\d{1,6})[)]?"
_CHINESE: Final = rf"^{_LABEL}([^\d+(\[]*)({_MOBILE}|{_SERVICE}|{_LANDLINE})(?:{_EXTENSION})?(\D.*)?$"
_ELSEWHERE: Final = rf"^{_LABEL}(\+|00|\(\+)?(\(?\d[\d ().\-/]{{3,22}}\d|\d{{5}})$"
_ROUNDED: Final = r"\d(\.\d+)?e\+\d+"


@dataclass(frozen=True)
class Phone:
    """Telephone numbers in one spelling each."""

    rewrite = None

    def probe(self, x: str) -> Mapping[str, str]:
        return {f"{x}_f": f"CASE WHEN {matches(x, _USUAL)} THEN {x} END"}

    def evidence(self, x: str) -> Mapping[str, str]:
        return {"odd": count_odd(x, f"{x}_f")}

    def recipe(self, x: str, seen: Evidence, off: Off = NONE_OFF) -> Recipe:  # noqa: ARG002 - all rules are of cells
        if not seen["odd"]:
            return Recipe((self.probe(x),), f"{x}_f")
        tidy = f"ltrim(lower(translate({trimmed(half(x))}, '–—－', '---')), '''')"
        plain = f"CASE WHEN {matches(x, _TIDY)} THEN {x} ELSE {replace(tidy, _FLOAT, '')} END"
        steps = (
            self.probe(x),
            {f"{x}_n": for_odd(x, f"{x}_f", plain)},
            {f"{x}_p": extract(f"{x}_n", _CHINESE, ("before", "body", "ext", "rest"))},
            {f"{x}_e": f"CASE WHEN {x}_p.body = '' THEN {extract(f'{x}_n', _ELSEWHERE, ('plus', 'body'))} END"},
            {
                f"{x}_d": f"regexp_replace(CASE WHEN {x}_p.body <> '' THEN {x}_p.body ELSE {x}_e.body END, '\\D', '', 'g')"
            },
            {f"{x}_v": f"coalesce({x}_f, CASE WHEN {x}_p.body <> '' THEN {_in_china(x)} ELSE {_elsewhere(x)} END)"},
            {f"{x}_s": _state(x)},
        )
        return Recipe(steps, f"{x}_v", f"{x}_s")


def _in_china(x: str) -> str:
    d = f"{x}_d"
    landline = replace(d, rf"^(?:00)?(?:86)?0?({_AREA})(\d{{7,8}})$", r"0\1-\2")
    extension = f"CASE WHEN {x}_p.ext <> '' THEN '-' || {x}_p.ext ELSE '' END"
    number = (
        f"CASE WHEN {matches(d, rf'(?:00)?(?:86)?0?{_USUAL}')} THEN right({d}, 11) "
        f"WHEN {matches(d, '(00)?(86)?[48]00[0-9]{7}')} THEN right({d}, 10) ELSE {landline} END"
    )
    return f"({number}) || {extension}"


def _elsewhere(x: str) -> str:
    """Numbers abroad, and those that tell no country: no eleven-digit or so beginning with 1, which a mobile should be."""
    d, plus = f"{x}_d", f"{x}_e.plus <> ''"
    one_digit = f"{d} = repeat(left({d}, 1), CAST(length({d}) AS INTEGER))"
    return (
        f"CASE WHEN {d} = '' OR length({d}) > 15 OR {one_digit} THEN NULL "
        f"WHEN {plus} AND length({d}) >= 7 THEN '+' || {d} "
        f"WHEN {matches(d, '1[0-9]{9,11}')} THEN NULL ELSE {x}_e.body END"
    )


def _state(x: str) -> str:
    p = f"{x}_p"
    several, words = contains(f"{p}.rest", r"(?:\d[- ]?){7}"), contains(f"{p}.rest", r"[\p{Han}a-z0-9]")
    rules = [
        (several, "first_of_several"),
        (f"trim({p}.before, ' :,.;') <> ''", "note"),
        (f"NOT {several} AND {words}", "note"),
        (full_width(x), "full_width"),
    ]
    lost = f"CASE WHEN {matches(f'{x}_n', _ROUNDED)} THEN '!excel_rounded' ELSE {unreadable(x)} END"
    return f"CASE WHEN {x}_n IS NULL THEN NULL WHEN {x}_v IS NULL THEN {lost} ELSE {repaired(rules)} END"
