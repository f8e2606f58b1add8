"""The odd spellings of amounts and quantities that are common, read at once: ￥1,234.50, ￥80, 1.2万, １２．５.

Each is certain by itself, whatever the column decides about commas. Taking a cell apart costs ten times as much, and most
odd cells are spelled in one of these ways. Everything else is for `number_text`.
"""

from __future__ import annotations

from typing import Final

from salesloop.engine.clean.values.cells import literal, matches

COMMON_TARGET: Final = "DECIMAL(18,4)"
"""The type of the values; columns of other types do not read in this way."""

GROUPED: Final = r"[1-9]\d{0,2}(,\d{3}){1,3}\.\d{1,4}"
"""Thousands in groups and decimals behind a point: no other reading is possible."""

_MARKED: Final = rf"[¥￥]?{GROUPED}|[¥￥]\d{{1,12}}(\.\d{{1,4}})?"
_IN_TEN_THOUSANDS: Final = r"\d{1,8}(\.\d{1,8})?万"
_WIDE: Final = r"[０-９]{1,12}(．[０-９]{1,4})?"


def common_value(x: str, *, marks: bool) -> str:
    """The value of a cell in a common spelling, NULL of any other. `marks`: a currency may stand before the digits."""
    grouped = f"replace(ltrim({x}, '¥￥'), ',', '')" if marks else f"replace({x}, ',', '')"
    scaled = f"try_cast(rtrim({x}, '万') AS DECIMAL(22,8)) * 10000"
    narrow = f"translate({x}, {literal('０１２３４５６７８９．')}, '0123456789.')"
    return (
        f"CASE WHEN {matches(x, _MARKED if marks else GROUPED)} THEN try_cast({grouped} AS {COMMON_TARGET}) "
        f"WHEN {matches(x, _IN_TEN_THOUSANDS)} THEN try_cast({scaled} AS {COMMON_TARGET}) "
        f"WHEN {matches(x, _WIDE)} THEN try_cast({narrow} AS {COMMON_TARGET}) END"
    )


def common_state(x: str) -> str:
    """The repair of a cell that `common_value` reads; NULL where only thousands are grouped."""
    return (
        f"CASE WHEN starts_with({x}, '￥') OR starts_with({x}, '¥') THEN 'currency' "
        f"WHEN ends_with({x}, '万') THEN 'scale' WHEN NOT contains({x}, ',') THEN 'full_width' END"
    )
