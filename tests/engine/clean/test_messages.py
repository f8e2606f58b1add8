"""Whatever cleaning says about a cell exists as a sentence, and names what the sentence needs."""

from __future__ import annotations

import pytest

from salesloop.engine.clean.plan import MESSAGES
from salesloop.engine.clean.problem import reasons
from salesloop.engine.clean.rules import RULES, rule_label
from salesloop.engine.model.fields import WAREHOUSE_TYPES, Field
from salesloop.engine.model.text import LANGS, Text, placeholders
from tests.engine.clean.tables import MODEL


def fields() -> list[Field]:
    return [field for entity in MODEL.entities for field in entity.fields]


def test_every_field_has_reasons_and_forms_in_the_catalogue() -> None:
    for field in fields():
        assert f"form_{field.type}" in MESSAGES.texts
        for reason in reasons(field):
            assert reason in MESSAGES.texts, (field.name, reason)
    assert {field.type for field in fields()} <= set(WAREHOUSE_TYPES)


def test_every_repair_has_a_name() -> None:
    for rule in RULES:
        assert rule_label(rule).text("en")
    with pytest.raises(KeyError):
        rule_label("magic")


@pytest.mark.parametrize("key", sorted(MESSAGES.texts))
def test_the_languages_speak_of_the_same_things(key: str) -> None:
    text: Text = MESSAGES.texts[key]
    assert len({placeholders(text.get(lang)) for lang in LANGS}) == 1
