"""Amounts of money: ￥1,234.50元, 1.2万, HKD 1.5亿, 12w, 1.5k, 1052,75元, （1,234）, 壹仟贰佰元整.

Result: DECIMAL(18,4) in the unit of the currency (元, not 万元). A percentage is not an amount and stays unreadable.
"""

from __future__ import annotations

from salesloop.engine.clean.values.number import Number
from salesloop.engine.clean.values.number_text import MONEY_WORDS, any_of
from salesloop.engine.clean.values.unit import Unit


def money(unit: Unit | None = None) -> Number:
    """Amounts in a column whose header states `unit`."""
    return Number("DECIMAL(18,4)", any_of(MONEY_WORDS), unit, marks=True)
