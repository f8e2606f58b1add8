"""The spellings of a day, and how each becomes YYYY-M-D. All in lower case, half-width, trimmed."""

from __future__ import annotations

from typing import Final

from salesloop.engine.clean.values.cells import literal, matches, replace
from salesloop.engine.clean.values.day_order import DayOrder

_MONTH: Final = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
_QUARTER: Final = "第?([一二三四1-4])季度?|q([1-4])"
_MARK: Final = r" ?[-/._\\ ] ?"

KINDS: Final = {
    "ymd": rf"(\d{{4}}){_MARK}(\d{{1,2}}){_MARK}(\d{{1,2}})\.?",
    "chinese": r"(\d{4}) ?年 ?(\d{1,2}) ?月 ?(\d{1,2}) ?[日号號]?",
    "compact": r"((?:19|20|21)\d{2})(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])",
    "long": r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})",
    "short": r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{1,2})",
    "short_chinese": r"(\d{2}) ?年 ?(\d{1,2}) ?月 ?(\d{1,2}) ?[日号號]?",
    "short_compact": r"(\d{2})(0[1-9]|1[0-2])(0[7-9]|1[3-9]|2\d|3[01])",
    "day_month": rf"(\d{{1,2}})(?:st|nd|rd|th)?[-/ .]*({_MONTH})[a-z]*[.,]?[-/ .,]*(\d{{4}}|\d{{2}})",
    "month_day": rf"({_MONTH})[a-z]*[.]?[- ]*(\d{{1,2}})(?:st|nd|rd|th)?,?[- ]+(\d{{4}})",
    "year_month_day": rf"(\d{{4}})[-/ .]({_MONTH})[a-z]*[-/ .](\d{{1,2}})",
    "day_chinese_month": r"(\d{1,2})[- ]+(\d{1,2})月[- ]+(\d{4}|\d{2})",
    "roc": r"(?:(?:中[华華])?民[国國] ?(\d{1,3})|(1\d{2})) ?[年/.-] ?(\d{1,2}) ?[月/.-] ?(\d{1,2}) ?日?",
    "roc_compact": r"(1[01]\d)(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])",
    "serial": r"[2-7]\d{4}(?:\.\d+)?",
    "epoch": r"1\d{9}(?:\d{3})?(?:\.0)?",
    "month": r"(\d{4}) ?[-/.年] ?(\d{1,2}) ?月?份?",
    "short_month": r"(\d{2}) ?年 ?(\d{1,2}) ?月份?",
    "third_of_month": r"(\d{4}) ?年 ?(\d{1,2}) ?月([上中下])旬",
    "compact_month": r"((?:19|20|21)\d{2})(0[1-9]|1[0-2])",
    "named_month": rf"({_MONTH})[a-z]*[-/ .,]+(\d{{4}}|\d{{2}})",
    "quarter": rf"(\d{{4}}) ?年? ?[-/]?(?:{_QUARTER})",
    "quarter_first": r"q([1-4])[-/ ]*(\d{4})",
    "half_year": r"(\d{4}) ?年? ?[-/]?(?:h([12])|([上下])半年)",
    "week": r"(\d{4}) ?年? ?[-/]?(?:w(\d{1,2})|第?(\d{1,2})[周週])",
    "week_first": r"w(\d{1,2})[-/ ]*(\d{4})",
    "year": r"((?:19|20)\d{2}) ?(?:年度?)?",
}
"""Kind → pattern, in the order of trial. `epoch` counts (milli)seconds and is no day by itself."""

_SHORT_YEARS: Final = ("short", "short_chinese", "short_compact", "short_month")
_OPEN_YEARS: Final = ("day_month", "day_chinese_month", "named_month")
_FIRST_DAYS: Final = (
    *("month", "short_month", "third_of_month", "compact_month", "named_month"),
    *("quarter", "quarter_first", "half_year", "week", "week_first", "year"),
)


def kind_rules(d: str, kind: str) -> list[tuple[str, str]]:
    """(condition, rule) for the kinds whose reading adds something that the cell does not say."""
    two_digits = f"{_is(kind, _OPEN_YEARS)} AND {matches(d, r'.*[^0-9][0-9]{2}')}"
    return [
        (_is(kind, ("serial",)), "excel_serial"),
        (_is(kind, ("epoch",)), "epoch"),
        (_is(kind, ("roc", "roc_compact")), "roc_year"),
        (_is(kind, _FIRST_DAYS), "first_day"),
        (_is(kind, _SHORT_YEARS), "two_digit_year"),
        (two_digits, "two_digit_year"),
    ]


def _is(kind: str, kinds: tuple[str, ...]) -> str:
    return f"({' OR '.join(f'{kind} = {literal(name)}' for name in kinds)})"


def day_text(d: str, kind: str, order: DayOrder) -> str:
    """SQL: the text `d` of a known kind as YYYY-M-D."""
    long = r"\3-\1-\2" if order.long == "mdy" else r"\3-\2-\1"
    short = {"ymd": r"\1-\2-\3", "mdy": r"\3-\1-\2", "dmy": r"\3-\2-\1"}[order.short]
    three = r"\1-\2-\3"

    def by(name: str, to: str) -> str:
        return replace(d, f"^{KINDS[name]}$", to)

    def part(name: str, number: int) -> str:
        return f"regexp_extract({d}, {literal(f'^{KINDS[name]}$')}, {number})"

    def either(name: str, one: int, other: int) -> str:
        return f"coalesce(nullif({part(name, one)}, ''), {part(name, other)})"

    def day(name: str, year: int, month: int, day: int | None) -> str:
        """From the groups of a pattern that names the month."""
        number = part(name, day) if day else "'1'"
        return _full_year(f"concat_ws('-', {part(name, year)}, {_month(part(name, month))}, {number})")

    def first_of_quarter(year: str, quarter: str) -> str:
        return f"concat_ws('-', {year}, CAST(translate({quarter}, '一二三四', '1234') AS INTEGER) * 3 - 2, 1)"

    third = f"translate({part('third_of_month', 3)}, '上中下', '012')"
    half = f"translate({either('half_year', 2, 3)}, '上下', '12')"
    roc_year = f"CAST({either('roc', 1, 2)} AS INTEGER) + 1911"
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
        "day_chinese_month": _full_year(by("day_chinese_month", r"\3-\2-\1")),
        "roc": f"concat_ws('-', {roc_year}, {part('roc', 3)}, {part('roc', 4)})",
        "roc_compact": f"concat_ws('-', CAST(left({d}, 3) AS INTEGER) + 1911, substr({d}, 4, 2), right({d}, 2))",
        "serial": f"CAST(DATE '1899-12-30' + CAST(floor(CAST({d} AS DOUBLE)) AS INTEGER) AS VARCHAR)",
        "month": by("month", r"\1-\2-1"),
        "short_month": _full_year(by("short_month", r"\1-\2-1")),
        "third_of_month": f"concat_ws('-', {part('third_of_month', 1)}, {part('third_of_month', 2)}, {third} || '1')",
        "compact_month": by("compact_month", r"\1-\2-1"),
        "named_month": day("named_month", 2, 1, None),
        "quarter": first_of_quarter(part("quarter", 1), either("quarter", 2, 3)),
        "quarter_first": first_of_quarter(part("quarter_first", 2), part("quarter_first", 1)),
        "half_year": f"concat_ws('-', {part('half_year', 1)}, CAST({half} AS INTEGER) * 6 - 5, 1)",
        "week": _monday(part("week", 1), either("week", 2, 3)),
        "week_first": _monday(part("week_first", 2), part("week_first", 1)),
        "year": by("year", r"\1-1-1"),
    }
    cases = " ".join(f"WHEN {literal(name)} THEN {sql}" for name, sql in branches.items())
    return f"CASE WHEN {kind} IS NULL THEN NULL ELSE CASE {kind} {cases} END END"


def _monday(year: str, week: str) -> str:
    """The first day of an ISO week (the one with 4 January is week 1); NULL where the year has no such week."""
    fourth = f"CAST({year} || '-01-04' AS DATE)"
    monday = f"({fourth} - CAST(isodow({fourth}) - 1 AS INTEGER) + (CAST({week} AS INTEGER) - 1) * 7)"
    return f"CASE WHEN isoyear({monday}) = CAST({year} AS INTEGER) THEN CAST({monday} AS VARCHAR) END"


def _month(name: str) -> str:
    """The number of an English month name."""
    return f"((strpos('janfebmaraprmayjunjulaugsepoctnovdec', {name}) + 2) // 3)"


def _full_year(day: str) -> str:
    """Two-digit years: 00 to 69 are 2000 to 2069, the others of the last century. Four-digit ones stay."""
    return replace(replace(day, r"^([0-6]\d)-", r"20\1-"), r"^([7-9]\d)-", r"19\1-")
