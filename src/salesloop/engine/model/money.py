"""Money: which currencies there are.

Amounts keep the currency of their row. A row of `exchange_rate` is the amount of base currency for one unit of a
currency, and holds from its `valid_from` until the next row of that currency; the rate of a fact is the one that holds on
its event date, and the base currency is 1 on every day. Where no rate holds, the amount is not converted and never
guessed: `fx_rate` stays empty and a check reports it.
"""

from __future__ import annotations

from typing import Final

_CODES: Final = """
    AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF
    CLF CLP CNH CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD
    HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL
    LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR
    PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP
    TRY TTD TWD TZS UAH UGX USD UYU UZS VES VND VUV WST XAF XCD XOF XPF YER ZAR ZMW ZWG
"""
CURRENCIES: Final = frozenset(_CODES.split())


def is_currency(code: str) -> bool:
    """Whether this is the code of a currency in use: ISO 4217, and CNH, the renminbi traded outside the mainland."""
    return code in CURRENCIES
