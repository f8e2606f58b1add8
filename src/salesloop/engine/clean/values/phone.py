"""Telephone numbers: 138 1234 5678, +86-138-1234-5678, 010-12345678转8001, 400-800-1234, +1 (206) 555-9857.

Result: Chinese mobiles as 11 digits, Chinese landlines as area-number, extensions as `-8001` behind, numbers abroad as
+country…; numbers whose country nothing tells are kept as written. Of several in one cell, the first.
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
    half,
    literal,
    matches,
    replace,
    trimmed,
    unreadable,
)
from salesloop.engine.clean.values.recipe import Evidence, Recipe

_MOBILE: Final = r"1[3-9]\d{9}"
_LANDLINE: Final = r"0?(10|2\d|[3-9]\d{2})(\d{7,8})"
_DIALLED: Final = r"0(10|2\d|[3-9]\d{2})\d{7,8}"
_SERVICE: Final = r"[48]00\d{7}"
_SEVERAL: Final = r"^([^;,、；，|]{7,}?)(?:\s*(?:[;,、；，|]| or |或).*|/1\d{10})$"
_PARTS: Final = (
    r"^(?:tel|phone|mobile|电话|電話|手机|手機)?[:.]? ?(\+|00)?(\(?\d[\d ().\-/]{3,22}\d|\d{5})"
    r" ?(?:(?:转|轉|分机|ext\.?|x|#)[ :.]?(\d{1,6}))?$"
)


@dataclass(frozen=True)
class Phone:
    """Telephone numbers in one spelling each."""

    rewrite = None

    def probe(self, x: str) -> Mapping[str, str]:
        return {f"{x}_f": f"CASE WHEN {matches(x, _MOBILE)} THEN {x} END"}

    def evidence(self, x: str) -> Mapping[str, str]:
        return {"odd": count_odd(x, f"{x}_f")}

    def recipe(self, x: str, seen: Evidence) -> Recipe:
        if not seen["odd"]:
            return Recipe((self.probe(x),), f"{x}_f")
        plain = f"lower(translate({trimmed(half(x))}, '–—－', '---'))"
        number = replace(f"{x}_n", r"^(\d+)\.0$", r"\1")
        steps = (
            self.probe(x),
            {f"{x}_n": for_odd(x, f"{x}_f", plain)},
            {f"{x}_1": f"coalesce(nullif(regexp_extract({x}_n, {literal(_SEVERAL)}, 1), ''), {number})"},
            {f"{x}_p": extract(f"{x}_1", _PARTS, ("plus", "body", "ext"))},
            {f"{x}_d": replace(f"{x}_p.body", r"\D", "")},
            {
                f"{x}_v": f"coalesce({x}_f, ({_number(x)}) || CASE WHEN {x}_p.ext <> '' THEN '-' || {x}_p.ext ELSE '' END)"
            },
            {
                f"{x}_s": f"CASE WHEN {x}_n IS NULL THEN NULL WHEN {x}_v IS NULL THEN {unreadable(x)} "
                f"WHEN {contains(f'{x}_n', _SEVERAL)} THEN 'first_of_several' END"
            },
        )
        return Recipe(steps, f"{x}_v", f"{x}_s")


def _number(x: str) -> str:
    d = f"{x}_d"
    landline = replace(d, f"^(?:0?0?86)?{_LANDLINE}$", r"0\1-\2")
    mobile = f"right({d}, 11)"
    plus = f"{x}_p.plus <> ''"
    return (
        f"CASE WHEN {d} = '' OR length({d}) > 15 THEN NULL "
        f"WHEN {matches(d, f'(?:0?0?86|0)?{_MOBILE}')} THEN {mobile} "
        f"WHEN {plus} AND {matches(d, f'86{_LANDLINE}')} THEN {landline} "
        f"WHEN {plus} AND length({d}) >= 7 THEN '+' || {d} "
        f"WHEN {matches(d, _SERVICE)} THEN {d} "
        f"WHEN {matches(d, _DIALLED)} THEN {landline} "
        f"ELSE {x}_p.body END"
    )
