"""Periods as people write them, in addresses and on the command line, and the ranges they are compared with.

2026 · 2026-Q4 · 2026-11 · 2026-W47 · 2026-11-21        gregorian, in every calendar
FY2026 · FY2026-Q1 · FY2026-P05 · FY2026-W21            the company's own calendar
2026-01-01..2026-11-21 · 2026-01..2026-03               from the first day of one to the last of the other
today · yesterday · this-month · last-quarter           whole periods of the company's calendar
last-30-days · last-12-months                           that many periods, the running one included, up to today
week-to-date · month-to-date · quarter-to-date · year-to-date
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import Final, Literal

from salesloop.engine.model.calendar import GRAINS, Calendar, Grain, Period
from salesloop.engine.model.errors import UserError
from salesloop.engine.model.text import Messages

_MESSAGES = Messages("salesloop.engine.model")
_DAY = dt.timedelta(days=1)
_YEARS: Final = range(1900, 2200)
"""What a period may touch: neighbours and years ago of any of them are dates still."""

_NAMED = re.compile(r"(FY)?(\d{4})(?:-(?:(Q|W|P)(\d{1,2})|(\d{2})(?:-(\d{2}))?))?")
_LETTERS: Final[dict[str, Grain]] = {"Q": "quarter", "W": "week", "P": "month"}
_LAST_N = re.compile(r"last-(\d{1,4})-(day|week|month|quarter|year)s?")
_RUNNING = re.compile(r"(this|last)-(week|month|quarter|year)")
_TO_DATE = re.compile(r"(week|month|quarter|year)-to-date")


@dataclass(frozen=True, slots=True)
class DateRange:
    """The days from `start` to `end`, both included. `grain` is set where they are exactly one period of the calendar."""

    start: dt.date
    end: dt.date
    grain: Grain | None = None

    @property
    def days(self) -> int:
        return (self.end - self.start).days + 1


def well_formed(text: str) -> bool:
    """Whether the text has the form of a period, without a calendar to say whether there is such a one."""
    forms = (_NAMED, _LAST_N, _RUNNING, _TO_DATE)
    return all(
        part in ("today", "yesterday") or any(form.fullmatch(part) for form in forms) for part in text.split("..", 1)
    )


def parse_period(text: str, calendar: Calendar, today: dt.date) -> DateRange:
    """The days that a written period means. UserError where it cannot be read."""
    start, end = _days(text.strip(), calendar, today, whole=text)
    if start > end:
        raise UserError(_MESSAGES.message("period_backwards", value=text))
    return date_range(start, end, calendar)


def date_range(start: dt.date, end: dt.date, calendar: Calendar) -> DateRange:
    """The range, with its grain where it is one period of the calendar."""
    for grain in GRAINS:
        period = calendar.period_of(start, grain)
        if (period.start, period.end) == (start, end):
            return DateRange(start, end, grain)
    return DateRange(start, end)


def compared_range(
    range_: DateRange,
    against: Literal["previous", "year"],
    calendar: Calendar,
    today: dt.date,
) -> DateRange:
    """The earlier days that a range is compared with.

    A period, or the part of one from its first day on (month to date), goes with the same part of the previous
    period, or of the same period a year ago; where it is unfinished, as far as it has come by `today`. Any other range
    goes with as many days just before it, or with the same days a year ago.
    """
    period, seen = _period_from_start(range_, calendar)
    if period is None:
        if against == "previous":
            return date_range(range_.start - range_.days * _DAY, range_.start - _DAY, calendar)
        first = calendar.year_ago(calendar.period_of(range_.start, "day")).start
        last = calendar.year_ago(calendar.period_of(range_.end, "day")).start
        return date_range(first, last, calendar)
    earlier = calendar.previous(period) if against == "previous" else calendar.year_ago(period)
    return date_range(earlier.start, calendar.elapsed_end(period, min(seen, today), earlier), calendar)


def _period_from_start(range_: DateRange, calendar: Calendar) -> tuple[Period | None, dt.date]:
    """The smallest period longer than a day that begins where the range begins and holds all of it."""
    for grain in GRAINS[1:] if range_.days > 1 else GRAINS:
        period = calendar.period_of(range_.start, grain)
        if period.start == range_.start and period.end >= range_.end:
            if grain == "week" and period.end != range_.end:
                continue  # the first days of a month that is also a week's first: meant is the month
            return period, range_.end
    return None, range_.end


def _days(text: str, calendar: Calendar, today: dt.date, *, whole: str) -> tuple[dt.date, dt.date]:
    if ".." in text:
        first, last = text.split("..", 1)
        return _days(first, calendar, today, whole=whole)[0], _days(last, calendar, today, whole=whole)[1]
    if text in ("today", "yesterday"):
        day = today if text == "today" else today - _DAY
        return day, day
    try:
        found = _relative(text, calendar, today) or _named(text, calendar)
    except (ValueError, OverflowError):  # month 13, year 0, 9,999 years before today
        found = None
    if found is None:
        raise UserError(_MESSAGES.message("bad_period", value=whole))
    if any(day.year not in _YEARS for day in found):
        raise UserError(_MESSAGES.message("period_far", value=whole, first=_YEARS[0], last=_YEARS[-1]))
    return found


def _relative(text: str, calendar: Calendar, today: dt.date) -> tuple[dt.date, dt.date] | None:
    if match := _LAST_N.fullmatch(text):
        count, grain = int(match[1]), _grain(match[2])
        period = calendar.period_of(today, grain)
        for _ in range(count - 1):
            period = calendar.previous(period)
        return (period.start, today) if count else None
    if match := _RUNNING.fullmatch(text):
        period = calendar.period_of(today, _grain(match[2]))
        period = period if match[1] == "this" else calendar.previous(period)
        return period.start, period.end
    if match := _TO_DATE.fullmatch(text):
        return calendar.period_of(today, _grain(match[1])).start, today
    return None


def _named(text: str, calendar: Calendar) -> tuple[dt.date, dt.date] | None:
    match = _NAMED.fullmatch(text)
    if match is None:
        return None
    fiscal, year, letter, number, month, day = match.groups()
    if day is not None or (month is not None and fiscal):
        exact = None if fiscal else dt.date.fromisoformat(text)
        return None if exact is None else (exact, exact)
    names = calendar if fiscal else Calendar(week_start=calendar.week_start)
    grain: Grain = "month" if month else "year"
    if letter:
        grain = _LETTERS[letter]
    period = names.numbered(int(year), grain, int(number or month or 1))
    return None if period is None else (period.start, period.end)


def _grain(name: str) -> Grain:
    return next(grain for grain in GRAINS if grain == name)
