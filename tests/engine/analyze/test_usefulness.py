"""Signals of a metric's use, and the fairness of targets: figures worked out by hand."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pytest

from salesloop.engine.analyze.fairness import Share, fairness, interval
from salesloop.engine.analyze.usefulness import changes_of, correlation, signals
from salesloop.engine.metrics import load_registry

NAN = math.nan
GROWING = [100, 110, 99, 120, 132, 125, 140, 133, 150, 149, 160, 152, 170, 165]


def series(values: Sequence[float]) -> np.ndarray:
    return np.array(values, dtype=np.float64)


@pytest.mark.requirement("F02")
def test_two_metrics_that_say_the_same_are_told() -> None:
    registry = load_registry()
    values = {
        "revenue": series(GROWING),
        "quantity": series([2 * value for value in GROWING]),
        "orders": series(GROWING[::-1]),
        "win_rate": series([0.3 + 0.01 * (k % 3) for k in range(14)]),
    }
    found = {signal.metric: signal for signal in signals(registry, values)}
    assert (found["revenue"].twin, found["quantity"].twin) == ("quantity", "revenue")
    assert found["revenue"].likeness == pytest.approx(1.0)
    assert found["orders"].twin is None
    mean, spread = np.mean(GROWING), np.std(GROWING, ddof=1)
    assert found["revenue"].variation == pytest.approx(spread / mean)


def test_coverage_counts_from_the_first_month_with_any_value() -> None:
    values = {"revenue": series([NAN, NAN, 1, 2, 3, 4]), "orders": series([NAN, NAN, NAN, 2, NAN, 4])}
    found = {signal.metric: signal.coverage for signal in signals(load_registry(), values)}
    assert found == {"revenue": 1.0, "orders": 0.5}


def test_changes_skip_gaps_and_zeros_and_rates_are_subtracted() -> None:
    assert changes_of(series([100, 150, NAN, 80, 0, 5]), share=False)[0] == 0.5
    assert np.isnan(changes_of(series([100, 150, NAN, 80, 0, 5]), share=False)).tolist() == [
        False,
        True,
        True,
        False,
        True,
    ]
    assert changes_of(series([0.30, 0.25]), share=True)[0] == pytest.approx(-0.05)


def test_eleven_common_months_are_too_few() -> None:
    eleven = series([float(k * k) for k in range(11)])
    assert correlation(eleven, eleven) is None
    twelve = series([float(k * k) for k in range(12)])
    assert correlation(twelve, 3 * twelve) == pytest.approx(1.0)
    assert correlation(twelve, np.ones(12)) is None


def people(count: int, attainment: object) -> list[Share]:
    return [Share(f"E{k}", f"E{k}", attainment(k), 10.0 + k) for k in range(count)]  # type: ignore[operator]


@pytest.mark.requirement("F04")
def test_attainment_that_rises_with_potential_favours_large_territories() -> None:
    found = fairness(people(12, lambda k: 0.6 + 0.05 * k))
    assert found.verdict == "favours_large"
    assert found.rho == pytest.approx(1.0)
    assert [third.count for third in found.thirds] == [4, 4, 4]
    assert found.thirds[0].median == pytest.approx(0.675)
    assert found.thirds[2].reached == 4
    assert fairness(people(12, lambda k: 1.2 - 0.05 * k)).verdict == "favours_small"


def test_no_verdict_on_few_and_none_where_the_interval_holds_zero() -> None:
    assert fairness(people(7, lambda k: 0.6 + 0.05 * k)).verdict == "too_few"
    assert fairness(people(12, lambda k: 1.0)).verdict == "too_few"
    assert fairness(people(12, lambda k: 0.8 + 0.1 * (k % 3))).verdict == "even"
    low, high = interval(0.5, 20)  # z = 0.5493 ± 1.96 · √(1.06/17)
    assert low == pytest.approx(0.0597, abs=1e-3)
    assert high == pytest.approx(0.7775, abs=1e-3)
