"""Working days of mainland China, against the State Council's notices."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salesloop.engine.model.workdays import workdays

CN = workdays()
DAYS = st.dates(dt.date(2022, 1, 1), dt.date(2028, 12, 31))


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


@pytest.mark.parametrize(
    ("year", "in_year"),
    # counted from the notices: weekdays of the year − weekdays off + weekend days worked
    [(2023, 249), (2024, 251), (2025, 248), (2026, 248)],
)
def test_a_year_has_as_many_working_days_as_its_notice_says(year: int, in_year: int) -> None:
    assert CN.between(dt.date(year - 1, 12, 31), dt.date(year, 12, 31)) == in_year


@pytest.mark.parametrize(
    "holiday",
    ["2023-10-06", "2024-02-12", "2024-05-03", "2025-01-28", "2025-10-08", "2026-01-02", "2026-02-23", "2026-10-07"],
)
def test_nobody_works_on_a_holiday(holiday: str) -> None:
    assert day(holiday).weekday() < 5
    assert not CN.is_workday(day(holiday))


@pytest.mark.parametrize(
    "made_up",
    ["2023-01-28", "2023-10-08", "2024-02-04", "2024-10-12", "2025-01-26", "2025-09-28", "2026-02-14", "2026-10-10"],
)
def test_people_work_on_the_weekend_days_that_make_up_for_it(made_up: str) -> None:
    assert day(made_up).weekday() >= 5
    assert CN.is_workday(day(made_up))


def test_spring_festival_2026_is_no_delay() -> None:
    assert CN.between(day("2026-02-14"), day("2026-02-24")) == 1, "the 15th to the 23rd are off"
    assert CN.between(day("2026-02-13"), day("2026-02-14")) == 1, "a Saturday that makes up for it"


def test_every_made_up_day_is_on_a_weekend_and_no_holiday() -> None:
    assert all(each.weekday() >= 5 for each in CN.made_up)
    assert not set(CN.made_up) & set(CN.off)


def test_years_that_are_not_published_are_monday_to_friday_and_say_so() -> None:
    assert [CN.knows(dt.date(year, 6, 1)) for year in (2022, 2023, 2026, 2027)] == [False, True, True, False]
    assert CN.is_workday(day("2027-10-01")), "a Friday; nobody knows better yet"
    assert all(published.year == year - 1 for year, published in CN.published.items())


@given(DAYS, DAYS)
def test_counting_agrees_with_asking_each_day(one: dt.date, other: dt.date) -> None:
    start, end = sorted((one, other))
    end = min(end, start + dt.timedelta(days=400))
    days = [start + dt.timedelta(days=n) for n in range(1, (end - start).days + 1)]
    assert CN.between(start, end) == sum(map(CN.is_workday, days)) == -CN.between(end, start)


def test_the_last_working_days() -> None:
    assert CN.last(3, day("2026-10-08")) == [day("2026-10-08"), day("2026-09-30"), day("2026-09-29")]
