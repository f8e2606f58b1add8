"""Expectation from a series' own season: peaks that return are expected, breaks are not."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from salesloop.engine.analyze.effect.own_season import OwnSeason, against_own_season
from salesloop.engine.analyze.predict.season import Expectation, expect

MONTHS = 36
SEASON = np.array([i - 12 if i >= 12 else -1 for i in range(MONTHS)])
SHAPE = np.array([90, 60, 100, 100, 100, 115, 95, 95, 105, 95, 180, 110.0])


def usual(values: np.ndarray, season: np.ndarray, at: int) -> Expectation:
    found = expect(values, season, at)
    assert found is not None
    return found


def own(values: np.ndarray, start: int) -> OwnSeason:
    found = against_own_season(values, SEASON, start)
    assert found is not None
    return found


def noisy(seed: int = 1) -> np.ndarray:
    return np.tile(SHAPE, 3) * 1.005 ** np.arange(MONTHS) * np.random.default_rng(seed).normal(1, 0.02, MONTHS)


@pytest.mark.requirement("L02", "I06")
def test_a_peak_that_returns_is_no_anomaly():
    values = noisy()
    found = usual(values, SEASON, 34)  # the November peak, 80 % above October
    assert values[34] > 1.6 * values[33]
    assert found.seasonal
    assert abs(found.score) < 3


def test_a_fall_out_of_season_is_found():
    values = noisy()
    values[34] *= 0.82
    found = usual(values, SEASON, 34)
    assert found.score < -3
    assert found.deviation == pytest.approx(-0.18, abs=0.05)
    assert found.high > found.expected > found.low > found.observed


def test_one_odd_month_does_not_spoil_the_next():
    values = noisy()
    before = usual(values, SEASON, 35).expected
    values[33] *= 0.3
    assert usual(values, SEASON, 35).expected == pytest.approx(before, rel=0.03)


def test_growth_is_carried_on():
    # Exactly 10 % a year: the same month a year ago × 1.1 in both years back.
    values = np.tile(SHAPE, 3) * np.repeat([1.0, 1.1, 1.21], 12)
    assert usual(values, SEASON, 30).expected == pytest.approx(values[18] * 1.1)


def test_a_gap_does_not_shift_months():
    values = np.tile(SHAPE, 3) * np.repeat([1.0, 1.1, 1.21], 12)
    values[20] = np.nan
    assert usual(values, SEASON, 34).expected == pytest.approx(values[22] * 1.1)


def test_without_a_year_the_recent_level_is_expected_and_said():
    values = np.array([100.0, 103, 98, 101, 99, 102, 100, 97, 103, 140])
    found = usual(values, np.full(10, -1), 9)
    assert not found.seasonal
    assert found.expected == pytest.approx(100, abs=2)
    assert found.score > 3


@pytest.mark.parametrize("values", [[], [5.0], [1.0, 2, 3]])
def test_too_little_history_says_nothing(values):
    series = np.array([*values, 4.0])
    assert expect(series, np.full(len(series), -1), len(series) - 1) is None


@given(st.floats(0.01, 1e6))
def test_the_unit_does_not_matter(scale):
    values = noisy()
    one, other = usual(values, SEASON, 35), usual(values * scale, SEASON, 35)
    assert other.score == pytest.approx(one.score, rel=1e-6, abs=1e-6)
    assert other.expected == pytest.approx(one.expected * scale, rel=1e-9)


def test_false_alarms_are_rare():
    """On noise around a season, fewer than 2 % of months lie outside a band of 3 standard deviations, the narrowest in use."""
    flags = [abs(usual(noisy(seed), SEASON, at).score) > 3 for seed in range(150) for at in (30, 34)]
    assert np.mean(flags) < 0.02


def test_own_season_measures_a_lift():
    values = noisy(5)
    values[30:] *= 1.25
    found = own(values, 30)
    assert found.excludes_zero
    assert found.effect / found.counterfactual == pytest.approx(0.25, abs=0.05)
    assert not own(noisy(5), 30).excludes_zero
