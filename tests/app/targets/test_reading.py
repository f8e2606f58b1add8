"""What is shown in a cell reads back as the same number, in every unit."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salesloop.app.targets.reading import read_numbers


@pytest.mark.parametrize(
    ("texts", "unit", "values"),
    [
        (["1.2万", "1,234", "120"], 1, [12_000, 1_234, 120]),
        (["1.2万", "500元", "120"], 10_000, [12_000, 500, 1_200_000]),
        (["", " ", "待定", "=1+1", "1 2"], 1, [None] * 5),
        (["壹佰", "（300）"], 1, [100, -300]),
    ],
)
def test_amounts(texts, unit, values):
    assert read_numbers(texts, "money", unit) == values


def test_rates_are_typed_in_percent():
    assert read_numbers(["85", "85%", "0.5", "12.345"], "percent") == [
        Decimal("0.85"),
        Decimal("0.85"),
        Decimal("0.005"),
        Decimal("0.12345"),
    ]


@given(
    st.lists(st.decimals(0, 10**11, places=4, allow_nan=False), min_size=1, max_size=8), st.sampled_from([1, 10_000])
)
def test_an_exact_text_reads_back_as_the_number(numbers, unit):
    texts = [f"{number / unit:f}" for number in numbers]
    assert read_numbers(texts, "money", unit) == numbers
