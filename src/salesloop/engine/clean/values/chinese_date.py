"""Dates and times in Chinese numerals: 二〇二五年三月五日, 贰零贰伍年零叁月壹拾伍日, 下午三点半."""

from __future__ import annotations

import re
from typing import Final

from salesloop.engine.clean.values.chinese_number import arabic_number

_NUMERAL: Final = "[〇零○一二三四五六七八九十百廿卅元壹贰叁肆伍陆柒捌玖拾貳參陸]"
_PART: Final = f"{_NUMERAL}+[年月日号號点點时時分]"
_BESIDE: Final = (
    r"[\d\s\-/.:：,，（）()年月日号號点點时時分秒半刻整上下午凌晨早晚中傍公民国國华華星期周週礼禮拜天" + _NUMERAL[1:]
)
DATE_NUMERALS: Final = f"{_BESIDE}*{_PART}{_BESIDE}*"
"""Texts that `arabic_date` may be able to read."""


def arabic_date(text: str) -> str | None:
    """The same with ASCII digits where numerals count years, months, days or hours; None where one is no number.

    >>> arabic_date("二〇二五年三月十五日下午三点半")
    '2025年3月15日下午3点半'
    """
    plain = text.replace("○", "〇").replace("廿", "二十").replace("卅", "三十")
    numbers = {found: arabic_number(found[:-1].replace("元", "一")) for found in re.findall(_PART, plain)}
    for found, number in numbers.items():
        if number is None:
            return None
        plain = plain.replace(found, number + found[-1])
    return plain
