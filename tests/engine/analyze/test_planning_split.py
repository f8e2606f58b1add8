"""Splitting a target: sums to the cent, locks, limits, and a season that one odd month does not bend. Worked out by hand."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from salesloop.engine.analyze.planning.moves import Move, reassign
from salesloop.engine.analyze.planning.season import equal_shares, season_shares, workday_shares
from salesloop.engine.analyze.planning.split import Part, apportion, split
from salesloop.engine.analyze.planning.table import split_table
from salesloop.engine.metrics.targets.cover import working_days
from salesloop.engine.model.calendar import Calendar
from salesloop.engine.model.errors import UserError

D = Decimal
NAN = float("nan")


def parts(*weights: int, **limits: dict[int, D]) -> list[Part]:
    return [Part(D(w), **{name: of.get(i) for name, of in limits.items()}) for i, w in enumerate(weights)]


@pytest.mark.requirement("G05", "G06")
@pytest.mark.parametrize(
    ("total", "weights", "step", "expected"),
    [
        ("100", (1, 1, 1), "0.01", ("33.34", "33.33", "33.33")),
        # 10 cents over 5 : 3 : 1 : 5.55…, 3.33…, 1.11… → 5, 3, 1 and the last cent to .55…
        ("0.10", (5, 3, 1), "0.01", ("0.06", "0.03", "0.01")),
        ("1000000", (2, 1), "10000", ("670000", "330000")),
        # 12,345 in thousands: 8, 4 and what is below a step to the heaviest
        ("12345", (2, 1), "1000", ("8345", "4000")),
        ("7", (0, 0), "1", ("4", "3")),
        ("0", (1, 2), "0.01", ("0", "0")),
    ],
)
def test_largest_remainders(total, weights, step, expected):
    assert apportion(D(total), [D(w) for w in weights], D(step)) == tuple(D(e) for e in expected)


@pytest.mark.requirement("G05")
def test_a_locked_part_stays_and_the_rest_is_shared_by_weight():
    assert split(D(100), parts(1, 1, 2, fixed={0: D(40)})) == (D(40), D(20), D(40))


@pytest.mark.requirement("G05")
def test_limits_against_last_year_hold_and_the_rest_is_shared_anew():
    # By weight 60 / 30 / 10; the third must have 20: the other two share 80 as 2 : 1.
    found = split(D(100), parts(6, 3, 1, low={2: D(20)}))
    assert found == (D("53.33"), D("26.67"), D(20))
    # The first may have 45 at most: the others share 55 as 3 : 1.
    assert split(D(100), parts(6, 3, 1, high={0: D(45)})) == (D(45), D("41.25"), D("13.75"))
    # Both at once: 45 and 20 leave 35.
    assert split(D(100), parts(6, 3, 1, low={2: D(20)}, high={0: D(45)})) == (D(45), D(35), D(20))


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (parts(1, 1, fixed={0: D(120)}), "锁定的部分合计 120，已超过总额 100"),
        (parts(1, 1, fixed={0: D(40), 1: D(40)}), "每一部分都锁定了，合计 80，与总额 100 不符"),
        (parts(1, 1, low={0: D(60), 1: D(60)}), "各部分的下限合计 120"),
        (parts(1, 1, high={0: D(30), 1: D(30)}), "各部分的上限合计 60"),
    ],
)
def test_what_cannot_be_split_says_why(given, words):
    with pytest.raises(UserError, match=words):
        split(D(100), given)


@given(
    st.decimals("0", "1000000000", places=2),
    st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 2)), min_size=1, max_size=8),
    st.sampled_from(["0.01", "1", "10000"]),
)
@pytest.mark.requirement("G05")
def test_every_split_adds_up_within_its_limits(total, drawn, step):
    share = total / len(drawn)
    given = [
        Part(D(weight), low=share / 2 if kind == 1 else None, high=share * 3 if kind == 2 else None)
        for weight, kind in drawn
    ]
    found = apportion(total, [p.weight for p in given], D(step))
    assert sum(found) == total
    if step == "0.01":
        bounded = split(total, given)
        assert sum(bounded) == total
        for part, amount in zip(given, bounded, strict=True):
            assert amount >= 0
            assert part.low is None or amount >= part.low
            assert part.high is None or amount <= part.high


@pytest.mark.requirement("G05", "G06")
def test_months_over_teams_keep_both_margins_to_the_cent():
    months = [D("100.00"), D("50.01"), D("49.99")]
    found = split_table(months, parts(1, 1, 1), [[None] * 3] * 3)
    assert [sum(row[j] for row in found) for j in range(3)] == months
    # 200 over three: 66.67, 66.67, 66.66, and no row drifts from it.
    assert [sum(row) for row in found] == [D("66.67"), D("66.67"), D("66.66")]


@pytest.mark.requirement("G05")
def test_a_locked_year_and_a_locked_month_stay():
    months = [D(300), D(100)]
    none: list[D | None] = [None, None]
    # The first part's year is 100: by the months' 3 : 1 that is 75 and 25; the other two share 225 and 75.
    found = split_table(months, parts(1, 1, 1, fixed={0: D(100)}), [none, none, none])
    assert found == ((D(75), D(25)), (D("112.50"), D("37.50")), (D("112.50"), D("37.50")))
    # The second part's first month is locked at 150; its year is still 150 of 450 − 50 … by weight 133.33 → at least 150.
    found = split_table(months, parts(1, 1, 1), [none, [D(150), None], none])
    assert found[1] == (D(150), D(0))
    assert [sum(column) for column in zip(*found, strict=True)] == months
    with pytest.raises(UserError, match="锁定的部分合计 310"):
        split_table(months, parts(1, 1), [[D(310), None], none])


@given(
    st.lists(st.integers(0, 10**9), min_size=2, max_size=12),
    st.lists(st.integers(1, 1000), min_size=2, max_size=6),
    st.data(),
)
def test_tables_with_random_locks_add_up(cents, weights, data):
    months = [D(one) / 100 for one in cents]
    whole = sum(weights)
    locks: list[list[D | None]] = [[None] * len(months) for _ in weights]
    for column, month in enumerate(months):
        row = data.draw(st.integers(-1, len(weights) - 2))
        if row >= 0:
            locks[row][column] = (month * weights[row] / whole).quantize(D("0.01"), "ROUND_FLOOR")
    found = split_table(months, [Part(D(w)) for w in weights], locks)
    assert [sum(row[j] for row in found) for j in range(len(months))] == months
    assert all(cell >= 0 for row in found for cell in row)
    for row, fixed in zip(found, locks, strict=True):
        assert all(lock is None or lock == cell for lock, cell in zip(fixed, row, strict=True))


@pytest.mark.requirement("G06")
def test_the_season_survives_gaps_and_a_one_off_peak():
    # Season 1 : 2 : 3 : 4 at levels 10, 20, 30; one quarter missing, one with a peak that came once.
    history = np.array([[10, 20, 30, 40], [20, 40, NAN, 80], [30, 600, 90, 120]], dtype=float)
    found = season_shares(history)
    assert found is not None
    assert found.shares == pytest.approx((0.1, 0.2, 0.3, 0.4))
    assert (found.years, found.robust, found.unknown) == (3, True, ())


def test_a_period_that_nobody_has_seen_gets_the_mean_and_is_named():
    found = season_shares(np.array([[10, 30, NAN, 20], [NAN, 30, NAN, NAN]]))
    assert found is not None
    # Levels 10 and 30 ÷ 3 … both years have factor 1 : 3 : 2, the third gets their mean 2.
    assert found.shares == pytest.approx((1 / 8, 3 / 8, 2 / 8, 2 / 8))
    assert found.unknown == (2,)
    assert not found.robust
    assert season_shares(np.full((2, 4), NAN)) is None
    assert season_shares(np.zeros((2, 4))) is None


def test_a_month_in_which_nothing_is_ever_sold_gets_nothing():
    found = season_shares(np.array([[0, 5, 5, 10], [0, 10, 10, 20], [0, 1, 1, 2]], dtype=float))
    assert found is not None
    assert found.shares == pytest.approx((0, 0.25, 0.25, 0.5))


def test_working_days_and_equal_parts():
    quarter = Calendar().periods(dt.date(2026, 1, 1), dt.date(2026, 3, 31), "month")
    # January 2026 has 22 weekdays, the 1st and 2nd are off, Sunday the 4th makes up: 21. February has 20, six are off for the Spring
    # Festival, Saturdays the 14th and 28th make up: 16. March has 22.
    assert workday_shares(quarter).shares == pytest.approx((21 / 59, 16 / 59, 22 / 59))
    # 1 to 8 October 2025 are off, Saturday the 11th makes up; the weeks of 29 September to 2 November.
    october = Calendar().periods(dt.date(2025, 10, 1), dt.date(2025, 10, 31), "week")
    assert [working_days(week.start, week.end) for week in october] == [2, 3, 5, 5, 5]
    assert working_days(dt.date(2026, 1, 1), dt.date(2026, 1, 31)) == 21
    assert equal_shares(quarter).shares == pytest.approx((1 / 3,) * 3)


@pytest.mark.requirement("G05")
def test_what_a_leaver_leaves_goes_to_the_successor_the_team_or_nobody():
    april, may = Calendar().periods(dt.date(2026, 4, 1), dt.date(2026, 5, 31), "month")
    targets = {"A": {april: D(300), may: D(310)}, "B": {april: D(100), may: D(100)}}
    # Gone after 10 April: 10 of 30 days are kept, 200 of April and all of May go on.
    kept = [Move("A", april, D(300), D(100)), Move("A", may, D(310), D(0))]
    left = dt.date(2026, 4, 10)
    one = reassign("A", targets, left, "successor", [("B", D(1))])
    assert one == (kept[0], Move("B", april, D(100), D(300)), kept[1], Move("B", may, D(100), D(410)))
    two = reassign("A", targets, left, "team", [("B", D(1)), ("C", D(3))])
    assert [(m.who, m.after) for m in two] == [
        ("A", D(100)), ("B", D(150)), ("C", D(150)), ("A", D(0)), ("B", D("177.50")), ("C", D("232.50")),
    ]  # fmt: skip
    assert reassign("A", targets, left, "nobody") == tuple(kept)
    assert reassign("A", targets, dt.date(2026, 5, 31), "nobody") == ()
