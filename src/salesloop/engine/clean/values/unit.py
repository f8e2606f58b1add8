"""The unit that a header states for its whole column: 销售额（万元）, 完成率(%), Amount (USD k)."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from salesloop.engine.clean.values.currency import CURRENCY_WORDS

SCALES: Final[dict[str, Decimal]] = {
    "万亿": Decimal(10) ** 12,
    "千亿": Decimal(10) ** 11,
    "百亿": Decimal(10) ** 10,
    "十亿": Decimal(10) ** 9,
    "亿": Decimal(10) ** 8,
    "千万": Decimal(10) ** 7,
    "百万": Decimal(10) ** 6,
    "十万": Decimal(10) ** 5,
    "万": Decimal(10) ** 4,
    "千": Decimal(10) ** 3,
    "百": Decimal(10) ** 2,
    "million": Decimal(10) ** 6,
    "billion": Decimal(10) ** 9,
    "thousand": Decimal(10) ** 3,
    "mn": Decimal(10) ** 6,
    "bn": Decimal(10) ** 9,
    "w": Decimal(10) ** 4,
    "k": Decimal(10) ** 3,
    "m": Decimal(10) ** 6,
    "b": Decimal(10) ** 9,
}
"""Words for powers of ten, longest first. `w` is 万 in the office Chinese of China."""

UNIT_CHARS: Final = (
    "个個件箱盒包袋瓶罐桶支只隻台臺部套组組张張条條根块塊片双雙对對本册冊卷吨噸克斤公两兩升毫微米平立方里小时時天次人份把"
    "辆輛粒颗顆枚朵打提捆扎排板筐篮杯碗盘盤壶锅架座栋棟间間户戶亩頭头匹株棵点點分钟鐘月年日周秒票单單位笔筆期课節节批车車"
    "柜櫃托瓦家名场場股星听聽"
)
"""The characters of Chinese units of measure."""

_TRADITIONAL: Final = str.maketrans("萬億", "万亿")
_NOT_SCALED: Final = ("千克", "千米", "千瓦", "千升", "毫", "kg", "km", "kw", "mm", "ml", "mg")


@dataclass(frozen=True)
class Unit:
    """`factor` multiplies every number of the column that states no scale of its own; `percent`: it means hundredths."""

    text: str
    factor: Decimal = Decimal(1)
    currency: str | None = None
    percent: bool = False


def parse_unit(text: str | None) -> Unit | None:
    """The unit of a header or a sheet; None where nothing was stated. Unknown words scale nothing."""
    if not text or not text.strip():
        return None
    plain = re.sub(r"^(金额)?(单位|單位|unit)[:：]?", "", unicodedata.normalize("NFKC", text).strip().lower())
    plain = re.sub(r"\s+", "", plain).translate(_TRADITIONAL)
    if plain in {"%", "百分比", "percent", "pct"}:
        return Unit(text, percent=True)
    currency = next((code for word, code in CURRENCY_WORDS.items() if _is_named(word, plain)), None)
    if plain.startswith(_NOT_SCALED):
        return Unit(text, currency=currency)
    scale = plain
    for word in (*(word for word in CURRENCY_WORDS if _is_named(word, plain)), "元"):
        scale = scale.replace(word, "")
    is_money = scale != plain
    scale = scale.strip("()/")
    if re.fullmatch(r"['’]?000s?", scale):
        return Unit(text, Decimal(1000), currency)
    chinese = next((factor for word, factor in SCALES.items() if not word.isascii() and scale.startswith(word)), None)
    if chinese is None and len(scale) == 1 and scale != "k" and not is_money:
        return Unit(text, currency=currency)  # metres, watts: letters that scale only money
    return Unit(text, chinese or SCALES.get(scale, Decimal(1)), currency)


def _is_named(word: str, plain: str) -> bool:
    """Whether a unit names a currency; a code of three letters stands first or last."""
    return word in plain if not word.isascii() or not word.isalpha() else plain.startswith(word) or plain.endswith(word)
