"""Reads what a header says about a period: 1月, 2025年3月, Jan-25, 第一季度, 2025Q1, 2019年, 第3周, 2025-03-14."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Final, Literal

Grain = Literal["day", "week", "month", "quarter", "year"]

_CHINESE: Final = {
    word: n for n, word in enumerate(["一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二"], 1)
}
_ENGLISH: Final = {
    word: n
    for n, word in enumerate(["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], 1)
}

_YEAR: Final = r"(?:(?P<year>(?:19|20)\d{2})\s*(?:年度?|[-/.]|财年)?|(?P<short>\d{2})\s*年)"
_SINGLE: Final = r"十[一二]?|[一二三四五六七八九]"
_MONTH: Final = rf"(?P<month>0?[1-9]|1[0-2]|{_SINGLE})\s*月(?:份|度)?"
_QUARTER: Final = r"(?:第?\s*(?P<quarter>[1-4一二三四])\s*季度?|[Qq](?P<q>[1-4]))"
_WEEK: Final = r"(?:第\s*(?P<week>\d{1,2})\s*[周週]|[Ww](?:[Kk])?\s*(?P<w>\d{1,2}))"
_NAME: Final = (
    r"(?P<name>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
# What may follow the period in the same name: 1月计划, 2023年销售额, Q1 Revenue.
_REST: Final = r"\s*[-_/:：]?\s*(?P<rest>(?!\d).*)$"


@dataclass(frozen=True)
class PeriodName:
    """A period that a header names. `year` None: the header leaves it open. `rest` is what else the header says.

    `number` counts in the year: the month, quarter or week; 0 for a whole year; for a day it is the day of the year.
    `bare` is a name that may mean something else (Q1 of a questionnaire, a number).
    """

    grain: Grain
    number: int
    year: int | None = None
    rest: str = ""
    bare: bool = False

    @property
    def label(self) -> str:
        """What the period is called without its year."""
        return {"month": f"{self.number}月", "quarter": f"{self.number}季度", "week": f"第{self.number}周"}.get(
            self.grain, str(self.year or "")
        )

    def start(self, year: int | None = None) -> str | None:
        """First day as ISO text; None where no year is known."""
        known = self.year or year
        if known is None:
            return None
        if self.grain == "week":
            return dt.date.fromisocalendar(known, self.number, 1).isoformat()
        if self.grain == "day":
            return (dt.date(known, 1, 1) + dt.timedelta(days=self.number - 1)).isoformat()
        month = {"month": self.number, "quarter": 3 * self.number - 2, "year": 1}[self.grain]
        return dt.date(known, month, 1).isoformat()


@cache
def period_name(text: str) -> PeriodName | None:
    """The period at the beginning of a name (or, in brackets, at its end), or None where there is none."""
    text = text.strip()
    for pattern, read in _FORMS:
        match = pattern.match(text)
        if match and (found := read(match)) is not None:
            return found
    return None


def year_in(text: str) -> int | None:
    """The one year that a title or a file name states."""
    years = {int(year) for year in re.findall(r"(?<!\d)((?:19|20)\d{2})(?:\d{2}){0,2}(?!\d)", text)}
    return years.pop() if len(years) == 1 else None


def _rest(match: re.Match[str]) -> str:
    rest = (match.groupdict().get("rest") or "").strip()
    return rest[1:-1].strip() if re.fullmatch(r"[（(][^（()）]*[)）]", rest) else rest


def _year(match: re.Match[str]) -> int | None:
    groups = match.groupdict()
    if groups.get("year"):
        return int(groups["year"])
    return 2000 + int(groups["short"]) if groups.get("short") else None


def _month(match: re.Match[str]) -> PeriodName:
    groups = match.groupdict()
    text = groups.get("month") or ""
    number = _ENGLISH[groups["name"][:3].lower()] if groups.get("name") else _CHINESE.get(text) or int(text)
    return PeriodName("month", number, _year(match), _rest(match))


def _english(match: re.Match[str]) -> PeriodName:
    found = _month(match)
    tail = match["rest_year"]
    year = found.year or (int(tail) + (2000 if len(tail) == 2 else 0) if tail else None)
    return PeriodName("month", found.number, year)


def _quarter(match: re.Match[str]) -> PeriodName:
    groups, year = match.groupdict(), _year(match)
    text = groups.get("quarter") or groups["q"]
    bare = bool(groups["q"]) and year is None
    return PeriodName("quarter", _CHINESE.get(text) or int(text), year, _rest(match), bare)


def _week(match: re.Match[str]) -> PeriodName | None:
    number, year = int(match["week"] or match["w"]), _year(match)
    if not 1 <= number <= 52 + (year is None or dt.date(year, 12, 28).isocalendar().week == 53):
        return None
    return PeriodName("week", number, year, _rest(match), bare=bool(match["w"]) and year is None)


def _whole_year(match: re.Match[str]) -> PeriodName:
    return PeriodName("year", 0, _year(match), _rest(match))


def _number(match: re.Match[str]) -> PeriodName:
    number = int(match["number"])
    return PeriodName("month", number, bare=True) if number <= 12 else PeriodName("year", 0, number, bare=True)


def _day(match: re.Match[str]) -> PeriodName | None:
    try:
        day = dt.date(int(match["year"]), int(match["m"]), int(match["d"]))
    except ValueError:
        return None
    return PeriodName("day", day.timetuple().tm_yday, day.year)


def _compact(match: re.Match[str]) -> PeriodName:
    return PeriodName("month", int(match["m"]), int(match["year"]))


def _form(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


_FORMS: Final[tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], PeriodName | None]], ...]] = (
    (_form(r"^(?P<year>(?:19|20)\d{2})[-/.年](?P<m>\d{1,2})[-/.月](?P<d>\d{1,2})日?(?: 00:00:00)?$"), _day),
    (_form(r"^(?P<number>[1-9]|1[0-2]|(?:19|20)\d{2})$"), _number),
    (_form(r"^(?P<year>(?:19|20)\d{2})[-/.]?(?:M)?(?P<m>0[1-9]|1[0-2])$"), _compact),
    (_form(r"^(?P<year>(?:19|20)\d{2})[-/.](?P<m>[1-9])$"), _compact),
    (_form(rf"^{_YEAR}?\s*{_MONTH}{_REST}"), _month),
    (_form(rf"^(?:{_YEAR}\s*)?{_NAME}(?:[\s\-/'’]*(?P<rest_year>(?:19|20)?\d{{2}}))?$"), _english),
    (_form(r"^Q(?P<q>[1-4])[\s\-/]*(?P<year>(?:19|20)\d{2})$"), _quarter),
    (_form(rf"^{_YEAR}?\s*{_QUARTER}{_REST}"), _quarter),
    (_form(rf"^{_YEAR}?\s*{_WEEK}{_REST}"), _week),
    (_form(r"^(?:FY)?\s*(?P<year>(?:19|20)\d{2})\s*(?:年度?|财年)(?P<rest>(?!\s*\d).*)$"), _whole_year),
    (_form(r"^FY\s*(?P<year>(?:19|20)\d{2})(?P<rest>)$"), _whole_year),
    (_form(r"^(?P<rest>.+?)[（(]\s*(?P<year>(?:19|20)\d{2})\s*年?\s*[)）]$"), _whole_year),
)
