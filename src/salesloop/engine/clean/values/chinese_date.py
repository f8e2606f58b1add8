"""Dates in Chinese numerals: 二〇二五年三月五日, 二零二五年十二月三十一日."""

from __future__ import annotations

import re
from typing import Final

from salesloop.engine.clean.values.chinese_number import arabic_number

_NUMERAL: Final = "[〇零○一二三四五六七八九十廿卅元]"
DATE_NUMERALS: Final = rf"\s*{_NUMERAL}{{4}}年{_NUMERAL}{{1,3}}月(?:{_NUMERAL}{{1,3}}[日号號])?\s*"
"""Texts that `arabic_date` may be able to read."""


def arabic_date(text: str) -> str | None:
    """The date with ASCII digits.

    >>> arabic_date("二〇二五年三月十五日")
    '2025年3月15日'
    """
    out = []
    for numerals, unit in re.findall(
        rf"({_NUMERAL}+)([年月日号號])", text.replace("○", "〇").replace("廿", "二十").replace("卅", "三十")
    ):
        number = arabic_number(numerals)
        if number is None:
            return None
        out.append(number + unit)
    return "".join(out) or None
