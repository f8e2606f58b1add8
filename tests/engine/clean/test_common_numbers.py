"""Spellings that are read at once come out as if they had been taken apart: a blank behind the cell makes sure of that."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from salesloop.engine.clean.values import money, quantity
from salesloop.engine.clean.values.recipe import ValueType
from tests.engine.clean.reading import read

COMMON = (
    r"[¥￥]?[0-9]{1,3}(,[0-9]{3}){0,4}(\.[0-9]{0,6})?",
    r"[0-9]{1,9}(\.[0-9]{1,9})?万",
    "[０-９]{1,13}(．[０-９]{0,5})?",
)


@pytest.mark.requirement("C02")
@pytest.mark.parametrize("kind", [money(), quantity()], ids=["money", "quantity"])
@settings(max_examples=6)
@given(st.lists(st.one_of([st.from_regex(pattern, fullmatch=True) for pattern in COMMON]), min_size=40, max_size=80))
def test_reading_at_once_says_what_taking_apart_says(kind: ValueType, texts: list[str]) -> None:
    found = read(kind, [spelled for text in texts for spelled in (text, f"{text} ")])
    at_once = zip(found.values[::2], found.states[::2], found.currencies[::2], strict=True)
    taken_apart = zip(found.values[1::2], found.states[1::2], found.currencies[1::2], strict=True)
    assert list(at_once) == list(taken_apart)


def test_a_sign_of_money_does_not_count_things() -> None:
    assert read(quantity(), ["￥1,234.50", "1,234.50"]).values == [None, Decimal("1234.5")]
    assert read(money(), ["￥1,234.50", "1,234.50"]).values == [Decimal("1234.5")] * 2


def test_points_that_group_are_not_decimals() -> None:
    """In a column that groups with points ￥1.234 is over a thousand."""
    assert read(money(), ["￥1.234", "1.234.567", "1.234,50"]).values == [
        Decimal(1234),
        Decimal(1234567),
        Decimal("1234.5"),
    ]
