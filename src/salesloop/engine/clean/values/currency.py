"""Currency signs, codes and words before or after an amount."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from salesloop.engine.clean.values.cells import among, count_odd, for_odd, half, literal, matches, tight
from salesloop.engine.clean.values.recipe import Evidence, Recipe

CURRENCY_WORDS: Final[dict[str, str | None]] = {
    "人民币": "CNY",
    "人民幣": "CNY",
    "cny": "CNY",
    "rmb": "CNY",
    "美元": "USD",
    "美金": "USD",
    "usd": "USD",
    "us$": "USD",
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
    "aud": "AUD",
    "澳元": "AUD",
    "cad": "CAD",
    "加元": "CAD",
    "chf": "CHF",
    "瑞士法郎": "CHF",
    "$": None,
    "¥": None,
    "￥": None,
}
"""Lower-case words → ISO 4217 code. None: several currencies share the sign, so it says nothing about which."""

PLAIN_WORDS: Final = ("元", "圆", "圓", "块", "塊", "块钱")
"""Suffixes that say "money" without saying which."""


@dataclass(frozen=True)
class CurrencyCode:
    """Cells that name a currency: CNY, RMB, 人民币, 美元, $ … Result: ISO 4217 code; any three letters pass as one."""

    rewrite = None

    def probe(self, x: str) -> Mapping[str, str]:
        known = [word.upper() for word in CURRENCY_WORDS]
        return {
            f"{x}_f": f"CASE WHEN {matches(x, '[A-Z]{3}')} AND NOT {among(x, known)} OR {among(x, _CODES)} THEN {x} END"
        }

    def evidence(self, x: str) -> Mapping[str, str]:
        return {"odd": count_odd(x, f"{x}_f")}

    def recipe(self, x: str, seen: Evidence) -> Recipe:
        if not seen["odd"]:
            return Recipe((self.probe(x),), f"{x}_f")
        words = CURRENCY_WORDS | {"¥": "CNY", "￥": "CNY", "元": "CNY", "$": "USD"}
        named = " ".join(
            f"WHEN contains({x}_k, {literal(word)}) THEN {literal(str(code))}" for word, code in words.items()
        )
        steps = (
            self.probe(x),
            {f"{x}_k": for_odd(x, f"{x}_f", f"lower({tight(half(x))})")},
            {
                f"{x}_v": f"coalesce({x}_f, CASE WHEN {x}_k IS NULL THEN NULL {named} WHEN {matches(f'{x}_k', '[a-z]{3}')} THEN upper({x}_k) END)"
            },
            {f"{x}_s": f"CASE WHEN {x}_k IS NOT NULL AND {x}_v IS NULL THEN '!unreadable_currency' END"},
        )
        return Recipe(steps, f"{x}_v", f"{x}_s")


_CODES: Final = sorted({code for code in CURRENCY_WORDS.values() if code})
