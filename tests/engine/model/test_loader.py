from __future__ import annotations

from pathlib import Path

import pytest

from salesloop.engine.model.errors import UserError
from salesloop.engine.model.loader import load_model

OWN_ENTITY = """
entity: machine
kind: dimension
label: {zh-Hans: 设备, en: Machines}
doc: {zh-Hans: 客户处的设备。, en: Machines at customers.}
key: [machine_id]
name_field: name
fields:
  machine_id: {type: identifier, required: true, label: {zh-Hans: 设备编号, en: Machine ID}, doc: {zh-Hans: 编号。, en: Number.}}
  name: {type: text, required: true, label: {zh-Hans: 名称, en: Name}, doc: {zh-Hans: 名称。, en: Name.}}
  customer_id: {}
"""
OWN_FIELDS = """
extend: order_line
fields:
  machine_id:
    type: identifier
    references: machine
    label: {zh-Hans: 设备, en: Machine}
    doc: {zh-Hans: 相关设备。, en: The machine.}
    aliases: [机台]
aliases:
  amount: [结算价]
checks:
  small: {expression: amount < 1000000, label: {zh-Hans: 金额合理, en: Amount is plausible}}
sheet_aliases: [月结单]
"""


def test_a_company_adds_fields_and_entities(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(OWN_ENTITY, "utf-8")
    (tmp_path / "b.yaml").write_text(OWN_FIELDS, "utf-8")
    model = load_model(tmp_path)
    order = model.entity("order_line")
    assert order.references["machine_id"] == "machine"
    assert "结算价" in order.field("amount").aliases
    assert order.field("order_id") == load_model().entity("order_line").field("order_id")
    assert order.checks[-1].name == "small"
    assert "月结单" in order.sheet_aliases
    assert model.entity("machine").references == {"customer_id": "customer"}
    assert model.entity("machine").has("source_system")
    assert not load_model().has("machine")


def test_a_folder_that_is_not_there_adds_nothing(tmp_path: Path) -> None:
    assert load_model(tmp_path / "entities").entities == load_model().entities


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("entity: [", "entity_file_unreadable"),
        ("", "entity_file_wrong"),
        ("- a list", "entity_file_wrong"),
        (OWN_ENTITY.replace("kind: dimension", "kind: table"), "entity_file_wrong"),
        (OWN_ENTITY.replace("key: [machine_id]", "key: [serial]"), "entity_file_wrong"),
        (OWN_ENTITY.replace("type: text", "type: colour"), "entity_file_wrong"),
        (OWN_ENTITY.replace("entity: machine", "entity: customer"), "entity_name_taken"),
        (OWN_FIELDS.replace("machine_id:", "amount:"), "field_name_taken"),
        (OWN_FIELDS.replace("  amount: [", "  price: ["), "unknown_field"),
        (OWN_FIELDS.replace("order_line", "order"), "unknown_entity"),
    ],
)
def test_a_mistake_names_its_file(tmp_path: Path, text: str, key: str) -> None:
    (tmp_path / "own.yaml").write_text(text, "utf-8")
    with pytest.raises(UserError) as refused:
        load_model(tmp_path)
    assert (refused.value.key, refused.value.where) == (key, {"file": "own.yaml"})


def test_a_reference_to_nothing_is_refused(tmp_path: Path) -> None:
    (tmp_path / "own.yaml").write_text(OWN_FIELDS, "utf-8")
    with pytest.raises(UserError, match="machine"):
        load_model(tmp_path)


def test_asking_for_what_there_is_not() -> None:
    with pytest.raises(UserError, match="order_line"):
        load_model().entity("orders")
    with pytest.raises(UserError, match="amount"):
        load_model().entity("order_line").field("betrag")
