"""Currency signs, codes and words before or after an amount."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from salesloop.engine.clean.values.cells import among, contains, count_odd, for_odd, half, literal, tight
from salesloop.engine.clean.values.recipe import NONE_OFF, Evidence, Off, Recipe
from salesloop.engine.model.money import CURRENCIES

_TRADED: Final = """
    CNY CNH USD EUR GBP JPY HKD TWD MOP SGD KRW AUD NZD CAD CHF SEK NOK DKK THB VND INR MYR IDR PHP RUB BRL MXN AED SAR
    QAR KWD ZAR TRY PLN CZK HUF ILS KZT MNT PKR BDT LKR KHR LAK MMK EGP NGN KES ARS CLP COP PEN
"""
# The codes that trade writes beside amounts: with all of ISO 4217, "try", "all" and "top" would be money.

CURRENCY_WORDS: Final[dict[str, str | None]] = {
    "元人民币": "CNY",
    "元人民幣": "CNY",
    "人民币": "CNY",
    "人民幣": "CNY",
    "cny": "CNY",
    "rmb": "CNY",
    "美元": "USD",
    "美金": "USD",
    "usd": "USD",
    "us$": "USD",
    "美圆": "USD",
    "美圓": "USD",
    "cn¥": "CNY",
    "jp¥": "JPY",
    "港币": "HKD",
    "港幣": "HKD",
    "港元": "HKD",
    "hkd": "HKD",
    "hk$": "HKD",
    "新台币": "TWD",
    "新台幣": "TWD",
    "新臺幣": "TWD",
    "台币": "TWD",
    "台幣": "TWD",
    "twd": "TWD",
    "ntd": "TWD",
    "nt$": "TWD",
    "欧元": "EUR",
    "歐元": "EUR",
    "eur": "EUR",
    "€": "EUR",
    "英镑": "GBP",
    "英鎊": "GBP",
    "gbp": "GBP",
    "£": "GBP",
    "日元": "JPY",
    "日圆": "JPY",
    "日圓": "JPY",
    "jpy": "JPY",
    "新加坡元": "SGD",
    "新元": "SGD",
    "sgd": "SGD",
    "s$": "SGD",
    "韩元": "KRW",
    "韓元": "KRW",
    "krw": "KRW",
    "₩": "KRW",
    "日币": "JPY",
    "日幣": "JPY",
    "円": "JPY",
    "澳元": "AUD",
    "澳币": "AUD",
    "a$": "AUD",
    "加元": "CAD",
    "加币": "CAD",
    "c$": "CAD",
    "瑞士法郎": "CHF",
    "瑞郎": "CHF",
    "澳门元": "MOP",
    "澳門元": "MOP",
    "澳门币": "MOP",
    "葡币": "MOP",
    "泰铢": "THB",
    "泰銖": "THB",
    "฿": "THB",
    "越南盾": "VND",
    "₫": "VND",
    "卢布": "RUB",
    "盧布": "RUB",
    "₽": "RUB",
    "卢比": "INR",
    "₹": "INR",
    "林吉特": "MYR",
    "令吉": "MYR",
    "新西兰元": "NZD",
    **{code.lower(): code for code in _TRADED.split()},
    "$": None,
    "¥": None,
    "￥": None,
}
"""Lower-case words → ISO 4217 code. None: several currencies share the sign, so it says nothing about which."""

_CODES: Final = [word for word in CURRENCY_WORDS if word.isascii() and word.isalpha()]

PLAIN_WORDS: Final = ("元", "圆", "圓", "块", "塊", "块钱", "塊錢")
"""Suffixes that say "money" without saying which."""


@dataclass(frozen=True)
class CurrencyCode:
    """Cells that name a currency: CNY, RMB, 人民币, 美元, $ … Result: the ISO 4217 code."""

    rewrite = None

    def probe(self, x: str) -> Mapping[str, str]:
        return {f"{x}_f": f"CASE WHEN {among(x, sorted(CURRENCIES))} THEN {x} END"}

    def evidence(self, x: str) -> Mapping[str, str]:
        return {"odd": count_odd(x, f"{x}_f")}

    def recipe(self, x: str, seen: Evidence, off: Off = NONE_OFF) -> Recipe:  # noqa: ARG002 - all rules are of cells
        if not seen["odd"]:
            return Recipe((self.probe(x),), f"{x}_f")
        words = CURRENCY_WORDS | {"¥": "CNY", "￥": "CNY", "元": "CNY", "$": "USD"}
        named = " ".join(
            f"WHEN contains({x}_k, {literal(word)}) THEN {literal(str(code))}"
            for word, code in words.items()
            if word not in _CODES
        )
        named += " ".join(
            f" WHEN {contains(f'{x}_k', f'(^|[^a-z]){code}([^a-z]|$)')} THEN {literal(str(words[code]))}"
            for code in _CODES
        )
        steps = (
            self.probe(x),
            {f"{x}_k": for_odd(x, f"{x}_f", f"lower({tight(half(x))})")},
            {
                f"{x}_v": f"coalesce({x}_f, CASE WHEN {x}_k IS NULL THEN NULL "
                f"WHEN {among(f'upper({x}_k)', sorted(CURRENCIES))} THEN upper({x}_k) {named} END)"
            },
            {f"{x}_s": f"CASE WHEN {x}_k IS NOT NULL AND {x}_v IS NULL THEN '!unreadable_currency' END"},
        )
        return Recipe(steps, f"{x}_v", f"{x}_s")
