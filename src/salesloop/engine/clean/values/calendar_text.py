"""The spellings of a day, and how each becomes YYYY-M-D. All in lower case, half-width, trimmed."""

from __future__ import annotations

from typing import Final

from salesloop.engine.clean.values.cells import literal, replace
from salesloop.engine.clean.values.day_order import DayOrder

_MONTH: Final = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
_QUARTER: Final = "第?([一二三四1-4])季度?|q([1-4])"

KINDS: Final = {
    "ymd": r"(\d{4})[-/. ] ?(\d{1,2})[-/. ] ?(\d{1,2})",
    "chinese": r"(\d{4}) ?年 ?(\d{1,2}) ?月 ?(\d{1,2}) ?[日号號]?",
    "compact": r"((?:19|20|21)\d{2})(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])",
    "long": r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})",
    "short": r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{1,2})",
    "short_chinese": r"(\d{2}) ?年 ?(\d{1,2}) ?月 ?(\d{1,2}) ?[日号號]?",
    "short_compact": r"(\d{2})(0[1-9]|1[0-2])(0[7-9]|1[3-9]|2\d|3[01])",
    "day_month": rf"(\d{{1,2}})(?:st|nd|rd|th)?[-/ .]*({_MONTH})[a-z]*[.,]?[-/ .,]*(\d{{4}}|\d{{2}})",
    "month_day": rf"({_MONTH})[a-z]*[.]? *(\d{{1,2}})(?:st|nd|rd|th)?,? +(\d{{4}})",
    "year_month_day": rf"(\d{{4}})[-/ .]({_MONTH})[a-z]*[-/ .](\d{{1,2}})",
    "roc": r"(?:中[华華])?民[国國] ?(\d{1,3}) ?[年/.-] ?(\d{1,2}) ?[月/.-] ?(\d{1,2}) ?日?",
    "serial": r"[2-7]\d{4}(?:\.\d+)?",
    "month": r"(\d{4}) ?[-/.年] ?(\d{1,2}) ?月?份?",
    "compact_month": r"((?:19|20|21)\d{2})(0[1-9]|1[0-2])",
    "named_month": rf"({_MONTH})[a-z]*[-/ .,]+(\d{{4}}|\d{{2}})",
    "quarter": rf"(\d{{4}}) ?年? ?[-/]?(?:{_QUARTER})",
    "quarter_first": r"q([1-4])[-/ ]*(\d{4})",
    "year": r"((?:19|20)\d{2}) ?(?:年度?)?",
}
"""Kind → pattern, in the order of trial."""

REPAIRED_KINDS: Final = {
    "short": "two_digit_year",
    "short_chinese": "two_digit_year",
    "short_compact": "two_digit_year",
    "serial": "excel_serial",
    "roc": "roc_year",
    **dict.fromkeys(("month", "compact_month", "named_month", "quarter", "quarter_first", "year"), "first_day"),
}
"""Kinds whose reading adds something that the cell does not say, and the repair that they are recorded as."""


def day_text(d: str, kind: str, order: DayOrder) -> str:
    """SQL: the text `d` of a known kind as YYYY-M-D."""
    long = r"\3-\1-\2" if order.long == "mdy" else r"\3-\2-\1"
    short = {"ymd": r"\1-\2-\3", "mdy": r"\3-\1-\2", "dmy": r"\3-\2-\1"}[order.short]
    three = r"\1-\2-\3"

    def by(name: str, to: str) -> str:
        return replace(d, f"^{KINDS[name]}$", to)

    def part(name: str, number: int) -> str:
        return f"regexp_extract({d}, {literal(f'^{KINDS[name]}$')}, {number})"

    def day(name: str, year: int, month: int, day: int | None) -> str:
        """From the groups of a pattern that names the month."""
        number = part(name, day) if day else "'1'"
        return _full_year(f"concat_ws('-', {part(name, year)}, {_month(part(name, month))}, {number})")

    def first_of_quarter(year: str, quarter: str) -> str:
        return f"concat_ws('-', {year}, CAST(translate({quarter}, '一二三四', '1234') AS INTEGER) * 3 - 2, 1)"

    quarter = f"coalesce(nullif({part('quarter', 2)}, ''), {part('quarter', 3)})"
    branches = {
        "ymd": by("ymd", three),
        "chinese": by("chinese", three),
        "compact": by("compact", three),
        "long": by("long", long),
        "short": _full_year(by("short", short)),
        "short_chinese": _full_year(by("short_chinese", three)),
        "short_compact": _full_year(by("short_compact", three)),
        "day_month": day("day_month", 3, 2, 1),
        "month_day": day("month_day", 3, 1, 2),
        "year_month_day": day("year_month_day", 1, 2, 3),
        "roc": f"concat_ws('-', CAST({part('roc', 1)} AS INTEGER) + 1911, {part('roc', 2)}, {part('roc', 3)})",
        "serial": f"CAST(DATE '1899-12-30' + CAST(floor(CAST({d} AS DOUBLE)) AS INTEGER) AS VARCHAR)",
        "month": by("month", r"\1-\2-1"),
        "compact_month": by("compact_month", r"\1-\2-1"),
        "named_month": day("named_month", 2, 1, None),
        "quarter": first_of_quarter(part("quarter", 1), quarter),
        "quarter_first": first_of_quarter(part("quarter_first", 2), part("quarter_first", 1)),
        "year": by("year", r"\1-1-1"),
    }
    cases = " ".join(f"WHEN {literal(name)} THEN {sql}" for name, sql in branches.items())
    return f"CASE WHEN {kind} IS NULL THEN NULL ELSE CASE {kind} {cases} END END"


def _month(name: str) -> str:
    """The number of an English month name."""
    return f"((strpos('janfebmaraprmayjunjulaugsepoctnovdec', {name}) + 2) // 3)"


def _full_year(day: str) -> str:
    """Two-digit years: 00 to 69 are 2000 to 2069, the others of the last century. Four-digit ones stay."""
    return replace(replace(day, r"^([0-6]\d)-", r"20\1-"), r"^([7-9]\d)-", r"19\1-")
