"""Evidence as sentences for people: 字号相同：华信；地区不同：北京／上海."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from salesloop.engine.clean.identity.settings import MESSAGES
from salesloop.engine.model.entity import Entity
from salesloop.engine.model.text import Message


def say(entity: Entity, evidence: Iterable[Mapping[str, Any]]) -> list[Message]:
    """One message for each piece of evidence of a pair (a row of `find_duplicates`), the weightiest first.

    Pieces without a sentence of their own are said by the label of their field: 电话相同：010-12345678.
    """
    return [_said(entity, piece) for piece in sorted(evidence, key=lambda piece: -abs(piece["weight"]))]


def _said(entity: Entity, piece: Mapping[str, Any]) -> Message:
    sides = {"left": piece["left"], "right": piece["right"]}
    own = f"{piece['part']}_{piece['agreement']}"
    if piece["part"] and own in MESSAGES.texts:
        return MESSAGES.message(own, **sides)
    return MESSAGES.message(f"field_{piece['agreement']}", field=entity.field(piece["field"]).label, **sides)
