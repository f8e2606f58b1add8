"""Numbers as text: units, signs, languages, exactness."""

from __future__ import annotations

from decimal import Decimal
from typing import get_args

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from salesloop.engine.model.text import LANGS, Lang
from salesloop.engine.report.number import (
    Format,
    Scale,
    column_scale_for,
    format_change,
    format_number,
    scale_for,
    unit_word,
)

NBSP = "\u00a0"
FORMATS: tuple[Format, ...] = get_args(Format)
UNITS = {
    "": 1, "万": 10**4, "亿": 10**8, "萬": 10**4, "億": 10**8, "k": 10**3, "M": 10**6, "B": 10**9,
}  # fmt: skip


@pytest.mark.parametrize(
    ("value", "hans", "hant", "en"),
    [
        (Decimal("12846021.50"), "1,284.6 万元", "1,284.6 萬元", "¥12.85M"),
        (Decimal(-752000), "−75.2 万元", "−75.2 萬元", "−¥752.0k"),
        (Decimal(61234), "6.12 万元", "6.12 萬元", "¥61.2k"),
        (Decimal("9999.4"), "9,999 元", "9,999 元", "¥9,999"),
        (Decimal("9999.6"), "1.00 万元", "1.00 萬元", "¥10.0k"),
        (Decimal(99999999), "1.00 亿元", "1.00 億元", "¥100.00M"),
        (Decimal("345.675"), "345.68 元", "345.68 元", "¥345.68"),
        (0, "0 元", "0 元", "¥0"),
        (None, "–", "–", "–"),
        (float("nan"), "–", "–", "–"),
    ],
)
def test_money_in_the_units_of_each_language(value, hans: str, hant: str, en: str) -> None:
    said = [str(format_number(value, "money", lang)).replace(NBSP, " ") for lang in LANGS]
    assert said == [hans, hant, en]


@pytest.mark.parametrize(
    ("value", "format", "unit", "lang", "text", "shown_unit"),
    [
        (0.318, "percent", "", "zh-Hans", "31.8", "%"),
        (-0.0094, "points", "", "zh-Hans", "−0.9", "pp"),
        (148, "count", "家", "zh-Hans", "148", "家"),
        (98765, "count", "单", "zh-Hans", "98,765", "单"),
        (198765, "count", "单", "zh-Hans", "19.9", "万单"),
        (198765, "count", "", "en", "198.8", "k"),
        (41.25, "days", "", "en", "41.3", "days"),
        (41.25, "days", "", "zh-Hant", "41.3", "天"),
        (3.4567, "number", "次", "zh-Hans", "3.46", "次"),
        (34.567, "number", "", "en", "34.6", ""),
        (Decimal(7), "number", "", "en", "7", ""),
    ],
)
def test_every_format(value, format: Format, unit: str, lang: Lang, text: str, shown_unit: str) -> None:
    shown = format_number(value, format, lang, unit=unit)
    assert (shown.text, shown.unit) == (text, shown_unit)


def test_running_text_joins_number_and_unit() -> None:
    assert str(format_number(0.684, "percent", "zh-Hans")) == "68.4%"
    assert str(format_number(0.016, "points", "en")) == "1.6pp"
    assert str(format_number(12, "days", "en")) == f"12.0{NBSP}days"
    assert str(format_number(1234567, "count", "en", unit="orders")) == "1.23M orders"


def test_exact_text_has_every_digit() -> None:
    assert str(format_number(Decimal("12846021.5043"), "money", "zh-Hans", style="exact")) == f"12,846,021.5043{NBSP}元"
    assert str(format_number(Decimal(120), "money", "en", style="exact")) == "¥120.00"
    assert str(format_number(2 / 3, "percent", "en", style="exact")) == "66.6667%"
    assert str(format_number(10**15 + 1, "count", "en", style="exact")) == "1,000,000,000,000,001"


def test_money_beyond_float_precision_keeps_its_cents() -> None:
    value = Decimal("98765432109876543.21")
    assert format_number(value, "money", "zh-Hans", style="exact").text == "98,765,432,109,876,543.21"


def test_floats_are_rounded_as_people_read_them() -> None:
    assert format_number(1.005, "money", "zh-Hans").text == "1.01"  # binary: 1.00499…
    assert format_number(0.2855, "percent", "zh-Hans").text == "28.6"  # binary: 0.28549…
    assert format_number(np.float64(0.125), "percent", "zh-Hans").text == "12.5"


def test_nothing_is_minus_zero() -> None:
    shown = format_number(Decimal("-0.0004"), "percent", "zh-Hans")
    assert (shown.text, shown.sign) == ("0.0", 0)


@pytest.mark.parametrize(
    ("values", "shown"),
    [
        ([113_173_000, -16_380_000], Scale(10**4, 1, "万元")),  # 11,317.3 and 1,638.0, not 1.13 and 0.16
        ([383_596_000, 441_644_000], Scale(10**8, 2, "亿元")),
        ([2_500_000_000, 16_380_000], Scale(10**8, 2, "亿元")),  # 250,000.0 万元 could not be read
        ([30_000, 5_000, 0, None], Scale(10**4, 2, "万元")),
    ],
)
def test_small_parts_of_hundreds_of_millions_keep_their_digits(values: list[int | None], shown: Scale) -> None:
    assert column_scale_for(values, "money", "zh-Hans") == shown


def test_a_column_shares_one_scale() -> None:
    values = [Decimal(3124000), Decimal(61234), None]
    scale = scale_for(values, "money", "zh-Hans")
    assert scale.unit == "万元"
    assert [format_number(value, "money", "zh-Hans", scale=scale).text for value in values] == ["312.4", "6.1", "–"]


def test_signed_numbers_show_both_signs() -> None:
    assert format_number(Decimal(615000), "money", "zh-Hans", signed=True).text == "+61.5"
    assert format_number(Decimal(-243000), "money", "zh-Hans", signed=True).text == "−24.3"
    assert format_number(0, "count", "zh-Hans", signed=True).text == "0"


@pytest.mark.parametrize(
    ("change", "format", "favorable", "text", "direction", "favour"),
    [
        (0.062, "money", "up", "▲6.2%", "up", "good"),
        (-0.009, "percent", "up", "▼0.9pp", "down", "bad"),
        (-0.25, "count", "down", "▼25.0%", "down", "good"),
        (0.25, "count", "neutral", "▲25.0%", "up", "neutral"),
        (0.0004, "money", "up", "0.0%", "flat", "neutral"),
        (None, "money", "up", "–", "flat", "neutral"),
    ],
)
def test_direction_is_not_favour(
    change, format: Format, favorable: str, text: str, direction: str, favour: str
) -> None:
    shown = format_change(change, format, "zh-Hans", favorable)
    assert (str(shown), shown.direction, shown.favour) == (text, direction, favour)


def test_units_of_metrics_in_words() -> None:
    assert [unit_word("order", lang) for lang in LANGS] == ["单", "單", ""]
    assert unit_word("fraction", "zh-Hans") == ""


def test_other_currencies() -> None:
    assert str(format_number(Decimal(12500), "money", "zh-Hans", currency="USD")) == f"1.25{NBSP}万美元"
    assert str(format_number(Decimal(-12500), "money", "en", currency="USD")) == "−$12.5k"
    assert str(format_number(Decimal(12500), "money", "en", currency="SGD")) == f"SGD{NBSP}12.5k"


MONEY = st.decimals(min_value=-(10**14), max_value=10**14, places=4, allow_nan=False)


def _read_back(text: str, unit: str, lang: Lang) -> tuple[Decimal, Decimal]:
    """(value, half of the last displayed digit)."""
    bare = text.replace("−", "-").replace(",", "").replace("¥", "")
    word = unit.removesuffix("元")
    decimals = len(bare.partition(".")[2])
    return Decimal(bare) * UNITS[word], Decimal(UNITS[word]).scaleb(-decimals) / 2


@given(MONEY, st.sampled_from(LANGS))
def test_a_number_reads_back_within_its_displayed_precision(value: Decimal, lang: Lang) -> None:
    shown = format_number(value, "money", lang)
    read, half_digit = _read_back(shown.text, shown.unit, lang)
    assert abs(read - value) <= half_digit


@given(MONEY, MONEY, st.sampled_from(LANGS), st.sampled_from(["money", "count", "number"]))
def test_a_larger_value_never_reads_smaller(one: Decimal, other: Decimal, lang: Lang, format: Format) -> None:
    small, large = sorted([one, other])
    first, second = format_number(small, format, lang), format_number(large, format, lang)
    assert _read_back(first.text, first.unit, lang)[0] <= _read_back(second.text, second.unit, lang)[0]


@given(MONEY, st.sampled_from(FORMATS), st.sampled_from(LANGS))
def test_the_opposite_value_differs_in_its_sign_only(value: Decimal, format: Format, lang: Lang) -> None:
    plus, minus = format_number(abs(value), format, lang), format_number(-abs(value), format, lang)
    assert (minus.text.lstrip("−"), minus.unit, minus.sign) == (plus.text, plus.unit, -plus.sign)
