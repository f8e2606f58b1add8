"""Shares: 12%, 0.12, 12‰, 3成, 8.5折 (the share taken off), 百分之十二; 12 where the column counts in percents.

Result: DOUBLE, a fraction (0.12 = 12 %). Bare numbers are fractions unless the header says % or more than half of those
that are not 0 lie beyond 1, which no column of fractions does.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from salesloop.engine.clean.values.cells import count
from salesloop.engine.clean.values.number import CASTABLE, Number
from salesloop.engine.clean.values.recipe import ColumnRule, Evidence

_USUAL = (
    f"CASE WHEN {CASTABLE} THEN CASE WHEN isfinite(try_cast({{x}} AS DOUBLE)) THEN try_cast({{x}} AS DOUBLE) END END"
)
_HUNDREDTH = Decimal("0.01")


@dataclass(frozen=True)
class Percent(Number):
    """Fractions, with the decision for the whole column whether bare numbers are percents."""

    target: str = "DOUBLE"
    word: str = "%|‰|‱|pct|percent|个百分点|個百分點|个点|個點|点|點|折|成"
    scales: Mapping[str, Decimal] = field(default_factory=dict)
    factors: Mapping[str, Decimal] = field(
        default_factory=lambda: {
            **dict.fromkeys(("%", "pct", "percent", "个百分点", "個百分點", "个点", "個點", "点", "點"), _HUNDREDTH),
            "‰": Decimal("0.001"),
            "‱": Decimal("0.0001"),
            "成": Decimal("0.1"),
        }
    )
    rules: Mapping[str, str] = field(default_factory=lambda: {"折": "discount_zhe", "成": "tenths"})
    usual: str = _USUAL
    factor_type: str = "DECIMAL(16,6)"

    def evidence(self, x: str) -> Mapping[str, str]:
        return dict(super().evidence(x)) | {
            "beyond_one": count(f"abs({x}_f) > 1"),
            "not_zero": count(f"{x}_f <> 0"),
        }

    def _column_factor(self, seen: Evidence) -> Decimal:
        in_header = self.unit is not None and self.unit.percent
        return _HUNDREDTH if in_header or self._in_percents(seen) else Decimal(1)

    def _column_rule(self, seen: Evidence) -> ColumnRule | None:
        if self.unit is not None and self.unit.percent:
            return ColumnRule("header_unit", self.unit.text, "÷ 100")
        return ColumnRule("whole_percents", "12", "0.12") if self._in_percents(seen) else None

    def _in_percents(self, seen: Evidence) -> bool:
        return self.unit is None and bool(seen["beyond_one"] * 2 > seen["not_zero"])

    def _value(self, x: str, factor: Decimal) -> str:
        # 8折 pays eight tenths and 85折 pays 85 %: what is taken off is the rest.
        t = f"try_cast({x}_t AS DECIMAL(20,8))"
        zhe = f"CASE WHEN {t} <= 0 THEN NULL WHEN {t} <= 10 THEN 1 - {t} * 0.1 WHEN {t} < 100 THEN 1 - {t} * 0.01 END"
        return f"CASE WHEN {x}_r.word = '折' THEN try_cast({zhe} AS DOUBLE) ELSE {super()._value(x, factor)} END"
