"""The grammar of written numbers, in SQL over the text of a cell.

    (￥1,234.50万元) = lead: bracket · sign · currency · sign or bracket; digits;
                       tail: bracket · scale · currency or unit · per unit · bracket · minus

Digits may be grouped (1,234,567 · 1 234 567 · 1'234'567) and have a decimal point or a decimal comma. A comma with one or
two digits behind it is a decimal comma (1052,75 · 11,50); with three it groups thousands, unless the column as a whole
writes decimal commas. Columns that group with points (1.234,56) are recognised by such cells.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from salesloop.engine.clean.values.cells import INVISIBLE, contains, count_odd, extract, for_odd, half, matches, tight
from salesloop.engine.clean.values.common_number import GROUPED
from salesloop.engine.clean.values.currency import CURRENCY_WORDS, PLAIN_WORDS
from salesloop.engine.clean.values.recipe import Evidence

_COMMA_DECIMALS: Final = r"(^|[^\d.,])\d+,\d{1,2}([^\d.,]|$)"
_ONE_GROUP: Final = r"(^|[^\d.,])[1-9]\d{0,2},\d{3}([^\d.,]|$)"
_SURE_GROUPS: Final = r"\d,\d{3}(,\d{3})*\.\d|\d,\d{3},\d{3}"
_POINT_GROUPS: Final = r"\d\.\d{3}(\.\d{3})*,\d|\d\.\d{3}\.\d{3}"

_UNUSUAL: Final = rf"[\s\p{{Z}}{INVISIBLE}！-～−–—‑’△負萬億A-Z]"
_SPACE: Final = rf"[\s\p{{Z}}{INVISIBLE}]"
_GAP: Final = r"\d\s+\d"
_SPACED_GROUPS: Final = r"(^|\D)\d{1,3}(\s\d{3})+([.,]\d+)?(\D|$)"
# Three groups at most: beyond, and with the long alternations inside, the pattern engine is five times slower.
_PARTS: Final = r"^([^\d.]*)((?:\d|\.\d)[\d.,']*)(.*)$"


def any_of(words: Iterable[str]) -> str:
    """A pattern for any of the words, the longest first."""
    return "|".join(word.replace("$", r"\$").replace(".", r"\.") for word in sorted(words, key=len, reverse=True))


MONEY_WORDS: Final = (*CURRENCY_WORDS, *PLAIN_WORDS)
_SIGN: Final = "[+▲负-]"
_OPEN: Final = r"[(\[【]"
_LEAD: Final = rf"^(({_OPEN})?({_SIGN})?)$"
_MARKED_LEAD: Final = rf"^(({_OPEN})?({_SIGN})?(?:({any_of(CURRENCY_WORDS)}):?({_SIGN})?({_OPEN})?)?)$"


def plain(x: str, usual: str) -> str:
    """An odd cell in lower case and half-width; NULL for a blank."""
    one_way = f"lower(translate({half(x)}, '−–—‑’△負萬億', '----''▲负万亿'))"
    return for_odd(x, usual, f"CASE WHEN {contains(x, _UNUSUAL)} THEN {one_way} ELSE {x} END")


def unspaced(text: str) -> str:
    """A plain text without blanks, unless they stand between digits without grouping them: 12 34 is no number."""
    gap = f"CASE WHEN {contains(text, _GAP)} THEN NOT {contains(text, _SPACED_GROUPS)} ELSE false END"
    return f"CASE WHEN {contains(text, _SPACE)} THEN CASE WHEN {gap} THEN {text} ELSE {tight(text)} END ELSE {text} END"


def parts(text: str) -> str:
    """A struct of `lead`, `num` and `tail`; `num` is '' where there is no number."""
    return extract(text, _PARTS, ("lead", "num", "tail"))


def lead(p: str, *, marks: bool) -> str:
    """What stands before the digits, NULL for nothing: `all` equals `p.lead` where it makes sense. `marks`: a currency,
    too, with the groups `mark`, `sign2` and `open2`."""
    groups = ("all", "open", "sign", *(("mark", "sign2", "open2") if marks else ()))
    return f"CASE WHEN {p}.lead <> '' THEN {extract(f'{p}.lead', _MARKED_LEAD if marks else _LEAD, groups)} END"


def tail(p: str, scales: Mapping[str, object], word: str) -> str:
    """What stands behind, NULL for nothing: `all` equals `p.tail` where it makes sense. `word` is a pattern."""
    close = r"([)\]】])?"
    pattern = rf"^({close}({any_of(scales)})?({word})?[整正]?([/每][\p{{Han}}a-z]{{1,6}})?{close}(-)?)$"
    groups = ("all", "close", "scale", "word", "per", "close2", "minus")
    return f"CASE WHEN {p}.tail <> '' THEN {extract(f'{p}.tail', pattern, groups)} END"


def is_sure(x: str) -> str:
    """SQL: of a cell with a comma, whether it groups thousands and has decimals, which can mean one thing only. NULL of others."""
    return f"CASE WHEN contains({x}, ',') THEN {matches(x, rf'[¥￥]?{GROUPED}')} END"


def separators(x: str, usual: str, sure: str) -> dict[str, str]:
    """Aggregates that tell how a column writes its decimals and groups.

    `sure` is the alias of `is_sure`: most cells with commas are, and need one pattern instead of four.
    """

    def count(condition: str) -> str:
        return count_odd(x, usual, f"CASE WHEN {condition} END")

    return {
        "comma_decimals": count(f"NOT {sure} THEN {contains(x, _COMMA_DECIMALS)}"),
        "one_group": count(f"NOT {sure} THEN {contains(x, _ONE_GROUP)}"),
        "sure_groups": count(f"{sure} THEN true WHEN NOT {sure} THEN {contains(x, _SURE_GROUPS)}"),
        "point_groups": count(f"NOT coalesce({sure}, false) AND contains({x}, '.') THEN {contains(x, _POINT_GROUPS)}"),
    }


def writes_decimal_commas(seen: Evidence) -> bool:
    """Whether 1,234 in this column is one and a bit: most of its cells with one comma cannot group thousands."""
    return bool(seen["comma_decimals"] > seen["one_group"] and not seen["sure_groups"])


def groups_with_points(seen: Evidence) -> bool:
    """Whether 1.234 in this column is over a thousand: some cells cannot be read otherwise, and none the usual way."""
    return bool(seen["point_groups"]) and not seen["sure_groups"]


def digits(num: str, *, comma: bool, points: bool) -> str:
    """The digits of a number with at most one decimal point, NULL where the separators make no sense."""
    grouped = r"[1-9]\d{0,2}([,']\d{3})+(\.\d*)?"
    if comma:
        grouped = r"[1-9]\d{0,2}([,']\d{3}){2,}(\.\d*)?|[1-9]\d{0,2}([,']\d{3})+\.\d*"
    decimal_comma = r"\d+,\d+" if comma else r"\d+,\d{1,2}|0,\d+"
    by_points = r"[1-9]\d{0,2}(\.\d{3})+(,\d+)?" if points else r"[1-9]\d{0,2}(\.\d{3})+,\d+|[1-9]\d{0,2}(\.\d{3}){2,}"
    plain = r"\d+\.?\d*|\.\d+"
    grouping = f"WHEN {matches(num, by_points)} THEN replace(replace({num}, '.', ''), ',', '.')"
    return (
        f"CASE WHEN {num} IS NULL THEN NULL {grouping if points else ''} "
        f"WHEN {matches(num, plain)} THEN {num} "
        f"WHEN {matches(num, grouped)} THEN replace(replace({num}, ',', ''), '''', '') "
        f"WHEN {matches(num, decimal_comma)} THEN replace({num}, ',', '.') {'' if points else grouping} END"
    )
