from __future__ import annotations

from pathlib import Path
from typing import get_args

import pytest

from salesloop.engine.model.dictionary import dictionary_markdown, entity_json, entity_markdown
from salesloop.engine.model.fields import FieldType, Unit
from salesloop.engine.model.loader import load_model
from salesloop.engine.model.text import LANGS, Lang, Messages

DOCS = Path(__file__).parents[3] / "docs" / "model"
MODEL = load_model()


@pytest.mark.requirement("B12", "C04", "AF01")
@pytest.mark.parametrize("lang", ["zh-Hans", "en"])
def test_the_page_in_the_documents_is_current(lang: Lang) -> None:
    """Else: salesloop model dictionary --format markdown --lang zh-Hans > docs/model/dictionary.zh-Hans.md (and en)."""
    assert (DOCS / f"dictionary.{lang}.md").read_text("utf-8") == dictionary_markdown(MODEL, lang)


@pytest.mark.parametrize("lang", LANGS)
def test_every_entity_and_field_is_in_the_dictionary(lang: Lang) -> None:
    for entity in MODEL.entities:
        section = entity_markdown(entity, lang)
        assert entity.doc.get(lang) in section
        for field in entity.fields:
            assert (
                f"| {field.name}{chr(92) + '*' if field.name in entity.key else ''} | {field.label.get(lang)} |"
                in section
            )


def test_types_and_units_have_words() -> None:
    texts = Messages("salesloop.engine.model").texts
    assert {f"type_{name}" for name in get_args(FieldType)} | {f"format_{name}" for name in get_args(FieldType)} <= set(
        texts
    )
    assert {f"unit_{name}" for name in get_args(Unit)} <= set(texts)


def test_the_json_of_an_entity_speaks_every_language() -> None:
    order = entity_json(MODEL.entity("order_line"))
    assert order["label"] == {"zh-Hans": "订单明细", "zh-Hant": "訂單明細", "en": "Order lines"}
    amount = next(field for field in order["fields"] if field["name"] == "amount")
    assert (amount["stored_as"], amount["unit"], amount["required"]) == ("DECIMAL(18,4)", "currency", True)
    status = next(field for field in order["fields"] if field["name"] == "status")
    assert [choice["value"] for choice in status["choices"]] == ["open", "shipped", "completed", "cancelled"]
