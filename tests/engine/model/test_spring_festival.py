"""The dates of the Spring Festival against the moon, and which days of the year before it is compared with."""

from __future__ import annotations

import datetime as dt
import math

import pytest

from salesloop.engine.model.spring_festival import SPRING_FESTIVALS, aligned


def new_moons(year: int) -> list[dt.date]:
    """Days in China Standard Time of the new moons around the start of a year (Meeus, Astronomical Algorithms, ch. 49)."""
    out = []
    first = round((year - 2000) * 12.3685)
    for k in range(first - 1, first + 4):
        t = k / 1236.85
        jde = 2451550.09766 + 29.530588861 * k + 0.00015437 * t**2
        sun = math.radians(2.5534 + 29.1053567 * k)
        moon = math.radians(201.5643 + 385.81693528 * k + 0.0107582 * t**2)
        latitude = math.radians(160.7108 + 390.67050284 * k)
        e = 1 - 0.002516 * t
        jde += (
            -0.40720 * math.sin(moon)
            + 0.17241 * e * math.sin(sun)
            + 0.01608 * math.sin(2 * moon)
            + 0.01039 * math.sin(2 * latitude)
            + 0.00739 * e * math.sin(moon - sun)
            - 0.00514 * e * math.sin(moon + sun)
            + 0.00208 * e**2 * math.sin(2 * sun)
        )
        moment = dt.datetime(2000, 1, 1, 12) + dt.timedelta(days=jde - 2451545.0 + 8 / 24, seconds=-69)
        out.append(moment.date())
    return out


def test_every_date_is_a_new_moon_from_21_january_to_20_february() -> None:
    assert list(SPRING_FESTIVALS) == list(range(2000, 2041))
    for year, day in SPRING_FESTIVALS.items():
        assert day in new_moons(year), day
        assert dt.date(year, 1, 21) <= day <= dt.date(year, 2, 20)


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        ("2026-02-01..2026-02-28", "2025-01-13..2025-02-09"),
        ("2026-03-01..2026-03-31", "2025-02-10..2025-03-12"),
        ("2026-04-01..2026-04-30", "2025-04-01..2025-04-30"),
        ("2026-01-01..2026-03-31", "2025-01-01..2025-03-31"),  # holds the eight weeks in both years
        ("2026-01-01..2026-12-31", "2025-01-01..2025-12-31"),
        ("2025-03-01..2025-03-31", "2024-03-12..2024-04-11"),  # of the two only March 2024 was near its festival
        ("1999-02-01..1999-02-28", "1998-02-01..1998-02-28"),  # no festival is known
    ],
)
def test_days_near_the_festival_go_with_days_as_far_from_the_one_before(days: str, expected: str) -> None:
    start, end = (dt.date.fromisoformat(day) for day in days.split(".."))
    year_ago = (start.replace(year=start.year - 1), end.replace(year=end.year - 1))
    found = aligned((start, end), year_ago)
    assert "..".join(day.isoformat() for day in found) == expected
    shifted = found != year_ago
    assert not shifted or found[1] - found[0] == end - start
