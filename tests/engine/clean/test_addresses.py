"""An address tells province, city, district and official code of its customer, where nothing else does."""

from __future__ import annotations

import re
from importlib.resources import files

import pytest

from salesloop.engine.clean.values.divisions import spellings
from tests.engine.clean.tables import cleaned, mapping, raw_table

LINES: dict[str, list[str | None]] = {
    "编码": ["C1", "C2", "C3"],
    "名称": ["甲", "乙", "丙"],
    "地址": ["浙江省杭州市西湖区文三路90号", "鼓楼区中山北路", None],
}
HOW = {"编码": "customer_id", "名称": "name", "地址": "address"}


@pytest.mark.requirement("C04")
def test_places_are_told_beside_the_address() -> None:
    with cleaned(raw_table(LINES), mapping("customer", HOW)) as out:
        fields = ("address", "province", "city", "district", "division_code")
        first, second, third = ([record[field] for field in fields] for record in out.records("customer"))
        assert first == ["浙江省杭州市西湖区文三路90号", "浙江省", "杭州市", "西湖区", "330106"]
        assert second == ["鼓楼区中山北路", None, None, None, None]  # in Nanjing, Fuzhou, Xuzhou or Kaifeng
        assert third == [None] * 5
        assert out.repairs() == [
            ("customer", None, "地址", "address", "division", "浙江省杭州市西湖区文三路90号", "浙江省/杭州市/西湖区")
        ]


def test_what_was_delivered_is_not_told_again() -> None:
    how = mapping("customer", HOW | {"城市": "city"})
    with cleaned(raw_table(LINES | {"城市": ["余杭", "", ""]}), how) as out:
        assert out.column("customer", "city") == ["余杭", None, None]
        assert out.column("customer", "province") == ["浙江省", None, None]


def test_customers_of_an_order_export_have_places_too() -> None:
    lines: dict[str, list[str | None]] = {
        "订单": [f"S{n}" for n in range(6)],
        "日期": ["2025-03-05"] * 6,
        "金额": ["1"] * 6,
    }
    lines |= {"客户": ["甲"] * 6, "收货地址": ["苏州市昆山市花桥镇"] * 6}
    how = mapping(
        "order_line",
        {"订单": "order_id", "日期": "order_date", "金额": "amount"}
        | {"客户": ["customer_id", "customer.name"], "收货地址": "customer.address"},
    )
    with cleaned(raw_table(lines), how) as out:
        (customer,) = out.records("customer", primary=False)
        assert (customer["city"], customer["district"], customer["division_code"]) == ("苏州市", "昆山市", "320583")


def test_the_list_of_divisions_is_whole() -> None:
    """34 provinces, 333 prefectures, 2,845 counties at the end of 2025, each code once and each of them found by name."""
    text = files("salesloop.engine.clean.values").joinpath("divisions.txt").read_text("utf-8")
    lines = [line for line in text.splitlines() if not line.startswith(("#", "="))]
    prefectures = [re.fullmatch(r"(\d{4}) (\S*?) ?: ?(.*)", line) for line in lines if line[2] != " "]
    counties = [f"{found[1]}{county[:2]}" for found in prefectures if found for county in found[3].split()]
    named = [f"{found[1]}00" for found in prefectures if found and found[2]]
    assert (len(lines) - len(prefectures), len(named), len(counties)) == (34, 333, 2845)
    assert len({*named, *counties}) == 333 + 2845
    codes = {place.code for _, place in spellings().values() if place}
    assert {*named, *counties} <= codes
