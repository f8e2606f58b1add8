"""Whether 3/5/2025 is a day in March or in May: decided once for a column, with the evidence of all its cells."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from salesloop.engine.clean.values.cells import extract, odd
from salesloop.engine.clean.values.recipe import Evidence

Order = Literal["mdy", "dmy"]
ShortOrder = Literal["ymd", "mdy", "dmy"]

LONG: Final = r"^\s*(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})(?:\D|$)"
SHORT: Final = r"^\s*(\d{1,2})[-/.](\d{1,2})[-/.](\d{1,2})(?:\D|$)"


@dataclass(frozen=True)
class DayOrder:
    """The order of day, month and year: with a four-digit year behind (`long`), and with two digits (`short`).

    `long_proven`: some cell of the column allows no other order.
    """

    long: Order
    short: ShortOrder
    long_proven: bool


def order_evidence(x: str) -> Mapping[str, str]:
    """Aggregates over the odd cells of a column: the largest number in each place, and how many different ones."""
    out: dict[str, str] = {}
    for kind, pattern in (("long", LONG), ("short", SHORT)):
        parts = f"CASE WHEN {odd(x, x + '_f')} THEN {extract(x, pattern, ('a', 'b', 'c'))} END"
        for place in "abc":
            number = f"try_cast(({parts}).{place} AS INTEGER)"
            out[f"{kind}_{place}"] = f"max({number})"
            if kind == "short":
                out[f"{kind}_{place}_kinds"] = f"bit_count(bit_or(CAST(1 AS HUGEINT) << {number}))"
    return out


def day_order(seen: Evidence, file_order: Order | None = None) -> DayOrder:
    """What the evidence says; `file_order` is the order that another column of the same file proved.

    A number over 12 cannot be a month. Without any, exports with a four-digit year behind are taken as month/day/year
    (what spreadsheets with American settings write) and those with two-digit years as year-month-day (the Chinese way).
    """
    long, proven = _by_months(seen["long_a"], seen["long_b"])
    return DayOrder(long or file_order or "mdy", _short_order(seen, file_order), proven)


def _by_months(first: int | None, second: int | None) -> tuple[Order | None, bool]:
    """The order of two numbers of which one is a month, and whether the numbers prove it."""
    if (first or 0) > 12 and (second or 0) <= 12:
        return "dmy", True
    if (second or 0) > 12 and (first or 0) <= 12:
        return "mdy", True
    return None, False


def _short_order(seen: Evidence, file_order: Order | None) -> ShortOrder:
    a, b, c = (seen[f"short_{place}"] or 0 for place in "abc")
    year_first = b <= 12 and c <= 31
    year_last = (a <= 12 and b <= 31) or (b <= 12 and a <= 31)
    # Deliveries span few years and many days: the place with fewer different numbers holds the year.
    fewer_last = (seen["short_c_kinds"] or 0) < (seen["short_a_kinds"] or 0)
    if year_last and (not year_first or fewer_last):
        return _by_months(a, b)[0] or file_order or "mdy"
    return "ymd"
