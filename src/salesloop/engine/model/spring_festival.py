"""Comparing years by the Spring Festival: it moves between 21 January and 20 February, and business moves with it.

Days near the festival are compared with the days as far from the festival of the year before. Near are the four weeks
before it and the four weeks after it. A range that cuts this window, or whose year-ago range cuts that of its year, is
moved as a whole by the distance of the two festivals, so that it keeps its length; a range that holds the window on
both sides, or touches it on neither, is compared with the year before as usual.

Dates: first day of the first month of the Chinese calendar (GB/T 33661-2017), in China Standard Time.
"""

from __future__ import annotations

import datetime as dt
from typing import Final

NEAR: Final = dt.timedelta(days=28)
_DATES: Final = """
    2000-02-05 2001-01-24 2002-02-12 2003-02-01 2004-01-22 2005-02-09 2006-01-29 2007-02-18 2008-02-07 2009-01-26
    2010-02-14 2011-02-03 2012-01-23 2013-02-10 2014-01-31 2015-02-19 2016-02-08 2017-01-28 2018-02-16 2019-02-05
    2020-01-25 2021-02-12 2022-02-01 2023-01-22 2024-02-10 2025-01-29 2026-02-17 2027-02-06 2028-01-26 2029-02-13
    2030-02-03 2031-01-23 2032-02-11 2033-01-31 2034-02-19 2035-02-08 2036-01-28 2037-02-15 2038-02-04 2039-01-24
    2040-02-12
"""
SPRING_FESTIVALS: Final = {day.year: day for day in map(dt.date.fromisoformat, _DATES.split())}

Days = tuple[dt.date, dt.date]


def aligned(days: Days, year_ago: Days) -> Days:
    """The days (first, last) of the year before with which these are compared. `year_ago`: those without alignment."""
    for year in (days[0].year, days[1].year, year_ago[1].year + 1):
        now, before = SPRING_FESTIVALS.get(year), SPRING_FESTIVALS.get(year - 1)
        if now is None or before is None:
            continue
        if _holds(days, now) and _holds(year_ago, before):
            return year_ago
        if _touches(days, now) or _touches(year_ago, before):
            moved = before - now
            return days[0] + moved, days[1] + moved
    return year_ago


def _holds(days: Days, festival: dt.date) -> bool:
    return days[0] <= festival - NEAR and festival + NEAR <= days[1]


def _touches(days: Days, festival: dt.date) -> bool:
    return days[0] <= festival + NEAR and festival - NEAR <= days[1]
