"""How values are spread: quantiles with their intervals, bars of round widths."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from salesloop.engine.analyze.describe.distribution import Bar, bars, record_field, subjects
from salesloop.engine.analyze.describe.distribution import _quantile as quantile
from salesloop.engine.metrics import load_registry

REGISTRY = load_registry()


def test_few_whole_numbers_have_a_bar_each() -> None:
    ordered = np.array([1.0, 1.0, 2.0, 4.0])
    assert bars(ordered) == (Bar(1, 2, 2), Bar(2, 3, 1), Bar(3, 4, 0), Bar(4, 5, 1))


def test_what_lies_far_above_the_rest_shares_the_last_bar() -> None:
    ordered = np.sort(np.array([*np.linspace(0, 990, 99), 90_000.0]))
    found = bars(ordered)
    assert found[-1].end is None
    assert found[-1].count == 1
    assert {round((bar.end or 0) - bar.start) for bar in found[:-1]} == {100}


def test_equal_values_are_one_bar() -> None:
    assert [bar.count for bar in bars(np.full(7, 0.25))] == [7]


@given(st.lists(st.floats(-1e9, 1e9, allow_nan=False), min_size=1, max_size=200))
def test_every_value_is_in_one_bar(values: list[float]) -> None:
    found = bars(np.sort(np.array(values)))
    assert sum(bar.count for bar in found) == len(values)
    assert len(found) <= 13


def test_the_interval_of_a_median_is_between_its_ranks() -> None:
    # of 100 values the ranks 50 ∓ 9.8: the 40th and the 60th
    found = quantile(np.arange(1.0, 101.0), 0.5)
    assert (found.value, found.low, found.high) == (50.5, 40.0, 60.0)


def test_too_few_values_have_no_interval() -> None:
    assert quantile(np.arange(1.0, 6.0), 0.9).high is None


@pytest.mark.parametrize(
    ("metric", "found"),
    [
        ("revenue", ("record", "customer", "employee")),
        ("win_rate", ("record", "customer", "employee")),
        ("stock_value", ()),
        ("attainment", ()),
    ],
)
def test_of_whom_the_values_are(metric: str, found: tuple[str, ...]) -> None:
    assert subjects(metric, REGISTRY) == found


def test_an_order_is_a_record_and_its_lines_are_not() -> None:
    assert record_field("revenue", REGISTRY) == ("order_line", "order_id")
