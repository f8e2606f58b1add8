from __future__ import annotations

from salesloop.engine.model.money import CURRENCIES, is_currency


def test_currencies_in_use_are_known_and_others_are_not() -> None:
    assert all(is_currency(code) for code in ("CNY", "CNH", "USD", "EUR", "HKD", "TWD", "JPY"))
    assert not any(is_currency(code) for code in ("RMB", "cny", "XYZ", "", "DEM"))
    assert all(len(code) == 3 and code.isupper() for code in CURRENCIES)
