"""Quantities and plain numbers: 3箱, 2.5kg, 1,200 pcs, 12w, 3万件; scores and factors: 4.5分, 12%.

Result: DECIMAL(18,4), DECIMAL(28,8) for plain numbers, or BIGINT for whole ones (12.0 is whole, 12.5 is unreadable). The
unit is dropped from the value and recorded as a repair. Words that make a number vague (以上, 左右, 多) leave the cell unreadable.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from salesloop.engine.clean.values.number import CASTABLE, Number
from salesloop.engine.clean.values.unit import SCALES, UNIT_CHARS, Unit

_LATIN_UNITS: Final = (
    "kilograms?|kgs?|grams?|mg|g|tons?|tonnes?|t|lbs?|oz|km|cm|mm|m2|m3|m|ml|l|liters?|litres?|pcs|pc|pieces?|ea|each"
    "|sets?|boxes|box|bx|ctns?|cartons?|cases?|cs|packs?|pks?|pkgs?|bags?|bottles?|btls?|pairs?|prs?|dozens?|dozen|dz"
    "|rolls?|units?|sheets?|ft|in|yd|hours?|hrs?|h|minutes?|mins?|days?|d|times?|x|persons?|people|points?|pts?"
    "|㎡|㎏|m²|m³"
)
_CHINESE_UNITS: Final = f"[{UNIT_CHARS}]{{1,4}}"
_SHORT_SCALES: Final = {"w": SCALES["w"], "k": SCALES["k"]}
_CHINESE_SCALES: Final = {word: factor for word, factor in SCALES.items() if not word.isascii()}
_WORD: Final = rf"{_LATIN_UNITS}|{_CHINESE_UNITS}|w|k"
_SHORT_RULES: Final = dict.fromkeys(_SHORT_SCALES, "scale")


def quantity(unit: Unit | None = None) -> Number:
    """Quantities with a unit of measure behind them or none."""
    return Number(
        "DECIMAL(18,4)",
        _WORD,
        unit,
        scales=_CHINESE_SCALES,
        factors=_SHORT_SCALES,
        rules=_SHORT_RULES,
        other_word="unit",
    )


def integer(unit: Unit | None = None) -> Number:
    """Whole numbers."""
    return Number(
        "BIGINT",
        _WORD,
        unit,
        scales=_CHINESE_SCALES,
        factors=_SHORT_SCALES,
        rules=_SHORT_RULES,
        other_word="unit",
        usual=r"CASE WHEN regexp_full_match({x}, '-?\d{{1,18}}') THEN try_cast({x} AS BIGINT) "
        r"WHEN regexp_full_match({x}, '-?\d(\.\d{{1,12}})?[eE]\+?1?\d') THEN "
        r"CASE WHEN try_cast({x} AS DECIMAL(32,12)) % 1 = 0 THEN try_cast({x} AS BIGINT) END END",
        whole=True,
    )


def decimal(unit: Unit | None = None) -> Number:
    """Numbers that count nothing: rates, scores, factors; a percentage is its fraction."""
    return Number(
        "DECIMAL(28,8)",
        rf"%|‰|{_WORD}",
        unit,
        scales=_CHINESE_SCALES,
        factors={"%": Decimal("0.01"), "‰": Decimal("0.001"), **_SHORT_SCALES},
        rules=_SHORT_RULES,
        other_word="unit",
        usual=f"CASE WHEN {CASTABLE} THEN try_cast({{x}} AS DECIMAL(28,8)) END",
    )
