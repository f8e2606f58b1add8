"""A mapping is a readable file, refused with the place of a mistake, and found again by the header."""

from __future__ import annotations

from pathlib import Path

import pytest

from salesloop.engine.collect.mapping import (
    ColumnMapping,
    JoinMapping,
    Mapping,
    PathMapping,
    fingerprint,
    load_mappings,
)
from salesloop.engine.collect.raw import RawTable
from salesloop.engine.collect.table import find_table
from salesloop.engine.model.errors import UserError
from salesloop.engine.model.loader import load_model
from tests.engine.collect.sheets import grid

MAPPING = Mapping(
    name="超市订单",
    entity="order_line",
    sheet="订单",
    header=("订单 ID", "客户 ID", "国家", "城市", "销售额"),
    columns=(
        ColumnMapping(column="订单 ID", field="order_line.order_id"),
        ColumnMapping(column="客户 ID", field="order_line.customer_id"),
        ColumnMapping(column="客户 ID", field="customer.customer_id"),
        ColumnMapping(column="销售额", field="order_line.amount", unit="万元"),
    ),
    constants={"order_line.currency": "CNY"},
    values={"order_line.status": {"Y": "completed"}},
    paths=(PathMapping(entity="region", columns=("国家", "城市"), feeds=("order_line.region_id",)),),
    joins=(JoinMapping(table="orders", match={"订单 ID": "orderID"}),),
)


def test_what_is_saved_is_read_again(tmp_path: Path) -> None:
    (tmp_path / "超市订单.yaml").write_text(MAPPING.to_yaml(), encoding="utf-8")
    assert load_mappings(tmp_path) == (MAPPING,)
    assert "客户 ID" in MAPPING.to_yaml()


def test_what_a_mapping_answers() -> None:
    assert MAPPING.entities == ("order_line", "customer", "region")
    assert MAPPING.columns_of("order_line.amount") == ("销售额",)
    assert MAPPING.columns_of("order_line.quantity") == ()


@pytest.mark.parametrize(
    "header", [["客戶　ＩＤ", "订单_id", "国家", "城市", "銷售額"], ["销售额", "城市", "国家", "客户ID", "订单ID"]]
)
def test_the_same_header_in_another_spelling_or_order_is_the_same(header: list[str]) -> None:
    assert fingerprint(header) == MAPPING.fingerprint
    assert fingerprint([*header, "折扣"]) != MAPPING.fingerprint


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("name: [", "mapping_unreadable"),
        ("name: x\n", "mapping_wrong"),
        ("name: x\nentity: order_line\ncolumns: [{column: a, field: amount}]\n", "mapping_wrong"),
        ("name: x\nentity: order_line\nsurprise: 1\n", "mapping_wrong"),
    ],
)
def test_a_mistake_is_named_with_its_file(text: str, key: str) -> None:
    with pytest.raises(UserError) as caught:
        Mapping.from_yaml(text, file="orders.yaml")
    assert (caught.value.key, caught.value.where["file"]) == (key, "orders.yaml")


def test_a_mapping_is_checked_against_table_and_model() -> None:
    model = load_model()
    table = find_table(grid([["订单 ID", "金额"], ["A1", "2.5"], ["A2", "3.5"]]))
    assert isinstance(table, RawTable)
    good = Mapping(name="x", entity="order_line", columns=(ColumnMapping(column="金额", field="order_line.amount"),))
    good.check(table, model)
    wrong = {
        "mapping_column_missing": ColumnMapping(column="销售额", field="order_line.amount"),
        "unknown_field": ColumnMapping(column="金额", field="order_line.colour"),
        "unknown_entity": ColumnMapping(column="金额", field="nothing.amount"),
    }
    for key, column in wrong.items():
        with pytest.raises(UserError) as caught:
            good.model_copy(update={"columns": (column,)}).check(table, model)
        assert caught.value.key == key
