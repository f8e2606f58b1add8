"""Periods in words."""

from __future__ import annotations

import datetime as dt

import pytest

from salesloop.engine.model.calendar import Calendar, Grain
from salesloop.engine.model.text import Lang
from salesloop.engine.report.periods import day_range, period_label, period_name, season_name

DAY = dt.date(2026, 11, 12)
GREGORIAN = Calendar()


@pytest.mark.parametrize(
    ("grain", "lang", "name", "label"),
    [
        ("day", "zh-Hans", "2026-11-12", "11-12"),
        ("week", "zh-Hans", "2026 年第 46 周（11-09 至 11-15）", "W46"),
        ("week", "zh-Hant", "2026 年第 46 週（11-09 至 11-15）", "W46"),
        ("week", "en", "Week 46 of 2026 (9 Nov – 15 Nov)", "W46"),
        ("month", "zh-Hans", "2026 年 11 月", "11月"),
        ("month", "en", "Nov 2026", "Nov"),
        ("quarter", "zh-Hans", "2026 年第 4 季度", "Q4"),
        ("quarter", "en", "Q4 2026", "Q4"),
        ("year", "en", "2026", "2026"),
    ],
)
def test_full_and_short_names(grain: Grain, lang: Lang, name: str, label: str) -> None:
    period = GREGORIAN.period_of(DAY, grain)
    assert period_name(period, GREGORIAN, lang) == name
    assert period_label(period.start, grain, GREGORIAN, lang) == label


def test_the_first_period_of_a_year_carries_the_year_on_an_axis() -> None:
    assert period_label(dt.date(2027, 1, 1), "month", GREGORIAN, "zh-Hans") == "2027年1月"
    assert period_label(dt.date(2027, 1, 1), "quarter", GREGORIAN, "en") == "2027 Q1"


def test_company_calendars_count_their_own_periods() -> None:
    retail = Calendar("4-4-5", 2)
    month = retail.period_of(DAY, "month")
    assert period_name(month, retail, "en") == "Period 10 of 2026"
    assert period_label(month.start, "month", retail, "en") == "P10"
    fiscal = Calendar("fiscal", 4)
    assert period_name(fiscal.period_of(DAY, "quarter"), fiscal, "zh-Hans") == "2026 年第 3 季度"


def test_the_season_in_short() -> None:
    assert season_name(GREGORIAN.period_of(DAY, "month"), GREGORIAN, "zh-Hans") == "11 月"
    assert season_name(GREGORIAN.period_of(DAY, "quarter"), GREGORIAN, "zh-Hans") == "Q4"


def test_ranges_over_new_year_show_both_years() -> None:
    assert day_range(dt.date(2026, 12, 28), dt.date(2027, 1, 3), "zh-Hans") == "2026-12-28 至 2027-01-03"
    assert day_range(dt.date(2026, 12, 28), dt.date(2027, 1, 3), "en") == "28 Dec 2026 – 3 Jan 2027"
