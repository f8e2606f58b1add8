"""Numbers written in Chinese numerals, alone or mixed with digits: 壹仟贰佰元整, 三点五万, 3万5千, 12元5角."""

from __future__ import annotations

import math
import re
from decimal import Decimal
from typing import Final

from salesloop.engine.clean.values.unit import UNIT_CHARS

_DIGITS: Final = {
    **{char: n for n, char in enumerate("〇一二三四五六七八九")},
    **{char: n for n, char in enumerate("零壹贰叁肆伍陆柒捌玖")},
    **dict(zip("貳參陸两兩弍叄", (2, 3, 6, 2, 2, 2, 3), strict=True)),
}
_SCALE_VALUES: Final = {
    "十": 10,
    "拾": 10,
    "百": 100,
    "佰": 100,
    "千": 1000,
    "仟": 1000,
    "万": 10**4,
    "萬": 10**4,
    "亿": 10**8,
    "億": 10**8,
}
_BELOW_YUAN: Final = "角毛分"
_SCALES: Final = "".join(_SCALE_VALUES)
_NUMERALS: Final = "".join(_DIGITS) + "十拾廿"

_BODY: Final = (
    rf"[\d.]*[{_SCALES}]*[{_NUMERALS}][\d.{_NUMERALS}{_SCALES}点點元圆圓块塊角毛分整正]*"
    rf"|[\d.]+[{_SCALES}]+\d[\d.{_SCALES}]*|\d+[元圆圓块塊]\d[角毛]?(?:\d分)?"
)
_FRACTION_OF: Final = {"百分之": "%", "千分之": "‰", "万分之": "‱"}
_COUNTED: Final = f"折|成|[{''.join(sorted(set(UNIT_CHARS) - set('批点點分两兩块塊')))}]{{1,2}}"

NUMERAL_TEXT: Final = (
    r"\s*(?:[(（]?(?:人民币|人民幣)[)）]?|[¥￥])?[:：]?\s*(?:负|負|-)?\s*"
    rf"(?:[百千万]分之[\d.{_NUMERALS}{_SCALES}点點]+|(?:{_BODY})(?:元|圆|圓)?[整正]?(?:{_COUNTED}|成[{_NUMERALS}])?)\s*"
)
"""Texts that `arabic_number` may be able to read: numerals, or digits mixed with scales in a way that SQL does not read."""

_ONE: Final = rf"(?:[{''.join(_DIGITS)}]|\d+(?:\.\d+)?)"
_SECTION: Final = re.compile(
    rf"(?:({_ONE})[千仟])?[零〇]?(?:({_ONE})[百佰])?[零〇]?(?:({_ONE})?([十拾]))?[零〇]?({_ONE})?"
)
_FRACTION: Final = re.compile(rf"[零〇]?(?:({_ONE})[角毛])?[零〇]?(?:({_ONE})分)?")


def arabic_number(text: str) -> str | None:
    """The number as ASCII digits, with the word for what it counts, if any; None where it cannot be read.

    >>> arabic_number("壹仟贰佰元整"), arabic_number("三点五万"), arabic_number("3千5"), arabic_number("百分之十二")
    ('1200', '35000', '3500', '12%')
    >>> arabic_number("八五折"), arabic_number("三成五"), arabic_number("十二台"), arabic_number("三五万")
    ('85折', '3.5成', '12台', None)
    """
    plain = re.sub(r"[\s¥￥:：()（）]|人民币|人民幣", "", text).replace("廿", "二十")
    sign = "-" if plain[:1] in {"负", "負", "-"} else ""
    plain = plain.lstrip("负負-")
    if plain[:3] in _FRACTION_OF:
        share = Decimal(100) if plain[3:] == "百" else _number(plain[3:])
        return None if share is None else f"{sign}{share:f}{_FRACTION_OF[plain[:3]]}"
    value = _money(plain.rstrip("整正"))
    if value is not None:
        return f"{sign}{value:f}"
    counted = re.fullmatch(rf"(.+?)({_COUNTED})({_ONE})?", plain)
    if counted is None or (counted[3] and counted[2] != "成"):
        return None
    number = _number(counted[1])
    if number is None:
        return None
    return f"{sign}{number + _digit(counted[3]) / 10:f}{counted[2]}"


def _money(plain: str) -> Decimal | None:
    """元, 角 and 分 parts; without them a plain number."""
    whole, yuan, rest = _split(plain)
    if not yuan:
        return _fraction(plain) if plain[-1:] in _BELOW_YUAN else _number(plain)
    total = _number(whole)
    if total is None:
        return None
    if not rest:
        return total
    fraction = _fraction(rest if rest[-1] in _BELOW_YUAN else rest + "角")
    return None if fraction is None else total + fraction


def _split(plain: str) -> tuple[str, str, str]:
    found = re.search("[元圆圓块塊]", plain)
    if found is None:
        return plain, "", ""
    return plain[: found.start()], found.group(), plain[found.end() :]


def _fraction(text: str) -> Decimal | None:
    """角 and 分: 五角六分, 5角, 零六分."""
    found = _FRACTION.fullmatch(text)
    if not text or found is None:
        return None
    return _digit(found[1]) / 10 + _digit(found[2]) / 100


def _number(text: str) -> Decimal | None:
    """A number in numerals, digits or both, split at its largest scale: 一万二千亿 is 一万二千 times 亿."""
    if len(text) > 1 and all(char in _DIGITS for char in text):
        return Decimal("".join(str(_DIGITS[char]) for char in text))
    point = re.split("[点點]", text)
    if len(point) == 2:
        return _with_point(*point)
    for scale, words in ((10**8, "亿億"), (10**4, "万萬")):
        parts = re.split(f"[{words}]", text)
        if len(parts) == 2:
            return _scaled(parts[0], parts[1], scale)
        if len(parts) > 2:
            return None
    return _section(text)


def _scaled(left: str, right: str, scale: int) -> Decimal | None:
    """`left` times the scale and `right` more; a lone last digit counts one power below: 3万5 is 35000."""
    if len(left) > 1 and all(char in _DIGITS for char in left):
        return None  # 三五万 is between 30,000 and 50,000
    times = _number(left)
    if times is None or not right:
        return None if times is None else times * scale
    rest = _number(right.lstrip("零〇"))
    if rest is None or rest >= scale:
        return None
    lone = len(right) == 1 and 0 < rest < 10
    return times * scale + (rest * scale / 10 if lone else rest)


def _section(text: str) -> Decimal | None:
    """Below 万: 一千零五十, 三百二, 十二, 3千5, 2000."""
    found = _SECTION.fullmatch(text)
    if not text or found is None:
        return None
    thousands, hundreds, tens, ten, ones = found.groups()
    total = _digit(thousands) * 1000 + _digit(hundreds) * 100
    total += _digit(tens or "一") * 10 if ten else 0
    lone = not ten and "零" not in text and "〇" not in text and len(ones or "") == 1
    return total + _digit(ones) * (10 if lone and hundreds else 100 if lone and thousands else 1)


def _with_point(whole: str, rest: str) -> Decimal | None:
    """三点五万: the digits behind the point, then perhaps one scale for all."""
    digits = rest.rstrip(_SCALES)
    left = _number(whole)
    if left is None or not digits or not all(char in _DIGITS or char.isdecimal() for char in digits):
        return None
    scale = math.prod(_SCALE_VALUES[char] for char in rest[len(digits) :])
    return (left + Decimal("0." + "".join(str(_digit(char)) for char in digits))) * scale


def _digit(piece: str | None) -> Decimal:
    """One numeral or a number in digits; 0 for nothing."""
    if not piece:
        return Decimal(0)
    return Decimal(_DIGITS[piece]) if piece in _DIGITS else Decimal(piece)
