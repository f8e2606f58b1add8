from __future__ import annotations

import datetime as dt
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salesloop.engine.model.calendar import GRAINS, WEEK_STARTS, Calendar, Grain, Period

D = dt.date
days = st.dates(D(1990, 1, 1), D(2060, 12, 31))
grains = st.sampled_from(GRAINS)
month_based = st.builds(
    Calendar, st.sampled_from(["gregorian", "fiscal"]), st.integers(1, 12), st.sampled_from(WEEK_STARTS)
)
week_based = st.builds(
    Calendar, st.sampled_from(["iso_week", "4-4-5", "4-5-4", "5-4-4"]), st.integers(1, 12), st.sampled_from(WEEK_STARTS)
)
calendars = st.one_of(month_based, week_based)


@pytest.mark.requirement("A04")
@given(calendars, days, grains)
def test_every_day_is_in_one_period_and_periods_tile_time(calendar: Calendar, day: D, grain: Grain) -> None:
    period = calendar.period_of(day, grain)
    assert day in period
    assert calendar.period_of(period.start, grain) == calendar.period_of(period.end, grain) == period
    assert calendar.next(period).start == period.end + dt.timedelta(days=1)


@given(calendars, days, grains)
def test_previous_and_next_undo_each_other(calendar: Calendar, day: D, grain: Grain) -> None:
    period = calendar.period_of(day, grain)
    assert calendar.next(calendar.previous(period)) == period
    assert calendar.previous(calendar.next(period)) == period


@given(calendars, days, st.integers(0, 900), grains)
def test_a_stretch_of_days_is_covered_without_gap_or_overlap(
    calendar: Calendar, start: D, length: int, grain: Grain
) -> None:
    end = start + dt.timedelta(days=length)
    periods = calendar.periods(start, end, grain)
    assert start in periods[0]
    assert end in periods[-1]
    assert all(a.end + dt.timedelta(days=1) == b.start for a, b in pairwise(periods))


@given(calendars, days)
def test_months_fill_quarters_and_quarters_fill_years(calendar: Calendar, day: D) -> None:
    for outer, inner, count in (("year", "quarter", 4), ("quarter", "month", 3), ("year", "month", 12)):
        whole = calendar.period_of(day, outer)  # type: ignore[arg-type]
        parts = calendar.periods(whole.start, whole.end, inner)  # type: ignore[arg-type]
        assert (parts[0].start, parts[-1].end, len(parts)) == (whole.start, whole.end, count)


@given(week_based, days)
def test_week_based_years_are_52_or_53_weeks_and_start_near_their_month(calendar: Calendar, day: D) -> None:
    year = calendar.period_of(day, "year")
    assert year.days in (364, 371)
    assert WEEK_STARTS[year.start.weekday()] == calendar.week_start
    first = D(year.start.year, calendar.start_month, 1)
    near = min(abs((year.start - first.replace(year=first.year + shift)).days) for shift in (0, 1))
    assert near <= 3


@given(week_based, days)
def test_week_based_months_follow_their_pattern(calendar: Calendar, day: D) -> None:
    year = calendar.period_of(day, "year")
    pattern = "4-4-5" if calendar.kind == "iso_week" else calendar.kind
    expected = [int(weeks) for weeks in pattern.split("-")] * 4
    expected[-1] += (year.days - 364) // 7
    assert [month.days // 7 for month in calendar.periods(year.start, year.end, "month")] == expected


@given(calendars, days, grains)
def test_a_year_ago_is_a_period_of_the_same_grain_about_a_year_before(calendar: Calendar, day: D, grain: Grain) -> None:
    period = calendar.period_of(day, grain)
    earlier = calendar.year_ago(period)
    assert calendar.period_of(earlier.start, grain) == earlier
    assert 357 <= (period.start - earlier.start).days <= 378


@given(days)
def test_iso_weeks_are_those_of_the_standard(day: D) -> None:
    standard = (day.isocalendar().year, day.isocalendar().week)
    assert Calendar().week_number(day) == standard
    assert Calendar("iso_week").week_number(day) == standard
    assert Calendar("iso_week").year_number(day) == standard[0]


@given(calendars, days, grains, days)
def test_the_elapsed_share_grows_from_nothing_to_all(calendar: Calendar, day: D, grain: Grain, today: D) -> None:
    period = calendar.period_of(day, grain)
    share = calendar.elapsed_share(period, today)
    assert 0 <= share <= 1
    assert (share == 1) == (today >= period.end)
    assert (share == 0) == (today < period.start)


@given(calendars, days, grains)
def test_the_elapsed_part_lies_within_the_earlier_period(calendar: Calendar, today: D, grain: Grain) -> None:
    period = calendar.period_of(today, grain)
    for earlier in (calendar.previous(period), calendar.year_ago(period)):
        assert calendar.elapsed_end(period, today, earlier) in earlier


def test_months_and_quarters_of_a_fiscal_year_from_april() -> None:
    calendar = Calendar("fiscal", 4)
    assert calendar.period_of(D(2026, 2, 10), "year") == Period("year", D(2025, 4, 1), D(2026, 3, 31))
    assert calendar.period_of(D(2026, 2, 10), "quarter") == Period("quarter", D(2026, 1, 1), D(2026, 3, 31))
    assert calendar.text(calendar.period_of(D(2026, 2, 10), "quarter")) == "FY2025-Q4"


def test_a_fiscal_year_from_july_is_named_by_the_year_it_ends_in() -> None:
    calendar = Calendar("fiscal", 7)
    assert calendar.text(calendar.period_of(D(2025, 7, 1), "year")) == "FY2026"
    assert calendar.text(calendar.period_of(D(2026, 6, 30), "quarter")) == "FY2026-Q4"


def test_the_retail_calendar_of_the_national_retail_federation() -> None:
    """4-5-4 from February, weeks from Sunday: fiscal 2023 began on 29 January 2023 and had 53 weeks."""
    calendar = Calendar("4-5-4", 2, "sunday")
    year = calendar.period_of(D(2023, 6, 1), "year")
    assert (year.start, year.end, year.days // 7) == (D(2023, 1, 29), D(2024, 2, 3), 53)
    assert calendar.text(year) == "FY2023"
    assert calendar.period_of(D(2024, 2, 4), "month") == Period("month", D(2024, 2, 4), D(2024, 3, 2))


def test_the_29th_of_february_is_compared_with_the_28th() -> None:
    day = Calendar().period_of(D(2024, 2, 29), "day")
    assert Calendar().year_ago(day).start == D(2023, 2, 28)


def test_week_53_is_compared_with_the_last_week_of_a_shorter_year() -> None:
    week = Calendar().period_of(D(2026, 12, 31), "week")
    assert Calendar().text(week) == "2026-W53"
    assert Calendar().text(Calendar().year_ago(week)) == "2025-W52"


def test_an_unfinished_month_is_compared_up_to_the_same_day_or_the_end_of_the_month() -> None:
    calendar, march = Calendar(), Calendar().period_of(D(2026, 3, 1), "month")
    february = calendar.previous(march)
    assert calendar.elapsed_end(march, D(2026, 3, 15), february) == D(2026, 2, 15)
    assert calendar.elapsed_end(march, D(2026, 3, 30), february) == D(2026, 2, 28)
    assert calendar.elapsed_end(march, D(2026, 3, 31), february) == D(2026, 2, 28)


def test_an_unfinished_year_is_compared_up_to_the_same_day_across_a_leap_day() -> None:
    calendar, year = Calendar(), Calendar().period_of(D(2024, 5, 1), "year")
    assert calendar.elapsed_end(year, D(2024, 11, 21), calendar.previous(year)) == D(2023, 11, 21)


def test_the_table_for_joins() -> None:
    table = Calendar().table(D(2026, 1, 15), D(2026, 2, 1), "month").to_pylist()
    assert table == [
        {
            "period": D(2026, 1, 1),
            "start": D(2026, 1, 1),
            "end": D(2026, 1, 31),
            "previous_start": D(2025, 12, 1),
            "year_ago_start": D(2025, 1, 1),
            "label": "2026-01",
        },
        {
            "period": D(2026, 2, 1),
            "start": D(2026, 2, 1),
            "end": D(2026, 2, 28),
            "previous_start": D(2026, 1, 1),
            "year_ago_start": D(2025, 2, 1),
            "label": "2026-02",
        },
    ]


def test_a_start_month_is_a_month() -> None:
    with pytest.raises(ValueError, match="start_month"):
        Calendar("fiscal", 13)
