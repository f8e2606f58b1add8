"""Working days: Monday to Friday, without public holidays, with the weekend days on which people work instead.

Holidays are known for the years that were published (`calendars/cn.yaml`); in any other year every Monday to Friday counts, and
`knows` says so.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any, Final

import yaml

_DAY: Final = dt.timedelta(days=1)
_EPOCH: Final = dt.date(1970, 1, 5)
"""A Monday."""
_WEEKDAYS: Final = 5


@dataclass(frozen=True, slots=True)
class Workdays:
    """The working days of a country. `off`: weekdays that are holidays; `made_up`: weekend days on which people work; sorted.

    `published`: year → the day on which its holidays were announced.
    """

    off: tuple[dt.date, ...]
    made_up: tuple[dt.date, ...]
    published: dict[int, dt.date]

    def knows(self, day: dt.date) -> bool:
        """Whether the holidays of this day's year are published."""
        return day.year in self.published

    def is_workday(self, day: dt.date) -> bool:
        """Whether people work on this day."""
        return day in self.made_up or (day.weekday() < _WEEKDAYS and day not in self.off)

    def between(self, start: dt.date, end: dt.date) -> int:
        """Working days after `start` up to `end`; the negative count where `end` is the earlier."""
        return self._up_to(end) - self._up_to(start)

    def last(self, count: int, end: dt.date) -> list[dt.date]:
        """The last `count` working days up to `end`, the newest first."""
        found, day = list[dt.date](), end
        while len(found) < count:
            if self.is_workday(day):
                found.append(day)
            day -= _DAY
        return found

    def _up_to(self, day: dt.date) -> int:
        weeks, rest = divmod((day - _EPOCH).days + 1, 7)
        weekdays = weeks * _WEEKDAYS + min(rest, _WEEKDAYS)
        return weekdays - bisect_right(self.off, day) + bisect_right(self.made_up, day)


@lru_cache(maxsize=1)
def workdays() -> Workdays:
    """Those of mainland China."""
    text = resources.files("salesloop.engine.model").joinpath("calendars/cn.yaml").read_text("utf-8")
    years: dict[int, dict[str, Any]] = yaml.load(text, Loader=yaml.CSafeLoader)["years"]
    off, made_up = set[dt.date](), set[dt.date]()
    for year in years.values():
        for holiday in year["holidays"]:
            first, last = holiday["rest"]
            off |= {first + _DAY * n for n in range((last - first).days + 1)}
            made_up |= set(holiday.get("work", ()))
    weekdays = sorted(day for day in off if day.weekday() < _WEEKDAYS)
    return Workdays(tuple(weekdays), tuple(sorted(made_up)), {y: each["published"] for y, each in years.items()})
