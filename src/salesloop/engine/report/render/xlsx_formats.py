"""Excel number formats: the cell keeps the exact number, the format shows it as the other documents do."""

from __future__ import annotations

from salesloop.engine.model.text import Lang
from salesloop.engine.report.number import Format, Scale

_TEN_THOUSAND, _HUNDRED_MILLION = 10**4, 10**8
_ENGLISH = {10**3: '#,##0.0,"k"', 10**6: '#,##0.00,,"M"', 10**9: '#,##0.00,,,"B"'}


def number_format(format: Format, scale: Scale | None, lang: Lang) -> str:
    """The Excel format of a column. Excel scales by thousands only, so 万 is thousands with the point moved one place."""
    if format in ("percent", "points"):
        return "0.0%"
    if scale is None or scale.divisor == 1:
        decimals = scale.decimals if scale else 2 if format == "money" else 0
        return "#,##0" + ("." + "0" * decimals if decimals else "")
    if lang == "en":
        return _ENGLISH[scale.divisor]
    if scale.divisor == _HUNDRED_MILLION:
        return r'0\.00,,"亿"' if lang == "zh-Hans" else r'0\.00,,"億"'
    if scale.divisor == _TEN_THOUSAND and scale.decimals == 1:
        return r'0\.0,"万"' if lang == "zh-Hans" else r'0\.0,"萬"'
    return "#,##0"  # 1 to 10 万 with two decimals has no Excel format


def change_format(format: Format) -> str:
    """▲6.2% and ▼0.9%. Differences of rates are marked, for Excel cannot drop their % sign."""
    mark = '" (pp)"' if format in ("percent", "points") else ""
    return f"▲0.0%{mark};▼0.0%{mark};0.0%{mark}"
