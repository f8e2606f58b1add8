"""Days in words: `2026年11月`, `Q4 2026`, and the short names under a chart."""

import datetime as dt

from django.utils.translation import gettext as _

from salesloop.engine.model.calendar import Calendar, Grain, Period
from salesloop.engine.model.periods import DateRange
from salesloop.engine.model.text import Lang

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def range_label(days: DateRange, calendar: Calendar, lang: Lang) -> str:
    """What a range of days is called: the period's name where it is one, else first and last day."""
    if days.grain is not None:
        return period_label(Period(days.grain, days.start, days.end), calendar, lang)
    if lang == "en":
        return f"{day_label(days.start, lang)} – {day_label(days.end, lang)}"
    return f"{days.start:%Y-%m-%d} – {days.end:%Y-%m-%d}"


def period_label(period: Period, calendar: Calendar, lang: Lang) -> str:
    """The full name of a period."""
    start = period.start
    if period.grain == "day":
        return day_label(start, lang)
    if period.grain == "week":
        year, number = calendar.week_number(start)
        return f"W{number} {year}" if lang == "en" else _("%(year)d年第%(number)d周") % {"year": year, "number": number}
    if calendar.kind != "gregorian":
        return calendar.text(period)
    if period.grain == "month":
        return f"{_MONTHS[start.month - 1]} {start.year}" if lang == "en" else f"{start.year}年{start.month}月"
    if period.grain == "quarter":
        quarter = (start.month + 2) // 3
        return f"Q{quarter} {start.year}" if lang == "en" else f"{start.year}年{quarter}季度"
    return str(start.year) if lang == "en" else f"{start.year}年"


def tick_label(start: dt.date, grain: Grain, calendar: Calendar, lang: Lang, *, years: bool) -> str:
    """The short name of a period under a chart; with `years` where the axis runs over more than one."""
    if grain == "day":
        return f"{start.month}-{start.day}" if not years else f"{start:%y}-{start.month}-{start.day}"
    if grain == "week":
        year, number = calendar.week_number(start)
        return f"{year % 100:02d}-W{number}" if years else f"W{number}"
    if grain == "year":
        return str(calendar.year_number(start))
    if calendar.kind != "gregorian":
        return calendar.text(calendar.period_of(start, grain)).removeprefix(
            "FY" if years else f"FY{calendar.year_number(start)}-"
        )
    if grain == "quarter":
        name = f"Q{(start.month + 2) // 3}"
        return f"{start.year % 100:02d}-{name}" if years else name
    if lang == "en":
        return f"{_MONTHS[start.month - 1]} {start.year % 100:02d}" if years else _MONTHS[start.month - 1]
    return f"{start.year % 100:02d}年{start.month}月" if years else f"{start.month}月"


def day_label(day: dt.date, lang: Lang) -> str:
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}" if lang == "en" else f"{day:%Y-%m-%d}"


def short_day(day: dt.date, lang: Lang) -> str:
    """The day within its year."""
    return f"{day.day} {_MONTHS[day.month - 1]}" if lang == "en" else f"{day.month}月{day.day}日"
