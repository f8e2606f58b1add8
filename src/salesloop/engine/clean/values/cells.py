"""SQL over the text of a cell that every type shares: quoting, blanks, full-width characters, spaces."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

_BLANK_WORDS: Final = """
- -- --- — —— － －－ / // \\ . 。 na n/a n.a. n.a #n/a nan nat null none nil undefined (null) <null> [null] \\n (blank)
select -select- 无 無 空 空白 (空) （空） (空白) （空白） 暂无 暫無 没有 沒有 未填 未填写 未填寫
请选择 請選擇 -请选择- --请选择-- -請選擇- --請選擇-- 请选择... 請選擇...
"""
BLANKS: Final = ("", "- select -", "-- select --", *dict.fromkeys(_BLANK_WORDS.split()))
"""What people and programs write for "nothing", in lower case."""

EXCEL_ERRORS: Final = ("#ref!", "#value!", "#div/0!", "#name?", "#num!", "#null!", "#spill!", "#calc!")

_FULL_WIDTH: Final = "".join(map(chr, range(0xFF01, 0xFF5F))) + "\u3000"
_HALF_WIDTH: Final = "".join(map(chr, range(0x21, 0x7F))) + " "
_WIDE_NUMBERS: Final = "０１２３４５６７８９．，－（）％￥：／"
_NUMBERS: Final = "0123456789.,-()%¥:/"
_OTHER_WIDE: Final = rf"[^\x00-\x7F{_WIDE_NUMBERS}\p{{Han}}]"
INVISIBLE: Final = r"\x{200B}-\x{200F}\x{202A}-\x{202E}\x{2060}\x{FE0F}\x{FEFF}"
"""The inside of a character class: characters that nobody sees (joiners, marks of direction, byte order marks)."""

_INVISIBLE: Final = f"[{INVISIBLE}]"
_SPACE: Final = r"[\s\p{Z}]"
_CELLS: Final = "count(*)"


def _usual_cases(words: Iterable[str]) -> list[str]:
    cases = (change(word) for word in words for change in (str.lower, str.upper, str.title))
    return list(dict.fromkeys([*cases, "NaN", "NaT"]))


def _alternatives(words: Iterable[str]) -> str:
    return "|".join(map(re.escape, words))


NOTHING: Final = _alternatives(_usual_cases((*BLANKS, *EXCEL_ERRORS)))
"""A pattern for the words for nothing and the Excel errors in lower, upper and title case."""

UNTIDY: Final = r"^\s|\s$|\s\s|[\t\r\n\f\v]|[^\x00-\x7F\P{Z}]|" + _INVISIBLE
"""A pattern for blanks at the ends, doubled, or other than the plain space."""


def literal(text: str) -> str:
    """`text` as an SQL string."""
    return "'" + text.replace("'", "''") + "'"


def literals(texts: Iterable[str]) -> str:
    """Texts as the inside of an SQL list."""
    return ", ".join(literal(text) for text in texts)


def ident(name: str) -> str:
    """`name` as a quoted SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def among(x: str, words: Iterable[str]) -> str:
    """Whether `x` is one of the words. A pattern, because DuckDB turns IN (and list_contains) into a join over all rows,
    even inside a CASE that few rows reach."""
    return matches(x, _alternatives(words))


def matches(x: str, pattern: str) -> str:
    """Whether the whole of `x` matches."""
    return f"regexp_full_match({x}, {literal(pattern)})"


def contains(x: str, pattern: str) -> str:
    """Whether a part of `x` matches."""
    return f"regexp_matches({x}, {literal(pattern)})"


def replace(x: str, pattern: str, by: str) -> str:
    """`x` with every match replaced; `by` may name groups of the pattern by backslash and number."""
    return f"regexp_replace({x}, {literal(pattern)}, {literal(by)}, 'g')"


def extract(x: str, pattern: str, groups: Iterable[str]) -> str:
    """A struct of the named groups of the first match: all '' without a match, NULL for NULL."""
    return f"regexp_extract({x}, {literal(pattern)}, [{literals(groups)}])"


def full_width(x: str) -> str:
    """Whether `x` holds full-width letters or digits."""
    return contains(x, "[０-９Ａ-Ｚａ-ｚ]")


def half(x: str) -> str:
    """Full-width ASCII as half-width.

    Tests first: DuckDB's `translate` sets its table up for every row, which costs 3 µs for all of ASCII and a fifth of
    that for the characters of numbers, which are the usual ones.
    """
    few = f"translate({x}, {literal(_WIDE_NUMBERS)}, {literal(_NUMBERS)})"
    all_of_them = f"translate({x}, {literal(_FULL_WIDTH)}, {literal(_HALF_WIDTH)})"
    some, others = contains(x, "[！-～　￥]"), contains(x, _OTHER_WIDE)
    return f"CASE WHEN NOT {some} THEN {x} WHEN {others} THEN {all_of_them} ELSE {few} END"


def trimmed(x: str) -> str:
    """Without invisible characters and without blanks at the ends, every run of blanks inside as one space."""
    return f"trim({replace(_visible(x), _SPACE + '+', ' ')})"


def tight(x: str) -> str:
    """Without any blanks or invisible characters."""
    return replace(_visible(x), _SPACE + "+", "")


def _visible(x: str) -> str:
    return replace(x, _INVISIBLE, "")


def is_blank(x: str) -> str:
    """Whether a cell says nothing. NULL for NULL."""
    return f"CASE WHEN {contains(x, UNTIDY)} THEN {among(f'lower({trimmed(x)})', BLANKS)} ELSE {looks_blank(x)} END"


def looks_blank(x: str) -> str:
    """`is_blank` for cells without blanks at the ends, in the usual cases of letters: cheap enough for every cell."""
    return among(x, _usual_cases(BLANKS))


def looks_like_nothing(x: str) -> str:
    """`looks_blank`, or the result of a broken formula."""
    return matches(x, NOTHING)


def is_excel_error(x: str) -> str:
    """Whether a cell holds the result of a broken formula, or the ##### of a column that was too narrow."""
    return f"(starts_with({x}, '#') AND {matches(f'lower(trim({x}))', _alternatives(EXCEL_ERRORS) + '|#{4,}')})"


def unreadable(x: str) -> str:
    """The state of an unreadable cell."""
    return f"CASE WHEN {is_excel_error(x)} THEN '!excel_error' ELSE '!unreadable' END"


def odd(x: str, usual: str) -> str:
    """Cells that are not empty and that the usual reading left over."""
    return f"({usual} IS NULL AND {x} <> '')"


def count_odd(x: str, usual: str, also: str | None = None) -> str:
    """An aggregate: how many cells are odd and, if given, such. CASE keeps the costly condition from the other cells;
    AND would not."""
    condition = odd(x, usual) if also is None else f"CASE WHEN {odd(x, usual)} THEN {also} END"
    return count(condition)


def count(condition: str) -> str:
    """An aggregate: how many cells meet a condition."""
    return f"{_CELLS} FILTER ({condition})"


def by_text(aggregate: str, cells: str) -> str:
    """An aggregate over cells as one over texts that are there once each; `cells` is SQL for how many cells have a text."""
    return f"coalesce({aggregate.replace(_CELLS, f'sum({cells})')}, 0)" if aggregate.startswith(_CELLS) else aggregate


def for_odd(x: str, usual: str, sql: str) -> str:
    """`sql` for the odd cells that are not blank, NULL for all others."""
    return f"CASE WHEN {odd(x, usual)} THEN CASE WHEN {is_blank(x)} THEN NULL ELSE {sql} END END"
