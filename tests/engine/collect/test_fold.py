"""What headers mean, whatever the words, the order and the script."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salesloop.engine.collect.fold import estranges, is_of_the_rows, meaning, without_place_words


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("客户编码", "客戶代號"),
        ("客户编码", "cust_code"),
        ("客户编码", "CustomerNo"),
        ("销售部门", "所属部门"),
        ("产品名称", "item_name"),
        ("经手人", "业务员"),
        ("创建日期", "created at"),
        ("*商机阶段（必填）", "商机阶段"),
    ],
)
def test_other_words_mean_the_same(one: str, other: str) -> None:
    assert meaning(one) == meaning(other) != ()


@pytest.mark.parametrize(
    ("one", "other"), [("客户编码", "客户名称"), ("开始日期", "结束日期"), ("数量", "单价"), ("客户电话", "客户地址")]
)
def test_different_things_do_not(one: str, other: str) -> None:
    assert meaning(one) != meaning(other)


def test_a_count_of_things_is_no_number_of_one() -> None:
    assert meaning("Number of activities") == ()


def test_words_beside_a_name_that_make_it_another() -> None:
    assert [word for word in ("含税", "最近", "未收", "last", "average") if not estranges(word)] == []
    assert [word for word in ("", "实际", "本次", "net") if estranges(word)] == []


def test_whose_a_place_is_does_not_matter_for_what_it_is() -> None:
    assert [without_place_words(h) for h in ("收货人省份", "Billing State", "Shipping City", "城市")] == [
        "省份", "state", "city", "城市",
    ]  # fmt: skip


def test_a_bare_type_or_status_speaks_of_the_rows() -> None:
    assert is_of_the_rows("Type")
    assert is_of_the_rows("狀態")
    assert not is_of_the_rows("客户类型")


@given(st.text(max_size=30))
def test_any_header_has_a_meaning_that_does_not_depend_on_blanks_and_case(header: str) -> None:
    assert meaning(header) == tuple(sorted(set(meaning(header))))
    assert meaning(f" {header} ") == meaning(header)
