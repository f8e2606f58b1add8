"""Difference in differences: the arithmetic, the interval and both placebo checks."""

from __future__ import annotations

import duckdb
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from salesloop.engine.analyze.effect.did import difference_in_differences

TREATED = np.array([True, False, False, False])
# Two periods before, two after. Changes: treated 10 → 16 (+6); others +1, +2, +3 → mean +2. Effect +4.
VALUES = np.array([[9.0, 11, 15, 17], [20, 20, 21, 21], [30, 32, 33, 33], [5, 5, 8, 8]])


@pytest.mark.requirement("N05")
def test_it_works():
    found = difference_in_differences(VALUES, TREATED, 2)
    assert found.effect == pytest.approx(4.0)
    assert (found.before, found.after, found.counterfactual) == pytest.approx((10.0, 16.0, 12.0))
    assert found.units == 3


def test_interval_is_student_t_over_units():
    found = difference_in_differences(VALUES, TREATED, 2)
    # Changes of the untouched 1, 2, 3: sd 1; standard error sqrt(1 + 1/3); two degrees of freedom.
    half = stats.t.ppf(0.975, 2) * np.sqrt(4 / 3)
    assert (found.low, found.high) == pytest.approx((4 - half, 4 + half))


def test_proportional_compares_shares_of_own_level():
    # Treated doubles from 10; the others grow by a tenth whatever their size: the effect is 0.9 of the level 10.
    values = np.array([[10.0, 10, 20, 20], [100, 100, 110, 110], [1000, 1000, 1100, 1100], [1, 1, 1.1, 1.1]])
    found = difference_in_differences(values, TREATED, 2, proportional=True)
    assert found.effect == pytest.approx(9.0)
    assert found.counterfactual == pytest.approx(11.0)


def test_placebo_in_space_counts_those_that_moved_as_much():
    values = np.array([[0.0, 0, 2, 2], [0, 0, 5, 5], [0, 0, -5, -5], [0, 0, 0, 0], [0, 0, 0, 0]])
    found = difference_in_differences(values, np.array([True, False, False, False, False]), 2)
    # Effect 2; two of four untouched moved by 5 around their mean 0: (1 + 2) / (1 + 4).
    assert found.placebo_share == pytest.approx(0.6)


def test_placebo_in_time_sees_a_change_that_began_earlier():
    # The treated slice had already risen half way through the time before.
    rng = np.random.default_rng(3)
    values = np.vstack([np.r_[np.zeros(4), np.full(8, 10.0)], rng.normal(0, 0.3, (8, 12))])
    treated = np.arange(9) == 0
    found = difference_in_differences(values, treated, 8)
    assert found.placebo_in_time == pytest.approx(10, abs=1)
    assert not found.placebo_in_time_clean


@pytest.mark.parametrize("start", [0, 4])
def test_both_sides_are_needed(start):
    with pytest.raises(ValueError, match="both sides"):
        difference_in_differences(VALUES, TREATED, start)


def test_three_comparable_slices_are_needed():
    with pytest.raises(ValueError, match="comparable"):
        difference_in_differences(VALUES[:3], TREATED[:3], 2)


@given(st.integers(0, 2**32 - 1), st.floats(-50, 50))
def test_a_shift_of_the_treated_is_found_exactly(seed, shift):
    values = np.random.default_rng(seed).normal(100, 10, (6, 10))
    treated = np.arange(6) == 2
    base = difference_in_differences(values, treated, 6)
    values[2, 6:] += shift
    assert difference_in_differences(values, treated, 6).effect == pytest.approx(base.effect + shift, abs=1e-9)


def test_prop99_equals_the_published_figure(real_data):
    file = real_data / "causal" / "prop99.csv"
    with duckdb.connect() as con:
        rows = con.execute(
            f"PIVOT (FROM read_csv('{file}')) ON Year USING first(PacksPerCapita) GROUP BY State ORDER BY State"
        ).fetchall()
    values = np.array([[float(value) for value in row[1:]] for row in rows])
    found = difference_in_differences(values, np.array([row[0] == "California" for row in rows]), 1989 - 1970)
    assert found.effect == pytest.approx(-27.349, abs=0.0005)
