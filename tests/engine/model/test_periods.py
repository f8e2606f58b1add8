from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salesloop.engine.model.calendar import Calendar, Grain
from salesloop.engine.model.errors import UserError
from salesloop.engine.model.periods import DateRange, compared_range, parse_period, well_formed
from tests.engine.model.test_calendar import calendars, days, grains

D = dt.date
TODAY = D(2026, 11, 21)  # a Saturday
GREGORIAN = Calendar()


@given(calendars, days, grains)
def test_the_name_of_a_period_reads_back_as_that_period(calendar: Calendar, day: D, grain: Grain) -> None:
    period = calendar.period_of(day, grain)
    name = calendar.text(period)
    assert well_formed(name)
    read = parse_period(name, calendar, TODAY)
    assert (read.start, read.end) == (period.start, period.end)


@pytest.mark.parametrize(
    ("text", "start", "end", "grain"),
    [
        ("2026", D(2026, 1, 1), D(2026, 12, 31), "year"),
        ("2026-Q4", D(2026, 10, 1), D(2026, 12, 31), "quarter"),
        ("2026-11", D(2026, 11, 1), D(2026, 11, 30), "month"),
        ("2026-W47", D(2026, 11, 16), D(2026, 11, 22), "week"),
        ("2026-11-21", TODAY, TODAY, "day"),
        ("2026-01-01..2026-11-21", D(2026, 1, 1), TODAY, None),
        ("2026-01..2026-03", D(2026, 1, 1), D(2026, 3, 31), "quarter"),
        ("today", TODAY, TODAY, "day"),
        ("yesterday", D(2026, 11, 20), D(2026, 11, 20), "day"),
        ("this-month", D(2026, 11, 1), D(2026, 11, 30), "month"),
        ("last-quarter", D(2026, 7, 1), D(2026, 9, 30), "quarter"),
        ("last-30-days", D(2026, 10, 23), TODAY, None),
        ("last-12-months", D(2025, 12, 1), TODAY, None),
        ("last-1-week", D(2026, 11, 16), TODAY, None),
        ("year-to-date", D(2026, 1, 1), TODAY, None),
        ("this-year..today", D(2026, 1, 1), TODAY, None),
    ],
)
def test_periods_as_people_write_them(text: str, start: D, end: D, grain: Grain | None) -> None:
    assert parse_period(text, GREGORIAN, TODAY) == DateRange(start, end, grain)


def test_fy_means_the_companys_own_year_and_plain_years_stay_gregorian() -> None:
    fiscal = Calendar("fiscal", 4)
    assert parse_period("FY2026-Q1", fiscal, TODAY) == DateRange(D(2026, 4, 1), D(2026, 6, 30), "quarter")
    assert parse_period("2026", fiscal, TODAY) == DateRange(D(2026, 1, 1), D(2026, 12, 31), None)
    retail = Calendar("4-4-5", 1)
    assert parse_period("FY2026-P03", retail, TODAY) == DateRange(D(2026, 2, 23), D(2026, 3, 29), "month")


@pytest.mark.parametrize(
    "text",
    ["", "soon", "2026-13", "2026-Q5", "2026-W54", "2026-02-30", "0000", "last-0-days", "2026-11-21..", "FY2026-11",
     "last-9999-years", "2026-1", "../../etc"],
)  # fmt: skip
def test_what_is_no_period_is_refused_with_examples(text: str) -> None:
    with pytest.raises(UserError) as refused:
        parse_period(text, GREGORIAN, TODAY)
    assert refused.value.params == {"value": text}
    assert "2026-Q4" in refused.value.text("en")


@pytest.mark.parametrize(
    "text", ["0001", "0001-01-01..2026-01-01", "9998", "9999-12-31", "last-2000-years", "1899-12-31", "FY2200"]
)
def test_a_period_at_the_end_of_time_is_refused(text: str) -> None:
    """Its neighbours and the same days a year before would be no dates."""
    with pytest.raises(UserError, match="1900 到 2199"):
        parse_period(text, GREGORIAN, TODAY)


def test_a_range_that_runs_backwards_is_refused() -> None:
    with pytest.raises(UserError, match="开始晚于结束"):
        parse_period("2026-02..2026-01", GREGORIAN, TODAY)


@pytest.mark.parametrize(
    ("text", "previous", "year"),
    [
        # finished periods: the whole of the earlier one
        ("2026-03", "2026-02", "2025-03"),
        ("2026-Q1", "2025-Q4", "2025-Q1"),
        # the running one: as far as it has come
        ("2026-11", "2026-10-01..2026-10-21", "2025-11-01..2025-11-21"),
        ("2026", "2025-01-01..2025-11-21", "2025-01-01..2025-11-21"),
        ("year-to-date", "2025-01-01..2025-11-21", "2025-01-01..2025-11-21"),
        ("2026-10-01..2026-11-21", "2026-07-01..2026-08-21", "2025-10-01..2025-11-21"),
        # one day, and days that are no period
        ("2026-11-20", "2026-11-19", "2025-11-20"),
        ("2026-11-10..2026-11-12", "2026-11-07..2026-11-09", "2025-11-10..2025-11-12"),
        # a period that has not begun
        ("2026-12", "2026-11", "2025-12"),
    ],
)
def test_what_a_period_is_compared_with(text: str, previous: str, year: str) -> None:
    asked = parse_period(text, GREGORIAN, TODAY)
    assert compared_range(asked, "previous", GREGORIAN, TODAY) == parse_period(previous, GREGORIAN, TODAY)
    assert compared_range(asked, "year", GREGORIAN, TODAY) == parse_period(year, GREGORIAN, TODAY)


@given(calendars, days, st.integers(0, 800))
def test_a_compared_range_ends_before_the_range_starts_or_a_year_before(
    calendar: Calendar, start: D, length: int
) -> None:
    asked = DateRange(start, start + dt.timedelta(days=length))
    previous = compared_range(asked, "previous", calendar, D(2100, 1, 1))
    year = compared_range(asked, "year", calendar, D(2100, 1, 1))
    assert previous.start <= previous.end < asked.start
    assert year.start <= year.end < asked.end
