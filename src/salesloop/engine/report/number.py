"""The one place where values become text.

Every page, document, alert and export formats numbers here, so a number reads the same everywhere. Values stay
exact until the last step: a ``Decimal`` is never turned into a float, and a float is read by its shortest decimal form.
The rounding is half up, as people round.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, localcontext
from typing import Final, Literal

from salesloop.engine.model.text import Lang

Number = Decimal | float | int | None
"""A value as it comes from a ``Result``; ``None`` (and NaN) means that there is none."""

Format = Literal["money", "number", "count", "percent", "points", "days", "hours", "times"]
"""``percent`` holds fractions (0.318 → 31.8 %), ``points`` differences of such fractions (0.02 → 2.0 pp)."""

Style = Literal["compact", "exact"]
"""``compact``: 万/亿 or k/M/B; ``exact``: every digit of a Decimal or integer, four decimals of a ratio."""

Direction = Literal["up", "down", "flat"]
Favour = Literal["good", "bad", "neutral"]

MINUS = "\N{MINUS SIGN}"
NULL = "\N{EN DASH}"
_GAP = "\N{NO-BREAK SPACE}"
_ARROWS: dict[Direction, str] = {"up": "▲", "down": "▼", "flat": ""}

_MYRIADS: dict[str, tuple[str, str]] = {"zh-Hans": ("万", "亿"), "zh-Hant": ("萬", "億")}
_CURRENCY_SYMBOLS = {
    "CNY": "¥",
    "USD": "$",
    "EUR": "€",
    "GBP": "£",
    "JPY": "JP¥",
    "HKD": "HK$",
    "TWD": "NT$",
}
_CURRENCY_WORDS: dict[str, tuple[str, str]] = {
    "CNY": ("元", "元"),
    "USD": ("美元", "美元"),
    "EUR": ("欧元", "歐元"),
    "GBP": ("英镑", "英鎊"),
    "JPY": ("日元", "日圓"),
    "HKD": ("港元", "港元"),
    "TWD": ("新台币", "元"),
}
_TIME_WORDS: dict[str, dict[str, str]] = {
    "days": {"zh-Hans": "天", "zh-Hant": "天", "en": "days"},
    "hours": {"zh-Hans": "小时", "zh-Hant": "小時", "en": "hours"},
    "times": {"zh-Hans": "次", "zh-Hant": "次", "en": "×"},
}

_UNIT_WORDS = {
    "piece": ("件", "件"),
    "person": ("位", "位"),
    "order": ("单", "單"),
    "deal": ("个", "個"),
    "record": ("条", "條"),
    "times": ("次", "次"),
    "point": ("分", "分"),
}


_HUGE: Final = 10**8


@dataclass(frozen=True, slots=True)
class Formatted:
    """A number as text. Pages set ``unit`` small and grey; ``str()`` joins both for running text."""

    text: str
    unit: str
    sign: int

    def __str__(self) -> str:
        if not self.unit:
            return self.text
        tight = self.unit in ("%", "pp", "×") or self.unit.split(" ")[0] in ("k", "M", "B")
        return self.text + ("" if tight else _GAP) + self.unit


@dataclass(frozen=True, slots=True)
class Scale:
    """How a column or an axis shows its numbers: value ÷ ``divisor`` with ``decimals`` places, in ``unit``.

    The unit stands at the head (万元, ¥k), so the numbers themselves carry no currency sign.
    """

    divisor: int
    decimals: int
    unit: str


@dataclass(frozen=True, slots=True)
class Change:
    """A change with its arrow. ``direction`` picks the red-up or green-up colour, ``favour`` good or bad."""

    arrow: str
    text: str
    unit: str
    direction: Direction
    favour: Favour

    def __str__(self) -> str:
        return f"{self.arrow}{self.text}{self.unit}"


def to_decimal(value: Number) -> Decimal | None:
    """The value as an exact Decimal; ``None`` for ``None``, NaN and infinities."""
    if value is None:
        return None
    number = (
        value if isinstance(value, Decimal) else Decimal(repr(float(value)) if isinstance(value, float) else int(value))
    )
    return number if number.is_finite() else None


def scale_for(values: Iterable[Number], format: Format, lang: Lang, *, currency: str = "CNY", unit: str = "") -> Scale:
    """One scale for a whole column or axis, chosen by its largest value. Format its numbers with the scale's own unit at the head."""
    sizes = [abs(number) for value in values if (number := to_decimal(value)) is not None]
    scale = _scale_of(max(sizes, default=Decimal(0)), format, lang, currency, unit)
    return Scale(
        scale.divisor, scale.decimals, f"{_symbol(format, lang, currency)}{scale.unit}".replace(_GAP, " ").strip()
    )


def column_scale_for(
    values: Iterable[Number], format: Format, lang: Lang, *, currency: str = "CNY", unit: str = ""
) -> Scale:
    """One scale for a column in which what is smaller than a unit can still be compared: of hundreds of millions two decimals
    of 亿 are too few for the tens of millions among them, and 万 is read as well."""
    sizes = [abs(number) for value in values if (number := to_decimal(value))]
    found = scale_for(sizes, format, lang, currency=currency, unit=unit)
    small = [size for size in sizes if size < found.divisor]
    if found.divisor < _HUGE or not small or max(sizes) >= 10 * found.divisor:
        return found
    return scale_for(small, format, lang, currency=currency, unit=unit)


def unit_word(unit: str, lang: Lang) -> str:
    """The word for a metric's unit (piece, order, …) after a number. English says it in the metric's name instead."""
    words = _UNIT_WORDS.get(unit)
    return words[lang == "zh-Hant"] if words and lang != "en" else ""


def format_number(
    value: Number,
    format: Format,
    lang: Lang,
    *,
    style: Style = "compact",
    currency: str = "CNY",
    unit: str = "",
    scale: Scale | None = None,
    signed: bool = False,
) -> Formatted:
    """The value as text and unit.

    ``unit`` is the metric's own unit in the reader's language (家, orders). ``scale`` (from :func:`scale_for`) keeps the
    numbers of one column alike. ``signed`` puts a + before positive numbers.
    """
    number = to_decimal(value)
    if number is None:
        return Formatted(NULL, "", 0)
    symbol = ""
    if scale is None:
        symbol = _symbol(format, lang, currency)
        if style == "exact":
            scale = _exact_scale(number, isinstance(value, float), format, lang, currency, unit)
        else:
            scale = _scale_of(abs(number), format, lang, currency, unit)
    shown = _rounded(number / scale.divisor if format not in _FRACTIONS else number * 100, scale.decimals)
    sign = (shown > 0) - (shown < 0)
    prefix = MINUS if sign < 0 else "+" if signed and sign > 0 else ""
    return Formatted(f"{prefix}{symbol}{abs(shown):,f}", scale.unit, sign)


def format_change(change: Number, format: Format, lang: Lang, favorable: str = "up") -> Change:
    """A change against an earlier value or a target, with its arrow.

    ``change`` is a fraction of the base; for ``percent`` metrics it is the difference of the two rates and reads as pp.
    ``favorable`` is the metric's good direction: ``up``, ``down`` or anything else for neither.
    """
    shown = format_number(change, "points" if format in _FRACTIONS else "percent", lang)
    if shown.text == NULL:
        return Change("", NULL, "", "flat", "neutral")
    direction: Direction = "up" if shown.sign > 0 else "down" if shown.sign < 0 else "flat"
    favour: Favour = "neutral"
    if direction != "flat" and favorable in ("up", "down"):
        favour = "good" if direction == favorable else "bad"
    return Change(_ARROWS[direction], shown.text.lstrip(MINUS), shown.unit, direction, favour)


_FRACTIONS = ("percent", "points")


def _rounded(number: Decimal, decimals: int) -> Decimal:
    with localcontext() as context:
        context.prec = 60
        return number.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)


def _scale_of(size: Decimal, format: Format, lang: Lang, currency: str, unit: str) -> Scale:
    """The compact scale for numbers of this size. Steps meet at multiples of both, so the text grows with the value."""
    own = own_unit(format, lang, currency, unit)
    if format in _FRACTIONS:
        return Scale(1, 1, own)
    divisor, decimals, word = 1, _small_decimals(size, format), ""
    for floor, larger in _steps(lang, 10**4 if format == "money" else 10**5):
        # What would be rounded up to the next floor is shown there: never 100.00万 beside 100.0万.
        if _rounded(size / divisor, decimals) * divisor < floor:
            break
        divisor, decimals, word = larger
    return Scale(divisor, decimals, f"{word} {own}" if lang == "en" and word and own else word + own)


def _steps(lang: Lang, smallest: int) -> list[tuple[int, tuple[int, int, str]]]:
    """(from, (divisor, decimals, word)). Counts stay whole up to 100,000: 23,456 reads well as it is."""
    if lang == "en":
        return [(smallest, (10**3, 1, "k")), (10**6, (10**6, 2, "M")), (10**9, (10**9, 2, "B"))]
    myriad, myriad_squared = _MYRIADS[lang]
    steps = [(10**4, (10**4, 2, myriad)), (10**5, (10**4, 1, myriad)), (10**8, (10**8, 2, myriad_squared))]
    return [step for step in steps if step[0] >= smallest]


def _small_decimals(size: Decimal, format: Format) -> int:
    if format == "count" or size == 0:
        return 0
    if format == "money":
        return 2 if _rounded(size, 2) < 1000 else 0
    if format == "number":
        if size == size.to_integral_value() or _rounded(size, 1) >= 1000:
            return 0
        return 1 if _rounded(size, 2) >= 10 else 2
    return 1


def _exact_scale(number: Decimal, ratio: bool, format: Format, lang: Lang, currency: str, unit: str) -> Scale:
    own = own_unit(format, lang, currency, unit)
    shown = (number * 100 if format in _FRACTIONS else number).normalize()
    exponent = shown.as_tuple().exponent
    decimals = max(0, -exponent) if isinstance(exponent, int) else 0
    decimals = min(decimals, 4) if ratio else decimals
    return Scale(1, max(decimals, 2) if format == "money" else decimals, own)


def _symbol(format: Format, lang: Lang, currency: str) -> str:
    """English puts the currency before the amount; Chinese says it in the unit."""
    if format != "money" or lang != "en":
        return ""
    return _CURRENCY_SYMBOLS.get(currency, f"{currency}{_GAP}")


def own_unit(format: Format, lang: Lang, currency: str = "CNY", unit: str = "") -> str:
    """The unit of an unscaled value: 元, %, pp, 天, or the metric's own. English money has none: its sign leads."""
    if format == "percent":
        return "%"
    if format == "points":
        return "pp"
    if format in _TIME_WORDS:
        return unit or _TIME_WORDS[format][lang]
    if format == "money":
        if lang == "en":
            return ""
        words = _CURRENCY_WORDS.get(currency)
        return words[lang == "zh-Hant"] if words else currency
    return unit
