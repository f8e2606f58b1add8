"""Registration numbers of Chinese companies, by their check digits.

- 统一社会信用代码, 18 characters (GB 32100-2015): weights 3^i mod 31 over the alphabet without I, O, S, V, Z;
- 居民身份证号, 18 digits (GB 11643-1999), which sole traders use as their tax number: ISO 7064, MOD 11-2;
- 工商注册号, 15 digits (GS 15-2006): ISO 7064, MOD 11,10; or a tax number, six digits of a division and the next;
- 组织机构代码, 9 characters (GB 11714-1997): weights 3 7 9 10 5 8 4 2, modulus 11;
- 統一編號 of Taiwan, 8 digits: sums of the digits of the products with 1 2 1 2 1 2 4 1, divisible by 5.

A number of such a form whose check digit is wrong has been mistyped: it is unreadable and never mended. Numbers of other
forms (from abroad) are kept as written.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from salesloop.engine.clean.values.cells import (
    contains,
    count_odd,
    for_odd,
    full_width,
    half,
    is_excel_error,
    literal,
    matches,
    replace,
    trimmed,
)
from salesloop.engine.clean.values.label import unmarked
from salesloop.engine.clean.values.recipe import NONE_OFF, Evidence, Off, Recipe, repaired

_ALPHABET: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_ALL: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_USCC_WEIGHTS: Final = tuple(pow(3, place, 31) for place in range(17))
_PERSON_WEIGHTS: Final = tuple(pow(2, 17 - place, 11) for place in range(17))
_ORGANISATION_WEIGHTS: Final = (3, 7, 9, 10, 5, 8, 4, 2)
_TAIWAN_WEIGHTS: Final = (1, 2, 1, 2, 1, 2, 4, 1)
_LABEL: Final = r"^[^0-9A-Z:：]+[:：] ?"
_ASIDE: Final = r" *[(][^0-9A-Z]+[)]$"
_FRAME: Final = r"^[(]|[).。,;]+$"
_ROUNDED: Final = r"\d(\.\d+)?E\+\d{1,3}"


@dataclass(frozen=True)
class CreditCode:
    """Registration numbers in capitals, without blanks and hyphens."""

    rewrite = None

    def probe(self, x: str) -> Mapping[str, str]:
        return {f"{x}_f": f"CASE WHEN {matches(x, f'[{_ALPHABET}]{{18}}')} THEN CASE WHEN {_uscc(x)} THEN {x} END END"}

    def evidence(self, x: str) -> Mapping[str, str]:
        return {"odd": count_odd(x, f"{x}_f")}

    def recipe(self, x: str, seen: Evidence, off: Off = NONE_OFF) -> Recipe:  # noqa: ARG002 - all rules are of cells
        if not seen["odd"]:
            return Recipe((self.probe(x),), f"{x}_f")
        n, c = f"{x}_n", f"{x}_c"
        plain = f"upper({unmarked(trimmed(half(x)))})"
        joined = replace(n, "[ -]", "")
        rules = [
            (f"{c} <> {n}", "grouping"),
            (contains(f"upper({half(x)})", f"{_LABEL}|{_ASIDE}"), "note"),
            (full_width(x), "full_width"),
        ]
        reason = (
            f"CASE WHEN {is_excel_error(x)} THEN '!excel_error' WHEN {matches(n, _ROUNDED)} THEN '!excel_rounded' "
            f"ELSE '!wrong_check_digit' END"
        )
        steps = (
            self.probe(x),
            {n: for_odd(x, f"{x}_f", replace(replace(replace(plain, _LABEL, ""), _ASIDE, ""), _FRAME, ""))},
            # Hyphens of numbers from abroad stay: only a joined text of a Chinese length is one number in groups.
            {
                c: f"CASE WHEN {matches(joined, _FORMS)} AND NOT {matches(n, '[0-9]{2}-[0-9]{7}')} THEN {joined} ELSE {n} END"
            },
            {f"{x}_v": f"coalesce({x}_f, CASE WHEN {is_excel_error(x)} THEN NULL WHEN {_right(c, n)} THEN {c} END)"},
            {f"{x}_s": f"CASE WHEN {n} IS NULL THEN NULL WHEN {x}_v IS NULL THEN {reason} ELSE {repaired(rules)} END"},
        )
        return Recipe(steps, f"{x}_v", f"{x}_s")


_FORMS: Final = r"[0-9A-Z]{18}|[0-9]{15}|[0-9]{6}[0-9A-Z]{8}[0-9X]|[0-9A-Z]{8}[0-9X]"


def _right(c: str, n: str) -> str:
    """Whether a number of a Chinese form has its check digit; others have none to check, but for Excel's rounded ones."""
    return (
        f"CASE length({c}) WHEN 18 THEN CASE WHEN {matches(c, f'[{_ALPHABET}]{{18}}')} THEN {_uscc(c)} OR {_person(c)} "
        f"ELSE NOT {matches(c, '[0-9A-Z]{18}')} END "
        f"WHEN 15 THEN CASE WHEN {matches(c, '[0-9]{15}')} THEN {_registration(c)} OR {_organisation(c, 6)} "
        f"WHEN {matches(c, '[0-9]{6}[0-9A-Z]{8}[0-9X]')} THEN {_organisation(c, 6)} ELSE true END "
        f"WHEN 9 THEN CASE WHEN {matches(c, '[0-9A-Z]{8}[0-9X]')} THEN {_organisation(c, 0)} ELSE true END "
        f"WHEN 8 THEN CASE WHEN {matches(c, '[0-9]{8}')} THEN {_taiwan(c)} ELSE true END "
        f"ELSE NOT {matches(n, _ROUNDED)} END"
    )


def _sum(x: str, weights: Sequence[int], alphabet: str, skip: int = 0) -> str:
    """Σ weight × place of the character in the alphabet."""
    terms = (
        f"{weight} * (strpos({literal(alphabet)}, substr({x}, {place + skip}, 1)) - 1)"
        for place, weight in enumerate(weights, 1)
    )
    return f"({' + '.join(terms)})"


def _ends_with(x: str, digits: str, place: str) -> str:
    """Whether the last character is the one at a place (from 0) of the check digits."""
    return f"right({x}, 1) = substr({literal(digits)}, CAST({place} + 1 AS BIGINT), 1)"


def _uscc(x: str) -> str:
    return _ends_with(x, _ALPHABET, f"((31 - {_sum(x, _USCC_WEIGHTS, _ALPHABET)} % 31) % 31)")


def _person(x: str) -> str:
    form = matches(x, "[1-9][0-9]{5}(19|20)[0-9]{2}(0[1-9]|1[0-2])[0-9]{5}[0-9X]")
    return f"({form} AND {_ends_with(x, '10X98765432', f'({_sum(x, _PERSON_WEIGHTS, _ALPHABET)} % 11)')})"


def _organisation(x: str, skip: int) -> str:
    return _ends_with(x, "0X987654321", f"({_sum(x, _ORGANISATION_WEIGHTS, _ALL, skip)} % 11)")


def _registration(x: str) -> str:
    """Each digit doubles what the ones before left over."""
    digits = f"list_transform(range(1, 15), lambda i: CAST(substr({x}, i, 1) AS BIGINT))"
    left = f"list_reduce(list_prepend(10, {digits}), lambda p, d: CASE (p + d) % 10 WHEN 0 THEN 20 ELSE (p + d) % 10 * 2 END % 11)"
    return f"(({left} + CAST(right({x}, 1) AS BIGINT)) % 10 = 1)"


def _taiwan(x: str) -> str:
    products = (f"({weight} * CAST(substr({x}, {n}, 1) AS INTEGER))" for n, weight in enumerate(_TAIWAN_WEIGHTS, 1))
    total = " + ".join(f"({product} // 10 + {product} % 10)" for product in products)
    return f"(({total}) % 5 = 0 OR substr({x}, 7, 1) = '7' AND ({total} + 1) % 5 = 0)"
