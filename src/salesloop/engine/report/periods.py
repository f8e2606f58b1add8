"""Periods in words: in full for headings, short for axes."""

from __future__ import annotations

import datetime as dt

from salesloop.engine.model.calendar import Calendar, Grain, Period
from salesloop.engine.model.text import Lang, Messages

_MESSAGES = Messages("salesloop.engine.report")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def day_range(start: dt.date, end: dt.date, lang: Lang) -> str:
    """11-09 至 11-15, or 9 Nov – 15 Nov; with the year where the years differ."""
    long = start.year != end.year
    return _MESSAGES.say("day_range", lang, start=_day(start, lang, year=long), end=_day(end, lang, year=long))


def period_name(period: Period, calendar: Calendar, lang: Lang) -> str:
    """2026 年第 46 周（11-09 至 11-15） · 2026 年 11 月 · 2026 年第 4 季度 · 2026 年 · 2026-11-15."""
    if period.grain == "day":
        return _day(period.start, lang, year=True)
    days = day_range(period.start, period.end, lang)
    if period.grain == "week":
        year, number = calendar.week_number(period.start)
        return _MESSAGES.say("week_name", lang, year=year, number=number, days=days)
    if period.grain == "month" and not calendar.week_based:
        month = period.start.month if lang != "en" else _MONTHS[period.start.month - 1]
        return _MESSAGES.say("month_name", lang, year=period.start.year, month=month)
    year = calendar.year_number(period.start)
    if period.grain == "year":
        return _MESSAGES.say("year_name", lang, year=year)
    number = _number(period, calendar)
    return _MESSAGES.say("quarter_name" if period.grain == "quarter" else "period_name", lang, year=year, number=number)


def period_label(start: dt.date, grain: Grain, calendar: Calendar, lang: Lang) -> str:
    """W46 · 11月 / Nov · Q4 · 2026 · 11-15: short enough for an axis; a year's first period carries the year."""
    period = calendar.period_of(start, grain)
    if grain == "day":
        return _day(start, lang, year=False)
    if grain == "week":
        return f"W{calendar.week_number(start)[1]:02d}"
    year = calendar.year_number(start)
    if grain == "year":
        return str(year)
    number = _number(period, calendar)
    if grain == "quarter":
        return f"{year} Q{number}" if number == 1 else f"Q{number}"
    if calendar.week_based:
        return f"P{number:02d}"
    if lang == "en":
        return _MONTHS[start.month - 1] + (f" {start.year}" if start.month == 1 else "")
    return f"{start.year}年1月" if start.month == 1 else f"{start.month}月"


def season_name(period: Period, calendar: Calendar, lang: Lang) -> str:
    """The short name of the period over which a target is pursued: 11 月, 第 4 季度, 2026 年."""
    if period.grain == "month" and not calendar.week_based:
        return f"{period.start.month} 月" if lang != "en" else _MONTHS[period.start.month - 1]
    label = period_label(period.start, period.grain, calendar, lang)
    return label.split(" ")[-1]


def _number(period: Period, calendar: Calendar) -> int:
    """Which month or quarter of its year."""
    first = calendar.period_of(period.start, "year")
    return len(calendar.periods(first.start, period.start, period.grain))


def _day(day: dt.date, lang: Lang, *, year: bool) -> str:
    if lang == "en":
        return f"{day.day} {_MONTHS[day.month - 1]}" + (f" {day.year}" if year else "")
    return day.isoformat() if year else f"{day:%m-%d}"
