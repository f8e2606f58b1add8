"""Which period targets are set for, told by their dates."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from itertools import pairwise
from typing import Final

_DAY: Final = re.compile(r"^\D*((?:19|20)\d{2})\D?(\d{1,2})?(?:\D?(\d{1,2}))?")
_APART: Final = (("year", 300), ("quarter", 80), ("month", 27), ("week", 7), ("day", 1))
# So many of the dates must be the first day of a month for months, quarters and years to begin there.
_ON_THE_FIRST: Final = 0.8


def period_of_targets(starts: Iterable[str | None]) -> str | None:
    """`day`, `week`, `month`, `quarter` or `year` by the usual distance between neighbouring dates; None for one date.

    Dates three months apart that are not the first of a month (2011-03-31, 2011-09-29, 2011-12-29) are the days for which
    the targets are stated, not the first days of quarters: a target counts on its day, and so in the quarter and the year
    in which people add it up.
    """
    days = sorted({day for text in starts if text and (day := _day(text))})
    gaps = sorted((b - a).days for a, b in pairwise(days))
    if not gaps:
        return None
    usual = gaps[len(gaps) // 2]
    period = next(name for name, least in _APART if usual >= least)
    first = sum(day.day == 1 for day in days) / len(days)
    return "day" if period in ("year", "quarter", "month") and first < _ON_THE_FIRST else period


def _day(text: str) -> dt.date | None:
    match = _DAY.match(text)
    if not match:
        return None
    try:
        return dt.date(int(match[1]), int(match[2] or 1), int(match[3] or 1))
    except ValueError:
        return None
